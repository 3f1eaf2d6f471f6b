"""Azure Backup of what runs in the cluster: Kubernetes objects, and disks as snapshots."""

from typing import Annotated, Literal

from settings.azure_values import ResourceGroupName
from settings.constraint import Number
from settings.maintenance import ClockTime
from settings.section import Section
from settings.values import DnsLabel

RetentionDays = Annotated[int, Number("must be days from 1 to 360, for example 7", 1, 360)]
RetentionWeeks = Annotated[int, Number("must be weeks from 1 to 51, for example 4", 1, 51)]
"""The operational tier keeps 360 days:
https://learn.microsoft.com/azure/backup/azure-kubernetes-service-cluster-backup-concept"""

SoftDeleteDays = Annotated[int, Number("must be days from 14 to 180, for example 14", 14, 180)]
"""https://learn.microsoft.com/azure/backup/backup-azure-enhanced-soft-delete-about"""


class Retention(Section):
    """How long a backup can be restored; it stays in this subscription (operational tier) all that time."""

    days: RetentionDays = 7
    """Days that every backup is kept."""

    weeks: RetentionWeeks | None = None
    """Weeks that the first backup of each week is kept; omitted: as long as the others."""


class Backup(Section):
    """Backups of the cluster: vault, policy, storage account, extension and every right between them.

    Objects go to a storage account, disks become snapshots in a resource group of their own; what a workload keeps in
    `emptyDir` or on file shares is not in it. docs/backup.md is the way back.
    """

    enabled: bool = False
    """Whether the cluster is backed up."""

    every_hours: Literal[4, 6, 8, 12, 24] = 24
    """Hours from one backup to the next."""

    start: ClockTime = "02:00"
    """When the first of the day begins, in UTC."""

    retention: Retention = Retention()
    """How long a backup can be restored."""

    namespaces: list[DnsLabel] = []
    """Namespaces that are backed up; empty: all but `excludedNamespaces`."""

    excluded_namespaces: list[DnsLabel] = []
    """Namespaces that are not."""

    cluster_resources: bool = True
    """Whether objects without a namespace are in it: custom resource definitions, cluster roles, storage classes."""

    volume_snapshots: bool = True
    """Whether disks are; without, a restored claim is empty."""

    redundancy: Literal["Local", "Zone", "Geo"] = "Local"
    """Where copies of the objects lie: in one place, in all zones, or in the paired region, too. Fixed at creation.
    Snapshots of disks stay in the region in any case."""

    soft_delete_days: SoftDeleteDays = 14
    """Days for which a deleted backup can be brought back."""

    immutability: Literal["Disabled", "Unlocked", "Locked"] = "Disabled"
    """Whether backups can be deleted before their time: `Unlocked` refuses it and can be taken back, `Locked` never."""

    snapshot_resource_group: ResourceGroupName | None = None
    """Group of the snapshots; omitted: `<resourceGroup>-snapshots`. A new one loses those of the old."""
