"""A load balancer keeps the caller's address."""

from collections.abc import Iterator

from policy.objects import Object, dig
from policy.rule import Parameters, Rule, Violation


def _check(it: Object, _parameters: Parameters) -> Iterator[Violation]:
    local = dig(it.manifest, "spec", "externalTrafficPolicy") == "Local"
    if dig(it.manifest, "spec", "type") == "LoadBalancer" and not local:
        yield "spec.externalTrafficPolicy", "hides the caller's address"


RULE = Rule(
    id="service-traffic-policy",
    title="A load balancer keeps the caller's address",
    area="exposure",
    severity="advisory",
    kinds=("Service",),
    check=_check,
    why="With Cluster pods see a node's address, and limits by address or logs of callers are worthless.",
    remedy="set externalTrafficPolicy to Local",
    source="https://kubernetes.io/docs/tasks/access-application-cluster/create-external-load-balancer/#preserving-the-client-source-ip",
)
