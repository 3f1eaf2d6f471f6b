"""YAML in, plain data out, with the line of every key at hand.

Scalars are read as Pulumi's own loader (Go's yaml.v3) reads them, not as PyYAML's YAML 1.1: `no` is a word and
`1.10` in quotes stays text. The parser is libyaml's; the data is built straight from its nodes, in less than half
the time of `yaml.CSafeLoader` (measured: 0.15 against 0.34 ms for a workload of 25 lines). What a plain loader lets
pass is a fault here: duplicate keys, aliases that grow without bound, tags that make objects, a second document.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from math import inf, isinf, nan
from pathlib import Path
from typing import Any

import yaml
from yaml.cyaml import CParser  # type: ignore[attr-defined]  # the stubs leave it out of __all__

from settings.faults import Fault, dotted

Key = str | int
MAX_NODES = 200_000
"""Nodes after aliases are expanded; the reference estate has 3,000 in all. Stops a document of a few lines that
expands to billions."""

MAX_DEPTH = 100
"""Maps and lists within each other; the reference estate has 9."""

_SAFE_DEPTH = 5_000
"""What libyaml's recursive composer is trusted with: at 30,000 it overflows the stack and takes Python with it
(measured; 8 MiB of stack)."""

_WORDS: dict[str, Any] = {
    **dict.fromkeys(["", "~", "null", "Null", "NULL"]),
    **dict.fromkeys(["true", "True", "TRUE"], True),
    **dict.fromkeys(["false", "False", "FALSE"], False),
    **{sign + word: inf for sign in ("", "+") for word in (".inf", ".Inf", ".INF")},
    **dict.fromkeys(["-.inf", "-.Inf", "-.INF"], -inf),
    **dict.fromkeys([".nan", ".NaN", ".NAN"], nan),
}
_NUMBER = re.compile(
    r"(?P<sign>[-+]?)(?:0[xX](?P<hex>[0-9a-fA-F]+)|0[bB](?P<bin>[01]+)|0[oO]?(?P<oct>[0-7]+)|(?P<dec>0|[1-9][0-9]*))"
    r"|(?P<float>[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?)"
)
_BASES = {"dec": 10, "hex": 16, "oct": 8, "bin": 2}
_DATE = re.compile(r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([Tt ].*)?")
_TEXT_TAG = "tag:yaml.org,2002:str"


class UntaggedParser(CParser):
    """Leaves every tag empty: resolving in Python, node by node, is half of PyYAML's time."""

    def resolve(self, _kind: object, _value: object, _implicit: object) -> str:
        return ""

    def descend_resolver(self, _parent: object, _index: object) -> None:
        return None

    def ascend_resolver(self) -> None:
        return None


class _RefusedError(Exception):
    """One fault that ends the reading of a file."""

    def __init__(self, node: Any, rule: str, remedy: str) -> None:
        super().__init__(rule)
        self.node, self.rule, self.remedy = node, rule, remedy


def scalar(text: str, plain: bool = True) -> Any:
    """The value of one scalar; `plain` if it stood without quotes."""
    if not plain:
        return text
    if text in _WORDS:
        return _WORDS[text]
    return _number(text) if text[0] in "+-.0123456789" else text


def _number(text: str) -> Any:
    """`text` as a number of 64 bits, in Go's spellings: `0x1F`, `0o17`, `017`, `0b11`, `1_000`; else as text."""
    plain = text.replace("_", "")
    found = _NUMBER.fullmatch(plain)
    if not found:
        return text
    base = found.lastgroup or ""
    if base in _BASES and len(plain) <= 70:  # 64 binary digits, a sign and a prefix
        number = int(found["sign"] + found[base], _BASES[base])
        if -(2**63) <= number < 2**64:
            return number
    if base not in ("dec", "float"):
        return text
    value = float(plain)
    return text if isinf(value) else value


