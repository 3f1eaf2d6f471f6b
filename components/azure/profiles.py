"""What a managed cluster is made of, section by section: settings in, the SDK's own dicts out.

Values a stack does not choose are the same for all: the safe ones of Azure's own guidance. The network is in
`network_profile`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pulumi
    from pulumi_azure_native import containerservice as aks

    from components.azure.stack import AksStack


def sign_in(stack: AksStack) -> aks.ManagedClusterAADProfileArgsDict:
    """Entra for who you are, Azure roles and Kubernetes RBAC for what you may.

    The administrators stand here and not in role assignments: those take minutes to reach the API
    server, and the first `pulumi up` needs a right at once.
    """
    return {
        "managed": True,
        "enable_azure_rbac": True,
        "tenant_id": stack.access.tenant_id,
        "admin_group_object_ids": stack.access.admins,
    }


def bootstrap_pool(
    stack: AksStack, nodes_subnet_id: pulumi.Input[str]
) -> aks.ManagedClusterAgentPoolProfileArgsDict:
    """The pool Azure wants at creation: small, fixed, without version and autoscaler.

    Pulumi sends it as it was created with every later change of the cluster: anything that Azure
    moves by itself would be moved back.
    """
    boot = stack.settings.cluster.bootstrap_pool
    pool = boot.as_pool()
    profile: aks.ManagedClusterAgentPoolProfileArgsDict = {
        "name": boot.name,
        "mode": "System",
        "type": "VirtualMachineScaleSets",
        "vm_size": pool.vm_size or boot.vm_size,
        "count": boot.count,
        "enable_auto_scaling": False,
        "os_type": "Linux",
        "os_sku": pool.os_sku,
        "os_disk_type": pool.os_disk_type,
        "os_disk_size_gb": pool.os_disk_size_gb,
        "kubelet_disk_type": pool.kubelet_disk_type,
        "max_pods": pool.max_pods,
        "vnet_subnet_id": nodes_subnet_id,
        "enable_node_public_ip": False,
        "enable_encryption_at_host": pool.encryption_at_host,
        "enable_fips": pool.fips,
        "node_taints": pool.node_taints,
        "upgrade_settings": {
            "max_surge": str(pool.max_surge),
            "max_unavailable": str(pool.max_unavailable),
            "drain_timeout_in_minutes": pool.drain_timeout_minutes,
            "node_soak_duration_in_minutes": pool.node_soak_minutes,
            "undrainable_node_behavior": pool.undrainable_node_behavior,
        },
        "tags": stack.tags,
    }
    if pool.zones:
        profile["availability_zones"] = pool.zones
    return profile


def cluster_version(stack: AksStack) -> str | None:
    """The minor that is asked for; None where the upgrade channel chooses it."""
    cluster = stack.settings.cluster
    return None if cluster.upgrade_channel in ("stable", "rapid") else cluster.kubernetes_version


def pool_version(stack: AksStack) -> str | None:
    """None with any upgrade channel.

    A channel moves control plane and pools together and refuses a pool that names a version of its
    own (https://learn.microsoft.com/azure/aks/auto-upgrade-cluster#limitations). A bare minor would
    also make a new pool with a later patch than the control plane runs.
    """
    cluster = stack.settings.cluster
    return cluster.kubernetes_version if cluster.upgrade_channel == "none" else None


def add_ons(stack: AksStack) -> dict[str, aks.ManagedClusterAddonProfileArgsDict]:
    """Key Vault secrets as files, and Azure Policy."""
    cluster = stack.settings.cluster
    provider = cluster.key_vault_provider
    return {
        "azureKeyvaultSecretsProvider": {
            "enabled": True,
            "config": {
                "enableSecretRotation": str(provider.rotation).lower(),
                "rotationPollInterval": provider.rotation_poll_interval,
            },
        },
        "azurepolicy": {"enabled": cluster.azure_policy},
    }


def storage(stack: AksStack) -> aks.ManagedClusterStorageProfileArgsDict:
    """All four drivers said: naming one and leaving another out can switch that other off."""
    drivers = stack.settings.cluster.storage
    return {
        "disk_csi_driver": {"enabled": drivers.disk},
        "file_csi_driver": {"enabled": drivers.file},
        "snapshot_controller": {"enabled": drivers.snapshot},
        "blob_csi_driver": {"enabled": drivers.blob},
    }


def security(
    stack: AksStack, log_workspace_id: pulumi.Input[str] | None
) -> aks.ManagedClusterSecurityProfileArgsDict:
    """Tokens for workload identities, the image cleaner, and what the stack adds.

    Raise `ValueError` for Defender without a workspace; `settings.checks` says the same earlier.
    """
    cluster = stack.settings.cluster
    cleaner = cluster.image_cleaner
    profile: aks.ManagedClusterSecurityProfileArgsDict = {
        "workload_identity": {"enabled": True},
        "image_cleaner": {"enabled": cleaner.enabled, "interval_hours": cleaner.interval_hours},
    }
    if cluster.defender:
        workspace = cluster.defender.workspace_id or log_workspace_id
        if workspace is None:
            raise ValueError("cluster.defender requires workspaceId, or observability with logs")
        profile["defender"] = {
            "log_analytics_workspace_resource_id": workspace,
            "security_monitoring": {"enabled": True},
        }
    if kms := cluster.kms:
        profile["azure_key_vault_kms"] = {
            "enabled": True,
            "key_id": kms.key_id,
            "key_vault_network_access": kms.vault_network_access,
        }
        if kms.vault_network_access == "Private":  # Azure takes it with no other
            profile["azure_key_vault_kms"]["key_vault_resource_id"] = kms.vault_id
    return profile
