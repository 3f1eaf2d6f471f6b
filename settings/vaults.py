"""Key Vaults that workloads read: one that exists already, or one that is made here."""

from typing import TYPE_CHECKING, Annotated, Final, Literal
from uuid import NAMESPACE_URL, uuid5

from settings.azure_values import VaultId, VaultName
from settings.constraint import Number
from settings.section import Section

if TYPE_CHECKING:
    from settings.stack import Settings

VAULT_MAX_CHARACTERS: Final = 24
"""https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules#microsoftkeyvault"""

SUFFIX_CHARACTERS: Final = 6
"""Of what sets a vault's name apart from everybody else's in Azure."""

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


def vault_name(settings: "Settings", key: str) -> str:
    """What the vault with `key` is called in Azure: as its id or `create.name` say, else the key.

    One that is made here and has no name gets a suffix, the same in every run and another for every other cluster.
    """
    vault = settings.key_vaults.get(key)
    if vault is None or (vault.id is None and vault.create is None):
        return key
    if vault.create is None:
        return str(vault.id).rpartition("/")[2]
    if vault.create.name:
        return vault.create.name
    cluster = settings.cluster
    parts = (
        settings.platform,
        settings.environment,
        settings.resource_group,
        cluster.name,
        cluster.dns_prefix,
        key,
    )
    digest = uuid5(NAMESPACE_URL, "/".join(map(str, parts)).lower()).hex[:SUFFIX_CHARACTERS]
    return f"{key[: VAULT_MAX_CHARACTERS - SUFFIX_CHARACTERS - 1].rstrip('-')}-{digest}"
