"""The storage account that backups of Kubernetes objects lie in.

Left out on purpose: a private endpoint. The account has no keys and no anonymous access; who may read it is one role.
"""

from dataclasses import dataclass
from typing import Final

import pulumi
from pulumi_azure_native import storage

from components.azure import data_names as names
from components.azure.stack import AksStack

SKUS: Final = {"Local": "Standard_LRS", "Zone": "Standard_ZRS", "Geo": "Standard_GRS"}
"""By `backup.redundancy`."""


@dataclass(frozen=True, kw_only=True)
class BackupStorageArgs:
    """Inputs of `BackupStorage`."""

    stack: AksStack
    """Redundancy, names, tags."""

    resource_group: pulumi.Input[str]
    """Name of the group, from the resource itself, so that it comes first."""


class BackupStorage(pulumi.ComponentResource):
    """A storage account with one container."""

    account_id: pulumi.Output[str]
    """Azure id of the account."""

    account_name: pulumi.Output[str]
    """Its name."""

    container_name: pulumi.Output[str]
    """Name of the container."""

    blob_endpoint: pulumi.Output[str]
    """Address of its blobs."""

    def __init__(
        self, name: str, args: BackupStorageArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("aks-platform:azure:BackupStorage", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        stack = args.stack
        account = storage.StorageAccount(
            f"{name}-account",
            account_name=names.backup_storage(stack),
            resource_group_name=args.resource_group,
            location=stack.location,
            tags=stack.tags,
            kind="StorageV2",
            sku={"name": SKUS[stack.settings.backup.redundancy]},
            access_tier=storage.AccessTier.HOT,
            allow_blob_public_access=False,
            allow_cross_tenant_replication=False,
            allow_shared_key_access=False,
            default_to_o_auth_authentication=True,
            enable_https_traffic_only=True,
            is_hns_enabled=False,
            is_local_user_enabled=False,
            is_sftp_enabled=False,
            minimum_tls_version="TLS1_2",
            network_rule_set={
                "default_action": storage.DefaultAction.ALLOW,
                "bypass": "AzureServices",
            },
            public_network_access="Enabled",
            opts=child,
        )
        container = storage.BlobContainer(
            f"{name}-container",
            container_name=names.BACKUP_CONTAINER,
            account_name=account.name,
            resource_group_name=args.resource_group,
            public_access=storage.PublicAccess.NONE,
            opts=child,
        )
        self.account_id = account.id
        self.account_name = account.name
        self.container_name = container.name
        # Known by name: Azure's public cloud has no other form.
        self.blob_endpoint = pulumi.Output.format(
            "https://{0}.blob.core.windows.net/", account.name
        )
        self.register_outputs(
            {
                "account_id": self.account_id,
                "account_name": self.account_name,
                "container_name": self.container_name,
                "blob_endpoint": self.blob_endpoint,
            }
        )
