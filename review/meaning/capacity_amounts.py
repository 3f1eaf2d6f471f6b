"""Amounts of pools and quotas beside their limits, at rest and at the peak of a rollout, and the bars made of them."""

from collections.abc import Iterator
from decimal import ROUND_CEILING, Decimal
from typing import Final, NamedTuple

from review.analyses.capacity import PoolFit, QuotaUse
from review.meaning.capacity_side import Side
from review.report import Bar

GIBIBYTE: Final = 2**30
PEAK: Final = "peak"
REST: Final = "at rest"


class Amount(NamedTuple):
    """One amount of one pool or quota, beside its limit."""

    name: str
    """`CPU requests`, `requests.cpu`."""

    unit: str
    """`cores`, `GiB`, empty for a count."""

    used: Decimal
    limit: Decimal

    @property
    def percent(self) -> Decimal:
        """Of the limit; 100 and more of none where something is used."""
        if not self.limit:
            return Decimal(200 if self.used else 0)
        return self.used * 100 / self.limit

    @property
    def percent_text(self) -> str:
        """Rounded up: `88%`."""
        return f"{self.percent.to_integral_value(ROUND_CEILING):f}%"

    def bare(self, value: Decimal) -> str:
        """Without its unit."""
        if self.unit == "cores":
            return rounded(value)
        return rounded(value / GIBIBYTE) if self.unit == "GiB" else f"{value.normalize():f}"

    def text(self, value: Decimal) -> str:
        """With its unit, for a reader: `0.25 cores`, `12 GiB`, `60`."""
        bare = self.bare(value)
        return f"{bare} {unit_of(bare, self.unit)}".rstrip()

    def number(self, value: Decimal) -> float:
        """In its unit, for a bar."""
        return round(float(value / GIBIBYTE if self.unit == "GiB" else value), 3)


def change(old: Amount, new: Amount) -> str:
    """`CPU requests 4.83 -> 4.93 of 23.46 cores (22%)`."""
    used = (
        new.bare(new.used)
        if old.used == new.used
        else f"{old.bare(old.used)} -> {new.bare(new.used)}"
    )
    limit = new.text(new.limit)
    if old.limit != new.limit:
        limit = f"{old.bare(old.limit)} -> {limit}"
    return f"{new.name} {used} of {limit} ({new.percent_text})"


def unit_of(amount: str, unit: str) -> str:
    """`core` of one, `cores` of any other."""
    return unit.removesuffix("s") if amount == "1" else unit


def rounded(value: Decimal) -> str:
    """At most two decimals."""
    return f"{value.quantize(Decimal('0.01')).normalize():f}"


def bars(before: Side, after: Side) -> tuple[Bar, ...]:
    """Every pool, and quotas of the namespaces where one amount differs."""
    found = []
    for group, name, old, new in pool_amounts(before, after):
        found.append(_bar(f"pool {group}", name, old, new))
    rows = [*quota_amounts(before, after)]
    touched = {it[0] for it in rows if it[2] != it[3]}
    for group, name, old, new in rows:
        if group in touched:
            found.append(_bar(f"namespace {group}", name, old, new))
    return tuple(found)


def _bar(group: str, name: str, old: Amount | None, new: Amount | None) -> Bar:
    one = new or old
    return Bar(
        group=group,
        name=name,
        unit=one.unit if one else "",
        before=old.number(old.used) if old else None,
        after=new.number(new.used) if new else None,
        limit_before=old.number(old.limit) if old else None,
        limit_after=new.number(new.limit) if new else None,
    )


Row = tuple[str, str, Amount | None, Amount | None]
"""Pool or namespace, name of the amount, before and after."""


def pool_amounts(before: Side, after: Side) -> Iterator[Row]:
    sides = [{(it.pool, it.size): it for it in side.fit.pools} for side in (before, after)]
    for key in sorted({*sides[0], *sides[1]}, key=lambda it: (it[0], it[1] == "max")):
        old, new = (_of_pool(it[key]) if key in it else {} for it in sides)
        for name in {**old, **new}:
            yield key[0], name, old.get(name), new.get(name)


def _of_pool(it: PoolFit) -> dict[str, Amount]:
    """Amounts of one pool at one size, by name."""
    when = REST if it.size == "min" else PEAK
    rows = [
        Amount("CPU requests", "cores", it.demand.requests_cpu, it.cpu),
        Amount("memory requests", "GiB", it.demand.requests_memory, it.memory),
    ]
    if it.most_pods is not None:
        rows.append(Amount("pods", "", Decimal(it.demand.pods), Decimal(it.most_pods)))
    if it.needed is not None:
        rows.append(Amount("nodes needed", "", Decimal(it.needed), Decimal(it.nodes)))
    return {f"{row.name}, {when}": row for row in rows}


def quota_amounts(before: Side, after: Side) -> Iterator[Row]:
    sides = [{_quota_key(it): it for it in side.fit.quotas} for side in (before, after)]
    for key in sorted({*sides[0], *sides[1]}):
        for peak in (False, True):
            old, new = (_of_quota(it[key], peak=peak) if key in it else None for it in sides)
            of = f"{key[1]} ({key[2]})" if key[2] else key[1]
            yield key[0], f"{of}, {PEAK if peak else REST}", old, new


def _quota_key(it: QuotaUse) -> tuple[str, str, str]:
    return it.namespace, it.resource, it.only


def _of_quota(it: QuotaUse, *, peak: bool) -> Amount:
    last = it.resource.rpartition(".")[2]
    unit = {"cpu": "cores", "memory": "GiB", "storage": "GiB"}.get(last, "")
    return Amount(it.resource, unit, it.peak if peak else it.rest, it.hard)
