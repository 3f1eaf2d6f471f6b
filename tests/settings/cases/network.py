"""Cases of `settings/checks/network.py`."""

from tests.settings.cases.common import case

CASES = [
    case("dev", "externals.sql-gateway.cidrs", ["10.60.4.0/28", "10.200.1.0/24"], "must lie outside podCidr",
         at="externals.sql-gateway.cidrs[1]"),
    case("dev", "externals.sql-gateway.cidrs", ["10.210.0.10/32"], "must lie outside serviceCidr",
         at="externals.sql-gateway.cidrs[0]"),
    case("dev", "externals.sql-gateway.cidrs", ["10.40.8.0/25"], "must lie outside subnets.system 10.40.8.0/24",
         at="externals.sql-gateway.cidrs[0]", before=(("dev", "network.subnets.system", "10.40.8.0/24"),)),
    case("dev", "network.advancedNetworking.security", "L7", "needs 'cni: cilium'", before=(("dev", "cni", "calico"),)),
    case("dev", "nodePools.small", {"vmSize": "Standard_D2ds_v5", "min": 1, "max": 1},
         "must have at least 4 vCPU with 'localDns'", at="nodePools.small.vmSize",
         before=(("dev", "localDns", True),)),
]  # fmt: skip
