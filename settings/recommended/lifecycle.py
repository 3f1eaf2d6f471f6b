"""Recommended values of when Azure may change the cluster."""

from typing import Final

from settings.profiles import NOTHING, Recommended

_SOURCE: Final = "https://learn.microsoft.com/azure/aks/planned-maintenance"
_NONE: Final = "no window: whenever the release reaches the region"

ROWS: Final = (
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
    Recommended(
        key="cluster.maintenance.default",
        prod={"weekly": "Sunday", "start": "01:00"},
        dev=NOTHING,
        automatic_like={"weekly": "Sunday", "start": "01:00"},
        azure=_NONE,
        reason="AKS' own releases restart system components; at night on Sunday the fewest notice",
        source=_SOURCE,
    ),
    Recommended(
        key="cluster.maintenance.autoUpgrade",
        prod={"weekly": "Sunday", "start": "01:00"},
        dev=NOTHING,
        automatic_like={"weekly": "Sunday", "start": "01:00"},
        azure=_NONE,
        reason="an upgrade drains every node, so it needs a time in which that is expected",
        source=_SOURCE,
    ),
    Recommended(
        key="cluster.maintenance.nodeOsUpgrade",
        prod={"weekly": "Saturday", "start": "01:00"},
        dev=NOTHING,
        automatic_like={"weekly": "Saturday", "start": "01:00"},
        azure=_NONE,
        reason="new images replace every node each week; a day apart from the upgrade of Kubernetes, so that one "
        "cause at a time is in question on Monday",
        source=_SOURCE,
    ),
)
