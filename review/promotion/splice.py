"""Values written into a YAML file, and no other byte of it touched.

A parser says where each value stands, and the text between is kept: comments, order, quotes, anchors, line ends,
secrets. A loader that writes a file anew, however carefully, folds lines and moves comments. What is written is read
back, and must be the old data with the new values in it: else the file is left to people.
"""

import json
import re
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import yaml

from settings.forms import Form
from settings.yaml_source import UntaggedParser, parse, scalar

Path = tuple[str | int, ...]

_PLAIN: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/+-]*")
_ANCHOR: Final = re.compile(r"&[^\s,\[\]{}]+[ \t]*")


class UnwritableError(ValueError):
    """Why a value cannot be written by a machine; the text says what to do by hand."""


@dataclass
class _Node:
    """A value as it stands in the text: `start` and `end` count characters."""

    start: int
    end: int
    column: int
    style: str
    """Of a scalar its quote, `|` or `>`; `{` and `[` of what stands in brackets; empty of what does not."""

    value: str = ""
    anchored: int = 0
    """Where an anchor stands before the value: how many characters it takes."""

    kind: str = "scalar"
    """`scalar`, `map`, `list` or `alias`."""

    entries: "list[tuple[_Node | None, _Node]]" = field(
        default_factory=lambda: list[tuple[_Node | None, _Node]]()
    )

    @property
    def last(self) -> int:
        """End of the last thing written in it: of a map in lines, not of what follows it."""
        if self.style or not self.entries:
            return self.end
        return self.entries[-1][1].last

    def entry(self, key: str) -> "tuple[_Node, _Node] | None":
        """Key and value of a map; of one that has the key twice the first, as everywhere."""
        for name, value in self.entries:
            if name is not None and name.kind == "scalar" and name.value == key:
                return name, value
        return None


@dataclass(frozen=True)
class _Edit:
    start: int
    end: int
    text: str
    rank: int = 0
    """Of those at one place the first; what is added to an inner map comes before what is added to the outer."""


def spliced(text: str, under: Path, values: Mapping[Path, Any], form: Form | None = None) -> str:
    """`text` with each of `values`, plain data by path below `under`, in its place.

    What is there is replaced, in its own quotes; what is not is added behind the last key of the map it belongs in.
    `form` tells what short forms below `under` stand for. Raise `UnwritableError` where the result would not read back
    as what was meant: a value that other places share, a map that an alias brings.
    """
    if not values:
        return text
    before = parse(text, "")
    if before.data is None or before.faults:
        raise UnwritableError("the file itself has faults; correct them first")
    root = _tree(text)
    edits: list[_Edit] = []
    added: dict[int, tuple[_Node, dict[str, Any]]] = {}
    wanted = _copied(before.data)
    for path, value in values.items():
        _find(root, (*under, *path), value, edits, added, text, form, len(under))
        _put(wanted, (*under, *path), value, form, len(under))
    for node, entries in added.values():
        edits.append(_addition(node, entries, text))
    result = _applied(text, edits)
    after = parse(result, "")
    if after.faults or after.data != wanted:
        names = ", ".join(".".join(map(str, path)) for path in values)
        raise UnwritableError(
            f"{names}: stands where an anchor, an alias or a long text is shared with other keys; "
            "write the values out by hand"
        )
    return result


def _find(
    root: _Node,
    path: Path,
    value: Any,
    edits: list[_Edit],
    added: dict[int, tuple[_Node, dict[str, Any]]],
    text: str,
    form: Form | None,
    outside: int,
) -> None:
    """Note what to do so that `value` stands at `path`."""
    node, key = root, None
    for index, step in enumerate(path):
        found = _below(node, step)
        if found is None:
            if node.kind == "map" and isinstance(step, str):
                _, entries = added.setdefault(id(node), (node, {}))
                _nest(entries, path[index:], value)
                return
            if node.kind in ("scalar", "alias") and index:
                here = form.at(path[outside:index]) if form and index > outside else None
                old = scalar(node.value, not node.style) if node.kind == "scalar" else None
                long = here.long(old) if here else old
                whole = dict(long) if isinstance(long, Mapping) else {}
                _nest(whole, path[index:], value)
                edits.append(_replacement(node, key, whole, text, path[outside:index]))
                return
            raise UnwritableError(
                f"{'.'.join(map(str, path[outside:]))}: has no place in the file; write it by hand"
            )
        key, node = found
    edits.append(_replacement(node, key, value, text, path[outside:]))


def _below(node: _Node, step: str | int) -> "tuple[_Node | None, _Node] | None":
    if node.kind == "map":
        return node.entry(str(step))
    if node.kind == "list" and isinstance(step, int) and step < len(node.entries):
        return node.entries[step]
    return None


def _replacement(node: _Node, key: _Node | None, value: Any, text: str, path: Path) -> _Edit:
    start, end = node.start + node.anchored, node.last
    new = written(value, node.style if node.kind == "scalar" else "")
    if node.kind in ("map", "list") and not node.style and key is not None:
        start = text.index(":", key.end) + 1
    if any("#" in it for it in _between(node, start, end, text)):
        raise UnwritableError(
            f"{'.'.join(map(str, path))}: has comments within, which would be lost; write it by hand"
        )
    if start and text[start - 1] not in " \t\n\r[{,":
        new = f" {new}"
    if end > start and text[end - 1] in "\r\n":
        new += _line_end(text)
    return _Edit(start, end, new)


