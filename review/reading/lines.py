"""Which line of a file a property of one of its objects stands in.

Only documents that are asked for are parsed again, at most `MOST_DOCUMENTS` of them and none that is very long: there
the object's own line is the answer, as it is for a property that is not there.
"""

import re
from pathlib import Path
from typing import Any, Final

import yaml

from policy.unknown import item_name

MOST_DOCUMENTS: Final = 500
LONGEST_DOCUMENT: Final = 200_000
"""Characters; libyaml takes about a second for 2 million."""

_START: Final = re.compile(r"---(\s|$)")
_LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_Place = tuple[yaml.Node, int]
"""An object, and the line that its document begins with."""


class Lines:
    """The files of one run, each read at most once."""

    def __init__(self) -> None:
        self._files: dict[str, list[tuple[int, str]]] = {}
        self._objects: dict[tuple[str, int], dict[int, _Place]] = {}

    def of(self, file: str, line: int, path: str) -> int:
        """The 1-based line of the property at `path` of the object that begins in `line`."""
        found = self._object(file, line)
        return _line(found[0], path) + found[1] if found else line

    def _object(self, file: str, line: int) -> _Place | None:
        documents = self._documents(file)
        start, text = next((it for it in reversed(documents) if it[0] <= line), (0, ""))
        key = (file, start)
        if key not in self._objects:
            if len(self._objects) >= MOST_DOCUMENTS or len(text) > LONGEST_DOCUMENT:
                return None
            self._objects[key] = _objects(text, start)
        return self._objects[key].get(line)

    def _documents(self, file: str) -> list[tuple[int, str]]:
        if file not in self._files:
            try:
                text = Path(file).read_text(encoding="utf-8-sig")
            except (OSError, UnicodeDecodeError):
                text = ""
            self._files[file] = _split(text)
        return self._files[file]


def _split(text: str) -> list[tuple[int, str]]:
    """Each document with its first line."""
    found: list[tuple[int, str]] = []
    begin, lines = 1, list[str]()
    for number, line in enumerate(text.splitlines(keepends=True), 1):
        if _START.match(line) and lines:
            found.append((begin, "".join(lines)))
            begin, lines = number, []
        lines.append(line)
    return [*found, (begin, "".join(lines))]


def _objects(text: str, start: int) -> dict[int, _Place]:
    """The objects of a document, items of lists among them, by the line of their first key."""
    try:
        root = yaml.compose(text, Loader=_LOADER)
    except (yaml.YAMLError, RecursionError):
        return {}
    found: dict[int, _Place] = {}
    for node in _maps(root):
        found.setdefault(node.start_mark.line + start, (node, start))
    return found


def _maps(root: yaml.Node | None) -> list[yaml.Node]:
    if isinstance(root, yaml.SequenceNode):
        return [inner for it in root.value for inner in _maps(it)]
    if not isinstance(root, yaml.MappingNode):
        return []
    lists = [value for key, value in root.value if key.value == "items"]
    return [root, *(it for those in lists for it in _maps(those))]


def _line(root: yaml.Node, path: str) -> int:
    """The line, from 0 in the document, of the last step that is there."""
    node, field, line = root, "", root.start_mark.line
    while path:
        found = _step(node, field, path)
        if found is None:
            break
        line, field, node, path = found
    return int(line)


_Step = tuple[int, str, yaml.Node, str]


def _step(node: yaml.Node, field: str, path: str) -> _Step | None:
    """Line, key, node and the rest of the path after its first step; None where that is not there."""
    if isinstance(node, yaml.MappingNode):
        keys = [
            (len(key.value), key.start_mark.line, value)
            for key, value in node.value
            if isinstance(key.value, str)
            and path.startswith(key.value)
            and path[len(key.value) : len(key.value) + 1] in ("", ".", "[")
        ]
        if keys:
            length, line, value = max(keys, key=lambda it: it[0])
            return line, path[:length], value, path[length:].removeprefix(".")
    elif isinstance(node, yaml.SequenceNode) and path.startswith("["):
        name, _, rest = path[1:].partition("]")
        for at, item in enumerate(node.value):
            if item_name(field, at, _scalars(item)) == name:
                return item.start_mark.line, "", item, rest.removeprefix(".")
    return None


def _scalars(node: yaml.Node) -> Any:
    if not isinstance(node, yaml.MappingNode):
        return None
    return {
        key.value: value.value for key, value in node.value if isinstance(value, yaml.ScalarNode)
    }
