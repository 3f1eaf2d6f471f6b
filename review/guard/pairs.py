"""Which resource of one plan is which of the other: by URN, by alias, or by being the same thing to its service."""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from review import urn as urns
from review.analyses.pods import RELEASE
from review.guard.table import path_parameters, plain_type
from review.plan import UNKNOWN, Plan, Resource, of_two

Pair = tuple[Resource, Resource]
"""Of the base and of the head."""


@dataclass(frozen=True, kw_only=True)
class Pairs:
    """Both plans, laid side by side."""

    same: tuple[Pair, ...]
    """The engine takes one for the other."""

    moved: tuple[Pair, ...]
    """One thing under two URNs: the engine would make it anew while it still stands, then delete it."""

    gone: tuple[Resource, ...]
    """In the base alone."""


@of_two
def pairs(base: Plan, head: Plan) -> Pairs:
    """Side by side; a base of another stack counts as if it were of the head's."""
    before = {_of_stack(it.urn, head): it for it in base.resources}
    same: list[Pair] = []
    new: list[Resource] = []
    for resource in head.resources:
        names = (resource.urn, *_strings(resource.options.get("aliases")))
        found = next((urn for urn in names if urn in before), None)
        if found is None:
            new.append(resource)
        else:
            same.append((before.pop(found), resource))
    things = {key: it for it in before.values() if (key := identity(it)) is not None}
    moved = [
        (things.pop(key), it) for it in new if (key := identity(it)) is not None and key in things
    ]
    left = {it.urn for it, _ in moved}
    gone = tuple(it for it in before.values() if it.urn not in left)
    return Pairs(same=tuple(same), moved=tuple(moved), gone=gone)


def identity(resource: Resource) -> Hashable | None:
    """What the thing itself is called, whatever its URN; None for what has no name that a plan tells.

    A name that is unknown in the plan, such as that of the group of a new cluster, equals any other unknown one.
    """
    inputs = resource.inputs
    if resource.type.startswith("azure-native:"):
        type_ = plain_type(resource.type)
        names = {key: inputs.get(key) for key in path_parameters().get(type_, ())}
        known = [it for it in names.values() if isinstance(it, str)]
        own = [
            it for key, it in names.items() if key != "resourceGroupName" and isinstance(it, str)
        ]
        if not (own or (known and type_.endswith(":ResourceGroup"))):
            return None
        return (type_, *(it if isinstance(it, str) else "?" for it in names.values()))
    if resource.type.startswith("kubernetes:") and isinstance(inputs.get("kind"), str):
        metadata = mapping(inputs.get("metadata"))
        if isinstance(name := metadata.get("name"), str):
            group = str(inputs.get("apiVersion", "")).rpartition("/")[0]
            return ("kubernetes", group, inputs["kind"], str(metadata.get("namespace")), name)
    return None


def title(resource: Resource) -> str:
    """As a reader knows it: `ManagedCluster aks-course-prod`, `StatefulSet course/redis`."""
    kind = urns.type_of(resource.urn).rpartition(":")[2] or resource.type
    if resource.type.startswith("pulumi:providers:"):
        kind = "Provider"
    inputs = resource.inputs
    if resource.type.startswith("azure-native:"):
        names = [
            value
            for key in path_parameters().get(plain_type(resource.type), ())
            if key != "resourceGroupName" and isinstance(value := inputs.get(key), str)
        ]
        if kind == "ResourceGroup":
            names = [str(it) for it in [inputs.get("resourceGroupName")] if isinstance(it, str)]
        own = names[-1] if names and kind != "RoleAssignment" else resource.name
        return f"{kind} {own}"
    chart = resource.type == RELEASE
    metadata = inputs if chart else mapping(inputs.get("metadata"))
    if isinstance(name := metadata.get("name"), str):
        space = metadata.get("namespace")
        return f"{kind} {space}/{name}" if isinstance(space, str) else f"{kind} {name}"
    return f"{kind} {resource.name}"


def mapping(value: Any) -> Mapping[str, Any]:
    """`value` where it is a map that a plan knows; an empty one otherwise."""
    return value if isinstance(value, Mapping) and value != UNKNOWN else {}


def _of_stack(urn: str, head: Plan) -> str:
    """A URN as it would be in the head's stack and project."""
    parts = urn.split("::", 2)
    return f"urn:pulumi:{head.stack}::{head.project}::{parts[2]}" if len(parts) == 3 else urn


def _strings(value: Any) -> Iterable[str]:
    return [it for it in value if isinstance(it, str)] if isinstance(value, list | tuple) else ()
