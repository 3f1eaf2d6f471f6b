"""Recommended values of what holds the cluster from being deleted."""

from typing import Final

from settings.profiles import Recommended

ROWS: Final = (
    Recommended(
        key="cluster.lock",
        prod=False,
        dev=False,
        automatic_like=False,
        azure="no lock",
        reason="whoever sets a lock needs Owner or User Access Administrator, and while it is there no node pool "
        "can go, blue/green ones included; `protect` holds Pulumi without either. Turn it on where people may "
        "delete in the portal",
        source="https://learn.microsoft.com/azure/azure-resource-manager/management/lock-resources",
    ),
)
