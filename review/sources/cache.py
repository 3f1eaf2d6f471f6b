"""What was worked out before, kept by the content it was made from.

An entry's key is a hash of everything that went in, so an entry is never out of date: other content has another key.
What cannot be read whole counts as not there. Nothing secret is kept: plans hold marks, and of the project's own files
only the catalogue's data are there, which have no secrets.
"""

import contextlib
import hashlib
import os
import pickle
import stat
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, TypeVar

FOLDER: Final = ".aks-cache"
"""In the project's folder; ignored by git."""

MOST_BYTES: Final = 500 * 2**20
"""Kept at the most; the entries that were not used for the longest time go first."""

_DIGEST: Final = 32

T = TypeVar("T")


def key(*parts: str | bytes) -> str:
    """A name for content: no two lists of parts share one."""
    whole = hashlib.sha256()
    for part in parts:
        data = part.encode() if isinstance(part, str) else part
        whole.update(len(data).to_bytes(8, "big") + data)
    return whole.hexdigest()


class Cache:
    """Entries in a folder that belongs to this user alone; without such a folder it keeps nothing."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder if folder is not None and _is_own(folder) else None

    @property
    def folder(self) -> Path | None:
        """Where entries are; None where none are kept."""
        return self._folder

    def get(self, name: str) -> bytes | None:
        """What was kept under `name`, whole or not at all."""
        if self._folder is None:
            return None
        path = self._folder / name
        try:
            data = path.read_bytes()
            os.utime(path)
        except OSError:
            return None
        body = data[_DIGEST:]
        return body if hashlib.sha256(body).digest() == data[:_DIGEST] else None

    def put(self, name: str, body: bytes) -> None:
        """Keep `body`; a full or read-only disk is no fault, the work is done again next time."""
        if self._folder is None:
            return
        with contextlib.suppress(OSError):
            handle, beside = tempfile.mkstemp(dir=self._folder, prefix=".new-")
            try:
                with os.fdopen(handle, "wb") as file:
                    file.write(hashlib.sha256(body).digest() + body)
                Path(beside).replace(self._folder / name)
            finally:
                Path(beside).unlink(missing_ok=True)
            self._make_room()

    def load(self, name: str) -> Any:
        """The object kept under `name`; None where there is none that this Python can read."""
        kept = self.get(name)
        if kept is None:
            return None
        try:
            return pickle.loads(kept)
        except Exception:  # whatever an entry of another time holds, it is not there
            return None

    def store(self, name: str, made: object) -> None:
        """Keep an object that can be pickled."""
        if self._folder is not None:
            self.put(name, pickle.dumps(made, protocol=pickle.HIGHEST_PROTOCOL))

    def of(self, name: str, make: Callable[[], T]) -> T:
        """The object kept under `name`, or the one that `make` gives, which is kept then."""
        kept = self.get(name)
        if kept is not None:
            with contextlib.suppress(
                Exception
            ):  # an entry that this Python cannot load is not there
                found: T = pickle.loads(kept)
                return found
        made = make()
        self.store(name, made)
        return made

    def _make_room(self) -> None:
        assert self._folder is not None
        entries = [(it.stat(), it.path) for it in os.scandir(self._folder) if it.is_file()]
        used = sum(it.st_size for it, _ in entries)
        for about, path in sorted(entries, key=lambda it: it[0].st_mtime):
            if used <= MOST_BYTES:
                return
            Path(path).unlink(missing_ok=True)
            used -= about.st_size


def _is_own(folder: Path) -> bool:
    """Whether nobody else can write there: entries are unpickled, which runs what they say."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        about = folder.lstat()
    except OSError:
        return False
    return (
        stat.S_ISDIR(about.st_mode)
        and about.st_uid == os.geteuid()
        and not about.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
    )