def _between(node: _Node, start: int, end: int, text: str) -> Iterator[str]:
    """What stands from `start` to `end` and is no value: marks, room and comments."""
    for leaf in _leaves(node):
        yield text[start : leaf.start]
        start = leaf.end
        if leaf.style in ("|", ">"):
            yield text[leaf.start : leaf.end].partition("\n")[0]
    yield text[start:end]


def _leaves(node: _Node) -> Iterator[_Node]:
    if node.kind not in ("map", "list"):
        yield node
    for name, value in node.entries:
        yield from _leaves(name) if name else ()
        yield from _leaves(value)


def _addition(node: _Node, entries: Mapping[str, Any], text: str) -> _Edit:
    """New keys behind the last one of a map."""
    pairs = [f"{_key(name)}: {written(value, _TEXT)}" for name, value in entries.items()]
    if node.style:
        inside = ", ".join(pairs)
        if not node.entries:
            at = text.index("{", node.start) + 1
            return _Edit(at, at, inside)
        at = node.entries[-1][1].last
        return _Edit(at, at, f", {inside}", 1)
    line_end = _line_end(text)
    first = node.entries[0][0]
    column = first.column if first else 0
    rank = 1 + _WIDEST - column
    lines = line_end.join(f"{' ' * column}{pair}" for pair in pairs)
    last = node.last
    if last and text[last - 1] in "\r\n":
        return _Edit(last, last, f"{lines}{line_end}", rank)
    ends = [at for it in "\r\n" if (at := text.find(it, last)) >= 0]
    at = min(ends, default=len(text))
    return _Edit(at, at, f"{line_end}{lines}", rank)


def _line_end(text: str) -> str:
    first = text.find("\n")
    return "\r\n" if first > 0 and text[first - 1] == "\r" else "\n"


def _applied(text: str, edits: Sequence[_Edit]) -> str:
    parts: list[str] = []
    at = 0
    for edit in sorted(edits, key=lambda it: (it.start, it.end, it.rank)):
        if edit.start < at:
            raise UnwritableError("two keys stand in one value; write them by hand")
        parts += [text[at : edit.start], edit.text]
        at = edit.end
    return "".join([*parts, text[at:]])


def written(value: Any, style: str) -> str:
    """`value` as YAML in one line, in quotes like `style` where it is text that can be; maps and lists in brackets."""
    if isinstance(value, str):
        if not style and _PLAIN.fullmatch(value) and scalar(value) == value and not _dated(value):
            return value
        if style == "'" and value.isprintable():
            quoted = value.replace("'", "''")
            return f"'{quoted}'"
        return _quoted(value)
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{_key(k)}: {written(v, _TEXT)}' for k, v in value.items())}}}"
    if isinstance(value, list):
        return f"[{', '.join(written(it, _TEXT) for it in value)}]"
    return json.dumps(value)


_WIDEST: Final = 1_000_000
"""Beyond every column."""

_TEXT: Final = '"'
"""How a new text is quoted."""


def _key(name: str) -> str:
    return name if _PLAIN.fullmatch(name) and scalar(name) == name else _quoted(name)


def _dated(value: str) -> bool:
    return value[4:5] == "-" and value[:4].isdigit()


def _quoted(value: str) -> str:
    return "".join(
        it if it.isprintable() else f"\\U{ord(it):08x}" if ord(it) > 0xFFFF else f"\\u{ord(it):04x}"
        for it in json.dumps(value, ensure_ascii=False)
    )


def _nest(into: dict[str, Any], path: Path, value: Any) -> None:
    for step in path[:-1]:
        into = into.setdefault(str(step), {})
    into[str(path[-1])] = value


def _put(data: Any, path: Path, value: Any, form: Form | None, outside: int) -> None:
    """`value` at `path` of plain data, short forms on the way written out; `_find` has seen that there is a way."""
    for index, step in enumerate(path[:-1]):
        below = data.get(step) if isinstance(data, dict) else data[step]
        if not isinstance(below, dict | list):
            here = form.at(path[outside : index + 1]) if form and index >= outside else None
            long = here.long(below) if here else below
            below = dict(long) if isinstance(long, Mapping) else {}
        data[step] = below
        data = below
    data[path[-1]] = value


def _copied(data: Any) -> Any:
    """Every map and list anew: an alias makes one of two places, and a change is of one."""
    if isinstance(data, dict):
        return {key: _copied(it) for key, it in data.items()}
    return [_copied(it) for it in data] if isinstance(data, list) else data


def _tree(text: str) -> _Node:
    """The values of the one document in `text`, with aliases left as they are."""
    parser = UntaggedParser(text)
    events: deque[Any] = deque()
    while parser.check_event():
        event = parser.get_event()
        if isinstance(event, yaml.NodeEvent | yaml.CollectionEndEvent):
            events.append(event)
    return _node(events, text)


def _node(events: "deque[Any]", text: str) -> _Node:
    event = events.popleft()
    start, end = event.start_mark.index, event.end_mark.index
    node = _Node(start, end, event.start_mark.column, "")
    if isinstance(event, yaml.AliasEvent):
        node.kind = "alias"
        return node
    if event.anchor is not None:
        before = _ANCHOR.match(text, start)
        node.anchored = before.end() - start if before else 0
    if isinstance(event, yaml.ScalarEvent):
        node.value, node.style = event.value, event.style or ""
        return node
    node.kind = "map" if isinstance(event, yaml.MappingStartEvent) else "list"
    if event.flow_style:
        node.style = "{" if node.kind == "map" else "["
    while not isinstance(events[0], yaml.CollectionEndEvent):
        name = _node(events, text) if node.kind == "map" else None
        node.entries.append((name, _node(events, text)))
    node.end = events.popleft().end_mark.index
    return node
