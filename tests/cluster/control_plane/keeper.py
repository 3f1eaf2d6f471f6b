"""One control plane kept running for a person, with its kubeconfig and logs in a fixed folder.

The keeper is a process in a session of its own, so a closed terminal does not end it. It holds a lock for as long as it
lives; the kernel frees that with it, so a lock is never stale and what lies in the folder without one is a crash's.
"""

import fcntl
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import IO

from tests.cluster.control_plane import programs
from tests.cluster.control_plane.errors import ControlPlaneError
from tests.cluster.control_plane.nodes import pool
from tests.cluster.control_plane.plane import ControlPlane
from tests.cluster.crds import ALL as CRDS

START_SECONDS = 90
STOP_SECONDS = 15
_POLL_SECONDS = 0.1
_LOCK_TRIES = 30
_ROOT = Path(__file__).parents[3]


def home() -> Path:
    """The folder of the one kept control plane of this user."""
    state = os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state"
    return Path(state) / "aks-platform"


def folder() -> Path:
    """State and logs, one file a program; removed when it ends."""
    return home() / "control-plane"


def kubeconfig() -> Path:
    """Where its administrator's kubeconfig lies, for its owner alone."""
    return folder() / "kubeconfig"


def _lock() -> Path:
    return home() / "keeper.lock"


def log() -> Path:
    """What the keeper itself said; it stays when the control plane ends."""
    return home() / "keeper.log"


@dataclass(frozen=True)
class Kept:
    """What runs, or what a crash left."""

    pid: int
    """0: nothing runs."""

    ready: bool
    kubernetes: str = ""
    remains: bool = False
    """Whether a run that was killed left its folder."""


def look() -> Kept:
    """What there is now; raise ControlPlaneError where the folder cannot be read."""
    try:
        with _lock().open("r") as lock:
            if _holds(lock):
                return Kept(0, ready=False, remains=folder().exists())
            text = lock.read()
    except FileNotFoundError:
        return Kept(0, ready=False, remains=folder().exists())
    except OSError as error:
        raise _unusable(error) from error
    found = json.loads(text or "{}")
    return Kept(
        found.get("pid", 0), ready=found.get("ready", False), kubernetes=found.get("kubernetes", "")
    )


def up(minor: str, port: int) -> Kept:
    """Start it and wait until it is ready; raise ControlPlaneError where it runs already or cannot start."""
    if pid := look().pid:
        raise ControlPlaneError(f"a control plane runs already (process {pid}); './aks local down'")
    bin_ = programs.find(minor, lambda line: print(line, file=sys.stderr, flush=True))
    try:
        home().mkdir(parents=True, exist_ok=True, mode=0o700)
        with log().open("wb") as said:
            child = subprocess.Popen(
                [sys.executable, "-m", __name__, str(bin_), programs.version(minor), str(port)],
                env=os.environ | {"PYTHONPATH": str(_ROOT)},
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=said,
                start_new_session=True,
            )
    except OSError as error:
        raise _unusable(error) from error
    deadline = time.monotonic() + START_SECONDS
    try:
        while time.monotonic() < deadline:
            if child.poll() is not None:
                lines = log().read_text(errors="replace").strip().splitlines()
                raise ControlPlaneError(lines[-1] if lines else "the control plane ended at once")
            kept = look()
            if kept.ready and kept.pid == child.pid:
                return kept
            time.sleep(_POLL_SECONDS)
    except KeyboardInterrupt:
        child.terminate()
        child.wait()
        raise
    child.terminate()
    raise ControlPlaneError(f"the control plane was not ready after {START_SECONDS} s; see {log()}")


def down() -> bool:
    """End it and remove its folder; whether anything ran."""
    kept = look()
    if kept.pid:
        os.kill(kept.pid, signal.SIGTERM)
        deadline = time.monotonic() + STOP_SECONDS
        while look().pid:
            if time.monotonic() > deadline:
                raise ControlPlaneError(f"process {kept.pid} does not end; see {log()}")
            time.sleep(_POLL_SECONDS)
    shutil.rmtree(folder(), ignore_errors=True)
    return bool(kept.pid)


def keep(bin_: Path, version: str, port: int) -> None:
    """Run it until SIGTERM or until one of its programs dies, then end all and remove the folder."""
    with _lock().open("a+") as lock:
        tries = _LOCK_TRIES  # whoever looks holds it for a moment
        while not _holds(lock):
            tries -= 1
            if not tries:
                raise ControlPlaneError("a control plane runs already; './aks local down'")
            time.sleep(_POLL_SECONDS)
        _note(lock, version, ready=False)
        shutil.rmtree(folder(), ignore_errors=True)
        nodes = [*pool("system", 1, system=True), *pool("wg1", 2, zones=("1", "2"))]
        try:
            with ControlPlane(bin_, nodes, directory=folder(), port=port) as plane:
                for crd in CRDS:
                    plane.api.apply(crd)
                _note(lock, version, ready=True)
                while not (dead := plane.died()):
                    time.sleep(_POLL_SECONDS)
                raise ControlPlaneError(dead)
        finally:
            lock.truncate(0)


def _note(lock: IO[str], version: str, *, ready: bool) -> None:
    lock.truncate(0)
    lock.write(json.dumps({"pid": os.getpid(), "ready": ready, "kubernetes": version}))
    lock.flush()


def _holds(lock: IO[str]) -> bool:
    """Whether the lock was free; it is ours now until the file is closed."""
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _unusable(error: OSError) -> ControlPlaneError:
    return ControlPlaneError(f"{home()} cannot be used: {error.strerror or error}")


def _end(_: int, __: FrameType | None) -> None:
    sys.exit(0)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, _end)
    try:
        keep(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]))
    except ControlPlaneError as error:
        sys.exit(str(error))
    except OSError as error:
        sys.exit(str(_unusable(error)))
