"""Pods state what their quota counts."""

from collections.abc import Iterator
from typing import Final

from policy.kinds import WORKLOADS
from policy.objects import Container, Object, containers, listed, mapping
from policy.rule import Parameters, StackRule, Violation
from policy.rules._amounts import lacks
from policy.rules._index import in_namespace
from policy.stack import Stack

_AMOUNTS: Final = {
    "cpu": ("requests", "cpu"),
    "memory": ("requests", "memory"),
    "requests.cpu": ("requests", "cpu"),
    "requests.memory": ("requests", "memory"),
    "limits.cpu": ("limits", "cpu"),
    "limits.memory": ("limits", "memory"),
}
"""Of other resources a pod may be silent (kube-apiserver's evaluator of pods)."""


def _check(it: Container, stack: Stack, _parameters: Parameters) -> Iterator[Violation]:
    if it.field == "ephemeralContainers":
        return
    wanted: dict[tuple[str, str], Object] = {}
    for quota in in_namespace(stack, "ResourceQuota", it.pod.object.namespace):
        if not listed(quota.manifest, "spec", "scopes") and not mapping(
            quota.manifest, "spec", "scopeSelector"
        ):
            for key in mapping(quota.manifest, "spec", "hard"):
                if key in _AMOUNTS:
                    wanted.setdefault(_AMOUNTS[key], quota)
    for (part, resource), quota in wanted.items():
        if lacks(stack, it, part, resource):
            yield f"resources.{part}.{resource}", f"is not stated, and {quota.title} counts it"


RULE = StackRule(
    id="quota-needs-amounts",
    title="Pods state what their quota counts",
    area="resources",
    severity="mandatory",
    kinds=WORKLOADS,
    each=containers,
    reach="namespace",
    check=_check,
    why="The API server refuses a pod that is silent on an amount with a quota.",
    remedy="state it, or give it a default in a LimitRange",
    source="https://kubernetes.io/docs/concepts/policy/resource-quotas/",
)
