"""One good instance of every component; a test takes it and changes one thing.

Each is made inside a run of the engine, since some hold other resources.
"""

from collections.abc import Callable
from typing import Any

import pulumi

from components.azure.action_groups import ActionGroups, ActionGroupsArgs
from components.azure.aks_cluster import AksCluster, AksClusterArgs
from components.azure.alerts import Alerts, AlertsArgs
from components.azure.api_server_zone import ApiServerZone, ApiServerZoneArgs
from components.azure.backup import Backup, BackupArgs
from components.azure.backup_storage import BackupStorage, BackupStorageArgs
from components.azure.backup_vault import BackupVault, BackupVaultArgs
from components.azure.cluster import Cluster, ClusterArgs
from components.azure.container_insights import ContainerInsights, ContainerInsightsArgs
from components.azure.deployment_safeguards import (
    DeploymentSafeguards,
    DeploymentSafeguardsArgs,
)
from components.azure.diagnostics import Diagnostics, DiagnosticsArgs
from components.azure.grafana import Grafana, GrafanaArgs
from components.azure.identity import Identity, IdentityArgs
from components.azure.key_rights import KeyRights, KeyRightsArgs
from components.azure.key_vault import KeyVault, KeyVaultArgs
from components.azure.locks import ClusterLock, ClusterLockArgs
from components.azure.log_analytics import LogAnalytics, LogAnalyticsArgs
from components.azure.maintenance import Maintenance, MaintenanceArgs
from components.azure.managed_prometheus import ManagedPrometheus, ManagedPrometheusArgs
from components.azure.monitor_workspace import MonitorWorkspace, MonitorWorkspaceArgs
from components.azure.network import Network, NetworkArgs
from components.azure.network_rights import NETWORK, NetworkRights, NetworkRightsArgs, Right
from components.azure.node_pools import NodePools, NodePoolsArgs
from components.azure.observability import Observability, ObservabilityArgs
from components.azure.pipeline_identity import PipelineIdentity, PipelineIdentityArgs
from components.azure.private_endpoint import PrivateEndpoint, PrivateEndpointArgs
from components.azure.private_zone import PrivateZone, PrivateZoneArgs
from components.azure.registry import Registry, RegistryArgs
from components.azure.running_hours import RunningHours, RunningHoursArgs
from components.azure.security_groups import SecurityGroups, SecurityGroupsArgs
from components.azure.shared_identity import SharedIdentity, SharedIdentityArgs
from components.azure.stack import AksStack
from components.azure.telemetry import Telemetry, TelemetryArgs
from components.azure.workload_identity import WorkloadIdentity, WorkloadIdentityArgs
from components.kubernetes.chart import Chart, ChartArgs
from components.kubernetes.estate import Estate
from components.kubernetes.ingress import Ingress, IngressArgs
from components.kubernetes.priorities import Priorities, PrioritiesArgs
from components.kubernetes.tenant import Tenant, TenantArgs
from components.kubernetes.workload import Workload, WorkloadArgs
from settings.cluster_security import Safeguards
from settings.federations import federated
from settings.maintenance import Runs
from settings.stack import Settings
from tests.components.azure import cloud
from tests.manifests import samples

GROUP = "rg-course-dev"
SUBNET = "/subscriptions/s/subnets/nodes"
PRIORITIES = {
    "live": {"value": 1000, "description": "what users wait for"},
    "batch": {"value": -10, "preemption": False, "description": "what can wait"},
}
EXPORTER = {
    "namespace": "shop",
    "chart": "oci://registry.example/charts/redis-exporter",
    "version": "6.1.0",
    "values": {"redisAddress": "redis://redis:6379"},
}
ACCESS = {"viewer": [samples.VIEWERS], "deployer": [samples.DEPLOYERS]}


def web(**changes: Any):
    """A workload with everything around its Deployment."""
    given = {
        "autoscale": {"min": 2, "max": 5, "cpu": 70},
        "config": {"env": {"LOG_LEVEL": "info"}},
        "routes": [{"host": "public", "path": "/"}],
        "secrets": {"PASSWORD": {"vault": "shop-kv", "mountPath": "/mnt/secrets"}},
        "uses": ["sql-gateway"],
    }
    return samples.web(**{**given, **changes})


def redis(**changes: Any):
    """A workload that holds data."""
    data = {"mountPath": "/data", "disk": {"size": "8Gi"}}
    return samples.of_kind("statefulset", **{"name": "redis", "volumes": {"data": data}, **changes})


