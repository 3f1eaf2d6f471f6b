"""Key Vaults that workloads read: one that exists already, or one that is made here."""

from typing import Annotated, Literal

from settings.azure_values import VaultId, VaultName
from settings.constraint import Number
from settings.section import Section

SoftDeleteDays = Annotated[int, Number("must be days from 7 to 90, for example 90", 7, 90)]
"""https://learn.microsoft.com/azure/key-vault/general/soft-delete-overview"""


class VaultCreate(Section):
    """How a Key Vault is made: rights by Azure roles alone, no access policies."""

    name: VaultName | None = None
    """Its name, unique in Azure; omitted: the key with a suffix of this stack. A new one replaces the vault."""

    sku: Literal["standard", "premium"] = "standard"
    """`premium` keeps keys in hardware."""

    soft_delete_days: SoftDeleteDays = 90
    """Days for which what was deleted can be brought back. Fixed at creation."""

    purge_protection: bool = True
    """Whether nobody can end those days early. It cannot be taken back."""

    private_endpoint: bool = False
    """Whether the vault has a private address only, in `network.subnets.privateEndpoints`."""

    audit: bool = True
    """Whether every access is logged, where `observability` logs anything."""


class KeyVault(Section):
    """A Key Vault: `id` of one that exists already, or `create` for one that is made here."""

    id: VaultId | None = None
    """Azure resource id, for the role assignment; with target aks, this or `create`."""

    create: VaultCreate | None = None
    """How it is made here; `{}` for all that the profile recommends."""
