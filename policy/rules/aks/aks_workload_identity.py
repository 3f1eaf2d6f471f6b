"""Pods get identities without secrets."""

from collections.abc import Iterator
from functools import partial

from policy.objects import Object, dig
from policy.rule import Parameters, Rule, Violation
from policy.rules._turns import in_turn


def _check(it: Object, _parameters: Parameters) -> Iterator[Violation]:
    def look(*steps: str) -> Iterator[Violation]:
        if dig(it.manifest, *steps, "enabled") is not True:
            yield ".".join((*steps, "enabled")), "is off: pods have no identity without a password"

    yield from in_turn(
        partial(look, "oidcIssuerProfile"), partial(look, "securityProfile", "workloadIdentity")
    )


RULE = Rule(
    id="aks-workload-identity",
    title="Pods get identities without secrets",
    area="aks",
    severity="advisory",
    kinds=("azure-native:containerservice:ManagedCluster",),
    check=_check,
    why="Otherwise programs need passwords of service principals.",
    remedy="enable oidcIssuerProfile and securityProfile.workloadIdentity",
    source="https://learn.microsoft.com/azure/aks/workload-identity-overview",
)
