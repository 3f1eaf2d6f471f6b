"""Kubernetes objects out of YAML text, one at a time, so that no file is ever held whole as data.

Parsed by libyaml and built from its nodes, with scalars as Go's yaml.v3 reads them; a kind that nobody asked for is
parsed but not built. A broken document, or item of a list, costs only itself.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any, Final

import yaml

from review.reading.found import Found, Wanted, item_type
from review.reading.pieces import Piece, pieces
from settings.faults import Fault
from settings.yaml_source import UntaggedParser, parse, scalar, too_deep

MAX_DEPTH: Final = 200
"""Maps and lists within each other; schemas in CRDs go deepest."""


_TEXT_TAG: Final = "tag:yaml.org,2002:str"
_TEMPLATE: Final = re.compile(r"^[ \t-]*+(?:[^\s'\"#]+:[ \t]+)?\{\{", re.MULTILINE)
"""Where a line or a value begins as Go's templates do, Helm's among them."""

_RENDER: Final = "render the template first: helm template prints what it becomes"
_NAMELESS: Final = ("", "")


def yaml_objects(
    lines: Iterable[bytes], file: str, wanted: Wanted, faults: list[Fault]
) -> Iterator[Found]:
    """Every object of a YAML stream; what cannot be read goes to `faults`, one for each document or item."""
    nameless: list[Piece] = []
    for piece in pieces(lines):
        found = list(_of_piece(piece, file, wanted, faults, _NAMELESS))
        if piece.role == "list":
            head = found[0].manifest if found else None
            for item in nameless:
                default = item_type(head or {})
                yield from _of_piece(item, file, wanted, faults, default)
            nameless = []
        elif piece.role == "item" and len(found) == 1 and not found[0].kind:
            nameless.append(piece)  # a PodList names its kind behind its items, and them not at all
        else:
            yield from found


def _of_piece(
    piece: Piece, file: str, wanted: Wanted, faults: list[Fault], default: tuple[str, str]
) -> Iterator[Found]:
    text = ""
    try:
        text = piece.text.decode("utf-8-sig" if piece.first == 1 else "utf-8")
        if line := too_deep(text, MAX_DEPTH):
            raise _RefusedError(line - 1, f"is nested more than {MAX_DEPTH} deep")
        parser, reader = UntaggedParser(text), _Reader(file, piece.first, wanted, faults)
        while parser.check_node():
            root = parser.get_node()
            if piece.role == "list":
                yield Found("", "", piece.first, reader.built(root, _NAMELESS))
            else:
                yield from reader.objects(root, default)
    except UnicodeDecodeError as error:
        line = piece.first + piece.text[: error.start].count(b"\n")
        faults.append(Fault(file, line, "", "is not UTF-8 text", remedy="save it as UTF-8"))
    except _RefusedError as error:
        remedy = _RENDER if _TEMPLATE.search(text) else "write it out"
        faults.append(Fault(file, piece.first + error.line, "", str(error), remedy=remedy))
    except (yaml.YAMLError, ValueError) as error:
        fault = _syntax(error, text, piece.first, file)
        faults.append(replace(fault, remedy=_RENDER) if _TEMPLATE.search(text) else fault)


def _syntax(error: Exception, text: str, first: int, file: str) -> Fault:
    """In the words of the settings' own reader, which knows the usual slips."""
    for fault in parse(text, file).faults:
        if fault.rule.startswith("is not valid YAML"):
            return Fault(file, (fault.line or 1) + first - 1, "", fault.rule, remedy=fault.remedy)
    mark = getattr(error, "problem_mark", None)
    problem = getattr(error, "problem", None) or "it cannot be parsed"
    line = first + (mark.line if mark else 0)
    return Fault(file, line, "", f"is not valid YAML: {problem}", remedy="correct the syntax")


class _RefusedError(Exception):
    """What no reader of manifests takes; `line` counts from 0 in its piece."""

    def __init__(self, line: int, rule: str) -> None:
        super().__init__(rule)
        self.line = line


