"""Azure Backup of a cluster, whole: where backups lie, who takes them, and every right between them.

Left out on purpose: the vault tier, which copies backups out of the subscription and needs three more roles.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pulumi
from pulumi_azure_native import containerservice, dataprotection, kubernetesconfiguration, resources

from components.azure import data_names
from components.azure import names as plain_names
from components.azure.backup_storage import BackupStorage, BackupStorageArgs
from components.azure.backup_vault import KIND, BackupVault, BackupVaultArgs
from components.azure.roles import assign
from components.azure.stack import AksStack

OPERATOR = "Microsoft.DataProtection/backupVaults/backup-operator"
"""What the vault may do in the cluster: https://learn.microsoft.com/azure/backup/azure-kubernetes-service-cluster-backup"""

STORAGE = "configuration.backupStorageLocation"
"""Settings of the extension: the storage location of Velero, which it is made of, with its plugin's keys
(https://github.com/vmware-tanzu/velero-plugin-for-microsoft-azure/blob/main/backupstoragelocation.md)."""


@dataclass(frozen=True, kw_only=True)
class BackupArgs:
    """Inputs of `Backup`."""

    stack: AksStack
    """What is backed up and when."""

    resource_group: pulumi.Input[str]
    """Name of the group of the cluster, from the resource itself, so that it comes first."""

    cluster_id: pulumi.Input[str]
    """Azure id of the cluster."""

    cluster_name: pulumi.Input[str]
    """Its name, from the resource itself."""

    control_plane_object_id: pulumi.Input[str]
    """Object id in Entra of the identity AKS acts as: it makes the snapshots."""

    after: Sequence[pulumi.Resource]
    """What changes the cluster before: Azure runs one operation a cluster at a time."""


class Backup(pulumi.ComponentResource):
    """Backups of a cluster in the operational tier."""

    vault_name: pulumi.Output[str]
    """Name of the backup vault."""

    instance_id: pulumi.Output[str]
    """Azure id of the backup instance: the cluster in its vault."""

    snapshot_group: pulumi.Output[str]
    """Name of the resource group of snapshots."""

    def __init__(
        self, name: str, args: BackupArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("aks-platform:azure:Backup", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        stack, group = args.stack, args.resource_group
        snapshots = resources.ResourceGroup(
            f"{name}-snapshots",
            resource_group_name=data_names.snapshot_group(stack),
            location=stack.location,
            tags=stack.tags,
            opts=child,
        )
        place = BackupStorage(
            f"{name}-storage", BackupStorageArgs(stack=stack, resource_group=group), child
        )
        vault = BackupVault(
            f"{name}-vault", BackupVaultArgs(stack=stack, resource_group=group), child
        )
        extension = kubernetesconfiguration.Extension(
            f"{name}-extension",
            extension_name=data_names.BACKUP_EXTENSION,
            resource_group_name=group,
            cluster_rp="Microsoft.ContainerService",
            cluster_resource_name="managedClusters",
            cluster_name=args.cluster_name,
            extension_type="microsoft.dataprotection.kubernetes",
            release_train="stable",
            auto_upgrade_minor_version=True,
            scope={"cluster": {"release_namespace": "dataprotection-microsoft"}},
            configuration_settings={
                f"{STORAGE}.bucket": place.container_name,
                f"{STORAGE}.config.resourceGroup": group,
                f"{STORAGE}.config.storageAccount": place.account_name,
                f"{STORAGE}.config.storageAccountURI": place.blob_endpoint,
                f"{STORAGE}.config.subscriptionId": place.account_id.apply(_subscription),
                f"{STORAGE}.config.useAAD": "true",
                "credentials.tenantId": stack.access.tenant_id,
            },
            opts=pulumi.ResourceOptions(parent=self, depends_on=args.after),
        )
        trusted = containerservice.TrustedAccessRoleBinding(
            f"{name}-trusted-access",
            trusted_access_role_binding_name=data_names.BACKUP_BINDING,
            resource_name_=args.cluster_name,
            resource_group_name=group,
            source_resource_id=vault.vault_id,
            roles=[OPERATOR],
            opts=pulumi.ResourceOptions(parent=self, depends_on=[extension]),
        )
        account = (data_names.backup_storage(stack), place.account_id)
        kept = (data_names.snapshot_group(stack), snapshots.id)
        cluster = (stack.cluster_name, args.cluster_id)
        acting = (plain_names.control_plane_identity(stack), args.control_plane_object_id)
        planning = (data_names.backup_vault(stack), vault.principal_id)
        writing = (data_names.BACKUP_EXTENSION, _principal(extension))
        rights = [
            assign(f"{name}-{key}", stack, role=role, principal=who, scope=where, opts=child)
            for key, role, who, where in (
                ("extension-writes", "Storage Blob Data Contributor", writing, account),
                ("vault-reads-cluster", "Reader", planning, cluster),
                ("vault-reads-snapshots", "Reader", planning, kept),
                ("cluster-makes-snapshots", "Contributor", acting, kept),
            )
        ]
        instance = dataprotection.BackupInstance(
            f"{name}-instance",
            backup_instance_name=stack.cluster_name,
            vault_name=vault.vault_name,
            resource_group_name=group,
            tags=stack.tags,
            properties=_instance(stack, args.cluster_id, vault.policy_id, snapshots.id),
            opts=pulumi.ResourceOptions(parent=self, depends_on=[trusted, *rights]),
        )
        self.vault_name = vault.vault_name
        self.instance_id = instance.id
        self.snapshot_group = snapshots.name
        self.register_outputs(
            {
                "vault_name": self.vault_name,
                "instance_id": self.instance_id,
                "snapshot_group": self.snapshot_group,
            }
        )


def _subscription(resource_id: str) -> str:
    """The subscription of an Azure id; '' where it has none, as a stand-in may."""
    return [*resource_id.split("/"), "", "", ""][2]


def _principal(extension: kubernetesconfiguration.Extension) -> pulumi.Output[str]:
    """Object id of the identity that AKS makes for the extension; unknown before there is one."""
    found = pulumi.Output.all(extension.aks_assigned_identity.principal_id, extension.id)
    return found.apply(lambda them: str(them[0]))


def _instance(
    stack: AksStack,
    cluster_id: pulumi.Input[str],
    policy_id: pulumi.Input[str],
    snapshot_group_id: pulumi.Input[str],
) -> dict[str, Any]:
    wanted = stack.settings.backup
    source = {
        "resource_id": cluster_id,
        "resource_name": stack.cluster_name,
        "resource_location": stack.location,
        "resource_type": KIND,
        "resource_uri": "",
        "datasource_type": KIND,
    }
    return {
        "object_type": "BackupInstance",
        "friendly_name": stack.cluster_name,
        "data_source_info": {**source, "object_type": "Datasource"},
        "data_source_set_info": {**source, "object_type": "DatasourceSet"},
        "policy_info": {
            "policy_id": policy_id,
            "policy_parameters": {
                "data_store_parameters_list": [
                    {
                        "object_type": "AzureOperationalStoreParameters",
                        "data_store_type": "OperationalStore",
                        "resource_group_id": snapshot_group_id,
                    }
                ],
                "backup_datasource_parameters_list": [
                    {
                        "object_type": "KubernetesClusterBackupDatasourceParameters",
                        "included_namespaces": wanted.namespaces,
                        "excluded_namespaces": wanted.excluded_namespaces,
                        "include_cluster_scope_resources": wanted.cluster_resources,
                        "snapshot_volumes": wanted.volume_snapshots,
                    }
                ],
            },
        },
    }
