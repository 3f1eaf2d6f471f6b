"""Physical names of what keeps data: backups, vaults, registries. Some are unique in all of Azure.

As in `names`, nothing here may change for a stack that exists. Limits:
https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules
"""

from typing import Final
from uuid import NAMESPACE_URL, uuid5

from components.azure.stack import AksStack
from manifests.names import shortened

SUFFIX_CHARACTERS: Final = 8
"""Of what sets a stack's name apart from everybody else's: one in four thousand millions."""

STORAGE_ACCOUNT_MAX_CHARACTERS: Final = 24
"""Of 3 to 24 lower-case letters and digits, unique in Azure."""

BACKUP_VAULT_MAX_CHARACTERS: Final = 50
"""Of 2 to 50 letters, digits and hyphens, a letter first."""

GROUP_MAX_CHARACTERS: Final = 90
"""Of a resource group."""

ENDPOINT_MAX_CHARACTERS: Final = 64
"""Of a private endpoint."""

BACKUP_CONTAINER: Final = "backup"
"""Of 3 to 63 lower-case letters, digits and hyphens; alone in its account."""

BACKUP_POLICY: Final = "aks"
"""Alone in its vault."""

BACKUP_BINDING: Final = "backup"
"""Of the trusted access of the vault: 1 to 24 letters, digits and hyphens."""

BACKUP_EXTENSION: Final = "azure-aks-backup"
"""As the Azure CLI names it; its identity is called `ext-azure-aks-backup-<cluster>`."""


def suffix(stack: AksStack) -> str:
    """Eight hexadecimal digits, the same in every run and others for every other cluster."""
    cluster = f"{stack.location}/{stack.resource_group}/{stack.cluster_name}/{stack.dns_prefix}"
    return uuid5(NAMESPACE_URL, f"{cluster}/{_estate(stack)}".lower()).hex[:SUFFIX_CHARACTERS]


def backup_storage(stack: AksStack) -> str:
    """Name of the storage account of backups."""
    words = "".join(it for it in f"st{_estate(stack)}bk" if it.isalnum()).lower()
    return words[: STORAGE_ACCOUNT_MAX_CHARACTERS - SUFFIX_CHARACTERS] + suffix(stack)


def backup_vault(stack: AksStack) -> str:
    """Name of the vault of backups."""
    return shortened(f"bvault-{_estate(stack)}", BACKUP_VAULT_MAX_CHARACTERS)


def snapshot_group(stack: AksStack) -> str:
    """Name of the resource group of snapshots."""
    own = stack.settings.backup.snapshot_resource_group
    return own or shortened(f"{stack.resource_group}-snapshots", GROUP_MAX_CHARACTERS)


def private_endpoint(of: str) -> str:
    """Name of the private endpoint of something called `of`."""
    return shortened(f"pe-{of}", ENDPOINT_MAX_CHARACTERS)


def _estate(stack: AksStack) -> str:
    return f"{stack.settings.platform}-{stack.settings.environment}"
