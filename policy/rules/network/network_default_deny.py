"""A namespace denies what no policy allows.

A policy that selects every pod isolates them in its directions, whatever it allows besides.
"""

from collections.abc import Iterator
from typing import Final

from policy.objects import Object
from policy.rule import Parameter, Parameters, StackRule, Violation
from policy.rules._index import directions, perhaps_of_chart, policies_of_all
from policy.stack import Stack
from policy.unknown import Undecided

_OTHERS: Final = ("CiliumNetworkPolicy", "CiliumClusterwideNetworkPolicy", "GlobalNetworkPolicy")


def _check(it: Object, stack: Stack, parameters: Parameters) -> Iterator[Violation]:
    if it.name in parameters["namespaces"]:
        return
    found, hidden = policies_of_all(stack, it.name)
    isolated = {direction for policy in found for direction in directions(policy)}
    open_ = [direction for direction in ("Ingress", "Egress") if direction not in isolated]
    if not open_:
        return
    if hidden:
        raise hidden
    if others := [other for other in stack.objects if other.kind.partition(".")[0] in _OTHERS]:
        raise Undecided(f"{others[0].title} may isolate its pods")
    perhaps_of_chart(stack, it.name, f"a NetworkPolicy for all pods of {it.name}")
    yield "metadata.name", f"leaves {' and '.join(open_)} of its pods open"


RULE = StackRule(
    id="network-default-deny",
    title="A namespace denies what no policy allows",
    area="network",
    severity="mandatory",
    kinds=("Namespace",),
    parameters={
        "namespaces": Parameter(
            default=["kube-node-lease", "kube-public", "kube-system"],
            docs="namespaces that are left alone",
        )
    },
    check=_check,
    why="Every pod of the cluster reaches its pods, and they reach everything.",
    remedy="add a NetworkPolicy with podSelector {} and policyTypes [Ingress, Egress]",
    source="https://kubernetes.io/docs/concepts/services-networking/network-policies/",
)
