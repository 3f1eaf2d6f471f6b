"""Makes `.venv`, brings it to the pins and mends it.

The standard library alone: the wrapper runs this file as a script before anything is installed,
when `.venv/installed-requirements.txt` is not `requirements.txt`, byte for byte. That copy is
removed before the first change and written after the last, so the next run takes up an interrupted
install. A `.venv` that `pulumi install` made is used as it stands. Pins move in place: what no pin
names any more stays until `.venv` is removed.
"""

import fcntl
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

ROOT = Path(__file__).resolve().parents[1]
"""The project: the folder of the wrapper, wherever it is called from."""
VENV = ROOT / ".venv"
LOG = ROOT / ".venv.log"
RUNTIME = "requirements.txt"
DEV = "requirements-dev.txt"

_ASIDE = ROOT / ".venv.old"
_PYTHON = VENV / "bin" / "python"
_LOG_LINES_SHOWN = 15
_USABLE = f"import sys, pip; sys.exit(sys.version_info < (3, 11) or sys.prefix != {str(VENV)!r})"


class InstallError(Exception):
    """The environment could not be made; the message is for the user."""


def is_fresh(pins: str) -> bool:
    """Whether `.venv` runs and its last install of `pins`, a file of the root, is the file of now.

    Says nothing of packages removed by hand since; see `condemn`.
    """
    stamp = _stamp(pins)
    return (
        os.access(_PYTHON, os.X_OK)
        and stamp.is_file()
        and stamp.read_bytes() == (ROOT / pins).read_bytes()
    )


def install_runtime(python: str) -> None:
    """Bring `.venv` to requirements.txt, making it with the interpreter `python` if need be.

    A `.venv` that does not work, or in which pip fails, gives way to a new one. Raise InstallError
    when that fails too; the old one is then back in its place.
    """
    with _alone() as log, _stamped(RUNTIME) as stale:
        if not stale:
            return
        first = not VENV.exists()
        _say(f"{'first run' if first else 'stale .venv'}: installing the pinned packages ...")
        usable = not first and _runs([str(_PYTHON), "-I", "-c", _USABLE], log)
        if not (usable and _pip_installs(RUNTIME, log)):
            _make_anew(python, log)
        shutil.rmtree(_ASIDE, ignore_errors=True)


def install_dev_tools() -> None:
    """Install what `test` and `check` need into `.venv`, if that is what runs; raise InstallError.

    In an environment of the user's own making nothing is installed.
    """
    if Path(sys.prefix) != VENV or is_fresh(DEV):
        return
    with _alone() as log, _stamped(DEV) as stale:
        if stale:
            _say("first run of the tests: installing their pinned packages ...")
            if not _pip_installs(DEV, log):
                raise _failed()


def condemn() -> bool:
    """Let the next run make `.venv` anew, since a package that its stamp vouches for is missing.

    False in an environment of the user's own making, which is left alone.
    """
    ours = Path(sys.prefix) == VENV
    if ours:
        _stamp(RUNTIME).unlink(missing_ok=True)
        (VENV / "pyvenv.cfg").unlink(missing_ok=True)
    return ours


@contextmanager
def _alone() -> Iterator[IO[bytes]]:
    """The log, held for this run alone and emptied.

    The kernel frees the lock with the last process that writes there, a pip that outlives us
    included, so no lock is ever stale.
    """
    with LOG.open("ab") as log:
        try:
            fcntl.flock(log, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            _say("another run is installing the pinned packages: waiting for it ...")
            fcntl.flock(log, fcntl.LOCK_EX)
        log.truncate(0)
        yield log


@contextmanager
def _stamped(pins: str) -> Iterator[bool]:
    """Whether `pins` are still to be installed, asked under the lock; if so, stamped at the end."""
    if is_fresh(pins):
        yield False
        return
    wanted = (ROOT / pins).read_bytes()
    stamp = _stamp(pins)
    stamp.unlink(missing_ok=True)
    yield True
    beside = stamp.with_suffix(".new")
    beside.write_bytes(wanted)
    beside.replace(stamp)


def _make_anew(python: str, log: IO[bytes]) -> None:
    """A new `.venv` with the runtime pins; the old one stands aside, and comes back on failure."""
    shutil.rmtree(_ASIDE, ignore_errors=True)
    if VENV.exists():
        VENV.rename(_ASIDE)
    if _runs([python, "-I", "-m", "venv", str(VENV)], log) and _pip_installs(RUNTIME, log):
        return
    if _ASIDE.exists():
        shutil.rmtree(VENV, ignore_errors=True)
        _ASIDE.rename(VENV)
    raise _failed()


def _pip_installs(pins: str, log: IO[bytes]) -> bool:
    """Whether pip installed `pins`.

    The file names every package, so nothing is left to resolve. Byte code is left to the first
    import: compiling all 9,300 modules took 42 of 65 seconds, and a command imports a few hundred.
    """
    pip = [str(_PYTHON), "-I", "-m", "pip", "install", "--require-hashes", "--no-deps"]
    silent = ["--quiet", "--no-input", "--disable-pip-version-check", "--no-warn-script-location"]
    return _runs([*pip, "--no-compile", *silent, "-r", str(ROOT / pins)], log)


def _runs(command: list[str], log: IO[bytes]) -> bool:
    """Whether the command ends well; what it says goes to the log."""
    environment = os.environ | {"PIP_USER": "0"}  # a user's `user = true` is an error in a venv
    try:
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=environment, check=False
        )
    except OSError as error:
        log.write(f"{command[0]}: {error.strerror}\n".encode())
        log.flush()
        return False
    return done.returncode == 0


def _failed() -> InstallError:
    tail = LOG.read_text(errors="replace").splitlines()[-_LOG_LINES_SHOWN:]
    return InstallError(
        "\n  ".join([f"the pinned packages could not be installed; the end of {LOG}:", *tail])
    )


def _stamp(pins: str) -> Path:
    return VENV / f"installed-{pins}"


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def main(python: str) -> int:
    """Install for the wrapper, which found `python`; the exit code."""
    try:
        install_runtime(python)
    except KeyboardInterrupt:
        _say("interrupted; the next run goes on from here")
        return 130
    except (InstallError, OSError) as error:
        _say(f"error: {error}")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
