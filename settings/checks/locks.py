"""What a lock on the cluster would keep from happening."""

from collections.abc import Iterator

from settings.faults import Fault
from settings.sources import Sources
from settings.stack import Settings


def check(settings: Settings, sources: Sources) -> Iterator[Fault]:
    """A lock keeps every part of the cluster, and a pool that is replaced blue/green must go in the end.

    https://learn.microsoft.com/azure/azure-resource-manager/management/lock-resources : a lock is inherited by what is
    below its scope, and a node pool is below the cluster.
    """
    if not settings.cluster.lock:
        return
    for name, pool in settings.node_pools.items():
        if pool.blue_green:
            yield sources.fault(
                ("cluster", "lock"),
                f"keeps every node pool, and nodePools.{name}.blueGreen deletes the old pool when it has a new one",
                "true",
                f"leave out 'lock', or 'blueGreen' of {name}",
            )
