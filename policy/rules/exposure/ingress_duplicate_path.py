"""A host and path has one owner."""

from collections.abc import Iterator, Mapping
from typing import Final

from policy.objects import Object, dig, items
from policy.rule import Parameters, StackRule, Violation
from policy.rules._index import is_same, once
from policy.stack import Stack
from policy.unknown import Undecided

_CANARY: Final = "nginx.ingress.kubernetes.io/canary"
_CLASS: Final = "kubernetes.io/ingress.class"
_Route = tuple[str, str, str, bool]
"""Class, host, path, and whether it is that path alone: beside a prefix it is no second owner, but the first to be
asked (https://kubernetes.io/docs/concepts/services-networking/ingress/#multiple-matches)."""


def _check(it: Object, stack: Stack, _parameters: Parameters) -> Iterator[Violation]:
    if it.annotations.get(_CANARY) == "true":
        return
    owners = _owners(stack)
    for place, route in _routes(it):
        others = [owner for owner in owners.get(route, ()) if not is_same(owner, it)]
        if others:
            yield place, f"{route[1]}{route[2]} belongs to {others[0].title}, too"


@once
def _owners(stack: Stack) -> Mapping[_Route, list[Object]]:
    found: dict[_Route, list[Object]] = {}
    for it in stack.of("Ingress"):
        try:
            if it.annotations.get(_CANARY) != "true":
                for route in {route for _, route in _routes(it)}:
                    found.setdefault(route, []).append(it)
        except Undecided:
            continue
    return found


def _routes(it: Object) -> Iterator[tuple[str, _Route]]:
    name = dig(it.manifest, "spec", "ingressClassName") or it.annotations.get(_CLASS) or ""
    for above, rule in items(it.manifest, "spec", "rules"):
        for place, path in items(rule, "http", "paths"):
            route = (
                str(name),
                str(dig(rule, "host") or "*"),
                str(dig(path, "path") or "/"),
                dig(path, "pathType") == "Exact",
            )
            yield f"{above}.{place}.path", route


RULE = StackRule(
    id="ingress-duplicate-path",
    title="A host and path has one owner",
    area="exposure",
    severity="mandatory",
    kinds=("Ingress",),
    check=_check,
    why="Which backend answers depends on age: traffic of one workload goes to another.",
    remedy="remove one of them",
    source="https://kubernetes.io/docs/concepts/services-networking/ingress/",
)
