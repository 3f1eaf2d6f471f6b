"""The managed cluster with its bootstrap pool, and the kubeconfig that leads to it.

Left out on purpose: every other pool (`node_pools`), maintenance windows and backup.
"""

from base64 import b64decode
from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
from pulumi_azure_native import containerservice

from components.azure import agents, names, network_profile, profiles, scaling
from components.azure.kubeconfig import for_kubelogin
from components.azure.stack import AksStack


@dataclass(frozen=True, kw_only=True)
class ClusterArgs:
    """Inputs of `Cluster`."""

    stack: AksStack
    """Version, tier, ranges, administrators, bootstrap pool."""

    resource_group: pulumi.Input[str]
    """Name of the group, from the resource itself, so that it comes first."""

    nodes_subnet_id: pulumi.Input[str]
    """Subnet of the bootstrap pool, or of worker pools where there is one for system pools."""

    egress_ranges: Sequence[pulumi.Input[str]]
    """Public ranges that nodes leave by and AKS does not let in by itself."""

    control_plane_id: pulumi.Input[str]
    """Identity that AKS acts as."""

    kubelet_id: pulumi.Input[str]
    """Identity that nodes pull images as."""

    kubelet_client_id: pulumi.Input[str]
    """Its client id."""

    kubelet_object_id: pulumi.Input[str]
    """Its object id in Entra."""

    rights: Sequence[pulumi.Resource]
    """What holds the role assignments of both identities: no input of the cluster leads to them, and
    without them it fails after minutes, or comes up unable to pull."""

    log_workspace_id: pulumi.Input[str] | None = None
    """Where the logs of containers go; required with `observability.containerInsights`, and with
    `cluster.defender` that names none."""

    system_subnet_id: pulumi.Input[str] | None = None
    """Subnet of the bootstrap pool; None: it stands among the workers."""

    api_server_subnet_id: pulumi.Input[str] | None = None
    """Subnet of an API server in the virtual network; required with `cluster.apiServer.vnetIntegration`."""

    api_server_zone_id: pulumi.Input[str] | None = None
    """Private DNS zone of its name; required with `cluster.apiServer.privateDnsZone: own`."""


class Cluster(pulumi.ComponentResource):
    """The managed cluster."""

    cluster_id: pulumi.Output[str]
    """Azure id."""

    cluster_name: pulumi.Output[str]
    """Name, from the resource itself: whoever uses it waits for the cluster."""

    oidc_issuer_url: pulumi.Output[str]
    """Issuer of the tokens of service accounts, for federated credentials."""

    kubeconfig: pulumi.Output[str]
    """YAML, secret; signs in through kubelogin and holds no credentials."""

    def __init__(
        self, name: str, args: ClusterArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("aks-platform:azure:Cluster", name, None, opts)
        stack, cluster = args.stack, args.stack.settings.cluster
        version = profiles.cluster_version(stack)

        managed = containerservice.ManagedCluster(
            f"{name}-managed-cluster",
            resource_name_=stack.cluster_name,
            resource_group_name=args.resource_group,
            location=stack.location,
            tags=stack.tags,
            sku={"name": "Base", "tier": cluster.tier},
            support_plan=(
                "AKSLongTermSupport" if cluster.tier == "Premium" else "KubernetesOfficial"
            ),
            dns_prefix=stack.dns_prefix,
            kubernetes_version=version,
            node_resource_group=names.node_resource_group(stack),
            node_resource_group_profile={
                "restriction_level": cluster.node_resource_group_restriction
            },
            identity={
                "type": containerservice.ResourceIdentityType.USER_ASSIGNED,
                "user_assigned_identities": [args.control_plane_id],
            },
            identity_profile={
                "kubeletidentity": {
                    "resource_id": args.kubelet_id,
                    "client_id": args.kubelet_client_id,
                    "object_id": args.kubelet_object_id,
                }
            },
            enable_rbac=True,
            disable_local_accounts=cluster.disable_local_accounts,
            aad_profile=profiles.sign_in(stack),
            api_server_access_profile=network_profile.api_server(
                stack, args.egress_ranges, args.api_server_subnet_id, args.api_server_zone_id
            ),
            network_profile=network_profile.network(stack),
            agent_pool_profiles=[
                profiles.bootstrap_pool(stack, args.system_subnet_id or args.nodes_subnet_id)
            ],
            auto_scaler_profile=scaling.autoscaler(stack),
            node_provisioning_profile=scaling.provisioning(stack),
            auto_upgrade_profile={
                "upgrade_channel": cluster.upgrade_channel,
                "node_os_upgrade_channel": cluster.node_os_upgrade_channel,
            },
            oidc_issuer_profile={"enabled": True},
            security_profile=profiles.security(stack, args.log_workspace_id),
            storage_profile=profiles.storage(stack),
            addon_profiles={
                **profiles.add_ons(stack),
                "omsagent": agents.logs_agent(stack, args.log_workspace_id),
            },
            azure_monitor_profile=agents.metrics_agent(stack),
            opts=pulumi.ResourceOptions(
                parent=self,
                depends_on=args.rights,
                # Azure counts every pool of the cluster there; ours are resources of their own. The
                # version is ignored only where a channel owns it: a raised minor must reach Azure.
                ignore_changes=[
                    "agentPoolProfiles",
                    *(["kubernetesVersion"] if not version else []),
                ],
            ),
        )

        self.cluster_id = managed.id
        self.cluster_name = managed.name
        # Before the cluster exists a preview may hand the profile back as it was put in, without the
        # URL: then it is unknown, as the id is, and not absent.
        issuer = managed.oidc_issuer_profile.issuer_url
        self.oidc_issuer_url = pulumi.Output.all(issuer, managed.id).apply(
            lambda them: str(them[0])
        )
        credentials = containerservice.list_managed_cluster_user_credentials_output(
            resource_group_name=args.resource_group,
            resource_name=managed.name,
            format="exec",
            opts=pulumi.InvokeOutputOptions(parent=self),
        )
        self.kubeconfig = pulumi.Output.secret(
            credentials.apply(
                lambda found: _kubeconfig([it.value for it in found.kubeconfigs], stack)
            )
        )
        self.register_outputs(
            {
                "cluster_id": self.cluster_id,
                "cluster_name": self.cluster_name,
                "oidc_issuer_url": self.oidc_issuer_url,
                "kubeconfig": self.kubeconfig,
            }
        )


def _kubeconfig(encoded: Sequence[str], stack: AksStack) -> str:
    if not encoded:
        raise pulumi.RunError(f"Azure returned no kubeconfig for {stack.cluster_name}")
    try:
        return for_kubelogin(
            b64decode(encoded[0]).decode(),
            context=stack.cluster_name,
            login=stack.access.kubelogin,
            tenant_id=stack.access.tenant_id,
        )
    except ValueError as fault:
        raise pulumi.RunError(f"{stack.cluster_name}: {fault}") from None
