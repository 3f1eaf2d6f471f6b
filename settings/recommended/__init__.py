"""The recommended values, one subject a module; `ROWS` is all of them."""

from typing import Final

from settings.profiles import Recommended
from settings.recommended import (
    alerts,
    autoscaler,
    backup,
    cluster,
    lifecycle,
    locks,
    network,
    observability,
    own,
    pools,
    registries,
    security,
    vaults,
)

ROWS: Final[tuple[Recommended, ...]] = (
    *alerts.ROWS,
    *autoscaler.ROWS,
    *backup.ROWS,
    *cluster.ROWS,
    *lifecycle.ROWS,
    *locks.ROWS,
    *network.ROWS,
    *observability.ROWS,
    *own.ROWS,
    *pools.ROWS,
    *registries.ROWS,
    *security.ROWS,
    *vaults.ROWS,
)