def stack(**changes: Any) -> Settings:
    """A stack with both; wire keys."""
    namespaces = {
        name: {"quota": samples.QUOTA, "access": ACCESS, "pullSecrets": {"registry": {}}}
        for name in ("shop", "back")
    }
    return samples.stack(web(), redis(), **{"namespaces": namespaces, **changes})


def estate(**changes: Any) -> Estate:
    """What the components of `stack(**changes)` share."""
    settings = stack(**changes)
    secrets = {"shop-registry": pulumi.Output.secret("{}"), "back-registry": "{}"}
    return Estate.of(settings, secrets, samples.values(settings).client_ids)


def tenant(of: Estate) -> Tenant:
    """The tenant of namespace `shop`."""
    return Tenant("shop", TenantArgs(estate=of, namespace="shop"))


def workload(name: str = "web", **changes: Any) -> WorkloadArgs:
    """One workload of `stack(**changes)` in its tenant, behind the ingress."""
    of = estate(**changes)
    return WorkloadArgs(
        estate=of,
        workload=of.settings.workloads[name],
        tenant=tenant(of),
        ingress=Ingress("ingress", IngressArgs(estate=of)),
    )


def chart() -> ChartArgs:
    """A chart in namespace `shop`."""
    of = estate(charts={"exporter": EXPORTER})
    return ChartArgs(estate=of, key="exporter", tenant=tenant(of))


def aks() -> AksStack:
    return AksStack.of(cloud.stack(), cloud.LOCATION)


def watched() -> dict[str, Any]:
    """What every part that watches a cluster takes."""
    settings = cloud.stack(**cloud.WATCHED)
    return {"stack": AksStack.of(settings, cloud.LOCATION), "resource_group": GROUP}


def backed_up() -> dict[str, Any]:
    """What every part of backups takes."""
    settings = cloud.stack(**cloud.BACKED_UP)
    return {"stack": AksStack.of(settings, cloud.LOCATION), "resource_group": GROUP}


def of_cluster() -> dict[str, Any]:
    """The same once there is a cluster."""
    return {**watched(), "cluster_id": "/aks", "workspace_id": "/workspace"}


def shared_identity() -> SharedIdentityArgs:
    """Two workloads that share an identity, one of which reads vaults; a role on a storage account."""
    settings = cloud.stack(**cloud.SHARING)
    return SharedIdentityArgs(
        stack=AksStack.of(settings, cloud.LOCATION),
        resource_group=GROUP,
        identity="uploads",
        accounts=federated(settings)["uploads"],
        oidc_issuer_url="https://issuer.example/",
    )


def pipeline_identity() -> PipelineIdentityArgs:
    """A pipeline that deploys, from an environment and a branch of one repository."""
    return PipelineIdentityArgs(
        stack=AksStack.of(cloud.stack(**cloud.PIPELINES), cloud.LOCATION),
        pipeline="deploy",
        resource_group=GROUP,
        resource_group_id=f"{cloud.SUBSCRIPTION}/resourceGroups/{GROUP}",
        cluster_id=f"{cloud.SUBSCRIPTION}/managedClusters/aks-course-dev",
    )


def cluster() -> ClusterArgs:
    subject = {"control_plane_id": "cp", "kubelet_id": "k", "kubelet_client_id": "kc"}
    return ClusterArgs(
        stack=aks(),
        resource_group=GROUP,
        nodes_subnet_id=SUBNET,
        egress_ranges=[],
        kubelet_object_id="ko",
        log_workspace_id="/logs",
        rights=[],
        **subject,
    )


