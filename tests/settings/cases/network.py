"""Cases of `settings/checks/network.py`."""

from tests.settings.cases.common import case

CASES = [
    case("dev", "network.podCidr", "10.40.128.0/17",
         "must not overlap addressSpace 10.40.0.0/16; got '10.40.128.0/17'"),
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
    case("dev", "network.subnets.nodes", "10.40.0.0/28",
         "must hold 12 nodes, every pool at its maximum with an upgrade's "
         "surge; it holds 11"),
    case("dev", "network.podCidr", "10.200.0.0/21", "must hold a /24 for each of 12 nodes; it holds 8"),
    case("dev", "network.podCidr", "10.200.0.0/25", "must hold a /24 for each of 12 nodes; it holds 0"),
    case("dev", "externals.sql-gateway.cidrs", ["10.60.4.0/28", "10.200.1.0/24"], "must lie outside podCidr",
         at="externals.sql-gateway.cidrs[1]"),
    case("dev", "externals.sql-gateway.cidrs", ["10.210.0.10/32"], "must lie outside serviceCidr",
         at="externals.sql-gateway.cidrs[0]"),
]  # fmt: skip
