"""Recommended values of backups."""

from typing import Final

from settings.profiles import Recommended, Value

_CONCEPT: Final = (
    "https://learn.microsoft.com/azure/backup/azure-kubernetes-service-cluster-backup-concept"
)
_SOFT: Final = "https://learn.microsoft.com/azure/backup/backup-azure-enhanced-soft-delete-about"
_REDUNDANCY: Final = "https://learn.microsoft.com/azure/backup/backup-vault-overview#storage-settings-in-the-backup-vault"


def _row(key: str, prod: Value, others: Value, azure: str, reason: str, source: str) -> Recommended:
    return Recommended(
        key=f"backup.{key}",
        prod=prod,
        dev=others,
        automatic_like=others,
        azure=azure,
        reason=reason,
        source=source,
    )


ROWS: Final = (
    _row(
        "enabled",
        False,
        False,
        "none",
        "paid by the namespace and the snapshot; what is in git needs none: turn it on where pods keep data on disks",
        _CONCEPT,
    ),
    _row(
        "everyHours",
        24,
        24,
        "4 in the portal's own policy",
        "once a night; more often is more snapshots of every disk",
        _CONCEPT,
    ),
    _row("start", "02:00", "02:00", "none", "the fewest write at night", _CONCEPT),
    _row(
        "retention.days",
        14,
        7,
        "7 in the portal's own policy",
        "a fault that somebody finds after two weeks of holidays can still be taken back",
        _CONCEPT,
    ),
    _row(
        "clusterResources",
        True,
        True,
        "true",
        "a namespace without its CRDs does not come back",
        _CONCEPT,
    ),
    _row("volumeSnapshots", True, True, "true", "the disks are what git does not have", _CONCEPT),
    _row(
        "redundancy",
        "Zone",
        "Local",
        "Geo in the portal; the API demands one",
        "a backup that fails with the zone of its cluster is none",
        _REDUNDANCY,
    ),
    _row(
        "softDeleteDays",
        14,
        14,
        "14",
        "Azure's own, written out; the first 14 days are free",
        _SOFT,
    ),
    _row(
        "immutability",
        "Unlocked",
        "Disabled",
        "Disabled",
        "whoever breaks in cannot delete the backups first; `Locked` can never be taken back",
        "https://learn.microsoft.com/azure/backup/backup-azure-immutable-vault-concept",
    ),
)
