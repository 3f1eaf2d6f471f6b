"""What a case of a rule is: an edit of the estate in `bases.py`, and where the rule must find it, or must not."""

import copy
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

from policy.evaluation import Result, Rules, marked
from policy.objects import Object, object_of, resource_of
from policy.rules import all_rules
from policy.stack import Stack
from tests.policy.bases import AZURE, KUBERNETES

ABSENT = object()
"""As the value of an edit: the key goes away."""


@dataclass(frozen=True)
class Case:
    """One row."""

    rule: str
    title: str
    """Of the object of `bases.py` that is edited, or of one in `more`."""

    edit: Mapping[str, Any] = field(default_factory=dict)
    """Values by path: `spec.template.spec.containers[web].image`, `metadata.labels["a.b/c"]`; items of lists by name or
    position, `[+]` for one more. `ABSENT` takes the key away. Maps on the way are made where they lack."""

    parameters: Mapping[str, Any] = field(default_factory=dict)
    more: tuple[Mapping[str, Any], ...] = ()
    """Manifests that stand beside those of `bases.py`, or in the place of one of the same title."""

    without: tuple[str, ...] = ()
    """Titles of objects that are not there."""

    complete: bool = True
    """As `Stack.complete`."""


@dataclass(frozen=True)
class Bad(Case):
    """The rule fails here, at `path` and nowhere else."""

    path: str = ""
    """Comma-separated where there are several."""


@dataclass(frozen=True)
class Good(Case):
    """Odd, but right: the rule says nothing."""


@dataclass(frozen=True)
class Unclear(Case):
    """The rule says `unknown`: with `{"$unknown": True}` or `{"$secret": True}` in the edit, or in need of a chart."""


def bad(rule: str, title: str, edit: Mapping[str, Any], path: str = "", **more: Any) -> Bad:
    """A bad row; without `path` the one path of the edit, items by name, is where it must be found."""
    return Bad(rule, title, edit, path=path or next(iter(edit), ""), **more)


def good(rule: str, title: str, edit: Mapping[str, Any], **more: Any) -> Good:
    """A row at which the rule must be silent."""
    return Good(rule, title, edit, **more)


def unclear(rule: str, title: str, edit: Mapping[str, Any], **more: Any) -> Unclear:
    """A row that cannot be decided."""
    return Unclear(rule, title, edit, **more)


def objects(case: Case | None = None, *, in_force: bool = True) -> dict[str, Object]:
    """The estate by title, edited by a case; with its marks in force, or as a plan holds them."""
    estate = dict(_base(in_force=in_force))
    changed: dict[str, Object] = {}
    for manifest in case.more if case else ():
        copied = copy.deepcopy(dict(manifest))
        if "kind" in manifest:
            title = object_of(copied).title
            changed[title] = _object(title, copied)
        else:
            title = f"{copied['type'].rpartition(':')[2]} {copied['name']}"
            changed[title] = _resource(title, copied["type"], copied["inputs"])
    for title in case.without if case else ():
        del estate[title]
    if case:
        before = changed.get(case.title) or _base(in_force=False)[case.title]
        edited = copy.deepcopy({**before.manifest, **_options(before)})
        for path, value in case.edit.items():
            put(edited, path, value)
        changed[case.title] = (
            _object(case.title, edited)
            if "kind" in edited
            else _resource(case.title, before.urn.split("::")[2], edited)
        )
    return estate | {title: marked(it) if in_force else it for title, it in changed.items()}


@cache
def _base(*, in_force: bool) -> dict[str, Object]:
    """The estate without edits."""
    found = {
        **{title: _object(title, it) for title, it in KUBERNETES.items()},
        **{title: _resource(title, type_, it) for title, (type_, it) in AZURE.items()},
    }
    return {title: marked(it) for title, it in found.items()} if in_force else found


OPTIONS = "$options"
"""Stands beside the properties of a resource in `bases.py`: what the engine is asked for it."""


def _options(it: Object) -> dict[str, Any]:
    return {OPTIONS: it.options} if it.options else {}


def _object(title: str, manifest: Mapping[str, Any]) -> Object:
    return object_of(_bare(manifest), title, _urn(manifest, title), manifest.get(OPTIONS, {}))


def _bare(inputs: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in inputs.items() if key != OPTIONS}


def _resource(title: str, type_: str, inputs: Mapping[str, Any]) -> Object:
    urn = f"urn:pulumi:x::y::{type_}::{title.split()[-1]}"
    return resource_of(type_, _bare(inputs), title, urn, inputs.get(OPTIONS, {}))


def _urn(manifest: Mapping[str, Any], title: str) -> str:
    version = manifest["apiVersion"]
    token = f"kubernetes:{version if '/' in version else 'core/' + version}:{manifest['kind']}"
    return f"urn:pulumi:x::y::{token}::{title.partition(' ')[2].replace('/', '-')}"


def results(case: Case | None, rule: str) -> list[tuple[str, Result]]:
    """What one rule says of the estate of a case, with the titles of the objects."""
    (chosen,) = (it for it in all_rules() if it.id == rule)
    rules = Rules([chosen], {rule: case.parameters} if case else None)
    estate = objects(case)
    stack = Stack(estate.values(), complete=case.complete if case else True)
    found = [(title, it) for title, obj in estate.items() for it in rules.of_object(obj)]
    return found + [(obj.title, it) for obj, it in rules.of_stack(stack)]


def without_edit(case: Case, path: str) -> Case:
    """The case but for one of its edits."""
    return replace(case, edit={key: value for key, value in case.edit.items() if key != path})


_STEP = re.compile(r'\["([^"]*)"\]|\[([^]]*)\]|([^.[]+)')


def put(target: Any, path: str, value: Any) -> None:
    """Set what stands at a path of a manifest, or take it away."""
    steps = [(quoted or key, item) for quoted, item, key in _STEP.findall(path)]
    for at, (key, item) in enumerate(steps):
        last = at == len(steps) - 1
        if item:
            index = _index(target, item)
            if last:
                target[index : index + 1] = [] if value is ABSENT else [copy.deepcopy(value)]
            else:
                target = target[index]
        elif last and value is ABSENT:
            del target[key]
        elif last:
            target[key] = copy.deepcopy(value)
        else:
            below_is_list = bool(steps[at + 1][1])
            if target.get(key) is None:
                target[key] = [] if below_is_list else {}
            target = target[key]


def _index(items: list[Any], name: str) -> int:
    if name == "+":
        return len(items)
    for at, it in enumerate(items):
        if isinstance(it, dict) and it.get("name") == name:
            return at
    return int(name)