SAMPLES: dict[type[pulumi.ComponentResource], Callable[[], Any]] = {
    AksCluster: lambda: AksClusterArgs(settings=cloud.stack(), location=cloud.LOCATION),
    ActionGroups: lambda: ActionGroupsArgs(
        **watched(), webhooks={"ops-pager": pulumi.Output.secret("https://pager.example/key")}
    ),
    Alerts: lambda: AlertsArgs(**of_cluster(), action_groups={"ops": "/ops", "owners": "/owners"}),
    ContainerInsights: lambda: ContainerInsightsArgs(**of_cluster()),
    Diagnostics: lambda: DiagnosticsArgs(
        stack=watched()["stack"], cluster_id="/aks", workspace_id="/workspace"
    ),
    Grafana: lambda: GrafanaArgs(**watched(), workspace_id="/workspace"),
    LogAnalytics: lambda: LogAnalyticsArgs(**watched()),
    ManagedPrometheus: lambda: ManagedPrometheusArgs(**of_cluster()),
    MonitorWorkspace: lambda: MonitorWorkspaceArgs(**watched()),
    Observability: lambda: ObservabilityArgs(
        **watched(), cluster_id="/aks", log_workspace_id="/logs", monitor_workspace_id="/metrics"
    ),
    Telemetry: lambda: TelemetryArgs(**watched()),
    Cluster: cluster,
    ClusterLock: lambda: ClusterLockArgs(
        cluster_id=f"{cloud.SUBSCRIPTION}/managedClusters/aks-course-dev"
    ),
    Backup: lambda: BackupArgs(
        **backed_up(),
        cluster_id="/aks",
        cluster_name="aks-course-dev",
        control_plane_object_id="cp",
        after=[],
    ),
    BackupStorage: lambda: BackupStorageArgs(**backed_up()),
    BackupVault: lambda: BackupVaultArgs(**backed_up()),
    DeploymentSafeguards: lambda: DeploymentSafeguardsArgs(
        safeguards=Safeguards(level="Warn", excludedNamespaces=["logging"]),
        cluster_id="/aks",
        after=[],
    ),
    KeyVault: lambda: KeyVaultArgs(
        stack=AksStack.of(cloud.stack(**cloud.VAULTED), cloud.LOCATION),
        resource_group=GROUP,
        key="shop-kv",
        egress_ranges=[],
        endpoint_subnet_id=SUBNET,
        zone_id="/zone",
        log_workspace_id="/logs",
    ),
    PrivateEndpoint: lambda: PrivateEndpointArgs(
        stack=aks(),
        resource_group=GROUP,
        endpoint_name="pe-shop-kv",
        target_id="/vault",
        part="vault",
        subnet_id=SUBNET,
        zone_id="/zone",
    ),
    PrivateZone: lambda: PrivateZoneArgs(
        stack=aks(),
        resource_group=GROUP,
        zone="privatelink.vaultcore.azure.net",
        virtual_network_id=SUBNET,
    ),
    Registry: lambda: RegistryArgs(
        stack=AksStack.of(cloud.stack(**cloud.REGISTERED), cloud.LOCATION),
        resource_group=GROUP,
        endpoint_subnet_id=SUBNET,
        zone_id="/zone",
    ),
    KeyRights: lambda: KeyRightsArgs(stack=aks(), principal_id="cp", vault_id=cloud.VAULT),
    Identity: lambda: IdentityArgs(stack=aks(), resource_group=GROUP, nodes_subnet_id=SUBNET),
    Maintenance: lambda: MaintenanceArgs(
        stack=aks(), resource_group=GROUP, cluster_name="aks-course-dev", after=[]
    ),
    ApiServerZone: lambda: ApiServerZoneArgs(
        stack=aks(), resource_group=GROUP, virtual_network_id=SUBNET
    ),
    Network: lambda: NetworkArgs(stack=aks(), resource_group=GROUP),
    NetworkRights: lambda: NetworkRightsArgs(
        stack=aks(),
        principal_id="cp",
        rights=[Right("system-subnet", NETWORK, ("snet-system", SUBNET))],
    ),
    SecurityGroups: lambda: SecurityGroupsArgs(stack=aks(), resource_group=GROUP),
    NodePools: lambda: NodePoolsArgs(
        stack=aks(), resource_group=GROUP, cluster_name="aks-course-dev", nodes_subnet_id=SUBNET
    ),
    PipelineIdentity: pipeline_identity,
    SharedIdentity: shared_identity,
    RunningHours: lambda: RunningHoursArgs(
        stack=aks(),
        runs=Runs.model_validate(
            {"days": ["Monday"], "start": "07:00", "stop": "19:00", "timeZone": "Europe/Berlin"}
        ),
        resource_group=GROUP,
        resource_group_id=f"{cloud.SUBSCRIPTION}/resourceGroups/{GROUP}",
        cluster_id=f"{cloud.SUBSCRIPTION}/managedClusters/aks-course-dev",
    ),
    WorkloadIdentity: lambda: WorkloadIdentityArgs(
        stack=aks(),
        resource_group=GROUP,
        workload=cloud.stack().workloads["blob"],
        oidc_issuer_url="https://issuer.example/",
    ),
    Chart: chart,
    Ingress: lambda: IngressArgs(estate=estate()),
    Priorities: lambda: PrioritiesArgs(estate=estate(priorityClasses=PRIORITIES)),
    Tenant: lambda: TenantArgs(estate=estate(), namespace="shop"),
    Workload: workload,
}
