"""Kubernetes objects out of JSON text, which is held; its objects are decoded one at a time."""

import json
from collections.abc import Iterator
from typing import Any, Final

from review.reading.found import Found, Wanted, item_type
from settings.faults import Fault

_SPACE: Final = " \t\r\n\ufeff"


def json_objects(text: str, file: str, wanted: Wanted, faults: list[Fault]) -> Iterator[Found]:
    """Every object of a JSON text, which may hold several in a row or in a list."""
    reader = _Json(text)
    try:
        while reader.skip(_SPACE):
            for line, value, default in reader.values():
                yield from _unfolded(value, line, wanted, default)
    except (json.JSONDecodeError, RecursionError) as error:
        problem, at = "is nested too deep", reader.at
        if isinstance(error, json.JSONDecodeError):
            problem, at = error.msg, error.pos
        rule = f"is not valid JSON: {problem[:1].lower()}{problem[1:]}"
        line = min(text.count("\n", 0, at), text.rstrip().count("\n")) + 1
        faults.append(Fault(file, line, "", rule, remedy="correct the syntax"))


def _unfolded(value: Any, line: int, wanted: Wanted, default: tuple[str, str]) -> Iterator[Found]:
    if not isinstance(value, dict):
        yield Found("", "", line, None)
        return
    api_version, kind = value.get("apiVersion", default[0]), value.get("kind", default[1])
    if not isinstance(api_version, str) or not isinstance(kind, str):
        yield Found("", "", line, None)
    elif kind.endswith("List") and isinstance(value.get("items"), list):
        for it in value["items"]:
            yield from _unfolded(it, line, wanted, item_type(value))
    elif not (api_version and kind):
        yield Found(api_version, kind if wanted(api_version, kind) else "", line, None)
    elif wanted(api_version, kind):
        yield Found(api_version, kind, line, {"apiVersion": api_version, "kind": kind, **value})
    else:
        yield Found(api_version, kind, line, None)


class _Json:
    """Walks a text value by value; the items of a list are handed out as they are met."""

    def __init__(self, text: str) -> None:
        self.text, self.at = text, 0
        self._decode = json.JSONDecoder().raw_decode
        self._line, self._counted = 1, 0

    def skip(self, characters: str) -> bool:
        """Go past `characters`; whether anything is left."""
        text, at, end = self.text, self.at, len(self.text)
        while at < end and text[at] in characters:
            at += 1
        self.at = at
        return at < end

    def values(self) -> Iterator[tuple[int, Any, tuple[str, str]]]:
        """Line, value and default type of the next value, or of each of its items."""
        opening = self.text[self.at]
        if opening == "[":
            yield from ((line, it, ("", "")) for line, it in self._items())
            return
        line = self._line_here()
        if opening != "{":
            yield line, self._value(), ("", "")
            return
        head: dict[str, Any] = {}
        nameless: list[tuple[int, Any]] = []
        self.at += 1
        for _ in self._members("}"):
            key = self._value()
            if not isinstance(key, str):
                raise json.JSONDecodeError("Expecting a key in double quotes", self.text, self.at)
            self._pass(":")
            if key != "items" or self.text[self.at : self.at + 1] != "[":
                head[key] = self._value()
                continue
            head["items"] = []
            for item_line, it in self._items():
                if isinstance(it, dict) and "kind" not in it:
                    nameless.append((item_line, it))
                else:
                    yield item_line, it, ("", "")
        default = item_type(head)
        yield from ((it_line, it, default) for it_line, it in nameless)
        if "items" not in head:
            yield line, head, ("", "")

    def _items(self) -> Iterator[tuple[int, Any]]:
        self.at += 1
        for _ in self._members("]"):
            line = self._line_here()
            yield line, self._value()

    def _members(self, closing: str) -> Iterator[None]:
        """Once for each member of the map or list that has been opened; `at` is its start."""
        self.skip(_SPACE)
        if self.text[self.at : self.at + 1] == closing:
            self.at += 1
            return
        while True:
            yield
            self.skip(_SPACE)
            if self.text[self.at : self.at + 1] == closing:
                self.at += 1
                return
            self._pass(",")

    def _pass(self, character: str) -> None:
        self.skip(_SPACE)
        if self.text[self.at : self.at + 1] != character:
            raise json.JSONDecodeError(f"Expecting {character!r}", self.text, self.at)
        self.at += 1
        self.skip(_SPACE)

    def _value(self) -> Any:
        value, self.at = self._decode(self.text, self.at)
        return value

    def _line_here(self) -> int:
        self._line += self.text.count("\n", self._counted, self.at)
        self._counted = self.at
        return self._line
