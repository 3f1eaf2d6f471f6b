"""The cluster, its node pools, its addresses and its administrators."""

from typing import Annotated, Literal

from pydantic import Field

from settings.azure_values import (
    ClusterName,
    DiskGib,
    DnsPrefix,
    DrainMinutes,
    EntraObjectId,
    PodsANode,
    PoolName,
    RegistryId,
    ResourceGroupName,
    RouteTableId,
    VmSize,
)
from settings.section import BY_KEY, Section
from settings.values import (
    Cidr,
    Count,
    CpuQuantity,
    DnsLabel,
    IntOrPercent,
    IpAddress,
    KubernetesVersion,
    LabelKey,
    LabelValue,
    MemoryQuantity,
    Positive,
    Taint,
)

Zone = Literal["1", "2", "3"]


class BootstrapPool(Section):
    """The one pool inside the cluster resource: Azure wants it at creation and it never changes afterwards."""

    name: PoolName = "boot"
    """Pool name; fixed for the life of the cluster."""

    vm_size: VmSize = "Standard_D4ds_v5"
    """At least 4 vCPU, not of the B-series; fixed for the life of the cluster."""

    count: Positive = 1
    """Nodes; never scaled."""

    zones: list[Zone] = []
    """Availability zones; fixed for the life of the cluster."""


class ApiServer(Section):
    """Who reaches the API server over the network."""

    private: bool = False
    """Whether it has a private address only. Fixed at creation."""

    authorized_ip_ranges: list[Cidr] = []
    """Public ranges that may connect. A public API server with none is refused."""


class Registry(Section):
    """The Azure Container Registry whose images the cluster pulls."""

    id: RegistryId
    """Azure resource id; the kubelet identity gets AcrPull on it before the first pull."""


class ClusterSettings(Section):
    """Kubernetes version and, with target aks, the managed cluster."""

    kubernetes_version: KubernetesVersion
    """Minor version; patches come through the upgrade channel. Also the schema that objects are checked against."""

    name: ClusterName | None = None
    """Cluster name; required with target aks. A new name replaces the cluster."""

    dns_prefix: DnsPrefix | None = None
    """First part of the API server's name; required with target aks. A new one replaces the cluster."""

    node_resource_group: ResourceGroupName | None = None
    """Group of the machines; omitted: `<resourceGroup>-nodes`. A new one replaces the cluster."""

    tier: Literal["Free", "Standard", "Premium"] = "Free"
    """`Standard` carries the uptime agreement; `Premium` adds long-term support."""

    upgrade_channel: Literal["patch", "stable", "rapid", "none"] = "patch"
    """Which Kubernetes versions Azure installs by itself. With `stable` and `rapid` Azure owns the minor."""

    node_os_upgrade_channel: Literal["NodeImage", "SecurityPatch", "None"] = "NodeImage"
    """How nodes get operating system fixes."""

    api_server: ApiServer = ApiServer()
    """Who reaches the API server."""

    bootstrap_pool: BootstrapPool = BootstrapPool()
    """The pool inside the cluster resource."""

    registry: Registry | None = None
    """Registry the cluster pulls from; omitted: none."""


SYSTEM_PODS_CPU = "370m"
SYSTEM_PODS_MEMORY = "810Mi"
SYSTEM_PODS = 8
"""DaemonSets on each node of AKS with Azure CNI and Cilium, requests of CPU and memory:

azure-cns 40m 250Mi, azure-ip-masq-agent 100m 50Mi, cloud-node-manager 50m 50Mi, csi-azuredisk-node 30m 60Mi,
csi-azurefile-node 30m 60Mi (`kubectl describe node` of an AKS node, February 2025; the third again in
https://github.com/Azure/AKS/issues/5251 , November 2025); cilium 0 100Mi (https://github.com/Azure/AKS/issues/5244 ;
it replaces kube-proxy's 100m 0). Assumed, without a listing to cite: aks-secrets-store-csi-driver 70m 140Mi and
aks-secrets-store-provider-azure 50m 100Mi. `kubectl describe node` tells your own.
"""


class Capacity(Section):
    """What pods can use of one node."""

    cpu: CpuQuantity
    """Cores left after what AKS keeps for itself."""

    memory: MemoryQuantity
    """Bytes left after what AKS keeps for itself."""


