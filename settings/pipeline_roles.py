"""The rights in Azure that a pipeline needs for `pulumi preview` and `pulumi up`, in one place, with reasons.

`up` is a role of its own and not a handful of built-in ones. Those are too narrow and too wide at once: "Azure
Kubernetes Service Contributor Role" may write a cluster but no node pool, "Monitoring Contributor" no Prometheus rules,
and "Network Contributor" whatever there is of networks
(https://learn.microsoft.com/azure/role-based-access-control/built-in-roles).
Actions: https://learn.microsoft.com/azure/role-based-access-control/resource-provider-operations
"""

from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

from settings.azure_roles import OWNER_ROLES, VAULT_ROLE
from settings.stack import Settings

VERBS: Final = ("read", "write", "delete")


class Needs(NamedTuple):
    """What it takes to keep one kind of resource."""

    at: str
    """Type in Azure; actions are `<at>/read` and so on."""

    more: tuple[str, ...] = ()
    """Actions beside those on the resource itself: Azure asks for them where one resource names another."""

    reason: str = ""
    """Why `more`, or why not all of `VERBS`."""

    verbs: tuple[str, ...] = VERBS

    @property
    def actions(self) -> list[str]:
        """All of them."""
        return [*(f"{self.at}/{verb}" for verb in self.verbs), *self.more]


_AKS = "Microsoft.ContainerService/managedClusters"
_INSIGHTS = "Microsoft.Insights"
_NETWORK = "Microsoft.Network"
_IDENTITY = "Microsoft.ManagedIdentity/userAssignedIdentities"
_BACKUP = "Microsoft.DataProtection/backupVaults"
_LOGS = "Microsoft.OperationalInsights/workspaces"
_SUBNET_JOIN = f"{_NETWORK}/virtualNetworks/subnets/join/action"

