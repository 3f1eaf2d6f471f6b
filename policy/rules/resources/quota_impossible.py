"""A pod fits the quota of its namespace."""

from collections.abc import Iterator
from functools import partial
from typing import Final

from policy.kinds import WORKLOADS
from policy.objects import Object, Pod, listed, mapping, pods, quantity
from policy.rule import Parameters, StackRule, Violation
from policy.rules._amounts import amount_text, of_pod
from policy.rules._index import in_namespace
from policy.rules._turns import in_turn
from policy.stack import Stack

_AMOUNTS: Final = {
    "cpu": ("requests", "cpu"),
    "memory": ("requests", "memory"),
    **{
        f"{part}.{resource}": (part, resource)
        for part in ("requests", "limits")
        for resource in ("cpu", "memory", "ephemeral-storage")
    },
}


def _check(it: Pod, stack: Stack, _parameters: Parameters) -> Iterator[Violation]:
    def look(quota: Object, key: str) -> Iterator[Violation]:
        allowed = quantity(mapping(quota.manifest, "spec", "hard")[key])
        if allowed is None:
            return
        if key == "pods" and allowed == 0:
            yield "", f"may have no pod: {quota.title} allows 0"
        elif key in _AMOUNTS:
            part, resource = _AMOUNTS[key]
            asked = of_pod(stack, it, part, resource)
            if asked > allowed:
                most = f"{quota.title} allows {amount_text(allowed, resource)} in all"
                yield "", f"one pod asks for {amount_text(asked, resource)} {key}, and {most}"

    yield from in_turn(
        *(
            partial(look, quota, key)
            for quota in in_namespace(stack, "ResourceQuota", it.object.namespace)
            if not listed(quota.manifest, "spec", "scopes")
            and not mapping(quota.manifest, "spec", "scopeSelector")
            for key in mapping(quota.manifest, "spec", "hard")
        )
    )


RULE = StackRule(
    id="quota-impossible",
    title="A pod fits the quota of its namespace",
    area="resources",
    severity="mandatory",
    kinds=WORKLOADS,
    each=pods,
    check=_check,
    why="Not one pod is ever made.",
    remedy="raise the quota or lower the pod's amounts",
    source="https://kubernetes.io/docs/concepts/policy/resource-quotas/",
)
