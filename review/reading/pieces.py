"""YAML text cut by line into what can be parsed alone: documents, as kubectl cuts them, and the items of a list."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final, Literal

_ITEMS: Final = re.compile(rb"items:\s*(#.*)?$")
_DASH: Final = re.compile(rb" *-\s")
_DOCUMENT: Final = re.compile(rb"---(\s|$)")

Role = Literal["document", "item", "list"]
"""`item` of a list in block style; `list` for what stands around its items, which comes behind them."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Some lines of a text."""

    first: int
    """Line of its first byte, from 1."""

    text: bytes
    role: Role


def pieces(lines: Iterable[bytes]) -> Iterator[Piece]:
    """Documents by `---`; where `items:` opens a block at the margin, each item, then the list around them."""
    cutter = _Cutter()
    for number, line in enumerate(lines, 1):
        if line[:1] == b"-" and _DOCUMENT.match(line):
            yield from cutter.end()
            cutter = _Cutter(first=number, document=[line])
        elif cutter.dash is not None:
            yield from cutter.in_items(number, line)
        else:
            cutter.in_document(number, line)
    yield from cutter.end()


@dataclass
class _Cutter:
    """One document being cut."""

    first: int = 1
    document: list[bytes] = field(default_factory=list[bytes])
    role: Role = "document"
    awaited: bool = False
    """Whether `items:` has been met and nothing behind it."""

    dash: bytes | None = None
    """The dash of every item with the spaces before it, among items."""

    item: list[bytes] = field(default_factory=list[bytes])
    first_of_item: int = 0

    def in_document(self, number: int, line: bytes) -> None:
        """Take a line outside of items."""
        if self.awaited:
            bare = line.strip()
            self.awaited = not bare or bare[:1] == b"#"
            found = None if self.awaited else _DASH.match(line)
            if found:
                self.dash, self.role = found[0].rstrip(), "list"
                self._begin(number, line)
                return
        elif line[:5] == b"items" and _ITEMS.match(line):
            self.awaited = True
        self.document.append(line)

    def in_items(self, number: int, line: bytes) -> Iterator[Piece]:
        """Take a line among items; an item that it ends is handed out."""
        dash = self.dash or b"-"
        if line.startswith(dash) and line[len(dash) : len(dash) + 1] in b" \t\r\n":
            yield self._item()
            self._begin(number, line)
            return
        bare = line.strip()
        indent = len(line) - len(line.lstrip(b" "))
        if not bare or bare[:1] == b"#" or indent >= len(dash):
            self.item.append(line)
            return
        yield self._item()
        self.item, self.dash = [], None
        self.document.append(line)

    def end(self) -> Iterator[Piece]:
        """What is left."""
        if self.item:
            yield self._item()
        if self.document:
            yield Piece(self.first, b"".join(self.document), self.role)

    def _begin(self, number: int, line: bytes) -> None:
        """The item is a map once its dash is a space."""
        at = len(self.dash or b"-") - 1
        self.item, self.first_of_item = [line[:at] + b" " + line[at + 1 :]], number

    def _item(self) -> Piece:
        return Piece(self.first_of_item, b"".join(self.item), "item")
