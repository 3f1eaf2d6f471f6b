"""Writes a folder whole or not at all, and replaces only one that it wrote itself.

The files are written beside the folder, which a rename then puts in its place. A marker lists what was written: a
folder that holds anything else is somebody's, and is left alone.
"""

import os
import shutil
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from review.rendering.layout import File

MARKER: Final = ".aks-render"
_HEAD: Final = "Written by ./aks render, which replaces this folder whole. Its files:"
_SHOWN: Final = 3


class FolderError(Exception):
    """Why the folder was left as it is, with the remedy."""


def replace(target: Path, files: Iterable[File]) -> list[str]:
    """Make `target` hold `files` and the marker, and nothing else; return their paths, sorted.

    Raise `FolderError`, with nothing changed, for a folder that is not ours or cannot be written.
    """
    shown, target = target, Path(os.path.realpath(target))
    try:
        _refuse_foreign(shown, target)
        target.parent.mkdir(parents=True, exist_ok=True)
        beside = Path(tempfile.mkdtemp(prefix=f".{target.name}.", dir=target.parent))
        try:
            paths = _fill(beside / "new", files)
            _swap(beside, target)
        finally:
            shutil.rmtree(beside, ignore_errors=True)
    except OSError as error:
        raise FolderError(f"{shown}: cannot be written: {error.strerror}") from error
    return paths


def _refuse_foreign(shown: Path, target: Path) -> None:
    if not target.exists():
        return
    if not target.is_dir():
        raise FolderError(f"{shown}: is a file; name a folder")
    if Path.cwd().is_relative_to(target):
        raise FolderError(f"{shown}: is the folder you are in; go to one outside it")
    marker = target / MARKER
    ours = marker.read_bytes().decode(errors="replace").splitlines() if marker.is_file() else []
    found = {path.relative_to(target).as_posix() for path in _below(target)}
    if ours[:1] != [_HEAD] and found:
        raise FolderError(
            f"{shown}: is not empty and was not written by ./aks render; name a new or empty folder"
        )
    foreign = sorted(found - set(ours[1:]) - {MARKER})
    if foreign:
        more = f" and {len(foreign) - _SHOWN} more" if len(foreign) > _SHOWN else ""
        raise FolderError(
            f"{shown}: holds what ./aks render did not write: {', '.join(foreign[:_SHOWN])}{more}; "
            "move it away or name another folder"
        )


def _below(folder: Path) -> Iterable[Path]:
    """Everything in `folder` but plain folders; a link is itself, not what it leads to."""
    for root, folders, names in os.walk(folder, onerror=_raise):
        yield from (Path(root, name) for name in names)
        yield from (path for name in folders if (path := Path(root, name)).is_symlink())


def _raise(error: OSError) -> None:
    """What cannot be looked into may hold what is not ours."""
    raise error


def _fill(new: Path, files: Iterable[File]) -> list[str]:
    """Write `files` and the marker into the folder `new`, which is not there yet."""
    new.mkdir()
    paths: list[str] = []
    made = {""}
    for file in files:
        parent = file.path.rpartition("/")[0]
        if parent not in made:
            (new / parent).mkdir(parents=True)
            made.add(parent)
        _write(f"{new}/{file.path}", file.content, 0o600 if file.private else 0o666)
        paths.append(file.path)
    paths.sort()
    _write(f"{new}/{MARKER}", "\n".join([_HEAD, *paths, ""]).encode(), 0o666)
    return paths


def _write(path: str, content: bytes, mode: int) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
        file.write(content)


def _swap(beside: Path, target: Path) -> None:
    """Put `beside/new` in the place of `target`; what was there goes with `beside`."""
    old = beside / "old"
    existed = target.exists()
    if existed:
        target.rename(old)
    try:
        (beside / "new").rename(target)
    except BaseException:
        if existed:
            old.rename(target)
        raise
