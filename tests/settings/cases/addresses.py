"""Cases of `settings/checks/addresses.py`."""

from tests.settings.cases.common import case

SUBNETS = {
    "nodes": "10.40.0.0/22",
    "system": "10.40.4.0/24",
    "apiServer": "10.40.5.0/28",
    "privateEndpoints": "10.40.6.0/24",
}
DIVIDED = (("dev", "network.subnets", SUBNETS),)
SYSTEM = (("dev", "network.subnets", {"nodes": "10.40.0.0/22", "system": "10.40.4.0/24"}),)

CASES = [
    case("dev", "network.subnets", {"nodes": "auto"}, "must be a /25 or larger where a subnet is 'auto'; got "
         "'10.40.0.0/26'", at="network.addressSpace", before=(("dev", "network.addressSpace", "10.40.0.0/26"),
                                                              ("dev", "network.subnets.nodes", "10.40.0.0/26"))),
    case("dev", "network.podCidr", "10.40.128.0/17",
         "must not overlap addressSpace 10.40.0.0/16; got '10.40.128.0/17'"),
    case("dev", "network.podCidr", "10.210.0.0/16", "must not overlap podCidr 10.210.0.0/16; got '10.210.0.0/16'",
         at="network.serviceCidr"),
    case("dev", "network.peered", ["10.41.0.0/16", "10.40.4.0/24"], "must not overlap addressSpace 10.40.0.0/16",
         at="network.peered[1]"),
    case("dev", "network.peered", ["10.200.9.0/24"], "must not overlap podCidr 10.200.0.0/16",
         at="network.peered[0]"),
    case("dev", "network.podCidr", "172.30.0.0/16", "must not overlap 172.30.0.0/16, which AKS keeps for itself"),
    case("dev", "network.serviceCidr", "10.208.0.0/12", "must be smaller than a /12"),
    case("dev", "network.serviceCidr", "10.210.0.8/29", "a /28 or larger; got '10.210.0.8/29'"),
    *(
        case("dev", "network.dnsServiceIp", address,
             f"must lie in serviceCidr and be neither its first address nor its "
             f"last; got '{address}'; for example '10.210.0.10'")
        for address in ("10.210.0.0", "10.210.0.1", "10.210.255.255", "10.211.0.10")
    ),
    case("dev", "network.subnets.nodes", "10.41.0.0/22", "must lie in addressSpace 10.40.0.0/16"),
    case("dev", "network.subnets.privateEndpoints", "10.41.0.0/24", "must lie in addressSpace 10.40.0.0/16"),
    case("dev", "network.subnets.system", "10.40.2.0/24", "must not overlap subnets.nodes 10.40.0.0/22",
         before=SYSTEM),
    case("dev", "network.subnets.privateEndpoints", "10.40.5.0/28", "must not overlap subnets.apiServer 10.40.5.0/28",
         before=DIVIDED),
    case("dev", "network.subnets.nodes", "10.40.0.0/28",
         "must hold 12 nodes, every pool at its maximum with an upgrade's "
         "surge; it holds 11"),
    case("dev", "network.subnets.nodes", "10.40.0.0/29", "must hold 7 nodes, every pool at its maximum with an "
         "upgrade's surge; it holds 3", before=SYSTEM),
    case("dev", "network.subnets.system", "10.40.4.0/29", "must hold 5 nodes, every pool at its maximum with an "
         "upgrade's surge; it holds 3", before=SYSTEM),
    case("dev", "network.podCidr", "10.200.0.0/21", "must hold a /24 for each of 12 nodes; it holds 8"),
    case("dev", "network.podCidr", "10.200.0.0/25", "must hold a /24 for each of 12 nodes; it holds 0"),
    case("dev", "network.subnets.apiServer", "10.40.5.0/29", "must be a /28 or larger: an API server takes at least "
         "9 addresses"),
    case("dev", "cluster.apiServer.vnetIntegration", True, "is required with cluster.apiServer.vnetIntegration",
         at="network.subnets.apiServer"),
]  # fmt: skip
