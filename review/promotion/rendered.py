"""What two stacks make of their settings: the resources of each workload side by side, and what no setting explains.

Equal settings can give other resources: a program may read the stack's name, a secret that one stack lacks, the
configuration beside the settings. So the second stack is planned once more with the settings of the first; what still
differs comes from none of them.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from review.guard.pairs import pairs, title
from review.guard.values import ABSENT, both_said, leaves
from review.plan import SECRET, UNKNOWN, Plan, Resource
from review.promotion.differences import HIDDEN, masked, secretive
from review.urn import STACK

WORKLOAD: Final = "aks-platform:kubernetes:Workload"
_COMPONENT: Final = "aks-platform:"

_STEP: Final = re.compile(r"[.\[\]]+")
_FREE: Final = re.compile(r"env\[[0-9]+\]\.value$")
"""A variable without its name: nobody can tell whether it is called like a secret."""

_REFERENCES: Final = {"secretName", "name", "key"}
"""What says which Secret is meant, and not what is in it."""


@dataclass(frozen=True, kw_only=True)
class Rendered:
    """One property that two stacks have otherwise."""

    component: str
    """Logical name of the workload, `course-web`, or of another component."""

    workload: bool
    resource: str
    """As in the first stack; in the second where only that has it."""

    path: str
    """Empty where only one of the two has the resource."""

    one: str
    other: str
    by_settings: bool | None = True
    """Whether it goes when the settings are made equal; None where that could not be planned."""


def rendered(one: Plan, other: Plan, levelled: Plan | None) -> list[Rendered]:
    """Every property of `one` that `other` has otherwise; `levelled` is `other` with the settings of `one`.

    Without it nobody can tell what settings explain.
    """
    left = _compared(one, levelled) if levelled else ()
    remaining = {(it.component, it.resource, it.path): it for it in left}
    found = [
        Rendered(
            component=it.component,
            workload=it.workload,
            resource=it.resource,
            path=it.path,
            one=it.one,
            other=it.other,
            by_settings=(it.component, it.resource, it.path) not in remaining if levelled else None,
        )
        for it in _compared(one, other)
    ]
    told = {(it.component, it.resource, it.path) for it in found}
    # What the settings had hidden: it differs when they are equal, and not now.
    found += [
        Rendered(
            component=it.component,
            workload=it.workload,
            resource=it.resource,
            path=it.path,
            one=it.one,
            other=it.other,
            by_settings=False,
        )
        for key, it in remaining.items()
        if key not in told
    ]
    return sorted(found, key=lambda it: (not it.workload, it.component, it.resource, it.path))


def _compared(one: Plan, other: Plan) -> Iterator[Rendered]:
    owners = [_owners(it) for it in (one, other)]
    beside = pairs(one, other)
    seen = {right.urn for _, right in (*beside.same, *beside.moved)}
    for left, right in (*beside.same, *beside.moved):
        component, workload = owners[0][left.urn]
        for path, old, new in _differing(left, right):
            before, after = both_said(_veiled(old, path), _veiled(new, path))
            yield Rendered(
                component=component,
                workload=workload,
                resource=title(left),
                path=path,
                one=before,
                other=after,
            )
    for index, resource in (
        *((0, it) for it in beside.gone),
        *((1, it) for it in other.resources if it.urn not in seen),
    ):
        if resource.type == STACK:
            continue  # it is called after the stack
        component, workload = owners[index][resource.urn]
        there = ("there", "not there")
        yield Rendered(
            component=component,
            workload=workload,
            resource=title(resource),
            path="",
            one=there[index],
            other=there[1 - index],
        )


def _differing(left: Resource, right: Resource) -> Iterator[tuple[str, Any, Any]]:
    if left.inputs != right.inputs:
        for path, old, new in leaves(left.inputs, right.inputs):
            yield path.removeprefix("."), old, new
    for key in sorted({*left.options, *right.options} - {"aliases"}):
        old, new = left.options.get(key, ABSENT), right.options.get(key, ABSENT)
        if _below_stack(old) != _below_stack(new):
            yield f"options.{key}", old, new


def _below_stack(value: Any) -> Any:
    """`value` with its URNs, which have the stack's name in them, as those of any stack."""
    if isinstance(value, list | tuple):
        return [_below_stack(it) for it in value]
    if isinstance(value, str) and value.startswith("urn:pulumi:"):
        return value.partition("::")[2]
    return value


def _veiled(value: Any, path: str) -> Any:
    """`value` without what may be a secret, by the names on the way to it; marks of a plan stay."""
    names = tuple(_STEP.split(path))
    if value is ABSENT or value in (UNKNOWN, SECRET):
        return value
    if isinstance(value, Mapping):
        named = str(value.get("name", ""))
        return {
            key: _veiled(it, f"{path}.{named}" if key == "value" else f"{path}.{key}")
            for key, it in value.items()
        }
    if isinstance(value, list):
        return [_veiled(it, path) for it in value]
    reference = names[-1] in _REFERENCES
    if isinstance(value, str) and not reference and (_FREE.search(path) or secretive(names)):
        return HIDDEN
    return masked(value, ())


def _owners(plan: Plan) -> Mapping[str, tuple[str, bool]]:
    """By URN the component that a resource is told under, and whether that is a workload."""
    found: dict[str, tuple[str, bool]] = {}
    for resource in plan.resources:
        above = found.get(resource.parent)
        if above is not None and above[1]:
            found[resource.urn] = above
        elif resource.type == WORKLOAD:
            found[resource.urn] = (resource.name, True)
        elif resource.type == STACK:
            found[resource.urn] = ("the stack", False)
        elif resource.type.startswith(_COMPONENT) or above is None:
            found[resource.urn] = (resource.name, False)
        else:
            found[resource.urn] = above
    return found
