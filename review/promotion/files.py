"""The two files that a promotion writes: the stack's, replaced whole or not at all, and a record that is new."""

import contextlib
import errno
import os
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

BOM: Final = b"\xef\xbb\xbf"

_WRITE: Final = stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH
_NO_LINKS: Final = {errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK}
"""What file systems without hard links say: shared folders of virtual machines, exFAT."""


class UnwrittenError(OSError):
    """Why nothing was written, in one line."""


def replace(path: Path, old: str, new: str) -> None:
    """Make of the file that reads `old` one that reads `new`, with the same rights, its byte order mark, or none.

    A link stays one: what it leads to is replaced. Whoever reads meanwhile finds the old file or the new one. Raise
    `UnwrittenError`, with nothing changed, where the file is not what was read, may not be written, or cannot be.
    """
    target = Path(os.path.realpath(path))
    try:
        there = target.read_bytes()
        mark = BOM if there.startswith(BOM) else b""
        if there != mark + old.encode():
            raise UnwrittenError(
                f"{path.name}: was changed by someone else meanwhile; run this again"
            )
        like = target.stat()
        if not like.st_mode & _WRITE or not os.access(target, os.W_OK):
            raise UnwrittenError(f"{path.name}: is read-only; allow writing first (chmod u+w)")
        with _beside(target, mark + new.encode(), like) as written:
            written.replace(target)
    except UnwrittenError:
        raise
    except OSError as error:
        raise UnwrittenError(f"{path.name}: cannot be written: {error.strerror}") from error


def create(path: Path, text: str) -> None:
    """A new file with `text`; raise `UnwrittenError` where there is one of its name, or it cannot be written."""
    try:
        path.parent.mkdir(exist_ok=True)
    except FileExistsError as error:
        raise UnwrittenError(
            f"{path.parent.name}: is no folder, and records go there; move it away"
        ) from error
    except OSError as error:
        raise UnwrittenError(f"{path.parent.name}: cannot be made: {error.strerror}") from error
    try:
        with _beside(path, text.encode(), None) as written:
            _name(written, path)
    except FileExistsError as error:
        raise UnwrittenError(
            f"{path.parent.name}/{path.name}: is there already, and no record is overwritten; "
            "name another moment with --at"
        ) from error
    except OSError as error:
        raise UnwrittenError(
            f"{path.parent.name}/{path.name}: cannot be written: {error.strerror}"
        ) from error


def _name(written: Path, path: Path) -> None:
    """`written` as `path`, too, or alone; raise `FileExistsError` where there is one."""
    try:
        path.hardlink_to(written)
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        # Taken first, so that of two that come at once one is refused; empty for a moment, never half.
        path.touch(exist_ok=False)
        written.replace(path)


@contextlib.contextmanager
def _beside(path: Path, content: bytes, like: os.stat_result | None) -> Iterator[Path]:
    """The content in a file of another name in the same folder, on disk; gone at the end whatever happens."""
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    written = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            mode = stat.S_IMODE(like.st_mode) if like else 0o666 & ~_umask()
            os.fchmod(file.fileno(), mode)
            if like and (like.st_uid, like.st_gid) != (os.geteuid(), os.getegid()):
                with contextlib.suppress(PermissionError):
                    os.fchown(file.fileno(), like.st_uid, like.st_gid)
            os.fsync(file.fileno())
        yield written
    finally:
        written.unlink(missing_ok=True)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
