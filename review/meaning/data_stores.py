"""Stores in Azure and what keeps their data: what goes with one, how long it can be brought back."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from review.guard.table import plain_type
from review.guard.values import places
from review.marks import is_mark, known
from review.meaning.controllers import is_ignored, shortened_list
from review.meaning.data_backups import coverage, days_changed, policy, said, unknown
from review.meaning.data_side import POLICY, Side, Thing
from review.meaning.data_telling import fact, finding
from review.meaning.replacing import made_anew
from review.report import AreaFinding, Fact

LEARN: Final = "https://learn.microsoft.com/azure/"
PROTECT: Final = "https://www.pulumi.com/docs/iac/concepts/resources/options/"

_SURVIVES: Final[Mapping[str, tuple[str, str]]] = {
    "azure-native:compute:Disk": (
        "nothing of it survives but snapshots made before",
        f"{LEARN}virtual-machines/disks-incremental-snapshots",
    ),
    "azure-native:compute:Snapshot": (
        "what it held cannot be restored from it any more",
        f"{LEARN}virtual-machines/disks-incremental-snapshots",
    ),
    "azure-native:containerregistry:Registry": (
        "no image of it survives",
        f"{LEARN}container-registry/container-registry-delete",
    ),
    "azure-native:dataprotection:BackupVault": (
        "its recovery points go once their soft delete ends",
        f"{LEARN}backup/backup-azure-enhanced-soft-delete-about",
    ),
    "azure-native:keyvault:Key": (
        "what it encrypted can be read once it is recovered, within the days of the vault's soft delete",
        f"{LEARN}key-vault/general/soft-delete-overview",
    ),
    "azure-native:keyvault:Vault": (
        "it can be recovered within the days of its soft delete (90 where it does not say)",
        f"{LEARN}key-vault/general/soft-delete-overview",
    ),
    "azure-native:monitor:AzureMonitorWorkspace": (
        "its metrics do not survive",
        f"{LEARN}azure-monitor/metrics/azure-monitor-workspace-manage",
    ),
    "azure-native:operationalinsights:Table": (
        "its rows do not survive",
        f"{LEARN}azure-monitor/logs/manage-logs-tables",
    ),
    "azure-native:operationalinsights:Workspace": (
        "its logs can be recovered within 14 days",
        f"{LEARN}azure-monitor/logs/delete-workspace",
    ),
    "azure-native:storage:BlobContainer": (
        "its blobs survive only as long as the account's soft delete of containers keeps them",
        f"{LEARN}storage/blobs/soft-delete-container-overview",
    ),
    "azure-native:storage:FileShare": (
        "its files survive only as long as the account's soft delete of shares keeps them",
        f"{LEARN}storage/files/storage-files-prevent-file-share-deletion",
    ),
    "azure-native:storage:StorageAccount": (
        "Azure can mostly recover it within 14 days, if no account of its name was made meanwhile",
        f"{LEARN}storage/common/storage-account-recover",
    ),
}
"""By type: what survives its deletion, and the page that says it."""

_DAYS: Final[Mapping[str, tuple[str, ...]]] = {
    "azure-native:dataprotection:BackupVault": (
        "properties.securitySettings.softDeleteSettings.retentionDurationInDays",
    ),
    "azure-native:containerregistry:Registry": (
        "policies.softDeletePolicy.retentionDays",
        "policies.retentionPolicy.days",
    ),
    "azure-native:operationalinsights:Table": ("retentionInDays", "totalRetentionInDays"),
    "azure-native:operationalinsights:Workspace": ("retentionInDays",),
    "azure-native:storage:BlobServiceProperties": (
        "deleteRetentionPolicy.days",
        "containerDeleteRetentionPolicy.days",
        "restorePolicy.days",
    ),
    "azure-native:storage:FileServiceProperties": ("shareDeleteRetentionPolicy.days",),
}
"""Days for which something is kept."""

_WORDS: Final[Mapping[str, Mapping[str, tuple[Any, ...]]]] = {
    "azure-native:dataprotection:BackupVault": {
        "properties.securitySettings.softDeleteSettings.state": ("AlwaysOn", "On", "Off"),
        "properties.securitySettings.immutabilitySettings.state": (
            "Locked",
            "Unlocked",
            "Disabled",
        ),
    },
    "azure-native:containerregistry:Registry": {
        "policies.softDeletePolicy.status": ("enabled", "disabled"),
    },
    "azure-native:keyvault:Vault": {
        "properties.enablePurgeProtection": (True, False),
        "properties.enableSoftDelete": (True, False),
    },
    "azure-native:storage:BlobServiceProperties": {
        "deleteRetentionPolicy.enabled": (True, False),
        "containerDeleteRetentionPolicy.enabled": (True, False),
        "isVersioningEnabled": (True, False),
    },
    "azure-native:storage:FileServiceProperties": {
        "shareDeleteRetentionPolicy.enabled": (True, False),
    },
    "azure-native:storage:StorageAccount": {
        "sku.name": (
            "Standard_RAGZRS",
            "Standard_GZRS",
            "Standard_RAGRS",
            "Standard_GRS",
            "Standard_ZRS",
            "Standard_LRS",
        ),
    },
}
"""What keeps data, from the safest value to the least safe; what is not said is the least safe one."""


def stores(before: Side, after: Side) -> Iterator[Fact | AreaFinding]:
    """What goes with a store, what is kept for less long, and what no backup covers any more."""
    for key, old in before.stores.items():
        new = after.stores.get(key)
        if new is None:
            yield from _lost(old, "goes")
        elif old.inputs != new.inputs:
            path = made_anew(new.token, old.inputs, new.inputs, new.ignored)
            if path:
                yield from _lost(old, f"is deleted and made anew for {path}")
            else:
                yield from _kept_otherwise(old, new)
    yield from coverage(before, after)
    yield from _unprotected(before, after)


def _lost(old: Thing, how: str) -> Iterator[Fact]:
    """The guard has the finding; here is what survives."""
    type_ = plain_type(old.token)
    if type_ not in _SURVIVES:
        return
    survives, source = _SURVIVES[type_]
    if type_.endswith(":Vault") and "keyvault" in type_:
        days = known(old.inputs.get("properties")).get("softDeleteRetentionInDays")
        if isinstance(days, int):
            survives = f"it can be recovered for {days} days"
    if old.stays:
        words = f"{old.title} leaves the program and stays, with its data (`retainOnDelete`)"
    else:
        words = f"{old.title} {how}: {survives}"
    yield fact(old.title, words, "lost", 0, old.urn, source)


def _kept_otherwise(old: Thing, new: Thing) -> Iterator[Fact | AreaFinding]:
    type_ = plain_type(new.token)
    for path in _DAYS.get(type_, ()):
        for at, was, becomes in places(old.inputs, new.inputs, path):
            if was != becomes and not is_ignored(at, new.ignored):
                yield days_changed(new, at, was, becomes, "advisory")
    for path, order in _WORDS.get(type_, {}).items():
        for at, was, becomes in places(old.inputs, new.inputs, path):
            if was != becomes and not is_ignored(at, new.ignored):
                yield _word(new, at, was, becomes, order)
    if type_ == POLICY:
        yield from policy(old, new)


def _word(
    new: Thing, path: str, was: Any, becomes: Any, order: tuple[Any, ...]
) -> Fact | AreaFinding:
    if is_mark(was) or is_mark(becomes):
        return unknown(new, path)
    least = len(order) - 1
    ranks = [order.index(it) if it in order else least for it in (was, becomes)]
    words = f"{path} {said(was)} -> {said(becomes)}"
    if ranks[1] > ranks[0]:
        return finding(
            "data-protection",
            new.title,
            f"its data is kept less safely: {words}",
            severity="advisory",
            path=path,
            why="this is what brings data back after a mistake or the loss of a zone",
            remedy="keep the safer value, or say where else a copy is",
            source=_SURVIVES.get(
                plain_type(new.token), ("", f"{LEARN}storage/blobs/soft-delete-blob-overview")
            )[1],
            urn=new.urn,
        )
    return fact(new.title, f"{new.title}: {words}", "changed", 60, new.urn, path=path)


def _unprotected(before: Side, after: Side) -> Iterator[Fact]:
    """What held data behind `protect` or `retainOnDelete` and no longer does: the guard has the finding."""
    for index, option in ((2, "protect"), (3, "retainOnDelete")):
        lost = [
            (row[1], row[0])
            for key, row in after.protected.items()
            if not row[index] and (old := before.protected.get(key)) is not None and old[index]
        ]
        if lost:
            effect = (
                "the next change may delete it"
                if option == "protect"
                else "it goes when the program no longer names it"
            )
            words = f"{option} no longer keeps the data of {shortened_list(title for title, _ in lost)}: {effect}"
            yield fact(lost[0][0], words, "lost", 5, lost[0][1], PROTECT)
