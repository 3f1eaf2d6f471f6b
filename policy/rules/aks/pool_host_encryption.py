"""Disks of nodes are encrypted at the host."""

from collections.abc import Iterator

from policy.objects import Object, dig
from policy.rule import Parameters, Rule, Violation
from policy.rules._azure import ENVIRONMENTS, is_production


def _check(it: Object, parameters: Parameters) -> Iterator[Violation]:
    if is_production(it, parameters) and dig(it.manifest, "enableEncryptionAtHost") is not True:
        yield "enableEncryptionAtHost", "keeps caches and temporary disks unencrypted"


RULE = Rule(
    id="pool-host-encryption",
    title="Disks of nodes are encrypted at the host",
    area="aks",
    severity="advisory",
    kinds=("azure-native:containerservice:AgentPool",),
    parameters={"environments": ENVIRONMENTS},
    check=_check,
    why="Caches and temporary disks lie in clear in the data centre.",
    remedy="set enableEncryptionAtHost to true when the pool is made",
    source="https://learn.microsoft.com/azure/aks/enable-host-encryption",
)
