"""Recommended values of the managed cluster itself."""

from typing import Final

from settings.profiles import Recommended

ROWS: Final = (
    Recommended(
        key="cluster.tier",
        prod="Standard",
        dev="Free",
        automatic_like="Standard",
        azure="Free",
        reason="Standard carries an uptime agreement for the API server and scales past 1,000 nodes; Free does neither",
        source="https://learn.microsoft.com/azure/aks/free-standard-pricing-tiers",
    ),
)
