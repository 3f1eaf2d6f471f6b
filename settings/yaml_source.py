"""YAML in, plain data out, with the line of every key at hand.

Scalars are read as Pulumi's own loader (Go, YAML 1.2 core) reads them, not as PyYAML's YAML 1.1: `no` is a word and
`1.10` in quotes stays text. The parser is libyaml's; the data is built straight from its nodes, in less than half
the time of `yaml.CSafeLoader` (measured: 0.15 against 0.34 ms for a workload of 25 lines). What a plain loader lets
pass is a fault here: duplicate keys, aliases that grow without bound, tags that make objects, a second document.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml
from yaml.cyaml import CParser  # type: ignore[attr-defined]  # the stubs leave it out of __all__

from settings.faults import Fault

Key = str | int
MAX_NODES = 200_000
"""Nodes after aliases are expanded; the reference estate has 3,000 in all. Stops a document of a few lines that
expands to billions."""

_WORDS: dict[str, Any] = {
    **dict.fromkeys(["", "~", "null", "Null", "NULL"]),
    **dict.fromkeys(["true", "True", "TRUE"], True),
    **dict.fromkeys(["false", "False", "FALSE"], False),
}
_NUMBER = re.compile(
    r"(?P<int>[-+]?[0-9]+)|(?P<base>0x[0-9a-fA-F]+|0o[0-7]+|0b[01]+)"
    r"|(?P<float>[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?)|(?P<odd>[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN))"
)
_CORE_TAGS = {
    "",
    *(
        f"tag:yaml.org,2002:{name}"
        for name in ("str", "int", "float", "bool", "null", "map", "seq")
    ),
}


class _Parser(CParser):
    """Leaves every tag empty: resolving in Python, node by node, is half of PyYAML's time."""

    def resolve(self, _kind: object, _value: object, _implicit: object) -> str:
        return ""

    def descend_resolver(self, _parent: object, _index: object) -> None:
        return None

    def ascend_resolver(self) -> None:
        return None


class _RefusedError(Exception):
    """One fault that ends the reading of a file."""

    def __init__(self, line: int, rule: str, remedy: str, key: str = "") -> None:
        super().__init__(rule)
        self.line, self.rule, self.remedy, self.key = line, rule, remedy, key


def scalar(text: str, plain: bool = True) -> Any:
    """The value of one scalar; `plain` if it stood without quotes."""
    if not plain:
        return text
    if text in _WORDS:
        return _WORDS[text]
    if text[:1] in "+-.0123456789" and (found := _NUMBER.fullmatch(text)):
        if found["int"] is not None:
            return int(text)
        if found["base"] is not None:
            return int(text, 0)
        return float(text.replace(".inf", "inf").replace(".nan", "nan").replace(".Inf", "inf"))
    return text


@dataclass
class Document:
    """One file: its data, and where each key stands."""

    file: str
    """Name as errors print it, relative to the project."""

    text: str
    data: Any = None
    faults: list[Fault] = field(default_factory=list[Fault])
    """What is wrong with the YAML itself; `data` is None then."""

    @cached_property
    def _root(self) -> Any:
        return _Parser(self.text).get_single_node()

    def line(self, path: Sequence[Key]) -> int | None:
        """Line of the key at `path`, or of the deepest parent that is there; None if not even the first is."""
        found = self.find(path)
        return found[1]

    def find(self, path: Sequence[Key]) -> tuple[bool, int | None]:
        """Whether the whole `path` is there, and the line of its deepest part that is."""
        if self.faults:
            return False, None
        node, line = self._root, None
        for step in path:
            if isinstance(node, yaml.MappingNode):
                key, node = next(
                    (
                        (k, v)
                        for k, v in node.value
                        if scalar(k.value, not k.style) == step or k.value == step
                    ),
                    (None, None),
                )
                if key is None:
                    return False, line
                line = key.start_mark.line + 1
            elif (
                isinstance(node, yaml.SequenceNode)
                and isinstance(step, int)
                and step < len(node.value)
            ):
                node = node.value[step]
                line = node.start_mark.line + 1
            else:
                return False, line
        return True, line


