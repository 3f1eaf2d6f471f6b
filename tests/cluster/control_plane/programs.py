"""The five programs of a control plane, built from pinned Go modules once and kept in the user's cache.

A folder of the cache is named for the version and a hash of the pins, so a changed pin builds anew; it appears whole or
not at all. Building takes 6 to 10 minutes of two cores and 2 GB of memory, and leaves 365 MB.
"""

import fcntl
import hashlib
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.cluster.control_plane.errors import ControlPlaneError

NAMES = ("etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler", "kwok")
BIN = "AKS_CLUSTER_BIN"
"""Environment variable: a folder that holds `NAMES` already, of whatever version; nothing is built then."""

_HERE = Path(__file__).parent
_UNFINISHED = "unfinished-"
_PREFIX = "kubernetes-"


def minors() -> list[str]:
    """The Kubernetes minors that are pinned here, the oldest first."""
    found = (path.name.removeprefix(_PREFIX) for path in _HERE.glob(f"{_PREFIX}*"))
    return sorted(found, key=lambda it: [int(part) for part in it.split(".")])


def version(minor: str) -> str:
    """`v1.35.4`, as pinned; raise ControlPlaneError for a minor that is not."""
    return _pins(minor)[0]


def folder(minor: str) -> Path:
    """Where the programs of `minor` lie or will lie."""
    if configured := os.environ.get(BIN):
        return Path(configured).absolute()
    name, digest = _pins(minor)
    return _cache() / f"{name}-{digest}"


def hindrance(minor: str) -> str:
    """Why `minor` can be neither used nor built; empty where it can."""
    if folder(minor).is_dir():
        return _incomplete(folder(minor))
    if os.environ.get(BIN):
        return f"{BIN} is {folder(minor)}, which is no folder"
    if not shutil.which("go"):
        return (
            f"Kubernetes {version(minor)} is not built yet and there is no Go on the PATH; install Go "
            f"{_go(minor)} or newer, or set {BIN} to a folder with {', '.join(NAMES)}"
        )
    return ""


def find(minor: str, report: Callable[[str], None]) -> Path:
    """The folder of the programs of `minor`, built if need be; `report` hears before that begins.

    Raise ControlPlaneError when that fails; nothing half-made is left then.
    """
    if reason := hindrance(minor):
        raise ControlPlaneError(reason)
    place = folder(minor)
    if not place.is_dir():
        try:
            with _alone(place.parent):
                if not place.is_dir():
                    report(f"building Kubernetes {version(minor)} into {place}: some minutes, once")
                    _build(minor, place)
        except OSError as error:
            raise ControlPlaneError(
                f"the cache {place.parent} cannot be used: {error.strerror or error}"
            ) from error
    if reason := _incomplete(place):
        raise ControlPlaneError(reason)
    return place


def _incomplete(place: Path) -> str:
    missing = [name for name in NAMES if not os.access(place / name, os.X_OK)]
    remedy = "" if os.environ.get(BIN) else "; remove the folder to have it built anew"
    return f"{place} has no program {', '.join(missing)}{remedy}" if missing else ""


def _pins(minor: str) -> tuple[str, str]:
    """Version and a hash of all pins."""
    try:
        text = "".join(
            (_HERE / f"{_PREFIX}{minor}" / name).read_text() for name in ("go.mod", "go.sum")
        )
    except OSError:
        known = ", ".join(minors())
        raise ControlPlaneError(
            f"Kubernetes {minor} is not pinned here; choose from {known}"
        ) from None
    found = re.search(r"k8s\.io/kubernetes (v[\d.]+)", text)
    if not found:
        raise ControlPlaneError(f"{_PREFIX}{minor}/go.mod names no k8s.io/kubernetes")
    return found[1], hashlib.sha256(text.encode()).hexdigest()[:12]


def _go(minor: str) -> str:
    found = re.search(
        r"^go ([\d.]+)$", (_HERE / f"{_PREFIX}{minor}" / "go.mod").read_text(), re.MULTILINE
    )
    return found[1] if found else ""


def _cache() -> Path:
    home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(home) / "local-control-plane"


@contextmanager
def _alone(cache: Path) -> Iterator[None]:
    """The cache for this process alone. The kernel frees the lock with its holder, so none is ever stale."""
    cache.mkdir(parents=True, exist_ok=True)
    with (cache / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for left in cache.glob(f"{_UNFINISHED}*"):  # by a run that was killed
            shutil.rmtree(left, ignore_errors=True)
        yield


def _build(minor: str, place: Path) -> None:
    full = version(minor)
    major, small, _ = full.removeprefix("v").split(".")
    stamp = {"gitVersion": full, "gitMajor": major, "gitMinor": small}
    linker = [
        "-s -w",
        *(f"-X k8s.io/component-base/version.{name}={value}" for name, value in stamp.items()),
    ]
    with (
        tempfile.TemporaryDirectory(
            dir=place.parent, prefix=_UNFINISHED, ignore_cleanup_errors=True
        ) as fresh,
        _mortal() as group,
    ):
        source = _HERE / f"{_PREFIX}{minor}"
        flags = ["-trimpath", "-buildvcs=false", "-ldflags", " ".join(linker)]
        done = subprocess.run(
            ["go", "build", "-C", str(source), *flags, "-o", f"{fresh}/bin/", "tool"],
            env=os.environ | {"CGO_ENABLED": "0", "GOTMPDIR": fresh},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            process_group=group,
        )
        if done.returncode:
            said = [line for line in done.stdout.splitlines() if line.strip()]
            full_disk = [line for line in said if "no space left on device" in line]
            last = (full_disk or said or ["no word"])[-1].strip()
            raise ControlPlaneError(
                f"Kubernetes {full} could not be built (go ended with {done.returncode}): {last}"
            )
        bin_ = Path(fresh, "bin")
        (bin_ / "server").rename(bin_ / "etcd")  # etcd's package is .../etcd/server
        bin_.rename(place)


@contextmanager
def _mortal() -> Iterator[int]:
    """A process group whose members, such as the compilers that `go` starts, end with the block or with this process.

    However it ends: its first member kills the group when the pipe from this process closes.
    """
    with subprocess.Popen(
        ["/bin/sh", "-c", "read -r _; kill -KILL 0"], stdin=subprocess.PIPE, process_group=0
    ) as guard:
        yield guard.pid


def leash() -> list[str]:
    """Has the kernel end a program should this process die before it can (util-linux, where it is)."""
    return ["setpriv", "--pdeathsig=KILL"] if shutil.which("setpriv") else []
