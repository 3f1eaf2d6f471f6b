"""The managed cluster and its administrators."""

from typing import Literal

from pydantic import Field

from settings.api_server import ApiServer
from settings.autoscaler import Autoscaler, NodeProvisioning
from settings.azure_values import (
    ClusterName,
    DnsPrefix,
    EntraObjectId,
    ResourceGroupName,
)
from settings.cluster_security import ClusterSecurity
from settings.maintenance import Maintenance, Runs
from settings.node_pools import BootstrapPool
from settings.profiles import DEFAULT_PROFILE, Profile
from settings.registries import Registry
from settings.section import Section
from settings.values import KubernetesVersion


class ClusterSettings(ClusterSecurity):
    """Kubernetes version and, with target aks, the managed cluster."""

    profile: Profile = DEFAULT_PROFILE
    """Which recommended values hold where the stack says nothing, of the cluster, its pools, its network and what
    watches it: `./aks explain cluster.<key>` shows each with its reason. Only with target aks."""

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

    maintenance: Maintenance = Maintenance()
    """When Azure may install what the channels bring."""

    runs: Runs | None = None
    """When the cluster runs; omitted: always. Not for a stack that is protected."""

    api_server: ApiServer = ApiServer()
    """Who reaches the API server."""

    bootstrap_pool: BootstrapPool = BootstrapPool()
    """The pool inside the cluster resource."""

    autoscaler: Autoscaler = Autoscaler()
    """How pools grow and shrink whose `max` exceeds their `min`."""

    node_provisioning: NodeProvisioning = "Manual"
    """`Auto` lets AKS (Karpenter) make nodes of its own beside the pools, which must then have a fixed number."""

    registry: Registry | None = None
    """Registry the cluster pulls from; omitted: none."""

    lock: bool = False
    """Whether Azure itself refuses to delete the cluster, its pools and its resource group, to people with the right
    to, as well (CanNotDelete). Take it off in a change of its own before a pool is removed."""


class AccessSettings(Section):
    """Who administers the cluster."""

    tenant_id: EntraObjectId
    """Entra tenant."""

    admins: list[EntraObjectId] = Field(min_length=1)
    """Entra groups that administer the cluster: local accounts are off, so without one nobody could."""

    kubelogin: Literal["azurecli", "spn", "workloadidentity", "msi"] = "azurecli"
    """How the kubeconfig signs in: `azurecli` for people, the others for pipelines."""
