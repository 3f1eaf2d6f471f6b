"""Who reaches whom, as bits: what is small even where a network is open and three million connections are allowed.

A row says of one workload which others it reaches, parted by ports: the bits of a number are workloads by position.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from review.analyses.reachability import ports
from review.analyses.reachability.addresses import Family, Opened, partition
from review.analyses.reachability.network import Class, Network, Opening
from review.analyses.reachability.policies import Direction
from review.analyses.reachability.ports import Ports
from review.analyses.reachability.selectors import bits

Row = tuple[tuple[Ports, int], ...]
"""Ports and the workloads that are reached on exactly these; ascending, no workload twice."""

Range = tuple[Family, int, int, Ports]
"""Family, first and last address, ports."""

Outside = tuple[Range, ...]
"""Ascending; neighbours differ in ports, and what is shut is left out."""


def rows(network: Network) -> tuple[Row, ...]:
    """One for each workload, itself included where its pods reach each other."""
    letting, heard = _letting(network)
    made: dict[tuple[Class, tuple[int, ...]], dict[Ports, int]] = {}
    own = [(at,) for at in range(len(network.units))]
    straight = network.units_of == own
    known: dict[tuple[tuple[Ports, int], ...], Row] = {}
    found = []
    for units in network.units_of:
        reached: dict[Ports, int] = {}
        for unit in units:
            key = network.isolating(unit, "egress"), tuple(heard[unit])
            if key not in made:
                made[key] = _reached(network, key[0], [letting[it] for it in key[1]])
            if len(units) == 1:
                reached = made[key]
            else:
                for opened, there in made[key].items():
                    reached = added(reached, there, opened)
        row = tuple(sorted(reached.items()))
        if row not in known:
            known[row] = row if straight else _by_workload(network, row)
        found.append(known[row])
    return tuple(found)


def _letting(network: Network) -> tuple[list[dict[Ports, int]], list[list[int]]]:
    """Units by what they take, for each set of units that they take it from; and for each unit which of those."""
    members: dict[Class, int] = {}
    for unit in range(len(network.units)):
        isolated = network.isolating(unit, "ingress")
        members[isolated] = members.get(isolated, 0) | 1 << unit
    found: dict[int, dict[Ports, int]] = {}
    for isolated, taking in members.items():
        for opening in network.openings("ingress", isolated):
            into = found.setdefault(opening.units, {})
            into[opening.ports] = into.get(opening.ports, 0) | taking
    heard: list[list[int]] = [[] for _ in network.units]
    for number, sources in enumerate(found):
        for source in bits(sources):
            heard[source].append(number)
    return list(found.values()), heard


def _reached(
    network: Network, of: Class, letting: Iterable[Mapping[Ports, int]]
) -> dict[Ports, int]:
    openings: list[Opening] = network.openings("egress", of)
    found: dict[Ports, int] = {}
    for one in letting:
        for taken, taking in one.items():
            for opening in openings:
                units = taking & opening.units
                if units:
                    both = ports.common(taken, opening.ports)
                    if both != ports.NONE:
                        found = added(found, units, both)
    return found


def added(parted: dict[Ports, int], there: int, opened: Ports) -> dict[Ports, int]:
    """`parted` once `opened` is open to `there`, too."""
    found: dict[Ports, int] = {}
    for here, known in parted.items():
        if inside := known & there:
            both = ports.union(here, opened)
            found[both] = found.get(both, 0) | inside
            there &= ~known
        if beyond := known & ~inside:
            found[here] = found.get(here, 0) | beyond
    if there:
        found[opened] = found.get(opened, 0) | there
    return found


def _by_workload(network: Network, row: Row) -> Row:
    """Units as the workloads that have them."""
    found: dict[Ports, int] = {}
    for opened, units in row:
        there = 0
        for at, own in enumerate(network.units_of):
            if any(units >> unit & 1 for unit in own):
                there |= 1 << at
        found = added(found, there, opened)
    return tuple(sorted(found.items()))


def outside(network: Network, direction: Direction) -> tuple[Outside, ...]:
    """One for each workload: the addresses outside that it reaches, or that reach it."""
    known: dict[tuple[Class, ...], Outside] = {}
    found = []
    for units in network.units_of:
        classes = tuple(dict.fromkeys(network.isolating(it, direction) for it in units))
        if classes not in known:
            known[classes] = tuple(_ranges(network, direction, classes))
        found.append(known[classes])
    return tuple(found)


def _ranges(network: Network, direction: Direction, classes: Sequence[Class]) -> Iterator[Range]:
    for family in network.families:
        opened: list[Opened] = []
        for of in classes:
            opened += network.opened(direction, of, family)
        yield from joined((family, *it) for it in partition(opened))


def joined(ranges: Iterable[Range]) -> Iterator[Range]:
    """Ascending ranges with neighbours of equal ports in one."""
    last: Range | None = None
    for it in ranges:
        if last and last[0] == it[0] and last[2] + 1 == it[1] and last[3] == it[3]:
            last = (last[0], last[1], it[2], it[3])
            continue
        if last:
            yield last
        last = it
    if last:
        yield last


def less(one: Outside, other: Outside) -> Outside:
    """What is open in `one` and not in `other`."""
    found: list[Range] = []
    if one == other:
        return ()
    for family in (4, 6):
        here = [it for it in one if it[0] == family]
        there = [it for it in other if it[0] == family]
        at = 0
        for _, first, last, opened in here:
            begun = first
            while at < len(there) and there[at][2] < begun:
                at += 1
            for _, low, high, shut in there[at:]:
                if low > last:
                    break
                if begun < low:
                    found.append((family, begun, low - 1, opened))
                rest = ports.less(opened, shut)
                if rest != ports.NONE:
                    found.append((family, max(begun, low), min(last, high), rest))
                begun = min(last, high) + 1
            if begun <= last:
                found.append((family, begun, last, opened))
    return tuple(joined(found))


def open_to(found: Outside, first: int, last: int) -> Ports:
    """What is open to every address of a range of IPv4."""
    opened, begun = ports.ALL, first
    for family, low, high, here in found:
        if family == 4 and high >= begun and low <= last:
            if low > begun:
                return ports.NONE
            opened = ports.common(opened, here)
            begun = high + 1
    return opened if begun > last else ports.NONE
