"""Backups: what Azure would refuse late, or would not bring back. One rule a function."""

from collections.abc import Iterator
from typing import Final

from settings.cluster_rules import ClusterRule, cluster_rule, impossible
from settings.faults import Fault, did_you_mean
from settings.sources import Sources
from settings.stack import Settings

BACKUP: Final = "https://learn.microsoft.com/azure/backup/"
SUPPORT: Final = f"{BACKUP}azure-kubernetes-service-cluster-backup-support-matrix"

MOST_SNAPSHOTS: Final = 450
"""Of one disk: https://learn.microsoft.com/azure/backup/disk-backup-support-matrix"""

DAYS_A_WEEK: Final = 7


def check(settings: Settings, sources: Sources) -> Iterator[Fault]:
    """Every rule below, where backups are on."""
    if not settings.backup.enabled:
        return
    if settings.target != "aks":
        rule = "has no effect with target kubeconfig"
        yield sources.fault(("backup", "enabled"), rule, "true", "remove it")
        return
    for rule_ in RULES:
        yield from rule_(settings, sources)


@cluster_rule(
    "backup-drivers", "Disks are backed up with the drivers of disks and of snapshots.", SUPPORT
)
def _drivers(settings: Settings, sources: Sources) -> Iterator[Fault]:
    drivers = settings.cluster.storage
    for key, on in (("disk", drivers.disk), ("snapshot", drivers.snapshot)):
        if settings.backup.volume_snapshots and not on:
            yield sources.fault(
                ("cluster", "storage", key),
                "must be on for backup.volumeSnapshots",
                "false",
                f"write '{key}: true', or 'backup.volumeSnapshots: false'",
            )


@cluster_rule(
    "backup-namespaces",
    "What a backup names are namespaces of the stack, either those in it or those that are not.",
    f"{BACKUP}azure-kubernetes-service-cluster-backup",
)
def _namespaces(settings: Settings, sources: Sources) -> Iterator[Fault]:
    backup = settings.backup
    if backup.namespaces and backup.excluded_namespaces:
        yield sources.fault(
            ("backup", "excludedNamespaces"),
            "must not be there beside 'namespaces', which says what is in it",
            ", ".join(backup.excluded_namespaces),
            "remove one of the two",
        )
    known = {*settings.namespaces, settings.ingress.namespace, *OF_KUBERNETES}
    for key, given in (
        ("namespaces", backup.namespaces),
        ("excludedNamespaces", backup.excluded_namespaces),
    ):
        for index, name in enumerate(given):
            if name not in known:
                yield sources.fault(
                    ("backup", key, index),
                    "must be a namespace of the stack",
                    name,
                    did_you_mean(name, known) or "remove it",
                )


@cluster_rule(
    "backup-retention",
    "What is kept by the week is kept longer than the rest.",
    f"{BACKUP}azure-kubernetes-service-cluster-backup-concept",
)
def _retention(settings: Settings, sources: Sources) -> Iterator[Fault]:
    kept = settings.backup.retention
    if kept.weeks is not None and kept.weeks * DAYS_A_WEEK <= kept.days:
        yield sources.fault(
            ("backup", "retention", "weeks"),
            f"must be more than days ({kept.days}): {kept.weeks} weeks are {kept.weeks * DAYS_A_WEEK} days",
            str(kept.weeks),
            "raise it, or remove it",
        )


@cluster_rule(
    "backup-snapshots",
    f"No disk has more than {MOST_SNAPSHOTS} snapshots.",
    f"{BACKUP}disk-backup-support-matrix",
)
def _snapshots(settings: Settings, sources: Sources) -> Iterator[Fault]:
    backup, kept = settings.backup, settings.backup.retention
    a_day = 24 // backup.every_hours
    most = a_day * kept.days + (kept.weeks or 0)
    if backup.volume_snapshots and most > MOST_SNAPSHOTS:
        yield sources.fault(
            ("backup", "everyHours"),
            f"must leave each disk at most {MOST_SNAPSHOTS} snapshots: {a_day} a day for {kept.days} days and "
            f"{kept.weeks or 0} weekly are {most}",
            str(backup.every_hours),
            "back up less often, or keep it for fewer days",
        )


OF_KUBERNETES: Final = frozenset({"default", "kube-node-lease", "kube-public", "kube-system"})
"""Namespaces of every cluster."""

RULES: Final[tuple[ClusterRule, ...]] = (
    impossible(
        "backup-operational-tier",
        "The operational tier keeps at most 360 days.",
        "https://learn.microsoft.com/azure/backup/azure-kubernetes-service-cluster-backup-concept",
        "the value types of days and weeks take 1 to 360 and 1 to 51",
    ),
    _drivers,
    _namespaces,
    _retention,
    _snapshots,
)
"""All of them, in the order of the page on backups."""
