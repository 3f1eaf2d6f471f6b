"""The registry that the cluster pulls from."""

from collections.abc import Iterator

from settings.faults import Fault
from settings.sources import Sources
from settings.stack import Settings

AT = ("cluster", "registry")


def check(settings: Settings, sources: Sources) -> Iterator[Fault]:
    """One registry, there or made; a private address needs a subnet and the SKU that has one.

    https://learn.microsoft.com/azure/container-registry/container-registry-private-link
    """
    registry, network = settings.cluster.registry, settings.network
    if settings.target != "aks" or registry is None:
        return
    create = registry.create
    if registry.id is None and create is None:
        yield sources.fault((*AT, "id"), "is required", remedy="add it, or 'create: {}'")
    if registry.id and create:
        rule = "must not be there beside 'id': the registry exists already"
        yield sources.fault((*AT, "create"), rule, remedy="remove one of the two")
    elif create and create.private_endpoint and create.sku != "Premium":
        rule = "must be Premium for a private endpoint"
        remedy = "write 'sku: Premium', or 'privateEndpoint: false'"
        yield sources.fault((*AT, "create", "sku"), rule, create.sku, remedy)
    elif create and create.private_endpoint and network and not network.subnets.private_endpoints:
        yield sources.fault(
            (*AT, "create", "privateEndpoint"),
            "needs network.subnets.privateEndpoints",
            "true",
            "add 'privateEndpoints: auto' there, or write 'privateEndpoint: false'",
        )
