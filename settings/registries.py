"""The registry that the cluster pulls from: one that exists already, or one that is made here."""

from typing import Annotated, Final, Literal

from settings.azure_values import RegistryId
from settings.constraint import Text
from settings.section import Section

NAME_MAX_CHARACTERS: Final = 50

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
