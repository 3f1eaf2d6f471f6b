"""Recreate is not used for several replicas."""

from collections.abc import Iterator

from policy.objects import Object, dig
from policy.rule import Parameters, StackRule, Violation
from policy.rules._index import fewest
from policy.stack import Stack


def _check(it: Object, stack: Stack, _parameters: Parameters) -> Iterator[Violation]:
    if dig(it.manifest, "spec", "strategy", "type") == "Recreate" and fewest(stack, it) > 1:
        yield "spec.strategy.type", "ends all replicas before it starts new ones"


RULE = StackRule(
    id="rollout-recreate",
    title="Recreate is not used for several replicas",
    area="availability",
    severity="advisory",
    kinds=("Deployment",),
    reach="namespace",
    check=_check,
    why="All pods end before the first new one starts.",
    remedy="use RollingUpdate",
    source="https://kubernetes.io/docs/concepts/workloads/controllers/deployment/",
)
