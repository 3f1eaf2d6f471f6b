"""Text as lines of a terminal: labels, colours, and folding at its width."""

from collections.abc import Iterator
from typing import Final

from rich.cells import cell_len

from review.renderers.preview import Paint
from review.renderers.review_words import JSON_NAMES_ALL, harmless

_LEAST_ROOM: Final = 20
"""Columns for text; where a label leaves less, the text goes below it."""


class Page:
    """How text becomes lines: its colours and its width."""

    def __init__(self, paint: Paint, width: int) -> None:
        self.paint = paint
        self.width = width

    def heading(self, title: str, note: str = "") -> str:
        """A title, and what it comes to."""
        room = self.width - len(title) - 2
        fits = note and cell_len(note) <= room
        return self.paint(title, "heading") + (f"  {self.paint(note, 'faint')}" if fits else "")

    def item(
        self, label: str, text: str, style: str = "", *, indent: int = 2, column: int = 0
    ) -> Iterator[str]:
        """`text` behind a label in its colour, folded under itself; `column` characters for the label."""
        left = " " * (indent + max(column, len(label)) + 1)
        if len(left) > self.width - _LEAST_ROOM:
            yield f"{' ' * indent}{self.paint(label, style) if style and label else label}".rstrip()
            label, left = "", " " * min(indent, self.width - _LEAST_ROOM)
            indent = len(left)
        lines = folded(harmless(text), self.width - len(left))
        first, *rest = lines or [""]
        gap = left[indent + len(label) :]
        painted = self.paint(label, style) if style and label else label
        yield f"{' ' * indent}{painted}{gap}{first}".rstrip()
        for line in rest:
            yield f"{left}{line}"

    def more(self, count: int, what: str = "", *, indent: int = 2) -> Iterator[str]:
        """How many are left out, where any are."""
        if count > 0:
            said = f"and {count:,} more{f' {what}' if what else ''}; {JSON_NAMES_ALL}"
            for line in folded(said, self.width - indent):
                yield f"{' ' * indent}{self.paint(line, 'faint')}"


def folded(text: str, width: int) -> list[str]:
    """Lines of at most `width` columns, two or more, broken at spaces; a word that is longer is broken anywhere."""
    width = max(width, 2)
    lines: list[str] = []
    line, used = "", 0
    for word in text.split(" "):
        cells = len(word) if word.isascii() else cell_len(word)
        if line and used + 1 + cells <= width:
            line, used = f"{line} {word}", used + 1 + cells
            continue
        if line:
            lines.append(line)
        while cells > width:
            head = _fitting(word, width)
            lines.append(head)
            word = word[len(head) :]
            cells = cell_len(word)
        line, used = word, cells
    return [*lines, line] if line else lines


def _fitting(word: str, width: int) -> str:
    """The longest beginning of `word` that fits, at least one character."""
    if word.isascii():
        return word[:width]
    end, used = 0, 0
    for letter in word:
        used += cell_len(letter)
        if used > width and end:
            break
        end += 1
    return word[:end]
