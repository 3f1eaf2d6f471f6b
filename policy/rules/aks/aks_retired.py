"""The cluster uses nothing that is retired."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from policy.objects import Object, dig, items
from policy.rule import Parameter, Parameters, Rule, Subjects, Violation
from policy.rules._index import CLUSTER

_PLUGIN: Final = "networkProfile.networkPlugin"


def _parts(it: Object) -> Subjects:
    if it.kind != CLUSTER:
        yield "", it.manifest
        return
    yield "", {key: it.manifest.get(key) for key in ("networkProfile",) if key in it.manifest}
    yield from items(it.manifest, "agentPoolProfiles")


def _check(it: Mapping[str, Any], parameters: Parameters) -> Iterator[Violation]:
    if dig(it, "osSKU") in parameters["osSkus"]:
        yield "osSKU", "is retired, or soon will be"
    if dig(it, "type") == "AvailabilitySet":
        yield "type", "is retired: machines of an availability set"
    if dig(it, "networkProfile", "networkPlugin") == "kubenet":
        yield _PLUGIN, "is retired in 2028: kubenet"
    if dig(it, "networkProfile", "networkPolicy") == "azure":
        yield "networkProfile.networkPolicy", "is retired in 2028: Azure NPM"
    if dig(it, "networkProfile", "loadBalancerSku") == "basic":
        yield "networkProfile.loadBalancerSku", "is retired: basic load balancers"


RULE = Rule(
    id="aks-retired",
    title="The cluster uses nothing that is retired",
    area="aks",
    severity="mandatory",
    kinds=(
        "azure-native:containerservice:ManagedCluster",
        "azure-native:containerservice:AgentPool",
    ),
    each=_parts,
    parameters={
        "osSkus": Parameter(
            default=["CBLMariner", "Mariner", "Ubuntu2204", "Windows2019"],
            docs="OS SKUs that are retired, or will be within a year",
        )
    },
    check=_check,
    why="It gets no patches, and one day no node starts.",
    remedy="use what Microsoft names in its place",
    source="https://learn.microsoft.com/azure/aks/supported-kubernetes-versions",
)
