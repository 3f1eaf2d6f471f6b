"""What no single model can see: references between files, addresses, capacity. One subject a module."""

from collections.abc import Callable, Iterator

from settings.checks import (
    access,
    addresses,
    api_server,
    autoscaling,
    availability,
    azure_identity,
    backup,
    charts,
    cluster,
    cluster_security,
    config,
    containers,
    exposure,
    health,
    identity,
    jobs,
    lifecycle,
    locks,
    mounts,
    names,
    network,
    observability,
    outbound,
    patches,
    pipelines,
    placement,
    pools,
    promotion,
    quota,
    registries,
    releases,
    scaling,
    services,
    uses,
)
from settings.faults import Fault
from settings.sources import Sources
from settings.stack import Settings

Check = Callable[[Settings, Sources], Iterator[Fault]]

CHECKS: tuple[Check, ...] = (
    access.check,
    addresses.check,
    api_server.check,
    autoscaling.check,
    availability.check,
    azure_identity.check,
    backup.check,
    charts.check,
    cluster.check,
    cluster_security.check,
    config.check,
    containers.check,
    exposure.check,
    health.check,
    identity.check,
    jobs.check,
    lifecycle.check,
    mounts.check,
    names.check,
    locks.check,
    network.check,
    observability.check,
    outbound.check,
    patches.check,
    pipelines.check,
    placement.check,
    pools.check,
    promotion.check,
    quota.check,
    registries.check,
    releases.check,
    scaling.check,
    services.check,
    uses.check,
)


def every_check(settings: Settings, sources: Sources) -> list[Fault]:
    """Every fault of every check, in the order of `CHECKS`."""
    return [fault for check in CHECKS for fault in check(settings, sources)]
