"""Azure's security groups: whom their rules let in and out, as they count, by priority.

https://learn.microsoft.com/azure/virtual-network/network-security-groups-overview . Told for TCP, UDP and SCTP.
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from ipaddress import ip_network
from itertools import product
from typing import Any, Final, Literal, NamedTuple

from review.analyses.reachability import ports
from review.analyses.reachability.ports import Ports
from review.guard.pairs import title
from review.marks import known_list, marks, text
from review.meaning.words import PUBLIC
from review.plan import Plan, Resource

GROUP: Final = ":NetworkSecurityGroup"
RULE: Final = ":SecurityRule"
SUBNET: Final = ":Subnet"

Direction = Literal["Inbound", "Outbound"]
DIRECTIONS: Final[tuple[Direction, ...]] = ("Inbound", "Outbound")

ANYBODY: Final = "*"
INTERNET: Final = "Internet"
NETWORK: Final = "VirtualNetwork"
_PROBES: Final = "AzureLoadBalancer"
_EVERY: Final = ("*", "any", "0.0.0.0/0")
_DIGITS: Final = len(f"{ports.LAST}")
_EVERY_PORT: Final = ("*", "0-65535", "1-65535")
_TAGS: Final = {it.lower(): it for it in (INTERNET, NETWORK, _PROBES)}
_PROTOCOLS: Final = {"tcp": ("TCP",), "udp": ("UDP",), "*": ports.PROTOCOLS}

Ends = tuple[str, str]
"""Source and destination: an address range, a service tag or a group's id; `*` is everybody."""


class Rule(NamedTuple):
    """One rule, as far as it is about ports."""

    priority: int
    name: str
    direction: str
    allows: bool
    sources: tuple[str, ...]
    destinations: tuple[str, ...]
    ports: Ports


class Group(NamedTuple):
    """One security group with the rules that Azure adds to each."""

    title: str
    rules: tuple[Rule, ...]
    """In the order in which they count."""

    subnets: tuple[str, ...]
    """Those that it stands before."""

    open: tuple[str, ...]
    """Paths of what is not told: rules with such a value are left out."""

    urn: str


class Groups(NamedTuple):
    """Those of one plan."""

    groups: tuple[Group, ...]
    bare: tuple[tuple[str, str], ...]
    """Title and URN of subnets that none stands before."""


def _own(priority: int, name: str, direction: Direction, allows: bool, *ends: str) -> Rule:
    return Rule(priority, name, direction, allows, (ends[0],), (ends[1],), ports.ALL)


DEFAULTS: Final = (
    _own(65000, "AllowVnetInBound", "Inbound", True, NETWORK, NETWORK),
    _own(65001, "AllowAzureLoadBalancerInBound", "Inbound", True, _PROBES, ANYBODY),
    _own(65000, "AllowVnetOutBound", "Outbound", True, NETWORK, NETWORK),
    _own(65001, "AllowInternetOutBound", "Outbound", True, ANYBODY, INTERNET),
)
"""What no rule decides is denied."""


