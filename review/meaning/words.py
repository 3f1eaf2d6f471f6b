"""How ends, ports and addresses are said: short enough for a line, and never less than how many there are."""

from collections.abc import Collection, Iterable, Sequence
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_network, summarize_address_range
from typing import Final

from review.analyses.reachability import ports
from review.analyses.reachability.addresses import Family, less
from review.analyses.reachability.ports import Ports, Ranges

SHOWN: Final = 3
"""Names in one line; more are counted."""

_EVERY: Final[Ranges] = ((0, 2**32 - 1),)
_RESERVED: Final = (
    "0.0.0.0/8",
    "10.0.0.0/8",
    "100.64.0.0/10",
    "127.0.0.0/8",
    "168.63.129.16/32",
    "169.254.0.0/16",
    "172.16.0.0/12",
    "192.168.0.0/16",
    "224.0.0.0/3",
)
"""What no host of the Internet has: https://www.iana.org/assignments/iana-ipv4-special-registry/ , and Azure's own
https://learn.microsoft.com/azure/virtual-network/what-is-ip-address-168-63-129-16 ."""


_NOBODYS: Final = ("0.", "127.", "224.", "240.")
"""How ranges begin that no network hands out."""


def said_ports(opened: Ports) -> str:
    """`TCP 80,443; UDP 53`, or `every port`."""
    if opened == ports.ALL:
        return "every port"
    shut = f"every port but {_ports(ports.less(ports.ALL, opened))}"
    return min(_ports(opened), shut, key=len)


def _ports(opened: Ports) -> str:
    return "; ".join(
        f"{protocol} {'1-65535' if ranges == ((1, ports.LAST),) else ports.spelled(ranges)}"
        for protocol, ranges in zip(ports.PROTOCOLS, opened, strict=True)
        if ranges
    )


def on(opened: Ports) -> str:
    """`on TCP 80`, `on TCP 53 and UDP 53`, `on every port`: for a sentence, where semicolons part what is said."""
    return f"on {said_ports(opened)}".replace("; ", " and ")


def listed(names: Sequence[str], shown: int = SHOWN) -> str:
    """`a, b, c and 4 more`."""
    more = len(names) - shown
    if more <= 0:
        return ", ".join(names)
    return f"{', '.join(names[:shown])} and {more:,} more"


def said_ends(titles: Sequence[str], homes: Collection[str] = ()) -> str:
    """One by name; more as `course/*: 12 workloads (a, b, c and 9 more)`; `homes` are namespaces they are all of."""
    if len(titles) == 1:
        return titles[0]
    spaces = list(dict.fromkeys(it.partition("/")[0] for it in titles))
    if len(spaces) == 1:
        short = [it.partition("/")[2] for it in titles]
        every = "every workload" if spaces[0] in homes else f"{len(titles):,} workloads"
        count = f"{len(titles):,}: " if spaces[0] in homes else ""
        return f"{every} of {spaces[0]} ({count}{listed(short)})"
    return f"{len(titles):,} workloads of {len(spaces)} namespaces ({listed(titles)})"


def said_ranges(ranges: Sequence[tuple[Family, int, int]]) -> str:
    """`the internet`, `every address`, or CIDRs."""
    return _said_ranges(tuple(ranges))


@lru_cache(maxsize=4096)
def _said_ranges(ranges: tuple[tuple[Family, int, int], ...]) -> str:
    four = tuple((first, last) for family, first, last in ranges if family == 4)
    six = [(first, last) for family, first, last in ranges if family == 6]
    words = []
    if four:
        words.append(_said_four(four))
    if six == [(0, 2**128 - 1)]:
        words.append("every IPv6 address")
    elif six:
        words.append(listed([text for first, last in six for text in _cidrs(6, first, last)]))
    return " and ".join(words)


def _said_four(ranges: Ranges) -> str:
    if ranges == _EVERY:
        return "every address"
    public = _left(PUBLIC, ranges)
    private = _left(ranges, PUBLIC)
    if not public:
        own = [text for first, last in private for text in _cidrs(4, first, last)]
        notable = [it for it in own if not it.startswith(_NOBODYS)]
        shut = [text for first, last in _left(_EVERY, ranges) for text in _cidrs(4, first, last)]
        if len(shut) < len(notable):
            return f"every address but {listed(shut)}"
        return f"the internet and {listed(notable)}" if notable else "the internet"
    if sum(last - first + 1 for first, last in ranges) >= 2**31:
        shut = [text for first, last in _left(_EVERY, ranges) for text in _cidrs(4, first, last)]
        return f"every address but {listed(shut)}"
    return listed([text for first, last in ranges for text in _cidrs(4, first, last)])


def _left(one: Ranges, other: Ranges) -> Ranges:
    for first, last in other:
        one = less(one, first, last)
    return one


def _cidrs(family: Family, first: int, last: int) -> list[str]:
    if family == 4:
        return [str(it) for it in summarize_address_range(IPv4Address(first), IPv4Address(last))]
    return [str(it) for it in summarize_address_range(IPv6Address(first), IPv6Address(last))]


def _public() -> Ranges:
    left = _EVERY
    for cidr in _RESERVED:
        block = ip_network(cidr)
        left = less(left, int(block[0]), int(block[-1]))
    return left


PUBLIC: Final = _public()
"""Addresses of the Internet, IPv4."""


def is_public(ranges: Sequence[tuple[Family, int, int]]) -> bool:
    """Whether all of the Internet's addresses are among `ranges`."""
    return not _left(PUBLIC, tuple((first, last) for family, first, last in ranges if family == 4))


def is_wider(old: Iterable[str], new: Iterable[str]) -> bool:
    """Whether some address may call that could not; no ranges at all are every address."""
    allowed, now = [*old], [*new]
    if not allowed:
        return False
    return not now or not all(_within(it, allowed) for it in now)


def _within(cidr: str, ranges: Collection[str]) -> bool:
    """Whether all of it is in one of the ranges, or in several together."""
    if cidr in ranges:
        return True
    inner = _bounds(cidr)
    if inner is None:
        return False
    outer = (it for it in map(_bounds, ranges) if it and it[0] == inner[0])
    return not _left((inner[1:],), tuple(it[1:] for it in outer))


def _bounds(cidr: str) -> tuple[int, int, int] | None:
    """Family, first and last; None for what is no CIDR."""
    try:
        found = ip_network(cidr, strict=False)
    except ValueError:
        return None
    return found.version, int(found[0]), int(found[-1])
