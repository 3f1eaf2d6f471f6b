"""No peer is every pod of the cluster."""

from collections.abc import Iterator, Mapping
from typing import Any

from policy.objects import dig
from policy.rule import Parameters, Rule, Violation
from policy.rules._peers import peers, selects_all


def _check(it: Mapping[str, Any], _parameters: Parameters) -> Iterator[Violation]:
    if selects_all(dig(it, "namespaceSelector")) and (
        dig(it, "podSelector") is None or selects_all(dig(it, "podSelector"))
    ):
        yield "namespaceSelector", "is every pod of every namespace"


RULE = Rule(
    id="network-wide-peer",
    title="No peer is every pod of the cluster",
    area="network",
    severity="advisory",
    kinds=("NetworkPolicy",),
    each=peers,
    check=_check,
    why="A namespaceSelector {} lets namespaces of all tenants in.",
    remedy="select namespaces by kubernetes.io/metadata.name",
    source="https://kubernetes.io/docs/concepts/services-networking/network-policies/",
)
