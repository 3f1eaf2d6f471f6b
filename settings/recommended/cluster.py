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
    Recommended(
        key="cluster.upgradeChannel",
        prod="patch",
        dev="patch",
        automatic_like="stable",
        azure="none: nothing is installed, and the version runs out of support",
        reason="patches come by themselves, and a new minor when somebody asks for it",
        source="https://learn.microsoft.com/azure/aks/auto-upgrade-cluster",
    ),
    Recommended(
        key="cluster.nodeOsUpgradeChannel",
        prod="NodeImage",
        dev="NodeImage",
        automatic_like="NodeImage",
        azure="NodeImage with API versions since 2023-06-01",
        reason="a weekly image that was tested as a whole, in the window of the cluster",
        source="https://learn.microsoft.com/azure/aks/auto-upgrade-node-os-image",
    ),
)
