"""Every rule names one host."""

from collections.abc import Iterator
from typing import Any

from policy.objects import Object, dig, items
from policy.rule import Parameters, Rule, Violation
from policy.rules._turns import over


def _check(it: Object, _parameters: Parameters) -> Iterator[Violation]:
    def look(rule: Any) -> Iterator[Violation]:
        host = dig(rule, "host")
        if not host:
            yield "host", "answers for every host"
        elif isinstance(host, str) and host.startswith("*"):
            yield "host", f"answers for all of {host}"

    yield from over(items(it.manifest, "spec", "rules"), look)


RULE = Rule(
    id="ingress-host",
    title="Every rule names one host",
    area="exposure",
    severity="advisory",
    kinds=("Ingress",),
    check=_check,
    why="Without one, or with a wildcard, it answers for hosts of others.",
    remedy="name the host",
    source="https://kubernetes.io/docs/concepts/services-networking/ingress/#hostname-wildcards",
)
