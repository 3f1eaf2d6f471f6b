"""The registry that the cluster pulls from: one that exists already, or one that is made here."""

from typing import TYPE_CHECKING, Annotated, Final, Literal
from uuid import NAMESPACE_URL, uuid5

from settings.azure_values import RegistryId
from settings.constraint import Text
from settings.section import Section

if TYPE_CHECKING:
    from settings.stack import Settings

NAME_MAX_CHARACTERS: Final = 50
SUFFIX_CHARACTERS: Final = 6

RegistryName = Annotated[
    str,
    Text(
        r"^[A-Za-z0-9]+$",
        "must be a registry name of 5 to 50 letters and digits, for example 'courseregistry'",
        NAME_MAX_CHARACTERS,
        5,
    ),
]
"""https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules"""


class RegistryCreate(Section):
    """How a registry is made: nobody has a password, nobody pulls without a role."""

    name: RegistryName | None = None
    """Its name, unique in Azure; omitted: platform and environment with a suffix. A new one replaces the registry."""

    sku: Literal["Basic", "Standard", "Premium"] = "Basic"
    """Room and speed; `Premium` alone has private endpoints."""

    private_endpoint: bool = False
    """Whether it has a private address only, in `network.subnets.privateEndpoints`."""


class Registry(Section):
    """The Azure Container Registry whose images the cluster pulls: `id` of one that exists, or `create`."""

    id: RegistryId | None = None
    """Azure resource id; the kubelet identity gets AcrPull on it before the first pull."""

    create: RegistryCreate | None = None
    """How it is made here; `{}` for all that the profile recommends."""


def registry_name(settings: "Settings") -> str:
    """What the registry that is made here is called in Azure; the same in every run."""
    registry = settings.cluster.registry
    if registry and registry.create and registry.create.name:
        return registry.create.name
    cluster = settings.cluster
    estate = f"{settings.platform}{settings.environment}"
    parts = (estate, settings.resource_group, cluster.name, cluster.dns_prefix)
    digest = uuid5(NAMESPACE_URL, "/".join(map(str, parts)).lower()).hex[:SUFFIX_CHARACTERS]
    words = "".join(it for it in f"acr{estate}" if it.isalnum())
    return words[: NAME_MAX_CHARACTERS - SUFFIX_CHARACTERS] + digest
