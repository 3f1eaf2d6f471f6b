"""Rows of the stack file about the network and the way to the API server."""

from collections.abc import Mapping

from settings.reference_rows import Row

_ACCESS = "ManagedCluster: apiServerAccessProfile"
_PROFILE = "ManagedCluster: networkProfile"
_BALANCER = f"{_PROFILE}.loadBalancerProfile"
_ADDRESS = "PublicIPAddress: "
_GATEWAY = "NatGateway: "
_SUBNET = "Subnet: addressPrefix"
_ID = "/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/rg-shared/providers/Microsoft.Network"

NETWORK: Mapping[str, Mapping[str, Row]] = {
    "ApiServer": {
        "private": Row("true", f"{_ACCESS}.enablePrivateCluster"),
        "authorizedIpRanges": Row("[203.0.113.0/24]", f"{_ACCESS}.authorizedIPRanges[]"),
        "vnetIntegration": Row("true", f"{_ACCESS}.enableVnetIntegration"),
        "privateDnsZone": Row("own", f"{_ACCESS}.privateDNSZone; PrivateZone: privateZoneName"),
        "publicFqdn": Row("true", f"{_ACCESS}.enablePrivateClusterPublicFQDN"),
        "runCommand": Row("true", f"{_ACCESS}.disableRunCommand"),
    },
    "NetworkSettings": {
        "addressSpace": Row("10.48.0.0/16", "VirtualNetwork: addressSpace.addressPrefixes[]"),
        "subnets": Row("{nodes: 10.40.4.0/22}", _SUBNET),
        "peered": Row("[10.60.0.0/16]", "nothing: a check of every range"),
        "podCidr": Row("10.220.0.0/16", f"{_PROFILE}.podCidr"),
        "serviceCidr": Row("10.211.0.0/16", f"{_PROFILE}.serviceCidr"),
        "dnsServiceIp": Row("10.210.0.11", f"{_PROFILE}.dnsServiceIP"),
        "securityGroups": Row("false", "Subnet: networkSecurityGroup.id"),
        "outboundType": Row("userAssignedNATGateway", f"{_PROFILE}.outboundType"),
        "loadBalancer": Row("{addresses: 2}", _BALANCER),
        "natGateway": Row("{addresses: 2}", f"{_GATEWAY}publicIpAddresses[]"),
        "routeTableId": Row(f"{_ID}/routeTables/rt-firewall", "Subnet: routeTable.id"),
        "firewall": Row("{privateIp: 10.60.0.4}", "RouteTable: routes[].nextHopIpAddress"),
        "advancedNetworking": Row("{observability: true}", f"{_PROFILE}.advancedNetworking"),
    },
    "Subnets": {
        "nodes": Row("10.40.4.0/22", _SUBNET),
        "system": Row("10.40.8.0/24", _SUBNET),
        "apiServer": Row("auto", _SUBNET),
        "privateEndpoints": Row("auto", _SUBNET),
    },
    "LoadBalancer": {
        "addresses": Row("2", f"{_BALANCER}.managedOutboundIPs.count"),
        "allocatedPorts": Row("4000", f"{_BALANCER}.allocatedOutboundPorts"),
        "idleTimeoutMinutes": Row("10", f"{_BALANCER}.idleTimeoutInMinutes"),
    },
    "NatGateway": {
        "addresses": Row("2", f"{_GATEWAY}publicIpAddresses[]"),
        "idleTimeoutMinutes": Row("10", f"{_GATEWAY}idleTimeoutInMinutes"),
        "zone": Row('"1"', f"{_GATEWAY}zones[]"),
        "addressZones": Row('["1", "2", "3"]', f"{_ADDRESS}zones[]"),
    },
    "Firewall": {
        "privateIp": Row("10.60.0.4", "RouteTable: routes[].nextHopIpAddress"),
        "publicIps": Row("[198.51.100.9]", f"{_ACCESS}.authorizedIPRanges[]"),
        "gatewayRoutes": Row("true", "RouteTable: disableBgpRoutePropagation"),
    },
    "AdvancedNetworking": {
        "observability": Row("true", f"{_PROFILE}.advancedNetworking.observability.enabled"),
        "security": Row("FQDN", f"{_PROFILE}.advancedNetworking.security.advancedNetworkPolicies"),
    },
}