@dataclass
class Document:
    """One file: its data, and where each key stands."""

    file: str
    """Name as errors print it, relative to the project."""

    text: str
    data: Any = None
    faults: list[Fault] = field(default_factory=list[Fault])
    """What is wrong with the YAML itself. `data` is None then, save where only keys stand twice: the first counts."""

    @cached_property
    def _root(self) -> Any:
        return UntaggedParser(self.text).get_single_node()

    @cached_property
    def _maps(self) -> dict[int, tuple[dict[str, tuple[Any, Any]], list[Any]]]:
        """Entries of the maps that were asked for and the maps that `<<` brings, by node: a file of thousands of
        wrong keys asks for each."""
        return {}

    def line(self, path: Sequence[Key]) -> int | None:
        """Line of the key at `path`, or of the deepest parent that is there; None if not even the first is."""
        found = self.find(path)
        return found[1]

    def find(self, path: Sequence[Key]) -> tuple[bool, int | None]:
        """Whether the whole `path` is there, and the line of its deepest part that is."""
        if self.data is None:
            return False, None
        node, line = self._root, None
        for step in path:
            if isinstance(node, yaml.MappingNode):
                entry = self._entry(node, str(step))
                if entry is None:
                    return False, line
                line, node = entry[0].start_mark.line + 1, entry[1]
            elif (
                isinstance(node, yaml.SequenceNode)
                and isinstance(step, int)
                and 0 <= step < len(node.value)
            ):
                node = node.value[step]
                line = node.start_mark.line + 1
            else:
                return False, line
        return True, line

    def _entry(self, node: Any, name: str) -> tuple[Any, Any] | None:
        """Key and value nodes of `name` in a map: its own, else those that `<<` brings."""
        if id(node) not in self._maps:
            own: dict[str, tuple[Any, Any]] = {}
            brought: list[Any] = []
            for key, value in node.value:
                if _is_merge(key):
                    brought += value.value if isinstance(value, yaml.SequenceNode) else [value]
                elif isinstance(key.value, str):
                    own.setdefault(key.value, (key, value))
            self._maps[id(node)] = own, brought
        own, brought = self._maps[id(node)]
        if name in own:
            return own[name]
        return next((found for it in brought if (found := self._entry(it, name))), None)


def _is_merge(key: Any) -> bool:
    return bool(key.value == "<<" and not key.style)


class _Builder:
    def __init__(self) -> None:
        self.shared: dict[int, tuple[Any, int]] = {}
        self.open: set[int] = set()
        self.nodes = 0
        self.twice: list[tuple[Any, int]] = []
        """Keys that stand a second time in their map, each with the line of the first."""

    def build(self, node: Any) -> Any:
        """Data of `node`, counting it and what aliases repeat."""
        self.nodes += 1
        if node.tag and not (node.tag == _TEXT_TAG and node.__class__ is yaml.ScalarNode):
            # The tag itself stays unsaid: it may be a password that begins with '!'.
            raise _RefusedError(
                node,
                "has a tag, and settings are plain data",
                "remove it; quote a text that has a '!'",
            )
        if node.__class__ is yaml.ScalarNode:
            return self._scalar(node)
        key = id(node)
        if key in self.shared:
            value, size = self.shared[key]
            self._count(size, node)
            return value
        if key in self.open:
            raise _RefusedError(node, "holds an alias of itself", "write the value out")
        if len(self.open) >= MAX_DEPTH:
            raise _RefusedError(node, f"is nested more than {MAX_DEPTH} deep", "flatten it")
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

    @staticmethod
    def _scalar(node: Any) -> Any:
        text: str = node.value
        plain = not node.style and not node.tag
        if plain and text[4:5] == "-" and _DATE.fullmatch(text):
            raise _RefusedError(
                node,
                "is a date without quotes, which Pulumi rewrites",
                f"write {text!r}, in quotes",
            )
        return scalar(text, plain)

    def _count(self, more: int, node: Any) -> None:
        self.nodes += more
        if self.nodes > MAX_NODES:
            rule = f"holds more than {MAX_NODES} values, those that aliases repeat included"
            raise _RefusedError(node, rule, "write the values out, or fewer of them")

    def _mapping(self, node: Any) -> dict[Any, Any]:
        result: dict[str, Any] = {}
        merged: list[Any] | None = None
        for key_node, value_node in node.value:
            if key_node.__class__ is not yaml.ScalarNode:
                raise _RefusedError(key_node, "a key must be plain text", "quote the key")
            if key_node.tag and key_node.tag != _TEXT_TAG:
                raise _RefusedError(
                    key_node, "a key must be plain text, without a tag", "remove the tag"
                )
            key = key_node.value
            merge = key == "<<" and not key_node.style
            if key in result or (merge and merged is not None):
                self.twice.append((key_node, _first_line(node, key)))
                continue
            if value_node.__class__ is yaml.ScalarNode and not value_node.tag:
                self.nodes += 1
                value = self._scalar(value_node)
            else:
                value = self.build(value_node)
            if merge:
                merged = value if isinstance(value, list) else [value]
                if not all(isinstance(other, dict) for other in merged):
                    raise _RefusedError(
                        key_node, "must name a map, or a list of maps", "write the values out"
                    )
            else:
                result[key] = value
        for other in merged or ():
            result = {**other, **result}
        return result


def _first_line(node: Any, key: str) -> int:
    line: int = next(it.start_mark.line for it, _ in node.value if it.value == key) + 1
    return line


_remembered: dict[str, Any] = {}


def remember(documents: Iterable[Document]) -> None:
    """What these texts hold need not be worked out again, by this process and those that it forks: a review reads the
    files of a stack for their lines, and a fork of it for the plan. Whoever reads their data leaves it as it is."""
    remember_data({it.text: it.data for it in documents if it.text and not it.faults})


def remember_data(data: Mapping[str, Any]) -> None:
    """As `remember`: the data of each text."""
    _remembered.update(data)


