"""Commands do not go around the network."""

from collections.abc import Iterator

from policy.objects import Object, dig
from policy.rule import Parameters, Rule, Violation


def _check(it: Object, _parameters: Parameters) -> Iterator[Violation]:
    if dig(it.manifest, "apiServerAccessProfile", "disableRunCommand") is not True:
        yield "apiServerAccessProfile.disableRunCommand", "lets az aks command invoke in"


RULE = Rule(
    id="aks-run-command",
    title="Commands do not go around the network",
    area="aks",
    severity="advisory",
    kinds=("azure-native:containerservice:ManagedCluster",),
    check=_check,
    why="The command az aks command invoke runs as cluster admin from anywhere.",
    remedy="set apiServerAccessProfile.disableRunCommand to true",
    source="https://learn.microsoft.com/azure/aks/access-private-cluster",
)
