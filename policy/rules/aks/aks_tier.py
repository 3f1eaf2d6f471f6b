"""Production has an SLA."""

from collections.abc import Iterator

from policy.objects import Object, dig
from policy.rule import Parameters, Rule, Violation
from policy.rules._azure import ENVIRONMENTS, is_production


def _check(it: Object, parameters: Parameters) -> Iterator[Violation]:
    if is_production(it, parameters) and dig(it.manifest, "sku", "tier") in (None, "Free"):
        yield "sku.tier", "has no SLA"


RULE = Rule(
    id="aks-tier",
    title="Production has an SLA",
    area="aks",
    severity="mandatory",
    kinds=("azure-native:containerservice:ManagedCluster",),
    parameters={"environments": ENVIRONMENTS},
    check=_check,
    why="The free tier has none, and a small control plane.",
    remedy="set sku.tier to Standard",
    source="https://learn.microsoft.com/azure/aks/free-standard-pricing-tiers",
)
