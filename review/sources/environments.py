"""An environment with the pins of another commit, for a base whose requirements are not those of the working tree."""

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

from review.guard.values import printable
from review.sources.cache import FOLDER, key

PINS: Final = "requirements.txt"
_DONE: Final = "installed"
_PIP: Final = (
    *("-I", "-m", "pip", "install", "--require-hashes", "--no-deps", "--no-compile", "--quiet"),
    *("--no-input", "--disable-pip-version-check", "--no-warn-script-location", "-r"),
)


class PinsError(Exception):
    """Why there is no environment, in words for a user."""


def same(one: Path, other: Path) -> bool:
    """Whether two trees pin the same, so that one environment serves both; a tree without pins has none of its own."""
    try:
        return (one / PINS).read_bytes() == (other / PINS).read_bytes()
    except FileNotFoundError:
        return not (one / PINS).exists()


def python_of(tree: Path, root: Path) -> Path:
    """The interpreter of an environment with the pins of `tree`, made once and kept in the project at `root`."""
    pins = tree / PINS
    folder = root / FOLDER / "environments" / key(pins.read_bytes(), sys.version)[:16]
    python = folder / "bin" / "python"
    if (folder / _DONE).is_file():
        return python
    shutil.rmtree(folder, ignore_errors=True)
    folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    print("the base pins other packages: installing them once ...", file=sys.stderr, flush=True)
    for command in (
        [sys.executable, "-I", "-m", "venv", str(folder)],
        [str(python), *_PIP, str(pins)],
    ):
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
        )
        if done.returncode:
            said = (done.stderr.strip() or done.stdout.strip()).splitlines()[-1:]
            shutil.rmtree(folder, ignore_errors=True)
            raise PinsError(
                f"the packages that the base pins cannot be installed: {printable(' '.join(said))}"
            )
    (folder / _DONE).touch()
    return python