class _Builder:
    def __init__(self) -> None:
        self.shared: dict[int, tuple[Any, int]] = {}
        self.open: set[int] = set()
        self.nodes = 0

    def build(self, node: Any) -> Any:
        """Data of `node`, counting it and what aliases repeat."""
        self.nodes += 1
        if node.tag not in _CORE_TAGS:
            raise _RefusedError(
                node.start_mark.line + 1, f"tag {node.tag!r} is not plain data", "remove the tag"
            )
        if node.__class__ is yaml.ScalarNode:
            return scalar(node.value, not node.style and not node.tag)
        key = id(node)
        if key in self.shared:
            value, size = self.shared[key]
            self._count(size, node)
            return value
        if key in self.open:
            raise _RefusedError(
                node.start_mark.line + 1, "an alias contains itself", "write the value out"
            )
        self.open.add(key)
        before = self.nodes
        value = (
            [self.build(item) for item in node.value]
            if node.__class__ is yaml.SequenceNode
            else self._mapping(node)
        )
        self.open.discard(key)
        self._count(0, node)
        self.shared[key] = (value, self.nodes - before)
        return value

    def _count(self, more: int, node: Any) -> None:
        self.nodes += more
        if self.nodes > MAX_NODES:
            raise _RefusedError(
                node.start_mark.line + 1,
                f"the document expands to more than {MAX_NODES} values through its aliases",
                "write the values out",
            )

    def _mapping(self, node: Any) -> dict[Any, Any]:
        result: dict[Any, Any] = {}
        merged: list[dict[Any, Any]] = []
        for key_node, value_node in node.value:
            if key_node.__class__ is not yaml.ScalarNode:
                raise _RefusedError(
                    key_node.start_mark.line + 1, "a key must be plain text", "quote the key"
                )
            if key_node.value == "<<" and not key_node.style:
                value = self.build(value_node)
                merged.extend(value if isinstance(value, list) else [value])
                continue
            key = scalar(key_node.value, not key_node.style)
            if not isinstance(key, str):
                key = key_node.value
            if key in result:
                raise _RefusedError(
                    key_node.start_mark.line + 1,
                    "stands twice in one map: the first would be lost",
                    "remove one of the two",
                    key,
                )
            result[key] = self.build(value_node)
        for other in merged:
            if not isinstance(other, dict):
                raise _RefusedError(
                    node.start_mark.line + 1, "'<<' must name a map", "write the values out"
                )
            result = {**other, **result}
        return result


def parse(text: str, file: str) -> Document:
    """Read one document. Never raises: what is wrong stands in `faults`."""
    document = Document(file, text)
    try:
        node = _Parser(text).get_single_node()
        document.data = None if node is None else _Builder().build(node)
    except _RefusedError as fault:
        document.faults.append(Fault(file, fault.line, fault.key, fault.rule, remedy=fault.remedy))
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        document.faults.append(_syntax(error, text, file))
    return document


def read(path: Path, file: str) -> Document:
    """Read a file as UTF-8. Never raises: a missing or unreadable one is a fault."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        return _unread(file, "there is no such file", "create it or correct the name")
    except UnicodeDecodeError:
        return _unread(file, "is not UTF-8 text", "save it as UTF-8")
    except OSError as error:
        return _unread(file, f"cannot be read: {error.strerror}", "check the path and its rights")
    return parse(text, file)


def _unread(file: str, rule: str, remedy: str) -> Document:
    return Document(file, "", faults=[Fault(file, None, "", rule, remedy=remedy)])


def _syntax(error: Exception, text: str, file: str) -> Fault:
    if isinstance(error, RecursionError):
        return Fault(file, None, "", "is nested too deeply", remedy="flatten it")
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    line = mark.line + 1 if mark else None
    problem = getattr(error, "problem", None) or "not valid YAML"
    remedy = "correct the syntax"
    if line and "\t" in (text.splitlines() or [""])[min(line, len(text.splitlines())) - 1]:
        problem, remedy = "a tab stands where YAML wants spaces", "indent with spaces"
    elif "found undefined alias" in str(problem):
        remedy = "quote the text if the '*' is meant, for example '*/5 * * * *'"
    elif "expected a single document" in str(error):
        problem, remedy = "holds more than one document", "keep one document a file"
    return Fault(file, line, "", f"is not valid YAML: {problem}", remedy=remedy)
