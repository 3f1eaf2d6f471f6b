"""A disruption budget lets one pod go."""

from collections.abc import Iterator
from typing import Any

from policy.kinds import CONTROLLERS
from policy.objects import Object, dig
from policy.rule import Parameters, StackRule, Violation
from policy.rules._index import budget_selector, fewest
from policy.rules._shares import share
from policy.stack import Stack


def _check(it: Object, stack: Stack, _parameters: Parameters) -> Iterator[Violation]:
    most_down, least_up = (
        dig(it.manifest, "spec", "maxUnavailable"),
        dig(it.manifest, "spec", "minAvailable"),
    )
    if most_down in (0, "0", "0%"):
        yield "spec.maxUnavailable", "lets no pod go"
    elif least_up == "100%":
        yield "spec.minAvailable", "lets no pod go"
    elif least_up is not None:
        yield from _counted(it, stack, least_up)


def _counted(it: Object, stack: Stack, least_up: Any) -> Iterator[Violation]:
    selector = budget_selector(it)
    owners = [pod.object for pod in stack.selected(it.namespace, selector)] if selector else []
    if not owners or any(owner.kind not in CONTROLLERS for owner in owners):
        return
    replicas = sum(fewest(stack, owner) for owner in owners)
    if 0 < replicas <= share(least_up, replicas, up=True, default=0):
        every = f"none of {replicas} pods" if replicas > 1 else "not even the one pod"
        yield "spec.minAvailable", f"lets {every} go"


RULE = StackRule(
    id="disruption-budget-blocks",
    title="A disruption budget lets one pod go",
    area="availability",
    severity="mandatory",
    kinds=("PodDisruptionBudget",),
    reach="namespace",
    check=_check,
    why="A node is never drained: an upgrade of AKS waits for its timeout and fails.",
    remedy="allow one pod: maxUnavailable 1, or minAvailable below the replicas",
    source="https://kubernetes.io/docs/tasks/run-application/configure-pdb/",
)