def of_plan(plan: Plan) -> Groups:
    """Groups and subnets, sorted; rules that are resources of their own are with their group."""
    rows = {it.urn: it for it in plan.resources if _is(it, GROUP)}
    by_name = {text(it.inputs.get("networkSecurityGroupName")): urn for urn, it in rows.items()}
    given: dict[str, list[tuple[str, Mapping[str, Any]]]] = {urn: [] for urn in rows}
    open_: dict[str, list[str]] = {urn: [] for urn in rows}
    before: dict[str, list[str]] = {urn: [] for urn in rows}
    bare = []
    for urn, row in rows.items():
        listed = row.inputs.get("securityRules")
        open_[urn] += marks({"securityRules": listed})
        for number, it in enumerate(known_list(listed)):
            given[urn].append((text(it.get("name")) or f"{number}", it))
    for row in plan.resources:
        if _is(row, RULE):
            name = text(row.inputs.get("networkSecurityGroupName"))
            of = _above(row, name, by_name, rows)
            if of is not None:
                own = text(row.inputs.get("securityRuleName")) or row.name
                open_[of] += (f"{own}.{path}" for path in marks(row.inputs) if path in _READ)
                given[of].append((own, row.inputs))
        elif _is(row, SUBNET):
            guard = row.inputs.get("networkSecurityGroup")
            name = text(guard.get("id")).rpartition("/")[2] if isinstance(guard, Mapping) else ""
            of = _above(row, name, by_name, rows) if guard else None
            if of is not None:
                before[of].append(title(row))
            elif not guard:
                bare.append((title(row), row.urn))
    found = [
        Group(
            title(row),
            tuple(sorted([*_rules(given[urn]), *DEFAULTS])),
            tuple(sorted(before[urn])),
            tuple(sorted(open_[urn])),
            urn,
        )
        for urn, row in rows.items()
    ]
    return Groups(tuple(sorted(found)), tuple(sorted(bare)))


def _is(row: Resource, ending: str) -> bool:
    return row.type.startswith("azure-native:network") and row.type.endswith(ending)


def _above(
    row: Resource, name: str, by_name: Mapping[str, str], rows: Mapping[str, Resource]
) -> str | None:
    """URN of the group that a rule or a subnet names, or waits for."""
    if name:
        return by_name.get(name)
    behind = [urn for urn in row.dependencies if urn in rows]
    return behind[0] if len(behind) == 1 else None


_READ: Final = (
    *("access", "direction", "priority", "protocol"),
    *(f"{end}{key}" for end in ("source", "destination") for key in (
        "AddressPrefix", "AddressPrefixes", "PortRange", "PortRanges", "ApplicationSecurityGroups",
    )),
)  # fmt: skip


def _rules(given: Iterable[tuple[str, Mapping[str, Any]]]) -> Iterator[Rule]:
    for name, it in given:
        protocols = _PROTOCOLS.get(text(it.get("protocol")).lower())
        priority = it.get("priority")
        if protocols is None or [*marks({key: it.get(key) for key in _READ})]:
            continue
        if not isinstance(priority, int | float):
            continue
        allows = text(it.get("access")).lower() == "allow"
        if not allows and not _from_every_port(it):
            continue
        yield Rule(
            int(priority),
            name,
            text(it.get("direction")),
            allows,
            _ends(it, "source"),
            _ends(it, "destination"),
            _ports(it, protocols),
        )


def _from_every_port(it: Mapping[str, Any]) -> bool:
    """A denial for some source ports leaves the rest to the rules behind it; callers choose theirs."""
    found = _texts(it, "sourcePortRange", "sourcePortRanges")
    return not found or not {*_EVERY_PORT}.isdisjoint(found)


def _texts(it: Mapping[str, Any], one: str, several: str) -> list[str]:
    listed = it.get(several)
    found = [it.get(one), *(listed if isinstance(listed, list) else ())]
    return [value for value in found if isinstance(value, str) and value]


def _ends(it: Mapping[str, Any], end: str) -> tuple[str, ...]:
    found = _texts(it, f"{end}AddressPrefix", f"{end}AddressPrefixes")
    groups = known_list(it.get(f"{end}ApplicationSecurityGroups"))
    found += [text(one.get("id")) for one in groups if text(one.get("id"))]
    return tuple(
        sorted({ANYBODY if one.lower() in _EVERY else _TAGS.get(one.lower(), one) for one in found})
    )


def _ports(it: Mapping[str, Any], protocols: Iterable[str]) -> Ports:
    found = ports.NONE
    for given in _texts(it, "destinationPortRange", "destinationPortRanges"):
        first, _, last = given.partition("-")
        low, high = (1, ports.LAST) if given == "*" else (_number(first), _number(last or first))
        if 0 <= low <= high and high:
            for protocol in protocols:
                found = ports.union(found, ports.of(protocol, max(low, 1), high))
    return found


