"""Claims for storage, and the classes that AKS has by itself."""

from typing import Any, Final

from policy.objects import Object, dig, listed
from policy.rule import Subjects
from policy.stack import Stack
from policy.unknown import Undecided, item_name, parts

DISK_CLASSES: Final = frozenset(
    {
        "default",
        "managed",
        "managed-csi",
        "managed-csi-premium",
        "managed-csi-premium-v2",
        "managed-premium",
    }
)
"""Of AKS, for Azure disks (https://learn.microsoft.com/azure/aks/concepts-storage#storage-classes)."""

BUILT_IN_CLASSES: Final = DISK_CLASSES | {
    "azureblob-fuse-premium",
    "azureblob-nfs-premium",
    "azurefile",
    "azurefile-csi",
    "azurefile-csi-premium",
    "azurefile-premium",
}
DISK_DRIVERS: Final = ("disk.csi.azure.com", "kubernetes.io/azure-disk")
WRITTEN_BY_MANY: Final = ("ReadWriteMany", "ReadOnlyMany")
_CLASS: Final = "volume.beta.kubernetes.io/storage-class"


def claims(it: Object) -> Subjects:
    """The spec of a claim, and those of the claims that a StatefulSet makes."""
    if it.kind == "PersistentVolumeClaim":
        try:
            yield "spec", dig(it.manifest, "spec")
        except Undecided as undecided:
            yield "spec", undecided
        return
    for at, item in parts(listed(it.manifest, "spec", "volumeClaimTemplates")):
        path = "spec.volumeClaimTemplates"
        if isinstance(item, Undecided):
            yield f"{path}[{at}]", item
        else:
            name = dig(item, "metadata", "name") or item_name("", at, item)
            yield f"{path}[{name}].spec", dig(item, "spec")


def class_of(claim: Any) -> str | None:
    """The class that a claim names; None where it leaves it to the cluster, empty for no class on purpose."""
    found = dig(claim, "storageClassName")
    return found if isinstance(found, str) else None


def is_disk(stack: Stack, name: str) -> bool:
    """Whether a class is one of disks, which are attached to one node."""
    own = stack.get("StorageClass", "", name)
    if own:
        return dig(own.manifest, "provisioner") in DISK_DRIVERS
    return name in DISK_CLASSES
