"""Recommended values of what guards the cluster beside the network."""

from typing import Final

from settings.profiles import NOTHING, Recommended, Value

_CLEANER: Final = "https://learn.microsoft.com/azure/aks/image-cleaner"
_ROTATION: Final = "https://learn.microsoft.com/azure/aks/csi-secrets-store-configuration-options"
_STORAGE: Final = "https://learn.microsoft.com/azure/aks/csi-storage-drivers"
_SAFEGUARDS: Final = "https://learn.microsoft.com/azure/aks/deployment-safeguards"


def _same(key: str, value: Value, azure: str, reason: str, source: str) -> Recommended:
    """A row that every profile agrees on."""
    return Recommended(
        key=f"cluster.{key}",
        prod=value,
        dev=value,
        automatic_like=value,
        azure=azure,
        reason=reason,
        source=source,
    )


ROWS: Final = (
    _same(
        "keyVaultProvider.rotation",
        True,
        "false",
        "a secret that was changed in the vault because it leaked is of no use while pods keep the old one",
        _ROTATION,
    ),
    _same(
        "keyVaultProvider.rotationPollInterval",
        "2m",
        "2m",
        "Azure's own, written out: vaults count requests, and a new secret may wait two minutes",
        _ROTATION,
    ),
    _same(
        "azurePolicy",
        True,
        "false",
        "whatever the organisation assigns holds from the first day, and no assignment costs nothing",
        "https://learn.microsoft.com/azure/governance/policy/concepts/policy-for-kubernetes",
    ),
    _same(
        "defender",
        NOTHING,
        "off, unless a plan of the subscription switches it on",
        "paid by the vCPU; a decision for the whole subscription",
        "https://learn.microsoft.com/azure/defender-for-cloud/defender-for-containers-introduction",
    ),
    _same(
        "safeguards",
        NOTHING,
        "off; AKS Automatic has them",
        "only a preview API has them here, and Azure retires those about a year after their release; the checks of "
        "this program and Pod Security say more, and earlier",
        _SAFEGUARDS,
    ),
    _same(
        "imageCleaner.enabled",
        True,
        "false",
        "images that nothing runs any more keep their holes on the node",
        _CLEANER,
    ),
    _same(
        "imageCleaner.intervalHours",
        168,
        "168 in the Azure CLI; the API demands one",
        "once a week, as new node images come",
        _CLEANER,
    ),
    _same(
        "kms",
        NOTHING,
        "a key of Azure's encrypts etcd's disk",
        "a key that is lost takes every Secret along; turn it on where rules demand a key of one's own",
        "https://learn.microsoft.com/azure/aks/use-kms-etcd-encryption",
    ),
    _same(
        "storage.disk",
        True,
        "true",
        "claims of workloads are Azure disks",
        _STORAGE,
    ),
    _same(
        "storage.file",
        True,
        "true",
        "Azure's own, written out: naming one driver can switch another off",
        _STORAGE,
    ),
    _same(
        "storage.blob",
        False,
        "false",
        "a privileged pod on every node that nothing here mounts with",
        "https://learn.microsoft.com/azure/aks/azure-blob-csi",
    ),
    _same(
        "storage.snapshot",
        True,
        "true",
        "backups of disks are snapshots",
        _STORAGE,
    ),
    _same(
        "disableLocalAccounts",
        True,
        "false",
        "a local administrator is a certificate that no log names and no group takes away",
        "https://learn.microsoft.com/azure/aks/manage-local-accounts-managed-azure-ad",
    ),
    _same(
        "nodeResourceGroupRestriction",
        "ReadOnly",
        "Unrestricted",
        "what somebody changes there by hand, the next upgrade undoes or trips over",
        "https://learn.microsoft.com/azure/aks/node-resource-group-lockdown",
    ),
)
