"""The API server is private or open to known addresses."""

from collections.abc import Iterator

from policy.objects import Object, dig, listed
from policy.rule import Parameters, Rule, Violation


def _check(it: Object, _parameters: Parameters) -> Iterator[Violation]:
    if dig(it.manifest, "apiServerAccessProfile", "enablePrivateCluster") is True:
        return
    if not listed(it.manifest, "apiServerAccessProfile", "authorizedIPRanges"):
        yield "apiServerAccessProfile.authorizedIPRanges", "is open to the whole Internet"


RULE = Rule(
    id="aks-api-server",
    title="The API server is private or open to known addresses",
    area="aks",
    severity="mandatory",
    kinds=("azure-native:containerservice:ManagedCluster",),
    check=_check,
    why="The whole Internet may try credentials and holes at it.",
    remedy="set apiServerAccessProfile.enablePrivateCluster or authorizedIPRanges",
    source="https://learn.microsoft.com/azure/aks/api-server-authorized-ip-ranges",
)