class _Reader:
    """Objects of one piece, which begins at line `first` of its file."""

    def __init__(self, file: str, first: int, wanted: Wanted, faults: list[Fault]) -> None:
        self.file, self.first, self.wanted, self.faults = file, first, wanted, faults

    def objects(self, root: Any, default: tuple[str, str]) -> Iterator[Found]:
        """The object that `root` is, or each one of the list that it is; `default` is its type if it has none."""
        line = self.first + root.start_mark.line
        if root.__class__ is not yaml.MappingNode:
            if root.__class__ is not yaml.ScalarNode or root.value:
                yield Found("", "", line, None)
            return
        (api_version, kind), items = _head(root, default)
        if items is not None and kind.endswith("List"):
            inner = item_type({"apiVersion": api_version, "kind": kind})
            for it in items:
                yield from self.objects(it, inner)
        elif not self.wanted(api_version, kind):
            yield Found(api_version, kind if api_version else "", line, None)
        elif not api_version:
            yield Found(api_version, kind, line, None)
        else:
            yield Found(api_version, kind, line, self.built(root, (api_version, kind)))

    def built(self, root: Any, named: tuple[str, str]) -> dict[str, Any]:
        """All of `root`, with the type that its list gives it."""
        builder = _Builder(self.file, self.first, self.faults)
        data: dict[str, Any] = builder.build(root, 0)
        return {"apiVersion": named[0], "kind": named[1], **data} if named[1] else data


def _head(root: Any, default: tuple[str, str]) -> tuple[tuple[str, str], list[Any] | None]:
    """apiVersion and kind of a map, and the nodes of its `items`."""
    names, items = dict(zip(("apiVersion", "kind"), default, strict=True)), None
    for key, value in root.value:
        if key.__class__ is not yaml.ScalarNode:  # of a template; `built` names it where it matters
            continue
        if key.value in names and value.__class__ is yaml.ScalarNode:
            names[key.value] = value.value
        elif key.value == "items" and value.__class__ is yaml.SequenceNode:
            items = value.value
    return (names["apiVersion"], names["kind"]), items


class _Builder:
    """Plain data of a tree of nodes. Of a key that stands twice the last counts, as for kubectl, and it is a fault."""

    def __init__(self, file: str, first: int, faults: list[Fault]) -> None:
        self.file, self.first, self.faults = file, first, faults
        self.shared: dict[int, Any] = {}
        self.open: set[int] = set()

    def build(self, node: Any, depth: int) -> Any:
        if node.__class__ is yaml.ScalarNode:
            return scalar(node.value, not node.style and node.tag != _TEXT_TAG)
        key = id(node)
        if key in self.shared:
            return self.shared[key]
        if key in self.open:
            raise _RefusedError(node.start_mark.line, "holds an alias of itself")
        if depth >= MAX_DEPTH:
            raise _RefusedError(node.start_mark.line, f"is nested more than {MAX_DEPTH} deep")
        self.open.add(key)
        if node.__class__ is yaml.SequenceNode:
            value: Any = [self.build(it, depth + 1) for it in node.value]
        else:
            value = self._mapping(node, depth + 1)
        self.open.discard(key)
        self.shared[key] = value
        return value

    def _mapping(self, node: Any, depth: int) -> dict[str, Any]:
        result: dict[str, Any] = {}
        merged: list[Any] = []
        for key_node, value_node in node.value:
            if key_node.__class__ is not yaml.ScalarNode:
                raise _RefusedError(key_node.start_mark.line, "has a key that is no plain text")
            key = key_node.value
            if key == "<<" and not key_node.style:
                value = self.build(value_node, depth)
                merged += value if isinstance(value, list) else [value]
                continue
            if key in result:
                line = self.first + key_node.start_mark.line
                rule = "stands twice in one map: the last counts"
                self.faults.append(Fault(self.file, line, key, rule, remedy="remove one"))
            if value_node.__class__ is yaml.ScalarNode and not value_node.style:
                text = value_node.value
                result[key] = text if value_node.tag == _TEXT_TAG else scalar(text)
            else:
                result[key] = self.build(value_node, depth)
        for other in merged:
            if isinstance(other, dict):
                result = {**other, **result}
        return result