def _number(value: str) -> int:
    return min(int(value), ports.LAST) if value.isdecimal() and len(value) <= _DIGITS else -1


def changed(was: Group, it: Group, direction: Direction) -> Iterator[tuple[Ends, Ports, Ports]]:
    """What opens and what shuts, for all ends whose ports differ; narrower ends are told beside wider ones.

    An end with a narrower one beside it stands for the rest of it. Nothing is the rest of everybody where the tags
    have rules of their own: it is the Internet there, as it is where security groups of a subnet are meant.
    """
    for ends in _ends_that_change(was, it, direction):
        before, after = (allowed(one, direction, ends) for one in (was, it))
        opened, shut = ports.less(after, before), ports.less(before, after)
        if ends != (rest := _rest(ends, direction)):
            before, after = (allowed(one, direction, rest) for one in (was, it))
            opened = ports.common(opened, ports.less(after, before))
            shut = ports.common(shut, ports.less(before, after))
        if opened != ports.NONE or shut != ports.NONE:
            yield ends, opened, shut


def _rest(ends: Ends, direction: Direction) -> Ends:
    tags = (INTERNET, NETWORK) if direction == "Inbound" else (NETWORK, INTERNET)
    source, destination = (
        tag if end == ANYBODY else end for end, tag in zip(ends, tags, strict=True)
    )
    return source, destination


def _ends_that_change(was: Group, it: Group, direction: Direction) -> list[Ends]:
    """All that rules of one direction tell apart, within the rules that are not the same."""
    rules = [rule for rule in {*was.rules, *it.rules} if rule.direction == direction]
    sources = {end for rule in rules for end in rule.sources}
    destinations = {end for rule in rules for end in rule.destinations}
    found: set[Ends] = set()
    for rule in {*was.rules} ^ {*it.rules}:
        if rule.direction == direction:
            inner = [end for end in sources if any(covers(one, end) for one in rule.sources)]
            outer = [
                end for end in destinations if any(covers(one, end) for one in rule.destinations)
            ]
            found.update(product(inner, outer))
    return sorted(found)


def allowed(group: Group, direction: Direction, ends: Ends) -> Ports:
    """Ports on which all of one end gets to all of the other."""
    found, undecided = ports.NONE, ports.ALL
    for rule in group.rules:
        if rule.direction == direction and _covers(rule, ends):
            here = ports.common(rule.ports, undecided)
            found = ports.union(found, here) if rule.allows else found
            undecided = ports.less(undecided, here)
    return found


def _covers(rule: Rule, ends: Ends) -> bool:
    source, destination = ends
    return any(covers(it, source) for it in rule.sources) and any(
        covers(it, destination) for it in rule.destinations
    )


def covers(end: str, inner: str) -> bool:
    """Whether `inner` is within `end`. A private range that gets here at all is of the network, or connected with it:
    https://learn.microsoft.com/azure/virtual-network/service-tags-overview"""
    if end in (ANYBODY, inner) or inner.startswith(f"{end}."):
        return True
    here, there = _range(inner), _range(end)
    if here is None:
        return end == (NETWORK if inner.startswith("/") else INTERNET) and not _is_own(inner)
    if there is not None:
        return here[0] == there[0] and there[1] <= here[1] and here[2] <= there[2]
    if here[0] == 6:
        return False
    public = any(first <= here[1] and here[2] <= last for first, last in PUBLIC)
    apart = all(last < here[1] or here[2] < first for first, last in PUBLIC)
    return (end == INTERNET and public) or (end == NETWORK and apart)


def _is_own(inner: str) -> bool:
    """Whether it is everybody, a part of everybody, or of the platform: all other tags are of the Internet's range."""
    return inner == ANYBODY or inner in _TAGS.values() or inner.startswith("AzurePlatform")


@lru_cache(maxsize=4096)
def _range(value: str) -> tuple[int, int, int] | None:
    try:
        found = ip_network(value, strict=False)
    except ValueError:
        return None
    return found.version, int(found[0]), int(found[-1])
