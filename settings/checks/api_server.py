"""Who reaches the API server: open to nobody by mistake, and found by those who may. One rule a function."""

from collections.abc import Iterator
from ipaddress import IPv4Network
from typing import Final

from settings.cluster_rules import ClusterRule, cluster_rule, impossible
from settings.faults import Fault
from settings.sources import LOCATION_KEY, Sources
from settings.stack import Settings

AT = ("cluster", "apiServer")
OFFICES = "the ranges of your offices and pipelines"
ZONE_NAMES = ("system", "none", "own")
MOST_RANGES = 200


def check(settings: Settings, sources: Sources) -> Iterator[Fault]:
    """Every rule below, with target aks."""
    if settings.target == "aks":
        for rule in RULES:
            yield from rule(settings, sources)


@cluster_rule(
    "api-server-ranges",
    "A public API server names who may connect; a private one has no such list.",
    "api-server-authorized-ip-ranges",
)
def _public_ranges(settings: Settings, sources: Sources) -> Iterator[Fault]:
    api, at = settings.cluster.api_server, (*AT, "authorizedIpRanges")
    if api.private and api.authorized_ip_ranges:
        rule = "must be empty for a private API server"
        yield sources.fault(at, rule, remedy="remove one of the two")
    if not api.private and not api.authorized_ip_ranges:
        yield sources.fault(
            at,
            "must name at least one range, or the API server is open to the Internet",
            remedy=f"add {OFFICES}, or set apiServer.private",
        )


@cluster_rule(
    "api-server-internet",
    "No such list names everyone.",
    "api-server-authorized-ip-ranges",
)
def _whole_internet(settings: Settings, sources: Sources) -> Iterator[Fault]:
    for index, text in enumerate(settings.cluster.api_server.authorized_ip_ranges):
        if IPv4Network(text).prefixlen == 0:
            at = (*AT, "authorizedIpRanges", index)
            yield sources.fault(at, "must not be the whole Internet", repr(text), f"name {OFFICES}")


@cluster_rule(
    "api-server-count",
    "The API server lets in at most 200 ranges, the nodes' own way out included.",
    "api-server-authorized-ip-ranges#limitations",
)
def _count(settings: Settings, sources: Sources) -> Iterator[Fault]:
    given, network = settings.cluster.api_server.authorized_ip_ranges, settings.network
    own = 0
    if network and network.outbound_type == "userAssignedNATGateway":
        own = network.nat_gateway.addresses
    elif network and network.firewall:
        own = len(network.firewall.public_ips)
    if len(given) + own > MOST_RANGES:
        yield sources.fault(
            (*AT, "authorizedIpRanges"),
            f"must name at most {MOST_RANGES - own} ranges: Azure takes {MOST_RANGES}, and nodes leave by {own} more",
            str(len(given)),
            "join neighbours into wider ranges",
        )


@cluster_rule(
    "api-server-names",
    "A private API server has a name, and only a private one has names to choose.",
    "private-clusters#configuration-options-for-private-dns",
)
def _public_name(settings: Settings, sources: Sources) -> Iterator[Fault]:
    api = settings.cluster.api_server
    for key, said in (
        ("privateDnsZone", api.private_dns_zone != "system"),
        ("publicFqdn", api.public_fqdn),
    ):
        if said and not api.private:
            rule = "has no effect on a public API server"
            yield sources.fault((*AT, key), rule, remedy="remove it, or set apiServer.private")
    if api.private and api.private_dns_zone == "none" and not api.public_fqdn:
        yield sources.fault(
            (*AT, "publicFqdn"),
            "must be true with 'privateDnsZone: none', or the API server has no name at all",
            "False",
            "write 'publicFqdn: true', or take a zone",
        )


@cluster_rule(
    "api-server-zone",
    "A private DNS zone that is there already is that of the cluster's location.",
    "private-clusters#configuration-options-for-private-dns",
)
def _zone_of_the_location(settings: Settings, sources: Sources) -> Iterator[Fault]:
    zone, location = settings.cluster.api_server.private_dns_zone, sources.config.get(LOCATION_KEY)
    if zone in ZONE_NAMES or not isinstance(location, str):
        return
    wanted = f"privatelink.{location}.azmk8s.io"
    found = zone.rpartition("/")[2]
    if found != wanted and not found.endswith(f".{wanted}"):
        yield sources.fault(
            (*AT, "privateDnsZone"),
            f"must be a zone of the cluster's location, '{wanted}' or one below it",
            repr(found),
            "take the zone of that location",
        )


IDENTITY: Final = impossible(
    "api-server-zone-identity",
    "A private DNS zone of one's own takes an identity that has a role on it before there is a cluster.",
    "private-clusters#configuration-options-for-private-dns",
    "the identity is always made here, and so is the role",
)
RULES: Final[tuple[ClusterRule, ...]] = (
    _public_ranges,
    _whole_internet,
    _count,
    _public_name,
    _zone_of_the_location,
    IDENTITY,
)
"""In the order in which they are held."""
