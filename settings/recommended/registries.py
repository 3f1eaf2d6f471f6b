"""Recommended values of a registry that is made here."""

from typing import Final

from settings.profiles import Recommended

_SKUS: Final = "https://learn.microsoft.com/azure/container-registry/container-registry-skus"

ROWS: Final = (
    Recommended(
        key="cluster.registry.create.sku",
        prod="Premium",
        dev="Basic",
        automatic_like="Basic",
        azure="none: the API demands one",
        reason="only Premium has a private address, zones and the speed that a whole pool asks for at once",
        source=_SKUS,
        optional=True,
    ),
    Recommended(
        key="cluster.registry.create.privateEndpoint",
        prod=True,
        dev=False,
        automatic_like=False,
        azure="a public address",
        reason="images of production come from the network of the cluster alone",
        source="https://learn.microsoft.com/azure/container-registry/container-registry-private-link",
        optional=True,
    ),
)
