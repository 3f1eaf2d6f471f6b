"""A peer names somebody."""

from collections.abc import Iterator, Mapping
from typing import Any

from policy.rule import Parameters, Rule, Violation
from policy.rules._peers import peers


def _check(it: Mapping[str, Any], _parameters: Parameters) -> Iterator[Violation]:
    if all(it.get(key) is None for key in ("podSelector", "namespaceSelector", "ipBlock")):
        yield "", "names nobody"


RULE = Rule(
    id="network-empty-peer",
    title="A peer names somebody",
    area="network",
    severity="mandatory",
    kinds=("NetworkPolicy",),
    each=peers,
    check=_check,
    why="The API server refuses {}.",
    remedy="write podSelector, namespaceSelector or ipBlock",
    source="https://kubernetes.io/docs/reference/kubernetes-api/policy-resources/network-policy-v1/",
)