def parse(text: str, file: str) -> Document:
    """Read one document. Never raises: what is wrong stands in `faults`."""
    if text in _remembered:
        return Document(file, text, _remembered[text])
    document = Document(file, text)
    builder, node = _Builder(), None
    try:
        if line := too_deep(text, MAX_DEPTH):
            document.faults.append(
                Fault(file, line, "", f"is nested more than {MAX_DEPTH} deep", "", "flatten it")
            )
            return document
        node = UntaggedParser(text).get_single_node()
        document.data = None if node is None else builder.build(node)
    except _RefusedError as fault:
        line, key = fault.node.start_mark.line + 1, dotted(_path_to(node, fault.node))
        document.faults.append(Fault(file, line, key, fault.rule, remedy=fault.remedy))
    except (yaml.YAMLError, ValueError) as error:
        document.faults.append(_syntax(error, text, file))
    for key_node, first in builder.twice:
        rule = f"stands twice in one map, first in line {first}: one of the two would be lost"
        line, key = key_node.start_mark.line + 1, dotted(_path_to(node, key_node))
        document.faults.append(Fault(file, line, key, rule, remedy="remove one of the two"))
    return document


def too_deep(text: str, most: int) -> int | None:
    """Line where `text` is nested more than `most` deep, looked for only where that could overflow the composer."""
    if len(text) < _SAFE_DEPTH:
        return None
    if 2 * max(map(len, text.split("\n"))) + text.count("[") + text.count("{") < _SAFE_DEPTH:
        return None
    parser, depth = UntaggedParser(text), 0
    while parser.check_event():
        event: Any = parser.get_event()
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > most:
            line: int = event.start_mark.line + 1
            return line
    return None


def _path_to(root: Any, wanted: Any) -> tuple[Key, ...]:
    """The keys that lead from `root` to the key or value node `wanted`, by the shortest way."""
    waiting: list[tuple[Any, tuple[Key, ...]]] = [(root, ())]
    seen = set()
    for node, path in waiting:
        if node is wanted:
            return path
        if id(node) in seen:
            continue
        seen.add(id(node))
        for key_node, child, step in _children(node):
            if key_node is wanted:
                return (*path, step)
            waiting.append((child, (*path, step)))
    return ()


def _children(node: Any) -> Iterator[tuple[Any, Any, Key]]:
    """Key node, value node and step of everything in `node`."""
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield key, value, key.value if isinstance(key.value, str) else "?"
    elif isinstance(node, yaml.SequenceNode):
        for index, value in enumerate(node.value):
            yield None, value, index


def read(path: Path, file: str) -> Document:
    """Read a file as UTF-8. Never raises: a missing or unreadable one is a fault."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        return _unread(file, "there is no such file", "create it or correct the name")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        return _unread(file, "is not UTF-8 text", "save it as UTF-8", line)
    except OSError as error:
        return _unread(file, f"cannot be read: {error.strerror}", "check the path and its rights")
    return parse(text, file)


def _unread(file: str, rule: str, remedy: str, line: int | None = None) -> Document:
    return Document(file, "", faults=[Fault(file, line, "", rule, remedy=remedy)])


_STAR = "quote the text if the '*' is meant, for example '*/5 * * * *'"
_REMEDIES = (
    ("alphabetic or numeric character", _STAR),
    ("undefined alias", _STAR),
    (
        "cannot start any token",
        "quote the text: it begins with a character that YAML keeps for itself",
    ),
    (
        "mapping values are not allowed",
        "indent keys of one map alike, and quote a text that holds ': '",
    ),
    ("control characters", "remove the character, or write it as an escape in double quotes"),
)


def _syntax(error: Exception, text: str, file: str) -> Fault:
    mark = getattr(error, "problem_mark", None)
    line = mark.line + 1 if mark else None
    problem = str(
        getattr(error, "problem", None) or getattr(error, "reason", None) or "it cannot be parsed"
    )
    context = str(getattr(error, "context", None) or "")
    at_mark = text[mark.index : mark.index + 1] if mark else ""
    remedy = next((remedy for part, remedy in _REMEDIES if part in problem), "correct the syntax")
    if isinstance(error, yaml.reader.ReaderError):
        line = text.encode(errors="replace")[: error.position].count(b"\n") + 1
    elif at_mark == "\t" or "a tab character" in problem:
        problem, remedy = "a tab stands where YAML wants spaces", "indent with spaces"
    elif "expected a single document" in context:
        problem, remedy = "a second document begins here", "keep one document a file"
    elif "unexpected end of stream" in problem and "quoted" in context:
        line = getattr(error, "context_mark", mark).line + 1  # type: ignore[union-attr]
        problem, remedy = "a quote opens here and never closes", "close it"
    if line:  # libyaml counts a line after the last
        line = min(line, text.rstrip("\n").count("\n") + 1)
    return Fault(file, line, "", f"is not valid YAML: {problem}", remedy=remedy)
