"""A file of the user's that holds credentials, as a kubeconfig does: found, locked, read, and replaced whole.

Nobody but its owner reads what is written (mode 600), and whoever reads it meanwhile finds the old text or the new
one. The lock is kubectl's own, `<file>.lock` beside it, so that neither overwrites what the other wrote.
"""

import contextlib
import os
import stat
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from cli.errors import UserError

LOCK_WAIT_SECONDS: Final = 5.0
"""kubectl holds the lock for milliseconds, and does not wait at all for one that is held:
https://github.com/kubernetes/client-go/blob/master/tools/clientcmd/config.go"""

_POLL_SECONDS: Final = 0.05
_MODE: Final = 0o600


def default_kubeconfig() -> Path:
    """Where kubectl writes a new context: the first file of KUBECONFIG, else `~/.kube/config`.

    Raise `UserError` where the machine knows no home of the user.
    """
    named = [it for it in os.environ.get("KUBECONFIG", "").split(os.pathsep) if it]
    try:
        return Path(named[0] if named else "~/.kube/config").expanduser()
    except RuntimeError as error:
        raise UserError("there is no home folder here; name a file with --output") from error


def change(path: Path, edit: Callable[[str], str], *, make: bool = True) -> bool:
    """Replace what `path` holds by `edit` of it; whether there was anything to change.

    A file that is not there is empty; it is made with `make`, and its folder, too, where the folder above exists. A
    link stays one: what it leads to is replaced. Raise `UserError`, with nothing changed, where the file cannot be
    read, locked or written; what `edit` raises as `ValueError` is said of the file.
    """
    target = Path(os.path.realpath(path))
    try:
        if target.is_symlink() or (target.exists() and not target.is_file()):
            raise UserError(f"{path}: is no file; name one with --output")
        if not target.exists():
            if not make:
                return False
            _make_folder(target.parent)
        with contextlib.ExitStack() as held:
            for lock in sorted({_lock_of(path), _lock_of(target)}):
                held.enter_context(_locked(lock))
            return _changed(path, target, edit)
    except OSError as error:
        raise UserError(f"{path}: cannot be read or written: {error.strerror}") from error


def _changed(path: Path, target: Path, edit: Callable[[str], str]) -> bool:
    found = target.stat() if target.exists() else None
    if found and found.st_uid != os.geteuid() and os.geteuid() != 0:
        raise UserError(f"{path}: belongs to another user; name a file of your own with --output")
    try:
        old = target.read_bytes().decode("utf-8-sig") if found else ""
        new = edit(old)
    except UnicodeDecodeError as error:
        raise UserError(f"{path}: is not UTF-8") from error
    except ValueError as error:
        raise UserError(f"{path}: {error}") from error
    if found and old == new and stat.S_IMODE(found.st_mode) == _MODE:
        return False
    _replace(target, new.encode(), found)
    return not found or old != new


def _replace(target: Path, content: bytes, found: os.stat_result | None) -> None:
    """Write beside and rename; `mkstemp` makes files that their owner alone can read."""
    handle, beside = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fchmod(file.fileno(), _MODE)
            if found and found.st_uid != os.geteuid():
                os.fchown(file.fileno(), found.st_uid, found.st_gid)
            os.fsync(file.fileno())
        Path(beside).replace(target)
    except BaseException:
        Path(beside).unlink(missing_ok=True)
        raise


def _make_folder(folder: Path) -> None:
    """`~/.kube` of a new machine, but no path of folders that a slip of the pen names."""
    if folder.is_dir():
        return
    if not folder.parent.is_dir():
        raise UserError(f"{folder}: there is no such folder; make it first")
    folder.mkdir(mode=0o700, exist_ok=True)


def _lock_of(path: Path) -> Path:
    return path.absolute().with_name(f"{path.name}.lock")


@contextlib.contextmanager
def _locked(lock: Path) -> Iterator[None]:
    until = time.monotonic() + LOCK_WAIT_SECONDS
    while True:
        try:
            os.close(os.open(lock, os.O_CREAT | os.O_EXCL, 0o600))
            break
        except FileExistsError:
            if time.monotonic() > until:
                raise UserError(
                    f"{lock}: another program is writing; remove this file if none is"
                ) from None
        time.sleep(_POLL_SECONDS)
    try:
        yield
    finally:
        lock.unlink(missing_ok=True)
