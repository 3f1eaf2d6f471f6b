"""Recommended values of node pools."""

from typing import Final

from settings.profiles import Recommended

ROWS: Final = (
    Recommended(
        key="nodePools.*.maxSurge",
        prod="33%",
        dev="33%",
        automatic_like="33%",
        azure="10%",
        reason="an upgrade ends in three rounds; 10% of a small pool is one node at a time",
        source="https://learn.microsoft.com/azure/aks/upgrade-aks-cluster#customize-node-surge-upgrade",
    ),
)
