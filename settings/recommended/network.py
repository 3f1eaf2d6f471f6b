"""Recommended values of the network and of the way to the API server."""

from collections.abc import Mapping
from ipaddress import IPv4Network
from typing import Any, Final

from settings.addresses import AUTO, PLACES
from settings.profiles import NOTHING, Recommended, Value

_EGRESS = "https://learn.microsoft.com/azure/aks/egress-outboundtype"
_OVERLAY = "https://learn.microsoft.com/azure/aks/azure-cni-overlay"
_NAT = "https://learn.microsoft.com/azure/nat-gateway/nat-gateway-resource"
_BALANCER = "https://learn.microsoft.com/azure/aks/load-balancer-standard"
_PRIVATE = "https://learn.microsoft.com/azure/aks/private-clusters"
_INTEGRATION = "https://learn.microsoft.com/azure/aks/api-server-vnet-integration"
_ACNS = "https://learn.microsoft.com/azure/aks/advanced-container-networking-services-overview"

SERVICE_CIDR: Final = "10.0.0.0/16"


def _dns_address(network: Mapping[str, Any]) -> Value:
    """The tenth address of the Services, which Azure takes in its own default, too."""
    try:
        services = IPv4Network(network.get("serviceCidr", SERVICE_CIDR))
    except ValueError:
        return NOTHING
    return str(services[10]) if services.num_addresses > 10 else NOTHING


def _where_private(api_server: Mapping[str, Any]) -> bool:
    return api_server.get("private") is True


def _same(key: str, value: Value, azure: str, reason: str, source: str) -> Recommended:
    """A row that every profile agrees on."""
    return Recommended(
        key=key,
        prod=value,
        dev=value,
        automatic_like=value,
        azure=azure,
        reason=reason,
        source=source,
    )


ROWS: Final = (
    _same(
        "network.subnets",
        dict.fromkeys(PLACES, AUTO),
        "one subnet, in a network that AKS makes",
        "an empty subnet costs nothing, and a cluster that stands cannot be given another one for its system nodes",
        "https://learn.microsoft.com/azure/aks/concepts-network-ip-address-planning",
    ),
    _same(
        "network.podCidr",
        "10.244.0.0/16",
        "10.244.0.0/16",
        "Azure's own, written out: it can never change and holds 256 nodes",
        f"{_OVERLAY}#ip-address-planning",
    ),
    _same(
        "network.serviceCidr",
        SERVICE_CIDR,
        SERVICE_CIDR,
        "Azure's own, written out: it can never change, and 65,536 Services are never reached",
        f"{_OVERLAY}#ip-address-planning",
    ),
    _same(
        "network.dnsServiceIp",
        _dns_address,
        "10.0.0.10",
        "the tenth address of serviceCidr, as in Azure's own default",
        f"{_OVERLAY}#ip-address-planning",
    ),
    _same(
        "network.securityGroups",
        True,
        "none on a subnet of your own; AKS opens ports on the machines' network cards alone",
        "what is open from the Internet stands in one list that a review shows",
        "https://learn.microsoft.com/azure/aks/concepts-security#azure-network-security-groups",
    ),
    Recommended(
        key="network.outboundType",
        prod="userAssignedNATGateway",
        dev="loadBalancer",
        automatic_like="userAssignedNATGateway",
        azure="loadBalancer",
        reason="64,512 ports an address that all nodes share as they need them; a load balancer's run out first",
        source=_EGRESS,
    ),
    _same(
        "network.natGateway.addresses",
        1,
        "whatever is attached",
        "64,512 connections to one destination at a time are enough until its metrics say otherwise",
        _NAT,
    ),
    _same(
        "network.natGateway.idleTimeoutMinutes",
        4,
        "4",
        "longer holds ports that nobody uses; a client that needs more sends keep-alives",
        _NAT,
    ),
    Recommended(
        key="network.natGateway.addressZones",
        prod=["1", "2", "3"],
        dev=[],
        automatic_like=["1", "2", "3"],
        azure="every zone in most regions, which may change with the API version",
        reason="the address outlives a zone; the gateway itself stands in one",
        source="https://learn.microsoft.com/azure/nat-gateway/nat-availability-zones",
    ),
    _same(
        "network.loadBalancer.addresses",
        1,
        "1",
        "64,000 ports are enough for a small cluster; a large one leaves by a NAT gateway",
        _BALANCER,
    ),
    _same(
        "network.loadBalancer.allocatedPorts",
        0,
        "0",
        "a number of one's own must hold for the most nodes there can be, and few know theirs",
        f"{_BALANCER}#configure-the-allocated-outbound-ports",
    ),
    _same(
        "network.loadBalancer.idleTimeoutMinutes",
        30,
        "30",
        "connections to databases rest longer than four minutes",
        f"{_BALANCER}#configure-the-load-balancer-idle-timeout",
    ),
    _same(
        "network.advancedNetworking.observability",
        False,
        "false",
        "it costs by the node hour; managed Prometheus has the basic metrics of the network without it",
        _ACNS,
    ),
    _same(
        "network.advancedNetworking.security",
        "None",
        "none",
        "it costs by the node hour; policies by address and port need none of it",
        _ACNS,
    ),
    Recommended(
        key="localDns",
        prod=False,
        dev=False,
        automatic_like=True,
        azure="off, and from Kubernetes 1.37 on for pools that say nothing",
        reason="quicker names, and in return policies about host names do not work; a change images every node anew",
        source="https://learn.microsoft.com/azure/aks/localdns-custom",
    ),
    _same(
        "cluster.apiServer.private",
        False,
        "false",
        "authorised ranges and Entra guard a public one; a private one needs a way into the network for every pipeline",
        _PRIVATE,
    ),
    Recommended(
        key="cluster.apiServer.vnetIntegration",
        prod=_where_private,
        dev=False,
        automatic_like=True,
        azure="false",
        reason="nodes reach a private API server without private endpoint, tunnel or DNS",
        source=_INTEGRATION,
    ),
    _same(
        "cluster.apiServer.privateDnsZone",
        "system",
        "system",
        "AKS makes the zone, links it and needs no rights on a network of yours",
        f"{_PRIVATE}#configuration-options-for-private-dns",
    ),
    _same(
        "cluster.apiServer.publicFqdn",
        False,
        "true",
        "a public name tells everyone the private address",
        f"{_PRIVATE}#configuration-options-for-private-dns",
    ),
    _same(
        "cluster.apiServer.runCommand",
        False,
        "true",
        "it runs as an administrator of the cluster, past every network rule",
        "https://learn.microsoft.com/azure/aks/access-private-cluster",
    ),
)
