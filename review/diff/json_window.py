"""JSON that is too big to be held: read in pieces, handed out value by value.

`json` decodes each value (its C scanner: 60 MB a second here); what is around it, the braces and brackets on the way
down to the wanted list, is walked here. One value at a time is in memory, and at most the piece of text it is in.
"""

import json
from collections.abc import Iterator
from typing import Any, Final, NoReturn, Protocol

PIECE: Final = 1 << 20
"""Characters that are read at once, and at least as many as are left."""

_SPACE: Final = " \t\r\n\ufeff"
_OF_NUMBERS: Final = "+-.0123456789eE"
_BEGINS: Final = '{["-0123456789'
FOREIGN: Final = "another text stands here (only what goes to stdout belongs in it: no `2>&1`)"
_NEAR_END: Final = 16
"""An error this close to the end of what was read may be for want of more: no literal or escape is longer."""


class Text(Protocol):
    """A text that is read in pieces."""

    def read(self, size: int, /) -> str:
        """At most as many characters; empty at the end."""


class JsonError(Exception):
    """Where a text is no JSON: its line and why, in one line."""

    def __init__(self, line: int, problem: str, *, cut: bool = False) -> None:
        super().__init__(line, problem)
        self.line, self.problem, self.cut = line, problem, cut
        """`cut`: the text ends too early."""


class Window:
    """Walks a text that comes from a stream; raises `JsonError`, and `RecursionError` for a value nested too deep."""

    def __init__(self, stream: Text) -> None:
        self._stream, self._text, self._at, self._ended = stream, "", 0, False
        self._passed = 0
        self._decode = json.JSONDecoder(parse_constant=_refused).raw_decode

    def next(self) -> str:
        """The character that the next value begins with; empty at the end."""
        while True:
            text, end = self._text, len(self._text)
            while self._at < end and text[self._at] in _SPACE:
                self._at += 1
            if self._at < end:
                return text[self._at]
            if self._ended:
                return ""
            self._more()

    def top(self) -> str:
        """As `next`, where no value is under way: what begins none is text that somebody else wrote."""
        first = self.next()
        if first and first not in _BEGINS:
            self._fail(FOREIGN, self._at)
        return first

    def value(self) -> Any:
        """The next value, whole."""
        self.next()
        while True:
            try:
                found, end = self._decode(self._text, self._at)
            except json.JSONDecodeError as error:
                cut = error.pos >= len(self._text) - _NEAR_END or "Unterminated" in error.msg
                if self._ended or not cut:
                    self._fail(error.msg, error.pos)
            except ValueError as error:
                self._fail(str(error), self._at)
            else:
                if self._ended or not self._may_go_on(end):
                    self._at = end
                    return found
            self._more()

    def members(self) -> Iterator[str]:
        """The keys of an object. Whoever takes one has the value read before the next one is asked for."""
        self._pass("{", "Expecting an object")
        if self.next() == "}":
            self._at += 1
            return
        while True:
            if self.next() != '"':
                self._fail("Expecting property name enclosed in double quotes", self._at)
            key = self.value()
            self._pass(":", "Expecting ':' delimiter")
            yield str(key)
            if self._ends("}"):
                return

    def items(self) -> Iterator[Any]:
        """The items of a list, one after the other."""
        self._pass("[", "Expecting a list")
        if self.next() == "]":
            self._at += 1
            return
        while True:
            yield self.value()
            if self._ends("]"):
                return

    def _may_go_on(self, end: int) -> bool:
        """Whether a number that ends there is perhaps the begin of a longer one."""
        rest = self._text[end : end + _NEAR_END]
        return len(rest) < _NEAR_END and not rest.strip(_OF_NUMBERS)

    def _ends(self, closing: str) -> bool:
        if self.next() not in (",", closing):
            self._fail("Expecting ',' delimiter", self._at)
        self._at += 1
        return self._text[self._at - 1] == closing

    def _pass(self, character: str, problem: str) -> None:
        if self.next() != character:
            self._fail(problem, self._at)
        self._at += 1

    def _more(self) -> None:
        """At least as much again as is left, so that a long value is not decoded again for every piece."""
        self._passed += self._text.count("\n", 0, self._at)
        left = self._text[self._at :]
        piece = self._stream.read(max(PIECE, len(left)))
        self._text, self._at, self._ended = left + piece, 0, not piece

    def _fail(self, problem: str, at: int) -> NoReturn:
        text = self._text
        # Of a text that ends too early inside a string the decoder names where the string begins.
        cut = self._ended and (at >= len(text.rstrip()) or "Unterminated" in problem)
        line = self._passed + text.count("\n", 0, min(at, len(text.rstrip()))) + 1
        raise JsonError(line, problem, cut=cut)


def _refused(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")
