"""Cases of `settings/checks/api_server.py`."""

from tests.settings.cases.common import SUBSCRIPTION, case
from tests.settings.estate import GONE

ZONE = f"{SUBSCRIPTION}/Microsoft.Network/privateDnsZones/privatelink"
PRIVATE = (("dev", "cluster.apiServer", {"private": True}),)

CASES = [
    case("dev", "cluster.apiServer.private", True, "must be empty for a private API server",
         at="cluster.apiServer.authorizedIpRanges"),
    case("dev", "cluster.apiServer", GONE, "or the API server is open to the Internet",
         at="cluster.apiServer.authorizedIpRanges"),
    case("dev", "cluster.apiServer.authorizedIpRanges", ["0.0.0.0/0"],
         "must not be the whole Internet; got '0.0.0.0/0'",
         at="cluster.apiServer.authorizedIpRanges[0]"),
    case("prod", "cluster.apiServer.authorizedIpRanges", [f"198.51.100.{it}/32" for it in range(200)],
         "must name at most 199 ranges: Azure takes 200, and nodes leave by 1 more; got 200"),
    case("dev", "cluster.apiServer.authorizedIpRanges", [f"198.51.100.{it}/32" for it in range(201)],
         "must name at most 200 ranges: Azure takes 200, and nodes leave by 0 more; got 201"),
    case("dev", "cluster.apiServer.privateDnsZone", "own", "has no effect on a public API server"),
    case("dev", "cluster.apiServer.publicFqdn", True, "has no effect on a public API server"),
    case("dev", "cluster.apiServer.privateDnsZone", "none", "must be true with 'privateDnsZone: none', or the API "
         "server has no name at all", at="cluster.apiServer.publicFqdn", before=PRIVATE),
    case("dev", "cluster.apiServer.privateDnsZone", f"{ZONE}.eastus.azmk8s.io",
         "must be a zone of the cluster's location, 'privatelink.westeurope.azmk8s.io' or one below it; got "
         "'privatelink.eastus.azmk8s.io'", before=PRIVATE),
]  # fmt: skip
