"""What is wrong with a rule of a Role by itself: words that the API does not know, and pairs that grant nothing.

The API server takes all of it without a word, and nobody gets the right.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Literal, NamedTuple

from settings.api_resources import Resource, Table
from settings.faults import did_you_mean
from settings.rbac import ALL, Rule, covers

Part = Literal["apiGroups", "resources", "verbs", "resourceNames"]

NAMELESS = ("list", "watch", "create", "deletecollection")
"""Verbs of requests that name no object; `list` and `watch` only by a field selector that no client sends by itself.
https://kubernetes.io/docs/reference/access-authn-authz/rbac/#referring-to-resources"""


class Slip(NamedTuple):
    """One word of a rule that does nothing."""

    part: Part
    place: int
    """In the list of that part."""

    rule: str
    value: str
    remedy: str


def slips(rule: Rule, table: Table, *, namespaced: bool = True) -> Iterator[Slip]:
    """What of `rule` grants nothing; `namespaced`: it stands in a Role, else in a ClusterRole bound to all.

    A group that is not Kubernetes' own is somebody's CRD: what it serves is not known and believed.
    """
    known_groups = {group for group, _ in table}
    for index, group in enumerate(rule.groups):
        if not _believed(group, known_groups):
            near = did_you_mean(group, known_groups - {""}) or "`kubectl api-resources` lists them"
            rule_ = "is no API group of Kubernetes"
            yield Slip("apiGroups", index, rule_, repr(group), near)
            return
    foreign = any(it != ALL and it not in known_groups for it in rule.groups)
    meant: list[Resource] = []
    for index, name in enumerate(rule.resources):
        found = [
            it
            for it in table.values()
            if covers(name, it.name) and (ALL in rule.groups or it.group in rule.groups)
        ]
        if not found and not foreign:
            yield Slip("resources", index, *_unknown(name, rule.groups, table))
        elif namespaced and found and not any(map(_reaches_namespace, found)):
            remedy = "remove it: only an administrator of the cluster can give it"
            wide = "is of the whole cluster, and a role of a namespace grants nothing of it"
            yield Slip("resources", index, wide, repr(name), remedy)
        elif found and not _serves(found, rule.verbs) and _others_serve(rule, name, table):
            verbs = f"serves {', '.join(sorted({verb for it in found for verb in it.verbs}))} only"
            yield Slip("resources", index, f"{verbs}, and none of them is in 'verbs'", repr(name),
                       "give it a rule of its own")  # fmt: skip
        meant += found
    if not foreign:
        yield from _groups(rule, meant)
        yield from _verbs(rule, meant, table)
    yield from _names(rule)


def _believed(group: str, known: Iterable[str]) -> bool:
    return group == ALL or group in known or ("." in group and not group.endswith(".k8s.io"))


def _reaches_namespace(it: Resource) -> bool:
    """A request for a Namespace itself counts as one inside it."""
    return it.namespaced or (it.group, it.name) == ("", "namespaces")


def _serves(found: list[Resource], verbs: Iterable[str]) -> bool:
    return ALL in verbs or any(verb in it.verbs for it in found for verb in verbs)


def _others_serve(rule: Rule, name: str, table: Table) -> bool:
    """Whether the verbs do something on another resource of the rule; else the verbs are what is wrong."""
    others = [it for it in rule.resources if it != name]
    found = [
        it
        for it in table.values()
        if (ALL in rule.groups or it.group in rule.groups)
        and any(covers(other, it.name) for other in others)
    ]
    return _serves(found, rule.verbs) and bool(found)


def _groups(rule: Rule, meant: list[Resource]) -> Iterator[Slip]:
    if len(rule.groups) > 1 and meant:
        for index, group in enumerate(rule.groups):
            if group != ALL and group not in {it.group for it in meant}:
                text = "has none of the rule's resources"
                yield Slip("apiGroups", index, text, repr(group), "remove it")


def _verbs(rule: Rule, meant: list[Resource], table: Table) -> Iterator[Slip]:
    every = {verb for it in table.values() for verb in it.verbs}
    for index, verb in enumerate(rule.verbs):
        if verb == ALL or not meant or any(verb in it.verbs for it in meant):
            continue
        if verb not in every:
            near = did_you_mean(verb, every) or "for example 'get', 'list', 'watch'"
            yield Slip("verbs", index, "is no verb of the API", repr(verb), near)
        else:
            served = sorted({one for it in meant for one in it.verbs})
            text = f"is served by none of the rule's resources: they serve {', '.join(served)}"
            yield Slip("verbs", index, text, repr(verb), "remove it")


def _names(rule: Rule) -> Iterator[Slip]:
    if rule.names:
        for index, verb in enumerate(rule.verbs):
            if verb in NAMELESS or verb == ALL:
                text = (
                    "grants more than 'resourceNames' can hold to a name: list the verbs"
                    if verb == ALL
                    else "names no object in its requests, so 'resourceNames' lets none of them through"
                )
                yield Slip(
                    "verbs", index, text, repr(verb), "give it a rule without 'resourceNames'"
                )


def _unknown(name: str, groups: tuple[str, ...], table: Table) -> tuple[str, str, str]:
    """Rule, value and remedy of a resource that none of `groups` serves."""
    base, slash, sub = name.partition("/")
    shown = _shown(groups)
    if slash and sub == ALL:
        return (
            "grants nothing: RBAC knows '*', '*/scale' and whole names",
            repr(name),
            (f"name the subresources of {base}"),
        )
    for it in table.values():
        if it.group in groups and "/" not in it.name and _is_called(base, it):
            plural = f"{it.name}{slash}{sub}"
            return "is not the plural, which RBAC compares", repr(name), f"did you mean {plural!r}?"
    elsewhere = sorted({group for group, known in table if known == name})
    if elsewhere:
        where = " or ".join(repr(it) for it in elsewhere)
        return (
            f"is in API group {where}, not in {shown}",
            repr(name),
            f"write 'apiGroups: [{elsewhere[0] or repr('')}]'",
        )
    own = [known for group, known in table if group in groups]
    if slash and base in own:
        subs = [it for it in own if it.startswith(f"{base}/")]
        near = did_you_mean(name, subs) or f"known: {', '.join(subs) or 'none'}"
        return f"is no subresource of {base}", repr(name), near
    for it in table.values():
        if "/" not in it.name and _is_called(base, it):
            return (
                f"is in API group {it.group!r} and not the plural",
                repr(name),
                f"did you mean {it.name!r}?",
            )
    near = did_you_mean(name, own) or did_you_mean(name, {known for _, known in table})
    return (
        f"is no resource of API group {shown}",
        repr(name),
        near or "`kubectl api-resources` lists them",
    )


def _is_called(name: str, it: Resource) -> bool:
    """Whether somebody may mean `it` by `name`: its kind, singular or short name."""
    return name.lower() == it.kind.lower() or name in it.short_names


def _shown(groups: Iterable[str]) -> str:
    return " or ".join(repr(it) for it in groups)


def wildcards(rule: Rule) -> Mapping[Part, int]:
    """Where `rule` has a wildcard: the first of each list."""
    parts: tuple[tuple[Part, tuple[str, ...]], ...] = (
        ("apiGroups", rule.groups),
        ("resources", rule.resources),
        ("verbs", rule.verbs),
    )
    return {
        part: index
        for part, words in parts
        for index in [next((i for i, it in enumerate(words) if ALL in it), -1)]
        if index >= 0
    }
