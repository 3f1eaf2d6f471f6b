"""Unused images are cleaned."""

from collections.abc import Iterator

from policy.objects import Object, mapping
from policy.rule import Parameters, Rule, Violation


def _check(it: Object, _parameters: Parameters) -> Iterator[Violation]:
    cleaner = mapping(it.manifest, "securityProfile", "imageCleaner")
    if cleaner.get("enabled") is not True or not cleaner.get("intervalHours"):
        yield "securityProfile.imageCleaner", "leaves images on nodes for good"


RULE = Rule(
    id="aks-image-cleaner",
    title="Unused images are cleaned",
    area="aks",
    severity="advisory",
    kinds=("azure-native:containerservice:ManagedCluster",),
    check=_check,
    why="Images with known holes stay on nodes and fill disks.",
    remedy="enable securityProfile.imageCleaner with intervalHours",
    source="https://learn.microsoft.com/azure/aks/image-cleaner",
)
