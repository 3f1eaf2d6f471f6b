"""A person's kubeconfig with one context more, or less: everything else in it stays as it was written.

The text is read and written as YAML nodes, not as data: keys that nobody knows, the way numbers and dates are spelt
and the order of everything survive; comments do not. What is ours says so in its `extensions`, where minikube, too,
leaves its mark, and so it is found again and nobody else's is replaced. Faults quote nothing but names: the text
holds credentials. Form: https://kubernetes.io/docs/reference/config-api/kubeconfig.v1/
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from yaml.representer import SafeRepresenter

from settings.stack import PROJECT

OWNER: Final = PROJECT
"""Name of the mark, and the beginning of the names of our clusters and users."""

SECTIONS: Final[Mapping[str, str]] = {
    "clusters": "cluster",
    "users": "user",
    "contexts": "context",
}
"""Lists of a kubeconfig, and what stands in an entry of each."""

KEPT: Final[Mapping[str, tuple[str, ...]]] = {
    "clusters": ("proxy-url", "tls-server-name", "disable-compression"),
    "users": (),
    "contexts": ("namespace",),
}
"""What people set on an entry of ours, and keep when it is written anew."""

_STRING: Final = "tag:yaml.org,2002:str"
_NULL: Final = "tag:yaml.org,2002:null"


class Entry(NamedTuple):
    """One context of a stack, with its cluster and user."""

    stack: str
    context: str
    cluster: Mapping[str, Any]
    user: Mapping[str, Any]


class Removal(NamedTuple):
    """What became of a file that contexts were taken out of."""

    text: str
    contexts: list[str]
    """Names of those that went."""

    kept: list[str]
    """Clusters and users of ours that stay, because another context uses them."""

    was_current: bool
    """Whether the current context was among them; none is current now."""


def merged(text: str, entry: Entry, *, force: bool = False, use: bool = False) -> str:
    """`text` with `entry`, current with `use` or where it is the first context of all.

    Raise `ValueError` where `text` is no kubeconfig, or has one of the names for something that is not of this stack
    and `force` is not given.
    """
    root = _parsed(text)
    for section, name, inner in _parts(entry):
        entries = _entries(root, section)
        old = next((it for it in entries.value if _name(it) == name), None)
        kind = SECTIONS[section]
        stack = _stack_of(old, kind) if old else entry.stack
        if stack != entry.stack and not force:
            whose = f"is of stack {stack!r}" if stack else "was not written by this command"
            raise ValueError(
                f"{kind} {name!r} {whose}: name another context with --context, or replace it with --force"
            )
        new = _node({"name": name, kind: {**inner, "extensions": _mark(entry.stack)}})
        if old and stack == entry.stack:
            _keep(_map(old, kind), _map(new, kind), KEPT[section])
        if old:
            entries.value[entries.value.index(old)] = new
        else:
            entries.value.append(new)
    if use or (len(_entries(root, "contexts").value) == 1 and not _text(root, "current-context")):
        _put(root, "current-context", _node(entry.context))
    for key, value in (("apiVersion", "v1"), ("kind", "Config")):
        if not _text(root, key):
            _put(root, key, _node(value))
    return _written(root)


def without(text: str, stack: str, context: str | None = None) -> Removal:
    """`text` without the contexts of `stack`, or that one alone, and without what only they used.

    Raise `ValueError` where `text` is no kubeconfig.
    """
    root = _parsed(text)
    contexts = _entries(root, "contexts")
    gone = [
        it
        for it in contexts.value
        if _stack_of(it, "context") == stack and (not context or _name(it) == context)
    ]
    if not gone:
        return Removal(text, [], [], was_current=False)
    contexts.value = [it for it in contexts.value if it not in gone]
    kept: list[str] = []
    for section in ("clusters", "users"):
        kind, entries = SECTIONS[section], _entries(root, section)
        theirs = {_text(_map(it, "context"), kind) for it in gone}
        used = {_text(_map(it, "context"), kind) for it in contexts.value}
        ours = {
            str(_name(it))
            for it in entries.value
            if _stack_of(it, kind) == stack and _name(it) in theirs
        }
        kept += [f"{kind} {name}" for name in sorted(ours & used)]
        entries.value = [it for it in entries.value if _name(it) not in ours - used]
    names = [str(_name(it)) for it in gone]
    was_current = _text(root, "current-context") in names
    if was_current:
        _put(root, "current-context", _node(""))
    return Removal(_written(root), names, kept, was_current)


def _parts(entry: Entry) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    """List, name and content of all three, the context last."""
    name = f"{OWNER}/{entry.context}"
    yield "clusters", name, entry.cluster
    yield "users", name, entry.user
    yield "contexts", entry.context, {"cluster": name, "user": name}


def _mark(stack: str) -> list[dict[str, Any]]:
    return [{"name": OWNER, "extension": {"stack": stack}}]


def _parsed(text: str) -> MappingNode:
    """The root; raise `ValueError` with what is wrong and where, and nothing of the text itself."""
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = f": line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        raise ValueError(f"is no single YAML document{where}") from None
    except (yaml.YAMLError, RecursionError):
        raise ValueError("is no YAML that can be read") from None
    if root is None or _is_null(root):
        return MappingNode("tag:yaml.org,2002:map", [])
    if not isinstance(root, MappingNode):
        raise ValueError("is no kubeconfig: it holds no map")
    for key, right in (("apiVersion", "v1"), ("kind", "Config")):
        if _text(root, key) not in (None, "", right):
            raise ValueError(f"is no kubeconfig: its {key} is not {right}")
    for section in SECTIONS:
        _entries(root, section)
    return root


def _entries(root: MappingNode, section: str) -> SequenceNode:
    """The list under `section`, made where there is none."""
    found = _value(root, section)
    if found is None or _is_null(found):
        found = SequenceNode("tag:yaml.org,2002:seq", [])
        _put(root, section, found)
    if not isinstance(found, SequenceNode):
        raise ValueError(f"is no kubeconfig: its {section} are no list")
    names: set[str] = set()
    for index, it in enumerate(found.value):
        name = _name(it)
        if name is None:
            raise ValueError(f"is no kubeconfig: {section}[{index}] is no map with a name")
        if name in names:
            raise ValueError(f"is no kubeconfig: it has two {section} with the name {name!r}")
        names.add(name)
        if not isinstance(_inner(it, SECTIONS[section]), MappingNode | None):
            raise ValueError(
                f"is no kubeconfig: {SECTIONS[section]} of {section}[{index}] is no map"
            )
    return found


def _value(node: MappingNode, key: str) -> Node | None:
    found = [value for name, value in node.value if _is_key(name, key)]
    if len(found) > 1:
        raise ValueError(f"is no kubeconfig: it has {key} twice in one map")
    return found[0] if found else None


def _put(node: MappingNode, key: str, value: Node) -> None:
    for index, (name, _) in enumerate(node.value):
        if _is_key(name, key):
            node.value[index] = (name, value)
            return
    node.value.append((_node(key), value))


def _is_key(node: Node, key: str) -> bool:
    return isinstance(node, ScalarNode) and node.value == key


def _is_null(node: Node) -> bool:
    return isinstance(node, ScalarNode) and node.tag == _NULL


def _text(node: MappingNode | None, key: str) -> str | None:
    """The scalar under `key` as it is written; None where there is none."""
    found = _value(node, key) if node else None
    return str(found.value) if isinstance(found, ScalarNode) else None


def _name(entry: Node) -> str | None:
    if not isinstance(entry, MappingNode):
        return None
    found = _value(entry, "name")
    return str(found.value) if isinstance(found, ScalarNode) and found.tag == _STRING else None


def _inner(entry: Node, kind: str) -> Node | None:
    found = _value(entry, kind) if isinstance(entry, MappingNode) else None
    return None if found is None or _is_null(found) else found


def _map(entry: Node, kind: str) -> MappingNode | None:
    found = _inner(entry, kind)
    return found if isinstance(found, MappingNode) else None


def _stack_of(entry: Node, kind: str) -> str | None:
    """The stack whose entry it is by our mark; None for anyone else's."""
    inner = _map(entry, kind)
    marks = _value(inner, "extensions") if inner else None
    for mark in marks.value if isinstance(marks, SequenceNode) else ():
        if isinstance(mark, MappingNode) and _text(mark, "name") == OWNER:
            return _text(_map(mark, "extension"), "stack")
    return None


def _keep(old: MappingNode | None, new: MappingNode | None, keys: tuple[str, ...]) -> None:
    for key in keys:
        if old and new and (found := _value(old, key)):
            _put(new, key, found)


def _node(data: Any) -> Node:
    representer = SafeRepresenter(default_flow_style=False, sort_keys=False)
    found: Node = representer.represent_data(data)
    return found


def _written(root: MappingNode) -> str:
    root.flow_style = False
    for section in SECTIONS:
        entries = _entries(root, section)
        entries.flow_style = not entries.value
    text = yaml.serialize(root, Dumper=yaml.SafeDumper, width=float("inf"), allow_unicode=True)
    return str(text)
