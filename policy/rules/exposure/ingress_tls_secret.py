"""TLS names its certificate."""

from collections.abc import Iterator
from typing import Any

from policy.objects import Object, dig, items
from policy.rule import Parameters, Rule, Violation
from policy.rules._turns import over


def _check(it: Object, _parameters: Parameters) -> Iterator[Violation]:
    def look(tls: Any) -> Iterator[Violation]:
        if not dig(tls, "secretName"):
            yield "secretName", "names no certificate"

    yield from over(items(it.manifest, "spec", "tls"), look)


RULE = Rule(
    id="ingress-tls-secret",
    title="TLS names its certificate",
    area="exposure",
    severity="advisory",
    kinds=("Ingress",),
    check=_check,
    why="The controller shows its own self-signed certificate.",
    remedy="set secretName",
    source="https://kubernetes.io/docs/concepts/services-networking/ingress/#tls",
)
