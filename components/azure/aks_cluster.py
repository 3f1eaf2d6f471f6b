"""All of a stack's Azure side in one component: `__main__.py` makes it where the target is aks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pulumi
from pulumi_azure_native import resources

from components.azure.backup import Backup, BackupArgs
from components.azure.cluster import Cluster, ClusterArgs
from components.azure.deployment_safeguards import (
    DeploymentSafeguards,
    DeploymentSafeguardsArgs,
)
from components.azure.identity import Identity, IdentityArgs
from components.azure.key_rights import KeyRights, KeyRightsArgs
from components.azure.key_vault import ZONE as VAULT_ZONE
from components.azure.key_vault import KeyVault, KeyVaultArgs
from components.azure.locks import ClusterLock, ClusterLockArgs
from components.azure.maintenance import Maintenance, MaintenanceArgs
from components.azure.network import Network, NetworkArgs
from components.azure.network_rights import NetworkRights, NetworkRightsArgs
from components.azure.node_pools import NodePools, NodePoolsArgs
from components.azure.observability import Observability, ObservabilityArgs
from components.azure.pipeline_identity import PipelineIdentity, PipelineIdentityArgs
from components.azure.private_zone import PrivateZone, PrivateZoneArgs
from components.azure.registry import ZONE as REGISTRY_ZONE
from components.azure.registry import Registry, RegistryArgs
from components.azure.running_hours import RunningHours, RunningHoursArgs
from components.azure.shared_identity import SharedIdentity, SharedIdentityArgs
from components.azure.stack import AksStack
from components.azure.telemetry import Telemetry, TelemetryArgs
from components.azure.workload_identity import WorkloadIdentity, WorkloadIdentityArgs
from settings.federations import federated
from settings.maintenance import Maintenance as Windows
from settings.stack import Settings

NO_WINDOWS = Windows()


@dataclass(frozen=True, kw_only=True)
class AksClusterArgs:
    """Inputs of `AksCluster`."""

    settings: Settings
    """The stack; a key that target aks requires and the stack lacks raises `ValueError`."""

    location: str
    """Azure location, the stack's `azure-native:location`. Given to every resource: without it the
    provider asks Azure already in a preview."""

    webhooks: Mapping[str, pulumi.Input[str]] = field(default_factory=dict)
    """Addresses that alerts are posted to, as from `webhooks.addresses`."""


class AksCluster(pulumi.ComponentResource):
    """Group, network, identities, cluster, pools and the identities of workloads.

    Put nothing on the cluster before `before_workloads` is there. The rest, such as alerts and backup, may still be
    under way then, or have failed: no workload waits for it.
    """

    cluster_identifier: str
    """Constant for `cluster_identifier` of the Kubernetes provider: without one, an unknown
    kubeconfig replaces the provider and all that was made with it."""

    cluster_id: pulumi.Output[str]
    """Azure id of the managed cluster."""

    cluster_name: pulumi.Output[str]
    """Name of the managed cluster."""

    resource_group: pulumi.Output[str]
    """Name of the group that holds it."""

    oidc_issuer_url: pulumi.Output[str]
    """Issuer of the tokens of service accounts."""

    kubeconfig: pulumi.Output[str]
    """YAML, secret; its context is the cluster's name. Signs in through kubelogin."""

    client_ids: dict[str, pulumi.Output[str]]
    """Client id of each workload that signs in to Azure, by workload; not of one whose client id the stack gives."""

    def __init__(
        self, name: str, args: AksClusterArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        stack = AksStack.of(args.settings, args.location)
        super().__init__("aks-platform:azure:AksCluster", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)

        group = resources.ResourceGroup(
            f"{name}-resource-group",
            resource_group_name=stack.resource_group,
            location=stack.location,
            tags=stack.tags,
            opts=child,
        )
        network = Network(
            f"{name}-network", NetworkArgs(stack=stack, resource_group=group.name), child
        )
        identity = Identity(
            f"{name}-identity",
            IdentityArgs(
                stack=stack,
                resource_group=group.name,
                nodes_subnet_id=network.nodes_subnet_id,
                made_registry_id=self._registry(name, stack, group, network),
            ),
            child,
        )
        telemetry = Telemetry(
            f"{name}-telemetry", TelemetryArgs(stack=stack, resource_group=group.name), child
        )
        vaults = self._vaults(name, stack, group, network, telemetry.log_workspace_id)
        rights: list[pulumi.Resource] = [identity, *network.before_the_cluster]
        if network.rights:
            beside = NetworkRightsArgs(
                stack=stack,
                principal_id=identity.control_plane_object_id,
                rights=network.rights,
            )
            rights.append(NetworkRights(f"{name}-network-rights", beside, child))
        if kms := args.settings.cluster.kms:
            reading = KeyRightsArgs(
                stack=stack,
                principal_id=identity.control_plane_object_id,
                vault_id=kms.vault_id,
            )
            rights.append(KeyRights(f"{name}-key-rights", reading, child))
        cluster = Cluster(
            f"{name}-cluster",
            ClusterArgs(
                stack=stack,
                resource_group=group.name,
                nodes_subnet_id=network.nodes_subnet_id,
                egress_ranges=network.egress_ranges,
                control_plane_id=identity.control_plane_id,
                kubelet_id=identity.kubelet_id,
                kubelet_client_id=identity.kubelet_client_id,
                kubelet_object_id=identity.kubelet_object_id,
                log_workspace_id=telemetry.log_workspace_id,
                rights=rights,
                system_subnet_id=network.subnet_ids.get("system"),
                api_server_subnet_id=network.subnet_ids.get("apiServer"),
                api_server_zone_id=network.api_server_zone_id,
            ),
            child,
        )
        pools = NodePools(
            f"{name}-pool",
            NodePoolsArgs(
                stack=stack,
                resource_group=group.name,
                cluster_name=cluster.cluster_name,
                nodes_subnet_id=network.nodes_subnet_id,
                system_subnet_id=network.subnet_ids.get("system"),
            ),
            child,
        )
        if runs := args.settings.cluster.runs:
            RunningHours(
                f"{name}-running-hours",
                RunningHoursArgs(
                    stack=stack,
                    runs=runs,
                    resource_group=group.name,
                    resource_group_id=group.id,
                    cluster_id=cluster.cluster_id,
                ),
                child,
            )
        self._before_workloads: list[pulumi.Resource] = [network, identity, cluster, pools]
        last: pulumi.Resource = pools
        if args.settings.cluster.maintenance != NO_WINDOWS:
            last = Maintenance(
                f"{name}-maintenance",
                MaintenanceArgs(
                    stack=stack,
                    resource_group=group.name,
                    cluster_name=cluster.cluster_name,
                    after=[last],
                ),
                # A window holds no data and is made anew in a moment.
                pulumi.ResourceOptions(parent=self, protect=False),
            )
        # Never protected: they hold no data and go with what they serve, in prod, too.
        unprotected = pulumi.ResourceOptions(parent=self, protect=False)
        if guarded := args.settings.cluster.safeguards:
            last = DeploymentSafeguards(
                f"{name}-safeguards",
                DeploymentSafeguardsArgs(
                    safeguards=guarded, cluster_id=cluster.cluster_id, after=[last]
                ),
                unprotected,
            )
            self._before_workloads.append(last)
        if args.settings.backup.enabled:
            Backup(
                f"{name}-backup",
                BackupArgs(
                    stack=stack,
                    resource_group=group.name,
                    cluster_id=cluster.cluster_id,
                    cluster_name=cluster.cluster_name,
                    control_plane_object_id=identity.control_plane_object_id,
                    after=[last],
                ),
                child,
            )
        Observability(
            f"{name}-observability",
            ObservabilityArgs(
                stack=stack,
                resource_group=group.name,
                cluster_id=cluster.cluster_id,
                log_workspace_id=telemetry.log_workspace_id,
                monitor_workspace_id=telemetry.monitor_workspace_id,
                webhooks=args.webhooks,
            ),
            unprotected,
        )
        if args.settings.cluster.lock:
            ClusterLock(f"{name}-lock", ClusterLockArgs(cluster_id=cluster.cluster_id), unprotected)
        workloads = args.settings.workloads.values()
        identities = {
            workload.name: WorkloadIdentity(
                f"{name}-workload-{workload.name}",
                WorkloadIdentityArgs(
                    stack=stack,
                    resource_group=group.name,
                    workload=workload,
                    oidc_issuer_url=cluster.oidc_issuer_url,
                    made_vaults=vaults,
                ),
                unprotected,
            )
            for workload in workloads
            if workload.signs_in_to_azure and not workload.shared_identity
        }
        self._before_workloads += identities.values()
        self.client_ids = {key: it.client_id for key, it in identities.items()}
        accounts = federated(args.settings)
        for key, given in args.settings.azure_identities.items():
            if given.client_id:
                continue
            shared = SharedIdentity(
                f"{name}-shared-{key}",
                SharedIdentityArgs(
                    stack=stack,
                    resource_group=group.name,
                    identity=key,
                    accounts=accounts[key],
                    oidc_issuer_url=cluster.oidc_issuer_url,
                    made_vaults=vaults,
                ),
                unprotected,
            )
            self._before_workloads.append(shared)
            users = (it.name for it in workloads if it.shared_identity == key)
            self.client_ids.update(dict.fromkeys(users, shared.client_id))

        self._pipelines = {
            key: PipelineIdentity(
                f"{name}-pipeline-{key}",
                PipelineIdentityArgs(
                    stack=stack,
                    pipeline=key,
                    resource_group=group.name,
                    resource_group_id=group.id,
                    cluster_id=cluster.cluster_id,
                ),
                unprotected,
            ).client_id
            for key in args.settings.pipelines
        }

        self.cluster_identifier = stack.cluster_name
        self.cluster_id = cluster.cluster_id
        self.cluster_name = cluster.cluster_name
        self.resource_group = group.name
        self.oidc_issuer_url = cluster.oidc_issuer_url
        self.kubeconfig = cluster.kubeconfig
        self.register_outputs(
            {
                "cluster_identifier": self.cluster_identifier,
                "cluster_id": self.cluster_id,
                "cluster_name": self.cluster_name,
                "resource_group": self.resource_group,
                "oidc_issuer_url": self.oidc_issuer_url,
                "kubeconfig": self.kubeconfig,
                "client_ids": self.client_ids,
            }
        )

    @property
    def before_workloads(self) -> Sequence[pulumi.Resource]:
        """What must be there before anything is put on the cluster: the way to it, its nodes, rights to pull images,
        what guards admission, and the identities that workloads sign in with."""
        return self._before_workloads

    @property
    def pipelines(self) -> dict[str, pulumi.Output[str]]:
        """Client id of each pipeline, by name: an output of the stack where it has any."""
        return self._pipelines

    def _registry(
        self, name: str, stack: AksStack, group: resources.ResourceGroup, network: Network
    ) -> pulumi.Output[str] | None:
        """Azure id of the registry that is made here."""
        registry = stack.settings.cluster.registry
        if registry is None or registry.create is None:
            return None
        zone_id = None
        if registry.create.private_endpoint:
            zone_id = self._zone(f"{name}-registries", REGISTRY_ZONE, stack, group, network)
        given = RegistryArgs(
            stack=stack,
            resource_group=group.name,
            endpoint_subnet_id=network.subnet_ids.get("privateEndpoints"),
            zone_id=zone_id,
        )
        own = pulumi.ResourceOptions(parent=self)
        return Registry(f"{name}-registry", given, own).registry_id

    def _vaults(
        self,
        name: str,
        stack: AksStack,
        group: resources.ResourceGroup,
        network: Network,
        log_workspace_id: pulumi.Input[str] | None,
    ) -> dict[str, pulumi.Output[str]]:
        """Azure ids of the vaults that are made here, by key."""
        made = {key: it.create for key, it in stack.settings.key_vaults.items() if it.create}
        zone_id = None
        if any(it.private_endpoint for it in made.values()):
            zone_id = self._zone(f"{name}-vaults", VAULT_ZONE, stack, group, network)
        own = pulumi.ResourceOptions(parent=self)
        return {
            key: KeyVault(
                f"{name}-vault-{key}",
                KeyVaultArgs(
                    stack=stack,
                    resource_group=group.name,
                    key=key,
                    egress_ranges=network.egress_ranges,
                    endpoint_subnet_id=network.subnet_ids.get("privateEndpoints"),
                    zone_id=zone_id,
                    log_workspace_id=log_workspace_id,
                ),
                own,
            ).vault_id
            for key in made
        }

    def _zone(
        self,
        name: str,
        zone: str,
        stack: AksStack,
        group: resources.ResourceGroup,
        network: Network,
    ) -> pulumi.Output[str]:
        given = PrivateZoneArgs(
            stack=stack,
            resource_group=group.name,
            zone=zone,
            virtual_network_id=network.virtual_network_id,
        )
        return PrivateZone(name, given, pulumi.ResourceOptions(parent=self)).zone_id
