"""Ranges of addresses outside of the cluster, IPv4 and IPv6, in the fewest pieces that tell their ports apart."""

from collections import Counter
from collections.abc import Iterable, Iterator
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_network
from typing import Final, Literal

from review.analyses.reachability import ports
from review.analyses.reachability.ports import Ports, Ranges

Family = Literal[4, 6]
WHOLE: Final[dict[Family, Ranges]] = {4: ((0, 2**32 - 1),), 6: ((0, 2**128 - 1),)}

Opened = tuple[Ranges, Ports]
"""Addresses of one family and the ports that a rule opens for them."""


class Block(tuple[Family, Ranges]):
    """Addresses of one family."""

    __slots__ = ()

    @property
    def family(self) -> Family:
        """4 or 6."""
        return self[0]

    @property
    def ranges(self) -> Ranges:
        """As numbers, both ends included."""
        return self[1]


def block(cidr: str, without: Iterable[str] = ()) -> Block:
    """The addresses of `cidr` but those of `without`; host bits do not count. Raises `ValueError`."""
    family, _, begun, end = _bounds(cidr)
    ranges: Ranges = ((begun, end),)
    for version, _, first, last in map(_bounds, without):
        if version == family:
            ranges = less(ranges, first, last)
    return Block((family, ranges))


@lru_cache(maxsize=4096)
def _bounds(cidr: str) -> tuple[Family, int, int, int]:
    """Family, length of the prefix, first and last address; many policies name the same. Raises `ValueError`."""
    found = ip_network(cidr, strict=False)
    first, last = int(found.network_address), int(found.broadcast_address)
    return found.version, found.prefixlen, first, last


def contains(cidr: str, inner: str) -> bool:
    """Whether `inner` lies in `cidr` and is smaller, which the API server asks of an exception."""
    family, length, first, last = _bounds(cidr)
    version, longer, low, high = _bounds(inner)
    return family == version and longer > length and first <= low and high <= last


def less(ranges: Ranges, first: int, last: int) -> Ranges:
    """`ranges` without the addresses from `first` to `last`."""
    kept = []
    for a, b in ranges:
        kept += [(x, y) for x, y in ((a, min(b, first - 1)), (max(a, last + 1), b)) if x <= y]
    return tuple(kept)


def shut(opened: Iterable[Opened], denied: Iterable[Opened]) -> list[Opened]:
    """`opened` without what is denied, wherever it was opened."""
    found = list(opened)
    for ranges, ports_ in denied:
        left: list[Opened] = []
        for here, open_ports in found:
            inside = _common(here, ranges)
            beyond = here
            for first, last in inside:
                beyond = less(beyond, first, last)
            left += [(beyond, open_ports), (inside, ports.less(open_ports, ports_))]
        found = [it for it in left if it[0] and it[1] != ports.NONE]
    return found


def _common(one: Ranges, other: Ranges) -> Ranges:
    return tuple((max(a, c), min(b, d)) for a, b in one for c, d in other if max(a, c) <= min(b, d))


def partition(opened: Iterable[Opened]) -> Iterator[tuple[int, int, Ports]]:
    """Ascending ranges with the union of what is open in each; what is shut is left out, neighbours may be alike."""
    steps: dict[int, list[tuple[int, Ports]]] = {}
    for ranges, open_ports in opened:
        for first, last in ranges:
            steps.setdefault(first, []).append((1, open_ports))
            steps.setdefault(last + 1, []).append((-1, open_ports))
    active: Counter[Ports] = Counter()
    begun, here = 0, ports.NONE
    for at in sorted(steps):
        if here != ports.NONE:
            yield begun, at - 1, here
        for step, open_ports in steps[at]:
            active[open_ports] += step
            if not active[open_ports]:
                del active[open_ports]
        begun, here = at, ports.NONE
        for open_ports in active:
            here = ports.union(here, open_ports)


def listed(
    family: Family, opened: Iterable[Opened], within: Ranges = ()
) -> list[tuple[str, str, str]]:
    """Range, protocol and ports of all that is open, in `within` or anywhere, each protocol in its fewest ranges."""
    pieces = list(partition(opened))
    found: list[tuple[str, str, str]] = []
    for index, protocol in enumerate(ports.PROTOCOLS):
        runs: list[tuple[int, int, Ranges]] = []
        for first, last, open_ports in pieces:
            here = open_ports[index]
            if not here:
                continue
            if runs and runs[-1][1] + 1 == first and runs[-1][2] == here:
                first = runs.pop()[0]
            runs.append((first, last, here))
        for first, last, here in runs:
            for a, b in within or WHOLE[family]:
                if max(a, first) <= min(b, last):
                    text = spelled(family, max(a, first), min(b, last))
                    found.append((text, protocol, ports.spelled(here)))
    return found


@lru_cache(maxsize=4096)
def spelled(family: Family, first: int, last: int) -> str:
    """`10.0.0.0-10.255.255.255`; one address is a range, too."""
    kind = IPv4Address if family == 4 else IPv6Address
    return f"{kind(first)}-{kind(last)}"