KINDS: Final[Mapping[str, Needs]] = {
    "alertsmanagement:PrometheusRuleGroup": Needs(
        "Microsoft.AlertsManagement/prometheusRuleGroups"
    ),
    "containerregistry:Registry": Needs("Microsoft.ContainerRegistry/registries"),
    "containerservice:AgentPool": Needs(
        f"{_AKS}/agentPools", (_SUBNET_JOIN,), "nodes stand in a subnet"
    ),
    "containerservice:DeploymentSafeguard": Needs(
        "Microsoft.ContainerService/deploymentSafeguards"
    ),
    "containerservice:MaintenanceConfiguration": Needs(f"{_AKS}/maintenanceConfigurations"),
    "containerservice:ManagedCluster": Needs(
        _AKS,
        (
            f"{_AKS}/listClusterUserCredential/action",
            f"{_IDENTITY}/assign/action",
            _SUBNET_JOIN,
            f"{_LOGS}/sharedKeys/read",
            f"{_NETWORK}/privateDnsZones/join/action",
        ),
        "the kubeconfig without credentials, its two identities, its subnets, its log workspace and DNS zone",
    ),
    "containerservice:TrustedAccessRoleBinding": Needs(f"{_AKS}/trustedAccessRoleBindings"),
    "dashboard:Grafana": Needs("Microsoft.Dashboard/grafana"),
    "dataprotection:BackupInstance": Needs(f"{_BACKUP}/backupInstances"),
    "dataprotection:BackupPolicy": Needs(f"{_BACKUP}/backupPolicies"),
    "dataprotection:BackupVault": Needs(_BACKUP),
    "keyvault:Vault": Needs("Microsoft.KeyVault/vaults"),
    "kubernetesconfiguration:Extension": Needs("Microsoft.KubernetesConfiguration/extensions"),
    "logic:Workflow": Needs("Microsoft.Logic/workflows"),
    "managedidentity:FederatedIdentityCredential": Needs(
        f"{_IDENTITY}/federatedIdentityCredentials"
    ),
    "managedidentity:UserAssignedIdentity": Needs(_IDENTITY),
    "monitor:ActionGroup": Needs(f"{_INSIGHTS}/actionGroups"),
    "monitor:AzureMonitorWorkspace": Needs("Microsoft.Monitor/accounts"),
    "monitor:DataCollectionEndpoint": Needs(f"{_INSIGHTS}/dataCollectionEndpoints"),
    "monitor:DataCollectionRule": Needs(f"{_INSIGHTS}/dataCollectionRules"),
    "monitor:DataCollectionRuleAssociation": Needs(f"{_INSIGHTS}/dataCollectionRuleAssociations"),
    "monitor:DiagnosticSetting": Needs(
        f"{_INSIGHTS}/diagnosticSettings",
        (f"{_LOGS}/sharedKeys/action",),
        "Azure asks it of whoever sends logs to a workspace",
    ),
    "network:NatGateway": Needs(
        f"{_NETWORK}/natGateways",
        (f"{_NETWORK}/publicIPAddresses/join/action",),
        "its public address",
    ),
    "network:NetworkSecurityGroup": Needs(f"{_NETWORK}/networkSecurityGroups"),
    "network:PrivateDnsZoneGroup": Needs(
        f"{_NETWORK}/privateEndpoints/privateDnsZoneGroups",
        (f"{_NETWORK}/privateDnsZones/join/action",),
        "the zone that its name stands in",
    ),
    "network:PrivateEndpoint": Needs(
        f"{_NETWORK}/privateEndpoints",
        (
            _SUBNET_JOIN,
            "Microsoft.ContainerRegistry/registries/privateEndpointConnectionsApproval/action",
            "Microsoft.KeyVault/vaults/PrivateEndpointConnectionsApproval/action",
        ),
        "its subnet, and what it leads to lets it in",
    ),
    "network:PublicIPAddress": Needs(f"{_NETWORK}/publicIPAddresses"),
    "network:RouteTable": Needs(f"{_NETWORK}/routeTables"),
    "network:Subnet": Needs(
        f"{_NETWORK}/virtualNetworks/subnets",
        (
            f"{_NETWORK}/natGateways/join/action",
            f"{_NETWORK}/networkSecurityGroups/join/action",
            f"{_NETWORK}/routeTables/join/action",
        ),
        "its way out, its rules and its routes",
    ),
    "network:VirtualNetwork": Needs(f"{_NETWORK}/virtualNetworks"),
    "operationalinsights:Table": Needs(f"{_LOGS}/tables"),
    "operationalinsights:Workspace": Needs(_LOGS),
    "privatedns:PrivateZone": Needs(f"{_NETWORK}/privateDnsZones"),
    "privatedns:VirtualNetworkLink": Needs(
        f"{_NETWORK}/privateDnsZones/virtualNetworkLinks",
        (f"{_NETWORK}/virtualNetworks/join/action",),
        "the network that it is linked to",
    ),
    "resources:ResourceGroup": Needs(
        "Microsoft.Resources/subscriptions/resourceGroups",
        reason="no delete: with the group goes everything in it",
        verbs=("read", "write"),
    ),
    "storage:BlobContainer": Needs("Microsoft.Storage/storageAccounts/blobServices/containers"),
    "storage:StorageAccount": Needs("Microsoft.Storage/storageAccounts"),
}
"""By the end of the resource's type in Pulumi. What is to be kept needs all of `VERBS` or says why not."""

ASSIGNMENT: Final = "authorization:RoleAssignment"
"""Kept with a built-in role under a condition, `ASSIGNS`: a role of one's own takes none that Azure looks into."""

BY_A_PERSON: Final[Mapping[str, str]] = {
    "authorization:ManagementLockByScope": (
        "whoever may take a lock off is not held by it: set and take off `cluster.lock` yourself"
    ),
    "authorization:RoleDefinition": (
        "whoever may change what a role allows may do everything: a change of `cluster.runs`, of `pipelines` and of "
        "this table is applied by a person"
    ),
}
"""Kinds that no pipeline keeps, and why."""

ASSIGNS: Final = "Role Based Access Control Administrator"

