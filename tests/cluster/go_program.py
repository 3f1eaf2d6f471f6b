"""Programs of others that judge what is made here, built once from pinned modules and kept in the user's cache."""

import hashlib
import os
import shutil
import subprocess
import tempfile
from pathlib import Path


def built(source: Path, package: str = ".") -> Path:
    """The program of a Go module's folder, by the folder's name and content; `package` names one that it depends on.

    Raise RuntimeError with what is missing where it can be neither found nor built.
    """
    name = source.name
    files = [source / it for it in ("go.mod", "go.sum")] + sorted(source.rglob("*.go"))
    text = b"".join(it.read_bytes() for it in files)
    home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    place = Path(home) / f"aks-platform-{name}-{hashlib.sha256(text).hexdigest()[:12]}"
    if place.is_file():
        return place
    if not shutil.which("go"):
        raise RuntimeError(f"{name} is not built yet and there is no Go on the PATH")
    place.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=place.parent, prefix=f"unfinished-{name}-") as fresh:
        flags = ["-trimpath", "-buildvcs=false", "-ldflags", "-s -w"]
        done = subprocess.run(
            ["go", "build", "-C", str(source), *flags, "-o", f"{fresh}/program", package],
            env=os.environ | {"CGO_ENABLED": "0"},
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(f"{name} could not be built: {done.stderr.strip()[-300:]}")
        Path(fresh, "program").replace(place)
    return place
