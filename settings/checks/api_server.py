"""Who reaches the API server: open to nobody by mistake, and found by those who may.

Each rule is one function; its text is the rule that users read, its source stands in its description.
"""

from collections.abc import Iterator
from ipaddress import IPv4Network

from settings.faults import Fault
from settings.sources import LOCATION_KEY, Sources
from settings.stack import Settings

AT = ("cluster", "apiServer")
OFFICES = "the ranges of your offices and pipelines"
ZONE_NAMES = ("system", "none", "own")


def check(settings: Settings, sources: Sources) -> Iterator[Fault]:
    """Ranges of a public API server, names of a private one."""
    if settings.target != "aks":
        return
    yield from public_ranges(settings, sources)
    yield from whole_internet(settings, sources)
    yield from public_name(settings, sources)
    yield from zone_of_the_location(settings, sources)


def public_ranges(settings: Settings, sources: Sources) -> Iterator[Fault]:
    """Rule 20: a public API server names who may connect, a private one has no such list.

    https://learn.microsoft.com/azure/aks/api-server-authorized-ip-ranges
    """
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


def whole_internet(settings: Settings, sources: Sources) -> Iterator[Fault]:
    """Rule 20, of a list that names everyone.

    https://learn.microsoft.com/azure/aks/api-server-authorized-ip-ranges
    """
    for index, text in enumerate(settings.cluster.api_server.authorized_ip_ranges):
        if IPv4Network(text).prefixlen == 0:
            at = (*AT, "authorizedIpRanges", index)
            yield sources.fault(at, "must not be the whole Internet", repr(text), f"name {OFFICES}")


def public_name(settings: Settings, sources: Sources) -> Iterator[Fault]:
    """Rule 21: names are for a private API server, and it has at least one.

    https://learn.microsoft.com/azure/aks/private-clusters#configuration-options-for-private-dns
    """
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


def zone_of_the_location(settings: Settings, sources: Sources) -> Iterator[Fault]:
    """Rule 21: a zone that is there already is that of the cluster's location; the shape of the id its type holds.

    https://learn.microsoft.com/azure/aks/private-clusters#configuration-options-for-private-dns
    """
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
