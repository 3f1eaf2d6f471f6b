"""The recommended values, one subject a module; `ROWS` is all of them."""

from typing import Final

from settings.profiles import Recommended
from settings.recommended import autoscaler, cluster, lifecycle, locks, network, pools

ROWS: Final[tuple[Recommended, ...]] = (
    *autoscaler.ROWS,
    *cluster.ROWS,
    *locks.ROWS,
    *lifecycle.ROWS,
    *network.ROWS,
    *pools.ROWS,
)
