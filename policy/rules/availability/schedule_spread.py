"""Replicas are spread over nodes."""

from collections.abc import Iterator

from policy.kinds import CONTROLLERS
from policy.objects import Pod, listed, mapping, pods
from policy.rule import Parameters, StackRule, Violation
from policy.rules._index import fewest
from policy.stack import Stack


def _check(it: Pod, stack: Stack, _parameters: Parameters) -> Iterator[Violation]:
    if fewest(stack, it.object) < 2 or listed(it.spec, "topologySpreadConstraints"):
        return
    if not mapping(it.spec, "affinity", "podAntiAffinity"):
        yield "topologySpreadConstraints", "says nothing of where replicas go"


RULE = StackRule(
    id="schedule-spread",
    title="Replicas are spread over nodes",
    area="availability",
    severity="advisory",
    kinds=CONTROLLERS,
    each=pods,
    reach="namespace",
    check=_check,
    why="All of them may be on one node or in one zone, and go with it.",
    remedy="add topologySpreadConstraints for zones and nodes",
    source="https://kubernetes.io/docs/concepts/scheduling-eviction/topology-spread-constraints/",
)
