"""Several replicas have a disruption budget."""

from collections.abc import Iterator

from policy.kinds import CONTROLLERS
from policy.objects import Pod, pods
from policy.rule import Parameters, StackRule, Violation
from policy.rules._index import budgets, fewest
from policy.stack import Stack


def _check(it: Pod, stack: Stack, _parameters: Parameters) -> Iterator[Violation]:
    replicas = fewest(stack, it.object)
    if replicas > 1 and not budgets(stack).choosing(it):
        yield (
            "",
            f"may all be evicted at once: no PodDisruptionBudget selects the {replicas} replicas",
        )


RULE = StackRule(
    id="disruption-budget-missing",
    title="Several replicas have a disruption budget",
    area="availability",
    severity="advisory",
    kinds=CONTROLLERS,
    each=pods,
    reach="namespace",
    check=_check,
    why="Draining nodes may take all of them at once.",
    remedy="add a PodDisruptionBudget with maxUnavailable 1",
    source="https://kubernetes.io/docs/concepts/workloads/pods/disruptions/",
)