WITHIN: Final = (
    "AcrPull",
    "Grafana Admin",
    "Grafana Viewer",
    "Key Vault Secrets User",
    "Managed Identity Operator",
    "Monitoring Data Reader",
    "Network Contributor",
    "Private DNS Zone Contributor",
    "Reader",
    "Storage Blob Data Contributor",
)
"""Built-in roles that this program gives in the stack's own group. None of them hands out rights.

In the group of snapshots a pipeline has no rights: a person switches `backup` on."""

KUBERNETES: Final[Mapping[str, str]] = {
    "preview": "Azure Kubernetes Service RBAC Reader",
    "up": "Azure Kubernetes Service RBAC Cluster Admin",
}
"""On the cluster. The program makes namespaces, roles and their bindings, which only the administrator's may."""

PREVIEW: Final = ("Reader", "Azure Kubernetes Service Cluster User Role")
"""On the group and on the cluster: a preview asks for the kubeconfig, and `Reader` may not."""

ROLE_IDS: Final[Mapping[str, str]] = {
    "Azure Kubernetes Service Cluster User Role": "4abbcc35-e782-43d8-92c5-2d3f1bd2253f",
    "Azure Kubernetes Service RBAC Cluster Admin": "b1ff04bb-8a4e-4dc4-8eb5-8693973ce19b",
    "Azure Kubernetes Service RBAC Reader": "7f6c6a51-bcf8-42ba-9220-52d62157d7db",
}
"""https://learn.microsoft.com/azure/role-based-access-control/built-in-roles/containers"""


def actions() -> list[str]:
    """What the role for `up` allows, sorted; never a star."""
    return sorted({action for needs in KINDS.values() for action in needs.actions})


def outside(settings: Settings) -> dict[str, list[str]]:
    """Roles that the program gives on resources of others, by their Azure id; sorted.

    Those that manage or hand out rights (`OWNER_ROLES`) are left out: a pipeline that could give them could give them
    to itself.
    """
    found: dict[str, set[str]] = {}
    for scope, role in _given(settings):
        if scope and role not in OWNER_ROLES:
            found.setdefault(scope, set()).add(role)
    return {scope: sorted(roles) for scope, roles in sorted(found.items())}


def _given(settings: Settings) -> Iterable[tuple[str | None, str]]:
    cluster, network = settings.cluster, settings.network
    if cluster.registry:
        yield cluster.registry.id, "AcrPull"
    for vault in settings.key_vaults.values():
        yield vault.id, VAULT_ROLE
    for shared in settings.azure_identities.values():
        yield from ((it.scope, it.role) for it in shared.roles.values())
    for workload in settings.workloads.values():
        own = workload.azure_identity
        yield from ((it.scope, it.role) for it in (own.roles.values() if own else ()))
    if settings.observability.grafana.enabled:
        yield settings.observability.metrics.workspace_id, "Monitoring Data Reader"
    if cluster.kms:
        yield cluster.kms.vault_id, "Key Vault Crypto User"
    if cluster.api_server.private_dns_zone.startswith("/"):
        yield cluster.api_server.private_dns_zone, "Private DNS Zone Contributor"
    if network:
        yield network.route_table_id, "Network Contributor"


def condition(roles: Iterable[str], kinds: Iterable[str]) -> str:
    """Text of a condition (version 2.0): only `roles`, by GUID, are given and taken, and to principals of `kinds` only.

    https://learn.microsoft.com/azure/role-based-access-control/delegate-role-assignments-examples
    """
    guids, types = ", ".join(sorted(roles)), ", ".join(f"'{it}'" for it in sorted(kinds))
    place = "Microsoft.Authorization/roleAssignments"
    parts = [
        f"((!(ActionMatches{{'{place}/{verb}'}})) OR "
        f"(@{side}[{place}:RoleDefinitionId] ForAnyOfAnyValues:GuidEquals {{{guids}}} AND "
        f"@{side}[{place}:PrincipalType] ForAnyOfAnyValues:StringEqualsIgnoreCase {{{types}}}))"
        for verb, side in (("write", "Request"), ("delete", "Resource"))
    ]
    return " AND ".join(parts)
