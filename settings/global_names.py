"""Names that must be alone in all of Azure: what is made here gets a suffix, the same in every run."""

from typing import Final
from uuid import NAMESPACE_URL, uuid5

from settings.registries import NAME_MAX_CHARACTERS
from settings.stack import Settings

VAULT_MAX_CHARACTERS: Final = 24
"""https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules#microsoftkeyvault"""

SUFFIX_CHARACTERS: Final = 6
"""Of what sets a name apart from everybody else's in Azure."""


def registry_name(settings: Settings) -> str:
    """What the registry that is made here is called in Azure; the same in every run."""
    registry = settings.cluster.registry
    if registry and registry.create and registry.create.name:
        return registry.create.name
    estate = f"{settings.platform}{settings.environment}"
    digest = _suffix(estate, *_cluster(settings))
    words = "".join(it for it in f"acr{estate}" if it.isalnum())
    return words[: NAME_MAX_CHARACTERS - SUFFIX_CHARACTERS] + digest


def vault_name(settings: Settings, key: str) -> str:
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
    digest = _suffix(settings.platform, settings.environment, *_cluster(settings), key)
    return f"{key[: VAULT_MAX_CHARACTERS - SUFFIX_CHARACTERS - 1].rstrip('-')}-{digest}"


def _cluster(settings: Settings) -> tuple[str | None, ...]:
    return settings.resource_group, settings.cluster.name, settings.cluster.dns_prefix


def _suffix(*parts: str | None) -> str:
    return uuid5(NAMESPACE_URL, "/".join(map(str, parts)).lower()).hex[:SUFFIX_CHARACTERS]
