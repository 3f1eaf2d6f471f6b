"""No Service claims addresses of its own."""

from collections.abc import Iterator

from policy.objects import Object, listed
from policy.rule import Parameters, Rule, Violation


def _check(it: Object, _parameters: Parameters) -> Iterator[Violation]:
    if listed(it.manifest, "spec", "externalIPs"):
        yield "spec.externalIPs", "claims addresses for itself"


RULE = Rule(
    id="service-external-ips",
    title="No Service claims addresses of its own",
    area="exposure",
    severity="mandatory",
    kinds=("Service",),
    check=_check,
    why="Such a Service takes other pods' traffic to any address (CVE-2020-8554).",
    remedy="remove externalIPs",
    source="https://kubernetes.io/docs/concepts/services-networking/service/#external-ips",
)
