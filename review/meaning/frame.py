"""Two networks laid side by side: the connections that only one of them has, as bits over the workloads of both."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from review.analyses.reachability import ports
from review.analyses.reachability.ports import Ports
from review.analyses.reachability.selectors import bits
from review.meaning.closure import Row
from review.meaning.ends import DNS

_TRANSPOSED: Final = 200_000
"""Pairs up to which both ways of grouping are tried: past that, by source."""

Opened = Mapping[Ports, Mapping[int, int]]
"""For each set of ports the sources by number, with the targets of each as bits."""


class Group(NamedTuple):
    """Every one of `sources` with every one of `targets`, but none with itself."""

    ports: Ports
    sources: tuple[int, ...]
    targets: tuple[int, ...]


@dataclass(frozen=True)
class Spread:
    """Where the workloads of one side stand among those of both: runs of neighbours stay neighbours."""

    runs: tuple[tuple[int, int, int], ...]
    """First and length on this side, first among both."""

    def __call__(self, there: int) -> int:
        """Bits of this side as bits of both."""
        found = 0
        for first, length, to in self.runs:
            if part := there >> first & (1 << length) - 1:
                found |= part << to
        return found

    def row(self, row: Row) -> Row:
        """The same of a row."""
        return tuple((opened, self(there)) for opened, there in row)


class Frame:
    """The workloads of two sides, by title."""

    def __init__(self, before: Sequence[str], after: Sequence[str]) -> None:
        """Both ascending."""
        self.titles = tuple(sorted({*before, *after}))
        self.number = {title: at for at, title in enumerate(self.titles)}
        self.before = {self.number[title]: at for at, title in enumerate(before)}
        """Number on that side, by number among both."""

        self.after = {self.number[title]: at for at, title in enumerate(after)}
        self.same = tuple(before) == tuple(after)
        self.spread_before, self.spread_after = self._spread(before), self._spread(after)
        self.both = sum(1 << at for at in self.before.keys() & self.after.keys())
        self.new = sorted(self.after.keys() - self.before.keys())
        self.gone = sorted(self.before.keys() - self.after.keys())
        self.dns = self.number.get(DNS, -1)

    def _spread(self, titles: Sequence[str]) -> Spread:
        runs: list[tuple[int, int, int]] = []
        for at, title in enumerate(titles):
            to = self.number[title]
            if runs and runs[-1][2] + runs[-1][1] == to:
                runs[-1] = (runs[-1][0], runs[-1][1] + 1, runs[-1][2])
            else:
                runs.append((at, 1, to))
        return Spread(tuple(runs))

    def gained(self, before: Sequence[Row], after: Sequence[Row]) -> Opened:
        """What `after` allows and `before` does not, of workloads that both have, the DNS as a caller left out."""
        return self._more(
            after, self.after, self.spread_after, before, self.before, self.spread_before
        )

    def lost(self, before: Sequence[Row], after: Sequence[Row]) -> Opened:
        """The other way round."""
        return self._more(
            before, self.before, self.spread_before, after, self.after, self.spread_after
        )

    def _more(
        self,
        rows: Sequence[Row], own: Mapping[int, int], spread: Spread,
        others: Sequence[Row], other: Mapping[int, int], spread_other: Spread,
    ) -> Opened:  # fmt: skip
        found: dict[Ports, dict[int, int]] = {}
        for source, at in own.items():
            if source not in other or source == self.dns:
                continue
            row, than = rows[at], others[other[source]]
            if self.same:
                if row == than:
                    continue
            else:
                row, than = spread.row(row), spread_other.row(than)
            for opened, there in more(row, than):
                if there := there & self.both:
                    found.setdefault(opened, {})[source] = there
        return found


def more(row: Row, than: Row) -> Iterator[tuple[Ports, int]]:
    """What is open in `row` and not in `than`; each set of ports once."""
    found: dict[Ports, int] = {}
    for opened, there in row:
        rest = there
        for shut, known in than:
            if inside := rest & known:
                if (left := ports.less(opened, shut)) != ports.NONE:
                    found[left] = found.get(left, 0) | inside
                rest &= ~known
        if rest:
            found[opened] = found.get(opened, 0) | rest
    yield from found.items()


def groups(opened: Opened) -> list[Group]:
    """All of it in few groups, in order: by sources with the same targets, or the other way where that is fewer."""
    found: list[Group] = []
    for which in sorted(opened):
        by_source = opened[which]
        several = _alike(by_source)
        if sum(there.bit_count() for there in by_source.values()) <= _TRANSPOSED:
            turned: dict[int, int] = {}
            for source, there in by_source.items():
                for target in bits(there):
                    turned[target] = turned.get(target, 0) | 1 << source
            other = _alike(turned)
            if len(other) < len(several):
                several = [(targets, sources) for sources, targets in other]
        found += [
            Group(which, sources, targets)
            for sources, targets in several
            if len({*sources, *targets}) > 1
        ]
    return sorted(found)


def _alike(there: Mapping[int, int]) -> list[tuple[tuple[int, ...], tuple[int, ...]]]:
    """Numbers that have the same bits. Their own are among them, or a namespace would fall into as many groups."""
    grouped: dict[int, int] = {}
    for at, known in there.items():
        grouped[known] = grouped.get(known, 0) | 1 << at
    return [(tuple(bits(members)), tuple(bits(known))) for known, members in grouped.items()]


def pairs(opened: Opened) -> Iterator[tuple[int, int, Ports]]:
    """Source, target and ports of each pair but that of a workload with itself."""
    for which, by_source in opened.items():
        for source, there in by_source.items():
            for target in bits(there & ~(1 << source)):
                yield source, target, which
