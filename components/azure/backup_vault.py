"""The vault that plans backups and restores them, with its policy."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import pulumi
from pulumi_azure_native import dataprotection

from components.azure import data_names as names
from components.azure.stack import AksStack
from settings.backup import Backup

KIND: Final = "Microsoft.ContainerService/managedClusters"
STORE: Final = {"data_store_type": "OperationalStore", "object_type": "DataStoreInfoBase"}
WEEKLY: Final = "Weekly"
DEFAULT: Final = "Default"

FIRST_DAY: Final = "2026-01-01"
"""From which Azure counts; a day that is over for every stack."""

REDUNDANCY: Final = {
    "Local": "LocallyRedundant",
    "Zone": "ZoneRedundant",
    "Geo": "GeoRedundant",
}
"""By `backup.redundancy`."""


@dataclass(frozen=True, kw_only=True)
class BackupVaultArgs:
    """Inputs of `BackupVault`."""

    stack: AksStack
    """Schedule, retention, redundancy, names, tags."""

    resource_group: pulumi.Input[str]
    """Name of the group, from the resource itself, so that it comes first."""


class BackupVault(pulumi.ComponentResource):
    """A backup vault with the policy of the cluster."""

    vault_id: pulumi.Output[str]
    """Azure id of the vault."""

    vault_name: pulumi.Output[str]
    """Its name."""

    principal_id: pulumi.Output[str]
    """Object id in Entra of its own identity."""

    policy_id: pulumi.Output[str]
    """Azure id of the policy."""

    def __init__(
        self, name: str, args: BackupVaultArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("aks-platform:azure:BackupVault", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        stack, wanted = args.stack, args.stack.settings.backup
        vault = dataprotection.BackupVault(
            f"{name}-vault",
            vault_name=names.backup_vault(stack),
            resource_group_name=args.resource_group,
            location=stack.location,
            tags=stack.tags,
            identity={"type": "SystemAssigned"},
            properties={
                "storage_settings": [
                    {"datastore_type": "VaultStore", "type": REDUNDANCY[wanted.redundancy]}
                ],
                "security_settings": {
                    "soft_delete_settings": {
                        "state": "On",
                        "retention_duration_in_days": wanted.soft_delete_days,
                    },
                    "immutability_settings": {"state": wanted.immutability},
                },
                "monitoring_settings": {
                    "azure_monitor_alert_settings": {"alerts_for_all_job_failures": "Enabled"}
                },
                "feature_settings": {"cross_subscription_restore_settings": {"state": "Disabled"}},
            },
            opts=child,
        )
        policy = dataprotection.BackupPolicy(
            f"{name}-policy",
            backup_policy_name=names.BACKUP_POLICY,
            vault_name=vault.name,
            resource_group_name=args.resource_group,
            properties={
                "object_type": "BackupPolicy",
                "datasource_types": [KIND],
                "policy_rules": [*_kept(wanted), _taken(wanted)],
            },
            opts=child,
        )
        self.vault_id = vault.id
        self.vault_name = vault.name
        # A preview of a vault that is not there yet hands its identity back as it was put in.
        self.principal_id = pulumi.Output.all(vault.identity.principal_id, vault.id).apply(
            lambda them: str(them[0])
        )
        self.policy_id = policy.id
        self.register_outputs(
            {
                "vault_id": self.vault_id,
                "vault_name": self.vault_name,
                "principal_id": self.principal_id,
                "policy_id": self.policy_id,
            }
        )


def _kept(wanted: Backup) -> Iterator[dict[str, Any]]:
    days = {DEFAULT: wanted.retention.days}
    if wanted.retention.weeks:
        days[WEEKLY] = wanted.retention.weeks * 7
    for tag, number in days.items():
        yield {
            "object_type": "AzureRetentionRule",
            "name": tag,
            "is_default": tag == DEFAULT,
            "lifecycles": [
                {
                    "source_data_store": STORE,
                    "delete_after": {
                        "object_type": "AbsoluteDeleteOption",
                        "duration": f"P{number}D",
                    },
                    "target_data_store_copy_settings": [],
                }
            ],
        }


def _taken(wanted: Backup) -> dict[str, Any]:
    period = "P1D" if wanted.every_hours == 24 else f"PT{wanted.every_hours}H"
    tags: list[dict[str, Any]] = []
    if wanted.retention.weeks:
        tags.append(
            {
                "is_default": False,
                "tag_info": {"tag_name": WEEKLY},
                "tagging_priority": 20,
                "criteria": [
                    {
                        "object_type": "ScheduleBasedBackupCriteria",
                        "absolute_criteria": ["FirstOfWeek"],
                    }
                ],
            }
        )
    tags.append({"is_default": True, "tag_info": {"tag_name": DEFAULT}, "tagging_priority": 99})
    return {
        "object_type": "AzureBackupRule",
        "name": "Backup",
        "backup_parameters": {"object_type": "AzureBackupParams", "backup_type": "Incremental"},
        "data_store": STORE,
        "trigger": {
            "object_type": "ScheduleBasedTriggerContext",
            "schedule": {
                "repeating_time_intervals": [f"R/{FIRST_DAY}T{wanted.start}:00+00:00/{period}"]
            },
            "tagging_criteria": tags,
        },
    }
