"""Authorized ranges are no half of the Internet."""

from collections.abc import Iterator

from policy.objects import Object, items
from policy.rule import Parameter, Parameters, Rule, Violation


def _check(it: Object, parameters: Parameters) -> Iterator[Violation]:
    for path, block in items(it.manifest, "apiServerAccessProfile", "authorizedIPRanges"):
        bits = str(block).partition("/")[2]
        if bits.isdigit() and int(bits) < parameters["bits"]:
            yield path, "is a good part of the Internet"


RULE = Rule(
    id="aks-api-server-ranges",
    title="Authorized ranges are no half of the Internet",
    area="aks",
    severity="mandatory",
    kinds=("azure-native:containerservice:ManagedCluster",),
    parameters={
        "bits": Parameter(default=8, docs="a network of fewer bits is a good part of the Internet")
    },
    check=_check,
    why="A range as wide as 0.0.0.0/0 is the whole Internet, which may try credentials and holes.",
    remedy="name the networks of those who administer the cluster",
    source="https://learn.microsoft.com/azure/aks/api-server-authorized-ip-ranges",
)