class SystemPods(Section):
    """What the cluster's own pods ask for on every node of a pool."""

    cpu: CpuQuantity = SYSTEM_PODS_CPU
    """Sum of their CPU requests."""

    memory: MemoryQuantity = SYSTEM_PODS_MEMORY
    """Sum of their memory requests."""

    pods: Count = SYSTEM_PODS
    """How many they are."""


class NodePool(Section):
    """One node pool: a resource of its own, so that it can change without the cluster."""

    mode: Literal["System", "User"] = "User"
    """`System` carries the cluster's own pods and no workload."""

    vm_size: VmSize | None = None
    """Machine size, for example `Standard_D4ds_v5`; required with target aks. A new one replaces the pool."""

    min: Count
    """Fewest nodes."""

    max: Positive
    """Most nodes. More than `min`: the cluster autoscaler decides; equal: a fixed number."""

    zones: list[Zone] = []
    """Availability zones; empty: none. Fixed at creation."""

    max_pods: PodsANode = 110
    """Pods a node; fixed at creation."""

    os_sku: Literal["AzureLinux", "Ubuntu"] = "AzureLinux"
    """Operating system of the nodes."""

    os_disk_type: Literal["Ephemeral", "Managed"] = "Managed"
    """`Ephemeral` lies on the machine's own disk: quicker, and gone with it. Fixed at creation."""

    os_disk_size_gb: DiskGib = 128
    """Size of the system disk in GiB. Fixed at creation."""

    labels: dict[LabelKey, LabelValue] = {}
    """Node labels beside `agentpool`, which every pool has."""

    taints: list[Taint] = []
    """Node taints; a system pool has `CriticalAddonsOnly=true:NoSchedule` without being told."""

    max_surge: IntOrPercent = "33%"
    """Extra nodes during an upgrade."""

    drain_timeout_minutes: DrainMinutes = 30
    """How long an upgrade waits for a node to drain."""

    capacity: Capacity | None = None
    """What pods can use of one node; needed where the machine size is not in the built-in table."""

    system_pods: SystemPods | None = None
    """What the cluster's own pods take of each node. Omitted: with target aks what AKS runs on every node with this
    network plugin and the add-ons of this program; elsewhere nothing."""


class Subnets(Section):
    """Subnets of the virtual network."""

    nodes: Cidr
    """Nodes of every pool; a /24 holds 251."""


Cni = Literal["cilium", "calico", "azure", "none"]
"""Who holds pods to their network policies."""


class Monitoring(Section):
    """What scrapes the workloads that have `metrics`."""

    namespace: DnsLabel
    """Namespace of its pods, for example `kube-system`."""

    pod_labels: Annotated[dict[LabelKey, LabelValue], BY_KEY] = {}
    """What selects its pods there, for example `{rsName: ama-metrics}`; omitted: all of the namespace."""


class NetworkSettings(Section):
    """Address plan: no two ranges may overlap, here or with peered networks."""

    address_space: Cidr
    """The virtual network."""

    subnets: Subnets
    """Its parts."""

    pod_cidr: Cidr
    """Addresses of pods (overlay): a /24 each node. A change replaces the cluster."""

    service_cidr: Cidr
    """Addresses of Services. A change replaces the cluster."""

    dns_service_ip: IpAddress
    """Address of the cluster's DNS in `serviceCidr`, not its first. A change replaces the cluster."""

    outbound_type: Literal["loadBalancer", "userAssignedNATGateway", "userDefinedRouting"] = (
        "loadBalancer"
    )
    """How nodes reach the Internet. A change replaces the cluster."""

    route_table_id: RouteTableId | None = None
    """Route table of the node subnet, which exists already; with outboundType userDefinedRouting only."""


class AccessSettings(Section):
    """Who administers the cluster."""

    tenant_id: EntraObjectId
    """Entra tenant."""

    admins: list[EntraObjectId] = Field(min_length=1)
    """Entra groups that administer the cluster: local accounts are off, so without one nobody could."""

    kubelogin: Literal["azurecli", "spn", "workloadidentity", "msi"] = "azurecli"
    """How the kubeconfig signs in: `azurecli` for people, the others for pipelines."""
