"""The node pools of the stack, each a resource that can change, come and go without the cluster."""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
from pulumi_azure_native import containerservice

from components.azure.network_profile import local_dns
from components.azure.profiles import pool_version
from components.azure.stack import AksStack
from settings.node_pools import NodePool
from settings.pool_names import pool_name, subnet_key


@dataclass(frozen=True, kw_only=True)
class NodePoolsArgs:
    """Inputs of `NodePools`."""

    stack: AksStack
    """The pools, in the order in which they are made."""

    resource_group: pulumi.Input[str]
    """Name of the group of the cluster."""

    cluster_name: pulumi.Input[str]
    """Name of the cluster, from the resource itself, so that it comes first."""

    nodes_subnet_id: pulumi.Input[str]
    """Subnet of every pool, or of worker pools where there is one for system pools."""

    system_subnet_id: pulumi.Input[str] | None = None
    """Subnet of system pools; None: they stand among the others."""

    def __post_init__(self) -> None:
        for name, pool in self.stack.settings.node_pools.items():
            if pool.vm_size is None:
                raise ValueError(f"target aks requires nodePools.{name}.vmSize")


class NodePools(pulumi.ComponentResource):
    """System and worker pools, one after the other: Azure runs one operation a cluster at a time."""

    ids: Mapping[str, pulumi.Output[str]]
    """Azure id of each pool by its key in `nodePools`."""

    def __init__(
        self, name: str, args: NodePoolsArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("aks-platform:azure:NodePools", name, None, opts)
        stack = args.stack
        version = pool_version(stack)
        made: dict[str, containerservice.AgentPool] = {}

        for key, pool in stack.settings.node_pools.items():
            apart = (
                args.system_subnet_id is not None and subnet_key(stack.settings, pool) == "system"
            )
            # Blue/green: the name is part of the URN, too, so that the new pool is another resource, made before the
            # old one goes. A physical name alone would make Pulumi delete first.
            own_name = pool_name(stack.settings, key)
            owned_by_azure = ["count"] if pool.autoscaled else []
            if not version:
                owned_by_azure.append("orchestratorVersion")
            made[key] = containerservice.AgentPool(
                f"{name}-{own_name}",
                agent_pool_name=own_name,
                resource_name_=args.cluster_name,
                resource_group_name=args.resource_group,
                type="VirtualMachineScaleSets",
                mode=pool.mode,
                orchestrator_version=version,
                vm_size=pool.vm_size,
                count=pool.min,
                enable_auto_scaling=pool.autoscaled,
                min_count=pool.min if pool.autoscaled else None,
                max_count=pool.max if pool.autoscaled else None,
                scale_down_mode=pool.scale_down_mode,
                availability_zones=pool.zones or None,
                vnet_subnet_id=args.system_subnet_id if apart else args.nodes_subnet_id,
                enable_node_public_ip=False,
                max_pods=pool.max_pods,
                os_type="Linux",
                os_sku=pool.os_sku,
                os_disk_type=pool.os_disk_type,
                os_disk_size_gb=pool.os_disk_size_gb,
                kubelet_disk_type=pool.kubelet_disk_type,
                workload_runtime=pool.workload_runtime,
                enable_encryption_at_host=pool.encryption_at_host,
                enable_fips=pool.fips,
                security_profile={
                    "enable_secure_boot": pool.security.secure_boot,
                    "enable_vtpm": pool.security.vtpm,
                    "ssh_access": pool.security.ssh_access,
                },
                gpu_profile={"driver": pool.gpu.driver} if pool.gpu else None,
                gpu_instance_profile=pool.gpu.instance_profile if pool.gpu else None,
                scale_set_priority="Spot" if pool.spot else "Regular",
                scale_set_eviction_policy=pool.spot.eviction_policy if pool.spot else None,
                spot_max_price=float(pool.spot.max_price) if pool.spot else None,
                # Not `agentpool`: AKS writes it on every node and refuses a value of its own choosing
                # (azurerm #3907, #28636).
                node_labels=pool.node_labels or None,
                node_taints=pool.node_taints or None,
                upgrade_settings=_upgrades(pool),
                local_dns_profile=local_dns(stack),
                tags=stack.tags,
                opts=pulumi.ResourceOptions(
                    parent=self,
                    depends_on=list(made.values())[-1:],
                    ignore_changes=owned_by_azure,
                    # Else the old one could never go. Any other stays protected, so that none is replaced.
                    protect=False if pool.blue_green else None,
                ),
            )

        self.ids = {key: pool.id for key, pool in made.items()}
        self.register_outputs({"ids": self.ids})


def _upgrades(pool: NodePool) -> containerservice.AgentPoolUpgradeSettingsArgsDict | None:
    """None for a spot pool: Azure evicts its pods without a drain and takes no surge.

    https://learn.microsoft.com/azure/aks/spot-node-pool#upgrade-a-spot-node-pool
    """
    if pool.spot:
        return None
    return {
        "max_surge": str(pool.max_surge),
        "max_unavailable": str(pool.max_unavailable),
        "drain_timeout_in_minutes": pool.drain_timeout_minutes,
        "node_soak_duration_in_minutes": pool.node_soak_minutes,
        "undrainable_node_behavior": pool.undrainable_node_behavior,
    }
