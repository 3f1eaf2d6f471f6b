"""The connections that a network allows, source by source, in the order of their names.

A connection needs the egress of its source and the ingress of its target; an end outside of the cluster asks for
nothing. Outside ends are ranges of addresses, each protocol in as few as tell its ports apart.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, TypeVar

from review.analyses.reachability import ports
from review.analyses.reachability.addresses import WHOLE, Family, Opened, listed
from review.analyses.reachability.network import Class, Network, Opening
from review.analyses.reachability.policies import Direction
from review.analyses.reachability.ports import Ports, Ranges
from review.analyses.reachability.selectors import bits

T = TypeVar("T")
_ROWS_KEPT = 64
"""Sources in a row often share their targets; more are worked out anew rather than held."""


class Connection(NamedTuple):
    """One protocol from one end to another."""

    source: str
    target: str
    protocol: str
    ports: str
    """`80,443-445`."""


@dataclass(frozen=True)
class Ends:
    """Which ends are asked for; without anything said, all."""

    workloads: frozenset[str] | None = None
    """By name, `ns/name[Kind]`."""

    addresses: Mapping[Family, Ranges] = field(default_factory=lambda: WHOLE)
    """What lies outside of these is left out, and ranges are cut at them."""

    def has(self, workload: str) -> bool:
        """Whether a workload is asked for."""
        return self.workloads is None or workload in self.workloads


EVERY_END = Ends()


def connections(
    network: Network, sources: Ends = EVERY_END, targets: Ends = EVERY_END
) -> Iterator[Connection]:
    """All of them, one entry a protocol, sorted."""
    for source, found in rows(network, lambda *entry: entry, sources, targets):
        for target, protocol, open_ports in found:
            yield Connection(source, target, protocol, open_ports)


def rows(
    network: Network,
    entry: Callable[[str, str, str], T],
    sources: Ends = EVERY_END,
    targets: Ends = EVERY_END,
) -> Iterator[tuple[str, Sequence[T]]]:
    """Each source that reaches anything, with `entry(target, protocol, ports)` of all that it reaches.

    Entries are made once for sources that reach the same; their lists must not be changed.
    """
    names = [str(it.key) for it in network.workloads]
    inner = _Inner(network, [targets.has(it) for it in names])
    outside = _outside_sources(network, names, sources, targets)
    numbers = {name: at for at, name in enumerate(names) if sources.has(name)}
    made: dict[object, tuple[list[T], dict[str, slice]]] = {}
    for source in sorted([*outside, *numbers]):
        if source in outside:
            yield source, [entry(*it) for it in outside[source]]
            continue
        at = numbers[source]
        key = inner.key(at)
        if key not in made:
            if len(made) >= _ROWS_KEPT:
                made.clear()
            made[key] = _row(network, inner, at, names, targets, entry)
        row, places = made[key]
        if own := places.get(source):
            row = row[: own.start] + row[own.stop :]
        if row:
            yield source, row


def named(
    network: Network, sources: Ends = EVERY_END, targets: Ends = EVERY_END
) -> Iterator[Connection]:
    """Connections with outside ends that have no address here: hosts by name and Cilium's entities; sorted.

    They are among the ends of `internet` and of everything, and in no range of addresses.
    """
    found = []
    for at, it in enumerate(network.workloads):
        title = str(it.key)
        sides: tuple[tuple[Direction, Ends, Ends], ...] = (
            ("egress", sources, targets),
            ("ingress", targets, sources),
        )
        for direction, own, others in sides:
            if own.has(title) and others.addresses == WHOLE:
                for name, opened in _names(network, at, direction).items():
                    ends = (title, name) if direction == "egress" else (name, title)
                    found += [
                        Connection(*ends, protocol, ports.spelled(ranges))
                        for protocol, ranges in zip(ports.PROTOCOLS, opened, strict=True)
                        if ranges
                    ]
    yield from sorted(found)


def _names(network: Network, at: int, direction: Direction) -> dict[str, Ports]:
    found: dict[str, Ports] = {}
    for of in {network.isolating(unit, direction) for unit in network.units_of[at]}:
        for name, opened in network.named(direction, of).items():
            found[name] = ports.union(found.get(name, ports.NONE), opened)
    return found


def _row(
    network: Network,
    inner: "_Inner",
    at: int,
    names: list[str],
    targets: Ends,
    entry: Callable[[str, str, str], T],
) -> tuple[list[T], dict[str, slice]]:
    """What workload `at` reaches, itself included, and where each workload stands in it."""
    found: list[tuple[str, str, str]] = []
    for to, open_ports in inner.reached(at).items():
        found += [
            (names[to], protocol, ports.spelled(ranges))
            for protocol, ranges in zip(ports.PROTOCOLS, open_ports, strict=True)
            if ranges
        ]
    found += _outside(network, at, "egress", targets)
    found.sort()
    places: dict[str, slice] = {}
    for number, (name, _, _) in enumerate(found):
        begun = places.get(name)
        places[name] = slice(begun.start if begun else number, number + 1)
    return [entry(*it) for it in found], places


def _outside_sources(
    network: Network, names: list[str], sources: Ends, targets: Ends
) -> dict[str, list[tuple[str, str, str]]]:
    """Ranges that reach anything, with target, protocol and ports."""
    found: dict[str, list[tuple[str, str, str]]] = {}
    for at, name in enumerate(names):
        if targets.has(name):
            for source, protocol, text in _outside(network, at, "ingress", sources):
                found.setdefault(source, []).append((name, protocol, text))
    return {source: sorted(entries) for source, entries in found.items()}


def _outside(
    network: Network, at: int, direction: Direction, within: Ends
) -> list[tuple[str, str, str]]:
    found: list[tuple[str, str, str]] = []
    classes = {network.isolating(unit, direction) for unit in network.units_of[at]}
    for family in network.families:
        wanted = within.addresses.get(family, ())
        if not wanted:
            continue
        opened: list[Opened] = []
        for of in classes:
            opened += network.opened(direction, of, family)
        found += _listed(family, tuple(opened), wanted)
    return found


_known: dict[tuple[Family, tuple[Opened, ...], Ranges], list[tuple[str, str, str]]] = {}


def _listed(
    family: Family, opened: tuple[Opened, ...], within: Ranges
) -> list[tuple[str, str, str]]:
    key = family, opened, within
    if key not in _known:
        if len(_known) > _ROWS_KEPT:
            _known.clear()
        _known[key] = listed(family, opened, within)
    return _known[key]


class _Inner:
    """Connections between workloads."""

    def __init__(self, network: Network, wanted: list[bool]) -> None:
        self._network = network
        self._owners: list[list[int]] = [[] for _ in network.units]
        for at, units in enumerate(network.units_of):
            if wanted[at]:
                for unit in units:
                    self._owners[unit].append(at)
        members: dict[Class, int] = {}
        for unit in range(len(network.units)):
            if self._owners[unit]:
                isolated = network.isolating(unit, "ingress")
                members[isolated] = members.get(isolated, 0) | 1 << unit
        letting: dict[int, dict[Ports, int]] = {}
        for isolated, taking in members.items():
            for opening in network.openings("ingress", isolated):
                into = letting.setdefault(opening.units, {})
                into[opening.ports] = into.get(opening.ports, 0) | taking
        self._letting = list(letting.values())
        """Units by what they take, for each set of units that they take it from."""
        self._heard: list[list[int]] = [[] for _ in network.units]
        """For each unit as a source: which of `_letting` speak of it."""
        for number, sources in enumerate(letting):
            for source in bits(sources):
                self._heard[source].append(number)

    def key(self, at: int) -> object:
        """Equal for workloads that reach the same, themselves included."""
        return tuple(
            (self._network.isolating(unit, "egress"), tuple(self._heard[unit]))
            for unit in self._network.units_of[at]
        )

    def reached(self, at: int) -> dict[int, Ports]:
        """The workloads that workload `at` reaches, itself perhaps among them."""
        found: dict[int, Ports] = {}
        for source in self._network.units_of[at]:
            openings = self._network.openings("egress", self._network.isolating(source, "egress"))
            for number in self._heard[source]:
                for taken, taking in self._letting[number].items():
                    self._reach(openings, taking, taken, found)
        return found

    def _reach(
        self, openings: list[Opening], taking: int, taken: Ports, found: dict[int, Ports]
    ) -> None:
        """Add the workloads of the units `taking` that one of `openings` leads to."""
        for opening in openings:
            units = taking & opening.units
            both = ports.common(taken, opening.ports) if units else ports.NONE
            if both == ports.NONE:
                continue
            for unit in bits(units):
                for to in self._owners[unit]:
                    known = found.get(to)
                    found[to] = both if known is None else ports.union(known, both)
