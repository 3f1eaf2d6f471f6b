"""A node port was granted."""

from collections.abc import Iterator

from policy.objects import Object, dig, quantity
from policy.rule import Parameters, StackRule, Violation
from policy.rules._index import in_namespace
from policy.stack import Stack


def _check(it: Object, stack: Stack, _parameters: Parameters) -> Iterator[Violation]:
    if dig(it.manifest, "spec", "type") != "NodePort":
        return
    for quota in in_namespace(stack, "ResourceQuota", it.namespace):
        granted = quantity(dig(quota.manifest, "spec", "hard", "services.nodeports"))
        if granted:
            return
    yield "spec.type", "is open on every node, and no quota grants it"


RULE = StackRule(
    id="service-node-port",
    title="A node port was granted",
    area="exposure",
    severity="advisory",
    kinds=("Service",),
    reach="namespace",
    check=_check,
    why="It is open on every node, past the ingress controller and its TLS.",
    remedy="use ClusterIP behind an Ingress, or grant it in the quota's services.nodeports",
    source="https://kubernetes.io/docs/concepts/services-networking/service/#type-nodeport",
)
