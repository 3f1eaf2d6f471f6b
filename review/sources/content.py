"""What a plan is made from, as one hash: the project's files, the packages, the tool itself, what surrounds it."""

import contextlib
import hashlib
import os
import re
import sys
from collections.abc import Iterable, Iterator
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Final

from review.sources.cache import FOLDER, key

TOOL: Final = Path(__file__).parents[1]
"""The package `review`, whose recorder writes plans."""

SKIPPED: Final = frozenset(
    {"review", "cli", "policy", "bench", "tests", "docs", "promotions", FOLDER}
)
"""Folders of the project that no program reads; a plan that did read there is not kept (`only_read`)."""

_FILES: Final = re.compile(r".+\.py|Pulumi(\..+)?\.ya?ml|requirements.*\.txt|pyproject\.toml")
"""Of the project's own folder, where people have reports and plans written to: the files that a program reads."""

_OF_THE_TOOL: Final = ("review", "settings", "manifests", "policy")
"""Packages that the tool itself works with, whatever project it looks at."""

_OF_A_TERMINAL: Final = re.compile(
    r"_|.*PWD|SHLVL|COLUMNS|LINES|(TERM|TMUX|SSH|XDG_SESSION|WINDOWID|DISPLAY|GNOME|KONSOLE|VSCODE|PYTEST)(_.*)?"
)
"""Names of variables that are others in each window, or each command, and that no program makes resources of."""

_PACKAGES: Final = (".dist-info", ".egg-info", ".egg-link", ".pth")


def of_tree(root: Path, *, but: tuple[str, ...] = ()) -> str:
    """Hash of every file of the project that a program reads: names and contents, whatever git knows of them.

    Paths that begin with one of `but` are left out.
    """
    whole = hashlib.sha256()
    for path in sorted(_files(str(root))):
        inside = path[len(str(root)) + 1 :]
        if inside.startswith(but):
            continue
        whole.update(os.fsencode(inside) + b"\0")
        try:
            with open(path, "rb") as file:  # noqa: PTH123
                whole.update(hashlib.sha256(file.read()).digest())
        except OSError as error:
            whole.update(f"unreadable {error.errno}".encode())
    return f"tree {whole.hexdigest()}"


def of_code(root: Path, stack: str) -> str:
    """Hash of every file of the project but for the catalogue and the stack's own: what makes rows of equal objects."""
    return of_tree(root, but=(f"workloads{os.sep}", f"Pulumi.{stack}.yaml"))


def only_read(opened: Iterable[str], root: Path) -> bool:
    """Whether a program that opened these files read nothing that `of_tree` and `ambient` leave out."""
    own = os.path.realpath(root)
    config = _kubeconfigs()
    # The recorder's own, which `ambient` has.
    own_code = tuple(f"{os.path.realpath(TOOL.parent / it)}{os.sep}" for it in _OF_THE_TOOL)
    for path in opened:
        real = os.path.realpath(path)
        if real in config:
            continue
        if real.startswith(own_code) and real.endswith((".py", ".pyc", ".json")):
            continue
        first, _, below = os.path.relpath(real, own).partition(os.sep)
        if first == os.pardir or not _is_of_a_program(first, folder=bool(below)):
            return False
    return True


@lru_cache(maxsize=1)
def ambient() -> str:
    """Hash of what surrounds the project: the recorder, Python, packages, the day, variables, the kubeconfig."""
    variables = sorted(
        f"{it}={value}" for it, value in os.environ.items() if not _OF_A_TERMINAL.fullmatch(it)
    )
    files = [Path(it).read_bytes() if Path(it).is_file() else b"" for it in sorted(_kubeconfigs())]
    return key(
        tool(),
        "\0".join(sorted(_installed())),
        date.today().isoformat(),
        "\0".join(variables),
        *files,
    )


@lru_cache(maxsize=1)
def tool() -> str:
    """Hash of everything that works out what a plan means: the reviewer's own code, its data and its packages."""
    whole = hashlib.sha256(sys.version.encode())
    for folder in _OF_THE_TOOL:
        for path in sorted((TOOL.parent / folder).rglob("*")):
            if path.suffix in (".py", ".json", ".yaml") and path.is_file():
                whole.update(str(path.relative_to(TOOL.parent)).encode() + b"\0")
                whole.update(hashlib.sha256(path.read_bytes()).digest())
    pins = TOOL.parent / "requirements.txt"
    whole.update(pins.read_bytes() if pins.is_file() else b"")
    return whole.hexdigest()


def _installed() -> Iterator[str]:
    """Packages with their versions, pinned or not: `pulumi-3.272.0.dist-info`."""
    for folder in sys.path:
        with contextlib.suppress(OSError):
            yield from (it.name for it in Path(folder).iterdir() if it.suffix in _PACKAGES)


def _kubeconfigs() -> set[str]:
    named = os.environ.get("KUBECONFIG") or str(Path.home() / ".kube" / "config")
    return {os.path.realpath(it) for it in named.split(os.pathsep) if it}


def _is_of_a_program(name: str, *, folder: bool) -> bool:
    """Whether what lies in the project's own folder under `name` is hashed."""
    if not folder:
        return _FILES.fullmatch(name) is not None
    return not (name.startswith((".", "out")) or name in SKIPPED or name == "__pycache__")


def _files(folder: str, *, top: bool = True) -> list[str]:
    found: list[str] = []
    with os.scandir(folder) as entries:
        for it in entries:
            inner = it.is_dir(follow_symlinks=False)
            if it.name == "__pycache__" or (top and not _is_of_a_program(it.name, folder=inner)):
                continue
            if inner:
                found += _files(it.path, top=False)
            else:
                found.append(it.path)
    return found
