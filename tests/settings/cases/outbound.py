"""Cases of `settings/checks/outbound.py`."""

from tests.settings.cases.common import ROUTE_TABLE, case

FIREWALL = {"privateIp": "10.60.0.4"}
INTERNAL = ("dev", "ingress.internal", True)
ROUTED = ("dev", "network.outboundType", "userDefinedRouting")
BEHIND = (("dev", "network", {
    "addressSpace": "10.40.0.0/16", "subnets": {"nodes": "10.40.0.0/22"}, "podCidr": "10.200.0.0/16",
    "serviceCidr": "10.210.0.0/16", "dnsServiceIp": "10.210.0.10", "outboundType": "userDefinedRouting",
    "firewall": FIREWALL,
}), INTERNAL)  # fmt: skip
"""A stack whose nodes leave by a firewall."""

CASES = [
    *(
        case("dev", "network.outboundType", word, f"must be loadBalancer, userAssignedNATGateway or "
             f"userDefinedRouting: {word} {why}")
        for word, why in (("managedNATGateway", "is for a network that AKS makes"),
                          ("none", "leaves nodes without images"), ("block", "is a preview"))
    ),
    case("dev", "network.routeTableId", ROUTE_TABLE, "goes together with outboundType userDefinedRouting"),
    case("dev", "network.firewall", FIREWALL, "goes together with outboundType userDefinedRouting"),
    case("dev", "network.outboundType", "userDefinedRouting", "goes together with outboundType",
         at="network.routeTableId"),
    case("dev", "network.routeTableId", ROUTE_TABLE, "excludes routeTableId: a subnet has one route table",
         at="network.firewall", before=BEHIND),
    case("dev", "ingress.internal", False, "must be true behind a firewall", before=BEHIND),
    case("dev", "network.loadBalancer.allocatedPorts", 1001, "must be a multiple of 8; got 1001; for example 1000"),
    case("dev", "network.loadBalancer.allocatedPorts", 5336, "12 nodes at most x 5336 = 64032, and 1 x 64000 = 64000 "
         "are there; got 5336; lower it to 5328, or raise loadBalancer.addresses to 2"),
    case("prod", "network.natGateway.addressZones", ["1", "2"], "must be empty, all three zones or one of them"),
    case("prod", "network.natGateway", {"zone": "1", "addressZones": ["2"]},
         "must be empty, all three zones or the zone 1 of the gateway", at="network.natGateway.addressZones"),
]  # fmt: skip
