"""Rows of the stack file about backups. Azure fields are those of the resource as it is registered."""

from collections.abc import Mapping
from typing import Final

from settings.reference_rows import Row

_POLICY: Final = "BackupPolicy: properties.policyRules[]"
_KEPT: Final = f"{_POLICY}.lifecycles[].deleteAfter.duration"
_WHEN: Final = f"{_POLICY}.trigger.schedule.repeatingTimeIntervals[]"
_WHAT: Final = (
    "BackupInstance: properties.policyInfo.policyParameters.backupDatasourceParametersList[]"
)
_VAULT: Final = "BackupVault: properties.securitySettings"

BACKUP: Final[Mapping[str, Mapping[str, Row]]] = {
    "Backup": {
        "enabled": Row("true", "BackupInstance: properties.policyInfo.policyId"),
        "everyHours": Row("12", _WHEN),
        "start": Row('"03:00"', _WHEN),
        "retention": Row("{days: 14, weeks: 8}", _KEPT),
        "namespaces": Row("[course]", f"{_WHAT}.includedNamespaces"),
        "excludedNamespaces": Row("[logging]", f"{_WHAT}.excludedNamespaces"),
        "clusterResources": Row("false", f"{_WHAT}.includeClusterScopeResources"),
        "volumeSnapshots": Row("false", f"{_WHAT}.snapshotVolumes"),
        "redundancy": Row("Zone", "BackupVault: properties.storageSettings[].type"),
        "softDeleteDays": Row("30", f"{_VAULT}.softDeleteSettings.retentionDurationInDays"),
        "immutability": Row("Unlocked", f"{_VAULT}.immutabilitySettings.state"),
        "snapshotResourceGroup": Row("rg-course-snapshots", "ResourceGroup: resourceGroupName"),
    },
    "Retention": {"days": Row("14", _KEPT), "weeks": Row("8", _KEPT)},
}
