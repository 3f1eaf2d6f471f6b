"""An IngressClass exists."""

from collections.abc import Iterator
from typing import Any, Final

from policy.kinds import RELEASE
from policy.objects import Object, dig, mapping
from policy.rule import Parameter, Parameters, StackRule, Violation
from policy.rules._index import is_missing, once
from policy.stack import Stack
from policy.unknown import Undecided

_KEYS: Final = ("ingressClass", "ingressClassResource")


def _check(it: Object, stack: Stack, parameters: Parameters) -> Iterator[Violation]:
    name = dig(it.manifest, "spec", "ingressClassName")
    if not name or name in parameters["outside"]:
        return
    if name not in _of_charts(stack) and is_missing(stack, "IngressClass", "", name):
        yield "spec.ingressClassName", "is no IngressClass of the cluster"


@once
def _of_charts(stack: Stack) -> frozenset[str]:
    """Classes that charts are told to make."""
    found: set[str] = set()
    for it in stack.of(RELEASE):
        try:
            found.update(_classes(dig(it.manifest, "values")))
        except Undecided:
            continue
    return frozenset(found)


def _classes(values: Any) -> Iterator[str]:
    """`ingressClass: {name: nginx, create: true}` of nginx-ingress, `ingressClass: {name: traefik, enabled: true}` of
    Traefik, `ingressClassResource: {name: nginx, enabled: true}` of ingress-nginx."""
    held = mapping(values)
    for key in held:
        if key in _KEYS:
            name = dig(held[key], "name")
            off = dig(held[key], "create") is False or dig(held[key], "enabled") is False
            if name and not off:
                yield str(name)
        elif key == "controller":
            yield from _classes(held[key])


RULE = StackRule(
    id="ref-ingress-class",
    title="An IngressClass exists",
    area="references",
    severity="mandatory",
    kinds=("Ingress",),
    parameters={
        "outside": Parameter(
            default=["webapprouting.kubernetes.azure.com"],
            docs="classes that the cluster has by itself",
        )
    },
    reach="namespace",
    check=_check,
    why="No controller takes the Ingress.",
    remedy="add it, correct the name, or name the classes that others make in its parameter outside",
    source="https://kubernetes.io/docs/concepts/services-networking/ingress/#ingress-class",
)
