"""A spread counts the workload's own pods."""

from collections.abc import Iterator
from typing import Any

from policy.kinds import CONTROLLERS
from policy.objects import Pod, dig, items, mapping, pods
from policy.rule import Parameters, Rule, Violation
from policy.rules._turns import over
from policy.stack import matches


def _check(it: Pod, _parameters: Parameters) -> Iterator[Violation]:
    def look(constraint: Any) -> Iterator[Violation]:
        selector = dig(constraint, "labelSelector")
        if selector is None or not matches(it.labels, mapping(selector)):
            yield "labelSelector", "does not match the pods themselves"

    yield from over(items(it.spec, "topologySpreadConstraints"), look)


RULE = Rule(
    id="schedule-spread-selector",
    title="A spread counts the workload's own pods",
    area="availability",
    severity="advisory",
    kinds=CONTROLLERS,
    each=pods,
    check=_check,
    why="A selector that does not match them spreads nothing.",
    remedy="use labels of the pod template",
    source="https://kubernetes.io/docs/concepts/scheduling-eviction/topology-spread-constraints/",
)
