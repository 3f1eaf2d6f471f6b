"""Every physical name in Azure, made from settings alone and within Azure's limit.

Explicit names mean that a replacement deletes first; so nothing here may change for a stack that exists.
Limits: https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules
"""

from uuid import NAMESPACE_URL, uuid5

from components.azure.stack import AksStack
from manifests.names import path_hash, shortened

NETWORK_MAX_CHARACTERS = 63
"""Of a virtual network and a subnet: Azure allows 64 and 80, overlay networking with an own subnet 63."""

ADDRESS_MAX_CHARACTERS = 80
"""Of a public IP address, a NAT gateway, a network security group, a route table and a link of a private DNS zone."""

IDENTITY_MAX_CHARACTERS = 128
"""Of a user-assigned identity that no machine carries."""

MACHINE_IDENTITY_MAX_CHARACTERS = 24
"""Of a user-assigned identity on a virtual machine scale set, as the kubelet's is.

https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/known-issues
"""

NODE_GROUP_MAX_CHARACTERS = 80
"""https://learn.microsoft.com/azure/aks/faq : what AKS allows for the group of the machines."""

WORKFLOW_MAX_CHARACTERS = 43
"""Of a Logic Apps workflow."""

FEDERATED_CREDENTIAL = "service-account"
"""The only credential of an identity that one workload has."""

FEDERATED_CREDENTIAL_MAX_CHARACTERS = 120
"""Of 3 to 120 letters, digits, hyphens and underscores."""

NODES_SUBNET = "snet-nodes"
"""Name of the subnet of every node pool."""

SUBNETS = {
    "nodes": NODES_SUBNET,
    "system": "snet-system",
    "apiServer": "snet-api-server",
    "privateEndpoints": "snet-private-endpoints",
}
"""Names by key in `network.subnets`."""


def running_hours(stack: AksStack, what: str) -> str:
    """Name of the workflow that starts or stops the cluster."""
    return shortened(f"logic-{_estate(stack)}-{what}", WORKFLOW_MAX_CHARACTERS)


def running_hours_role(stack: AksStack) -> tuple[str, str]:
    """GUID and display name of the role that may start and stop the cluster, which must be alone in its tenant."""
    display = f"{stack.resource_group}/{stack.cluster_name} start and stop"
    return role_assignment(stack, "definition", display, stack.resource_group), display


def virtual_network(stack: AksStack) -> str:
    """Name of the virtual network."""
    return shortened(f"vnet-{_estate(stack)}", NETWORK_MAX_CHARACTERS)


def egress_address(stack: AksStack, number: int = 1) -> str:
    """Name of a public address that nodes leave by; the first has no number."""
    end = "" if number == 1 else f"-{number}"
    return shortened(f"pip-{_estate(stack)}-egress{end}", ADDRESS_MAX_CHARACTERS)


def security_group(stack: AksStack, subnet: str) -> str:
    """Name of the network security group of the subnet with that key."""
    end = SUBNETS[subnet].removeprefix("snet-")
    return shortened(f"nsg-{_estate(stack)}-{end}", ADDRESS_MAX_CHARACTERS)


def route_table(stack: AksStack) -> str:
    """Name of the route table that leads to the firewall."""
    return shortened(f"rt-{_estate(stack)}", ADDRESS_MAX_CHARACTERS)


def api_server_zone(stack: AksStack) -> str:
    """Name of the private DNS zone of the API server: AKS takes no other.

    https://learn.microsoft.com/azure/aks/private-clusters#configuration-options-for-private-dns
    """
    return f"privatelink.{stack.location}.azmk8s.io"


def nat_gateway(stack: AksStack) -> str:
    """Name of the NAT gateway."""
    return shortened(f"ng-{_estate(stack)}", ADDRESS_MAX_CHARACTERS)


def control_plane_identity(stack: AksStack) -> str:
    """Name of the identity that AKS itself acts as."""
    return shortened(f"id-{_estate(stack)}-control-plane", IDENTITY_MAX_CHARACTERS)


def kubelet_identity(stack: AksStack) -> str:
    """Name of the identity that nodes pull images as."""
    return shortened(f"id-{_estate(stack)}-kubelet", MACHINE_IDENTITY_MAX_CHARACTERS)


def workload_identity(stack: AksStack, workload: str) -> str:
    """Name of the identity of one workload."""
    return shortened(f"id-{_estate(stack)}-{workload}", IDENTITY_MAX_CHARACTERS)


def shared_identity(stack: AksStack, identity: str) -> str:
    """Name of an identity that workloads share. No workload's name has an underscore, so no other identity is called
    so."""
    return shortened(f"id-{_estate(stack)}-shared_{identity}", IDENTITY_MAX_CHARACTERS)


def pipeline_identity(stack: AksStack, pipeline: str) -> str:
    """Name of the identity of a pipeline, apart from those of workloads as a shared one is."""
    return shortened(f"id-{_estate(stack)}-pipeline_{pipeline}", IDENTITY_MAX_CHARACTERS)


def pipeline_credential(words: str, issuer: str, subject: str) -> str:
    """Name of the credential for tokens of `issuer` about `subject`: readable `words` and a hash of both."""
    digest = path_hash(f"{issuer} {subject}")
    most = FEDERATED_CREDENTIAL_MAX_CHARACTERS - len(digest) - 1
    return f"{shortened(words, most)}-{digest}"


def pipeline_role(stack: AksStack, pipeline: str) -> tuple[str, str]:
    """GUID and display name of the role of a pipeline, which must be alone in its tenant."""
    display = f"{stack.resource_group}/{stack.cluster_name} pipeline {pipeline}"
    return role_assignment(stack, "definition", display, stack.resource_group), display


def scope_key(scope: str) -> str:
    """Last part of an Azure id and a hash of all of it, for logical names."""
    return f"{scope.rstrip('/').rpartition('/')[2]}-{path_hash(scope.lower())}"


def federated_credential(namespace: str, account: str) -> str:
    """Name of the credential of one service account in an identity that it shares."""
    return shortened(f"{namespace}_{account}", FEDERATED_CREDENTIAL_MAX_CHARACTERS)


def node_resource_group(stack: AksStack) -> str:
    """Name of the group that AKS makes for the machines."""
    own = stack.settings.cluster.node_resource_group
    return own or shortened(f"{stack.resource_group}-nodes", NODE_GROUP_MAX_CHARACTERS)


def role_assignment(stack: AksStack, role: str, principal: str, scope: str) -> str:
    """A GUID from what is known before anything exists: `principal` and `scope` are names or ids, never outputs.

    Stable over runs and different between stacks that share a registry or a vault. An assignment left behind by an
    identity that was deleted outside of Pulumi keeps the GUID: Azure then answers RoleAssignmentUpdateNotPermitted
    until it is deleted, too.
    """
    cluster = f"{stack.location}/{stack.resource_group}/{stack.cluster_name}/{stack.dns_prefix}"
    return str(
        uuid5(NAMESPACE_URL, "/".join((cluster, _estate(stack), principal, role, scope)).lower())
    )


def _estate(stack: AksStack) -> str:
    return f"{stack.settings.platform}-{stack.settings.environment}"
