"""The network of a managed cluster and the way to its API server, as the SDK's own dicts.

Everything that decides about a replacement is written out, since a value that Azure or the SDK fills in today and
another tomorrow replaces the cluster.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pulumi
    from pulumi_azure_native import containerservice as aks

    from components.azure.stack import AksStack

_MAX_CONCURRENT_QUERIES: Final = 1000
_CACHE_SECONDS: Final = 3600
"""https://learn.microsoft.com/azure/aks/localdns-custom#default-localdns-configuration"""


def network(stack: AksStack) -> aks.ContainerServiceNetworkProfileArgsDict:
    """Overlay addresses, who holds pods to their policies, and every range from the stack. Nearly all of it is
    force-new."""
    plan, cni = stack.network, stack.settings.enforcer or "none"
    balancer: aks.ManagedClusterLoadBalancerProfileArgsDict = {
        "backend_pool_type": "NodeIPConfiguration"
    }
    if plan.outbound_type == "loadBalancer":
        asked = plan.load_balancer
        balancer["managed_outbound_ips"] = {"count": asked.addresses}
        balancer["allocated_outbound_ports"] = asked.allocated_ports
        balancer["idle_timeout_in_minutes"] = asked.idle_timeout_minutes
    profile: aks.ContainerServiceNetworkProfileArgsDict = {
        "network_plugin": "azure",
        "network_plugin_mode": "overlay",
        # Azure takes policy `cilium` with its own data plane alone.
        "network_dataplane": "cilium" if cni == "cilium" else "azure",
        "network_policy": cni,
        "ip_families": ["IPv4"],
        "pod_cidr": plan.pod_cidr,
        "service_cidr": plan.service_cidr,
        "dns_service_ip": plan.dns_service_ip,
        "outbound_type": plan.outbound_type,
        "load_balancer_sku": "standard",
        "load_balancer_profile": balancer,
    }
    # Unsaid where nothing is asked for: a further key of this profile replaced clusters in earlier releases of the
    # provider (pulumi-azure-native #4756).
    if advanced := _advanced(stack):
        profile["advanced_networking"] = advanced
    return profile


def _advanced(stack: AksStack) -> aks.AdvancedNetworkingArgsDict | None:
    """Said in full where anything is: enabled alone would switch every feature on, and they cost."""
    asked = stack.network.advanced_networking
    security = asked.security
    if security == "None" and stack.settings.fqdn_policies:
        security = "FQDN"
    if security == "None" and not asked.observability:
        return None
    return {
        "enabled": True,
        "observability": {"enabled": asked.observability},
        "security": (
            {"enabled": False}
            if security == "None"
            else {"enabled": True, "advanced_network_policies": security}
        ),
    }


def api_server(
    stack: AksStack,
    egress_ranges: Sequence[pulumi.Input[str]],
    subnet_id: pulumi.Input[str] | None,
    zone_id: pulumi.Input[str] | None,
) -> aks.ManagedClusterAPIServerAccessProfileArgsDict:
    """A private address only, or a public one for the stack's ranges and its own nodes' way out.

    `subnet_id` is the subnet of an API server in the virtual network, `zone_id` the zone that was made for its name.
    Raises `ValueError` where one is needed and not there.
    """
    asked = stack.settings.cluster.api_server
    profile: aks.ManagedClusterAPIServerAccessProfileArgsDict = {
        "enable_private_cluster": asked.private,
        "enable_vnet_integration": asked.vnet_integration,
        "disable_run_command": not asked.run_command,
    }
    if asked.vnet_integration:
        if subnet_id is None:
            raise ValueError("cluster.apiServer.vnetIntegration requires network.subnets.apiServer")
        profile["subnet_id"] = subnet_id
    if asked.private:
        profile["enable_private_cluster_public_fqdn"] = asked.public_fqdn
        profile["private_dns_zone"] = asked.private_dns_zone
        if asked.private_dns_zone == "own":
            if zone_id is None:
                raise ValueError("cluster.apiServer.privateDnsZone 'own' requires the zone")
            profile["private_dns_zone"] = zone_id
        return profile
    if not asked.authorized_ip_ranges:
        raise ValueError(
            "cluster.apiServer.authorizedIpRanges must name at least one range, "
            "or the API server is open to the Internet"
        )
    profile["authorized_ip_ranges"] = [*asked.authorized_ip_ranges, *egress_ranges]
    return profile


def local_dns(stack: AksStack) -> aks.LocalDNSProfileArgsDict:
    """Whether the nodes of a pool answer DNS themselves, and how.

    Said for every pool: from Kubernetes 1.37 on AKS switches it on where nothing is said, and policies about host names
    stop working (https://learn.microsoft.com/azure/aks/private-clusters#prerequisites-for-private-aks-clusters).
    """
    if not stack.settings.local_dns:
        return {"mode": "Disabled"}
    return {
        "mode": "Required",
        "vnet_dns_overrides": {
            ".": _forwarding("VnetDNS", "PreferUDP"),
            "cluster.local": _forwarding("ClusterCoreDNS", "ForceTCP"),
        },
        "kube_dns_overrides": {
            ".": _forwarding("ClusterCoreDNS", "PreferUDP"),
            "cluster.local": _forwarding("ClusterCoreDNS", "ForceTCP"),
        },
    }


def _forwarding(destination: str, protocol: str) -> aks.LocalDNSOverrideArgsDict:
    return {
        "query_logging": "Error",
        "protocol": protocol,
        "forward_destination": destination,
        "forward_policy": "Sequential",
        "max_concurrent": _MAX_CONCURRENT_QUERIES,
        "cache_duration_in_seconds": _CACHE_SECONDS,
        "serve_stale": "Immediate",
        "serve_stale_duration_in_seconds": _CACHE_SECONDS,
    }
