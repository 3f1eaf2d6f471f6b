"""Pools of production span zones."""

from collections.abc import Iterator

from policy.objects import Object, listed
from policy.rule import Parameters, Rule, Violation
from policy.rules._azure import ENVIRONMENTS, is_production


def _check(it: Object, parameters: Parameters) -> Iterator[Violation]:
    zones = len(listed(it.manifest, "availabilityZones"))
    if is_production(it, parameters) and zones < 2:
        yield "availabilityZones", "is in one zone" if zones else "says no zones"


RULE = Rule(
    id="pool-zones",
    title="Pools of production span zones",
    area="aks",
    severity="advisory",
    kinds=("azure-native:containerservice:AgentPool",),
    parameters={"environments": ENVIRONMENTS},
    check=_check,
    why="One zone's failure takes all nodes.",
    remedy="set availabilityZones to three",
    source="https://learn.microsoft.com/azure/aks/availability-zones-overview",
)
