"""What no single model can see: references between files, addresses, capacity. One subject a module."""

from collections.abc import Callable, Iterator

from settings.checks import (
    cluster,
    config,
    exposure,
    identity,
    jobs,
    names,
    network,
    placement,
    quota,
    scaling,
    uses,
)
from settings.faults import Fault
from settings.sources import Sources
from settings.stack import Settings

Check = Callable[[Settings, Sources], Iterator[Fault]]

CHECKS: tuple[Check, ...] = (
    cluster.check,
    config.check,
    exposure.check,
    identity.check,
    jobs.check,
    names.check,
    network.check,
    placement.check,
    quota.check,
    scaling.check,
    uses.check,
)


def every_check(settings: Settings, sources: Sources) -> list[Fault]:
    """Every fault of every check, in the order of `CHECKS`."""
    return [fault for check in CHECKS for fault in check(settings, sources)]
