"""An Ingress names its class."""

from collections.abc import Iterator
from typing import Final

from policy.objects import Object, dig
from policy.rule import Parameters, Rule, Violation

_BEFORE: Final = "kubernetes.io/ingress.class"


def _check(it: Object, _parameters: Parameters) -> Iterator[Violation]:
    if not dig(it.manifest, "spec", "ingressClassName") and not it.annotations.get(_BEFORE):
        yield "spec.ingressClassName", "is of no class"


RULE = Rule(
    id="ingress-class",
    title="An Ingress names its class",
    area="exposure",
    severity="advisory",
    kinds=("Ingress",),
    check=_check,
    why="No controller takes it, or all of them do.",
    remedy="set spec.ingressClassName",
    source="https://kubernetes.io/docs/concepts/services-networking/ingress/#ingress-class",
)
