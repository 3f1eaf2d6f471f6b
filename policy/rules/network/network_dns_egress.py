"""Isolated pods may ask DNS.

A pod that may reach nothing at all, or only addresses, needs no names; one that is allowed pods or everything does.
"""

from collections.abc import Iterator
from typing import Any

from policy.kinds import WORKLOADS
from policy.objects import Pod, dig, listed, pods
from policy.rule import Parameters, StackRule, Violation
from policy.rules._index import directions, policies_of
from policy.rules._peers import opens
from policy.stack import Stack


def _check(it: Pod, stack: Stack, _parameters: Parameters) -> Iterator[Violation]:
    found, hidden = policies_of(stack, it)
    isolating = [policy for policy in found if "Egress" in directions(policy)]
    if not isolating or dig(it.spec, "hostNetwork") is True:
        return
    rules = [rule for policy in isolating for rule in listed(policy.manifest, "spec", "egress")]
    if not any(_needs_names(rule) for rule in rules) or any(
        opens(rule, 53, "UDP") for rule in rules
    ):
        return
    if hidden:
        raise hidden
    yield "", "may reach others, and asks DNS in vain"


def _needs_names(rule: Any) -> bool:
    return not listed(rule, "to") or any(
        dig(peer, "ipBlock") is None for peer in listed(rule, "to")
    )


RULE = StackRule(
    id="network-dns-egress",
    title="Isolated pods may ask DNS",
    area="network",
    severity="advisory",
    kinds=WORKLOADS,
    each=pods,
    reach="namespace",
    check=_check,
    why="No name resolves: the program cannot reach even what is allowed.",
    remedy="allow UDP and TCP 53 to kube-dns",
    source="https://kubernetes.io/docs/concepts/services-networking/network-policies/",
)
