"""The node pools of the stack, each a resource that can change, come and go without the cluster."""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
from pulumi_azure_native import containerservice

from components.azure.profiles import SYSTEM_TAINT, pool_version
from components.azure.stack import AksStack
from settings.node_pools import NodePool


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
    """Subnet of every pool."""

    def __post_init__(self) -> None:
        for name, pool in self.stack.settings.node_pools.items():
            if pool.vm_size is None:
                raise ValueError(f"target aks requires nodePools.{name}.vmSize")


class NodePools(pulumi.ComponentResource):
    """System and worker pools, one after the other: Azure runs one operation a cluster at a time."""

    ids: Mapping[str, pulumi.Output[str]]
    """Azure id of each pool by its name."""

    def __init__(
        self, name: str, args: NodePoolsArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("aks-platform:azure:NodePools", name, None, opts)
        stack = args.stack
        version = pool_version(stack)
        made: dict[str, containerservice.AgentPool] = {}

        for pool_name, pool in stack.settings.node_pools.items():
            autoscaled = pool.max > pool.min
            owned_by_azure = ["count"] if autoscaled else []
            if not version:
                owned_by_azure.append("orchestratorVersion")
            made[pool_name] = containerservice.AgentPool(
                f"{name}-{pool_name}",
                agent_pool_name=pool_name,
                resource_name_=args.cluster_name,
                resource_group_name=args.resource_group,
                type="VirtualMachineScaleSets",
                mode=pool.mode,
                orchestrator_version=version,
                vm_size=pool.vm_size,
                count=pool.min,
                enable_auto_scaling=autoscaled,
                min_count=pool.min if autoscaled else None,
                max_count=pool.max if autoscaled else None,
                availability_zones=pool.zones or None,
                vnet_subnet_id=args.nodes_subnet_id,
                enable_node_public_ip=False,
                max_pods=pool.max_pods,
                os_type="Linux",
                os_sku=pool.os_sku,
                os_disk_type=pool.os_disk_type,
                os_disk_size_gb=pool.os_disk_size_gb,
                # Not `agentpool`: AKS writes it on every node and refuses a value of its own choosing
                # (azurerm #3907, #28636).
                node_labels=pool.labels or None,
                node_taints=_taints(pool) or None,
                upgrade_settings={
                    "max_surge": str(pool.max_surge),
                    "drain_timeout_in_minutes": pool.drain_timeout_minutes,
                    "undrainable_node_behavior": "Cordon",
                },
                tags=stack.tags,
                opts=pulumi.ResourceOptions(
                    parent=self,
                    depends_on=list(made.values())[-1:],
                    ignore_changes=owned_by_azure,
                ),
            )

        self.ids = {pool_name: pool.id for pool_name, pool in made.items()}
        self.register_outputs({"ids": self.ids})


def _taints(pool: NodePool) -> list[str]:
    system = [SYSTEM_TAINT] if pool.mode == "System" else []
    return [*system, *(taint for taint in pool.taints if taint not in system)]
