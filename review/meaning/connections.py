"""Connections that a change opens and closes: who may call whom, by the network policies of both plans.

Between workloads, and between workloads and addresses outside, in both directions. Connections that belong together
are one fact with a count. What leads to a workload from outside is told under exposure.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from review.analyses.reachability import ports
from review.analyses.reachability.policies import Policy
from review.analyses.reachability.ports import Ports
from review.analyses.reachability.selectors import bits
from review.meaning import closure, dangers, deciding, ends, isolation, words
from review.meaning import lost as lost_ends
from review.meaning.closure import Outside
from review.meaning.edges import edges, folded
from review.meaning.frame import Frame, Group, Opened, groups
from review.meaning.network_side import Side, of_plan
from review.meaning.reading import said_places, undetermined
from review.plan import Plan
from review.report import AreaFinding, Fact, Sign

_PARTS = 4
"""Peers named of a workload that is new or gone; more are counted."""


def notes(of: Plan | Side) -> Iterator[str]:
    """What connections do not see of a plan; of its side, where that is at hand, at no cost."""
    side = of if isinstance(of, Side) else of_plan(of)
    if side.silent:
        yield (
            f"connections: the pods of {words.listed(side.silent)} are in no plan, for a chart makes them; "
            "'charts.<name>.pods' tells their labels and ports"
        )
    if side.undetermined:
        yield f"connections: left out for what is known after a deployment only: {said_places(side.undetermined)}"
    if side.azure:
        yield (
            "connections: told by network policies alone; Azure's security groups (see exposure), firewalls and "
            "routes, and policies of charts, may shut more"
        )
    if said := folded(side, side):
        yield said


def compare(before: Side, after: Side) -> Iterator[Fact | AreaFinding]:
    """Connections opened and closed, and what is dangerous among them."""
    yield from undetermined(
        "connections", "which connections it allows", before.undetermined, after.undetermined
    )
    yield from _refused(before, after)
    frame = _frame(before, after)
    told = isolation.Told()
    yield from isolation.unisolated(before, after, frame, told)
    gained, lost = frame.gained(before.rows, after.rows), frame.lost(before.rows, after.rows)
    signs: tuple[tuple[Sign, Opened], ...] = (("gained", gained), ("lost", lost))
    for sign, opened in signs:
        rest, fact = _each_other(before, after, frame, opened, sign)
        if fact:
            yield fact
        for group in groups(rest):
            yield _between(before, after, frame, group, sign)
    yield from _outside(before, after, frame)
    yield from _named(before, after, frame)
    yield from dangers.outside(before, after, frame, told)
    yield from lost_ends.without_names(before, after, frame)
    yield from lost_ends.declared(before, after, frame, lost)
    yield from _new(before, after, frame, "gained")
    yield from _new(before, after, frame, "lost")
    yield from _idle(before, after, frame, gained, lost)


def _frame(before: Side, after: Side) -> Frame:
    return Frame([it.title for it in before.ends], [it.title for it in after.ends])


def _refused(before: Side, after: Side) -> Iterator[AreaFinding]:
    """Policies and workloads that the API server would not take, and that were not there before."""
    for urn, rule in sorted({*after.refused} - {*before.refused}):
        resource, _, said = rule.partition(": ")
        yield AreaFinding(
            rule="connections-refused",
            severity="advisory",
            resource=resource,
            message=f"is left out of the connections, for the API server would refuse it: {said}",
            why="whatever it opens or shuts is not told here",
            remedy="correct it",
            urn=urn,
            area="connections",
        )


def _between(before: Side, after: Side, frame: Frame, group: Group, sign: Sign) -> Fact:
    """One group of connections between workloads."""
    source, target = _sample(group)
    old = before.ends[frame.before[source]], before.ends[frame.before[target]]
    new = after.ends[frame.after[source]], after.ends[frame.after[target]]
    was = deciding.between(*old, group.ports, before.policies, before.namespaces)
    now = deciding.between(*new, group.ports, after.policies, after.namespaces)
    homes = after.homes if sign == "gained" else before.homes
    sources = _titles(frame, _but(group.sources, group.targets), homes)
    targets = _titles(frame, _but(group.targets, group.sources), homes)
    verb = "may now call" if sign == "gained" else "may no longer call"
    why, urn = _decided(was, now, sign)
    side, pair = (before, old) if sign == "gained" else (after, new)
    verdicts = was if sign == "gained" else now
    why += _unsure(side.doubts([it for one in verdicts for it in one.policies], pair))
    count = sum(1 for a in group.sources for b in group.targets if a != b)
    several = f" ({count:,} connections)" if len(group.sources) > 1 < len(group.targets) else ""
    of = new[1] if len(group.targets) == 1 and target != frame.dns else new[0]
    both = len(group.sources) > 1 and len(group.targets) > 1
    return Fact(
        area="connections",
        sign=sign,
        resource=f"Namespace {of.key.namespace}" if both else of.resource,
        message=f"{sources} {verb} {targets} {words.on(group.ports)}{several}{why}",
        rank=(20 if sign == "gained" else 30),
        old="" if sign == "gained" else words.said_ports(group.ports),
        new=words.said_ports(group.ports) if sign == "gained" else "",
        urn=urn or of.urn,
    )


def _each_other(
    before: Side, after: Side, frame: Frame, opened: Opened, sign: Sign
) -> tuple[Opened, Fact | None]:
    """Connections between workloads that no policy isolates at either end on one side: one fact, and the others."""
    sides = before, frame.before, after, frame.after
    if sign == "lost":
        sides = after, frame.after, before, frame.before
    targets, sources = isolation.freed(*sides, 0), isolation.freed(*sides, 1)
    rest: dict[Ports, dict[int, int]] = {}
    callers, called, count = 0, 0, 0
    for which, by_source in opened.items():
        for source, there in by_source.items():
            inside = there & targets if sources >> source & 1 else 0
            if left := there & ~inside:
                rest.setdefault(which, {})[source] = left
            if inside := inside & ~(1 << source):
                callers, called = callers | 1 << source, called | inside
                count += inside.bit_count()
    if count < 2:
        return opened, None
    end = after.ends[frame.after[bits(callers)[0]]]
    homes = after.homes if sign == "gained" else before.homes
    now = "no policy isolates them any more" if sign == "gained" else "policies isolate them now"
    return rest, Fact(
        area="connections",
        sign=sign,
        resource=f"Namespace {end.key.namespace}",
        message=f"{_titles(frame, bits(callers), homes)} {'may now' if sign == 'gained' else 'may no longer'} call "
        f"{_titles(frame, bits(called), homes)} on every port ({count:,} connections); {now}",
        rank=19 if sign == "gained" else 29,
        urn=end.urn,
    )


def _but(numbers: tuple[int, ...], single: tuple[int, ...]) -> tuple[int, ...]:
    """`numbers` without a single other end, which calls itself by no connection."""
    return tuple(it for it in numbers if it not in single) if len(single) == 1 else numbers


def _unsure(doubt: str) -> str:
    return f"; not for certain: {doubt} must be known" if doubt else ""


def _sample(group: Group) -> tuple[int, int]:
    """A pair that stands for all of them."""
    return next((a, b) for a in group.sources for b in group.targets if a != b)


def _titles(frame: Frame, numbers: Iterable[int], homes: Mapping[str, int]) -> str:
    titles = [frame.titles[it] for it in numbers]
    home = titles[0].partition("/")[0]
    return words.said_ends(titles, [home] if homes.get(home) == len(titles) else ())


def _decided(
    was: tuple[deciding.Verdict, deciding.Verdict],
    now: tuple[deciding.Verdict, deciding.Verdict],
    sign: Sign,
) -> tuple[str, str]:
    """What opens or shuts it, told of the directions that changed; and the URN of a policy of the head."""
    parts: dict[str, str] = {}
    urn = ""
    opening, shutting = (now, was) if sign == "gained" else (was, now)
    for at, direction in enumerate(deciding.DIRECTIONS):
        if opening[at].opened and not shutting[at].opened:
            by = _policies(opening[at].policies)
            shut = _policies(shutting[at].policies) or "what else is there"
            parts[direction] = _why(by, shut, direction, sign)
            urn = urn or next(map(ends.policy_urn, now[at].policies), "")
    if not parts:
        # Both directions were open on other pods, or a deny came or went.
        by = _policies([it for one in opening for it in one.policies])
        parts = {"": f"by {by}"} if by else {}
        urn = next((ends.policy_urn(it) for one in now for it in one.policies), "")
    several = len(parts) > 1
    return "".join(f"; {f'{way} ' if several else ''}{it}" for way, it in parts.items()), urn


def _why(by: str, shut: str, direction: str, sign: Sign) -> str:
    """`by` opens it. What shut it before is of interest where no policy opens it: then that one is gone, or shorter."""
    if sign == "lost":
        return f"shut by {shut}, which before was opened by {by or f'no policy that isolates the {direction}'}"
    if by:
        return f"opened by {by}"
    return f"opened by no policy that isolates the {direction}, which before was shut by {shut}"


def _policies(policies: Iterable[Policy]) -> str:
    titles = [it.title for it in policies]
    return f"NetworkPolicy {words.listed(titles, 2)}" if titles else ""


def _outside(before: Side, after: Side, frame: Frame) -> Iterator[Fact]:
    """Connections with addresses outside, workloads that gain or lose the same together."""
    for direction, old, new in (
        ("egress", before.outward, after.outward),
        ("ingress", before.inward, after.inward),
    ):
        found: dict[tuple[Sign, Ports, tuple[tuple[int, int, int], ...]], list[int]] = {}
        for at in bits(frame.both):
            one, other = old[frame.before[at]], new[frame.after[at]]
            if one == other:
                continue
            signs: tuple[tuple[Sign, Outside], ...] = (
                ("gained", closure.less(other, one)),
                ("lost", closure.less(one, other)),
            )
            for sign, pieces in signs:
                than = (one, other) if sign == "gained" else (other, one)
                for opened, ranges in _by_ports(pieces, _everywhere(*than)).items():
                    found.setdefault((sign, opened, ranges), []).append(at)
        for (sign, opened, ranges), several in sorted(found.items()):
            yield _outside_fact(before, after, frame, direction, sign, opened, ranges, several)


def _everywhere(old: Outside, new: Outside) -> Ports:
    """What one side opens to every address and the other does not."""
    whole = 0, 2**32 - 1
    return ports.less(closure.open_to(new, *whole), closure.open_to(old, *whole))


def _by_ports(
    pieces: Outside, everywhere: Ports = ports.NONE
) -> dict[Ports, tuple[tuple[int, int, int], ...]]:
    """Ranges by what is open to them; what is open everywhere once, though some of it was open before."""
    found: dict[Ports, tuple[tuple[int, int, int], ...]] = {}
    if everywhere != ports.NONE:
        found[everywhere] = ((4, 0, 2**32 - 1),)
    for family, first, last, opened in pieces:
        rest = ports.less(opened, everywhere) if family == 4 else opened
        if rest != ports.NONE:
            found[rest] = (*found.get(rest, ()), (family, first, last))
    return found


def _outside_fact(
    before: Side, after: Side, frame: Frame, direction: str, sign: Sign, opened: Ports,
    ranges: tuple[tuple[int, int, int], ...], several: list[int],
) -> Fact:  # fmt: skip
    homes = after.homes if sign == "gained" else before.homes
    titles = _titles(frame, several, homes)
    out = direction == "egress"
    said = words.said_ranges(ranges)  # type: ignore[arg-type]
    may = "may now" if sign == "gained" else "may no longer"
    message = (
        f"{titles} {may} call {said} {words.on(opened)}"
        if out
        else f"{titles} {may} be called from {said} {words.on(opened)}"
    )
    old = before.ends[frame.before[several[0]]]
    new = after.ends[frame.after[several[0]]]
    was = deciding.outside(old, direction, ranges, opened, before.policies)  # type: ignore[arg-type]
    now = deciding.outside(new, direction, ranges, opened, after.policies)  # type: ignore[arg-type]
    opening, shutting = (now, was.policies) if sign == "gained" else (was, now.policies)
    if sign == "lost" and now.opened:
        # Some of the addresses are open still: who opens those is not who shuts the rest.
        shutting = deciding.isolating(new, direction, after.policies)  # type: ignore[arg-type]
    by, shut = _policies(opening.policies), _policies(shutting)
    if sign == "gained" and not by and (was.opened or not shut):
        why = f"; opened by no policy that isolates the {direction}"
    else:
        why = f"; {_why(by, shut or 'what else is there', direction, sign)}"
    side, end = (before, old) if sign == "gained" else (after, new)
    why += _unsure(side.doubts((was if sign == "gained" else now).policies, [end]))
    return Fact(
        area="connections",
        sign=sign,
        resource=new.resource if len(several) == 1 else f"Namespace {new.key.namespace}",
        message=message + why,
        rank=(10 if out else 5) + (20 if sign == "lost" else 0),
        urn=next(map(ends.policy_urn, shutting if sign == "lost" else now.policies), "") or new.urn,
    )


def _named(before: Side, after: Side, frame: Frame) -> Iterator[Fact]:
    """Connections with hosts by name and with what Cilium calls entities."""
    signs: tuple[tuple[Sign, Side, Side], ...] = (
        ("gained", after, before),
        ("lost", before, after),
    )
    for sign, one, other in signs:
        known = {(title, way, name): opened for title, way, name, opened in other.named}
        found: dict[tuple[str, str, Ports], list[int]] = {}
        for title, way, name, opened in one.named:
            left = ports.less(opened, known.get((title, way, name), ports.NONE))
            number = frame.number[title]
            if left != ports.NONE and frame.both >> number & 1:
                found.setdefault((way, name, left), []).append(number)
        for (way, name, opened), several in sorted(found.items()):
            titles = _titles(frame, several, one.homes)
            may = "may now" if sign == "gained" else "may no longer"
            act = f"call {name}" if way == "egress" else f"be called from {name}"
            end = after.ends[frame.after[several[0]]]
            yield Fact(
                area="connections",
                sign=sign,
                resource=end.resource if len(several) == 1 else f"Namespace {end.key.namespace}",
                message=f"{titles} {may} {act} {words.on(opened)}",
                rank=12 if sign == "gained" else 32,
                urn=end.urn,
            )


def _new(before: Side, after: Side, frame: Frame, sign: Sign) -> Iterator[Fact]:
    """Workloads that only one side has, each with all that it may do there."""
    if sign == "gained":
        side, other, numbers = after, before, frame.new
        own, spread = frame.after, frame.spread_after
    else:
        side, other, numbers = before, after, frame.gone
        own, spread = frame.before, frame.spread_before
    mask = sum(1 << it for it in numbers)
    if not mask:
        return
    calling: dict[int, dict[Ports, int]] = {}
    rows = {source: spread.row(side.rows[at]) for source, at in own.items()}
    for source, row in rows.items():
        for opened, there in row if source != frame.dns else ():
            for target in bits(there & mask & ~(1 << source)):
                into = calling.setdefault(target, {})
                into[opened] = into.get(opened, 0) | 1 << source
    homes = side.homes
    for number in numbers:
        if number == frame.dns:
            continue
        at = own[number]
        end = side.ends[at]
        called = [
            f"{_titles(frame, bits(others), homes)} {words.on(opened)}"
            for opened, there in rows[number]
            if (others := there & ~(1 << number))
        ]
        called += [
            f"{words.said_ranges(ranges)} {words.on(opened)}"  # type: ignore[arg-type]
            for opened, ranges in _by_ports(side.outward[at]).items()
        ]
        callers = [
            f"{_titles(frame, bits(others), homes)} {words.on(opened)}"
            for opened, others in sorted(calling.get(number, {}).items())
        ]
        callers += [
            f"{words.said_ranges(ranges)} {words.on(opened)}"  # type: ignore[arg-type]
            for opened, ranges in _by_ports(side.inward[at]).items()
        ]
        for title, way, name, opened in side.named:
            if title == end.title:
                (called if way == "egress" else callers).append(f"{name} {words.on(opened)}")
        may, by = ("may", "may be called by") if sign == "gained" else ("could", "was called by")
        out = words.listed(called, _PARTS) or "nobody"
        into_ = words.listed(callers, _PARTS) or "nobody"
        yield Fact(
            area="connections",
            sign=sign,
            resource=end.resource,
            message=f"{end.title} is {'new' if sign == 'gained' else 'gone'}: it {may} call {out}; it {by} {into_}"
            + _unsure(other.doubts((), [end])),
            rank=40 if sign == "gained" else 60,
            urn=end.urn,
        )


def _idle(before: Side, after: Side, frame: Frame, gained: Opened, lost: Opened) -> Iterator[Fact]:
    """Policies that say something else, and no connection follows: the other ends, or other policies, decide."""
    old = {it.title: it for it in before.policies}
    touched = _touched(before, after, frame, gained, lost)
    speaking: dict[int, list[int]] = {}
    for number, at in frame.after.items():
        for it in (number for several in after.ends[at].policies for number in several):
            speaking.setdefault(it, []).append(number)
    for at, policy in enumerate(after.policies):
        known = old.get(policy.title)
        if known is None or known.path != policy.path or known == policy:
            continue
        same = replace(known, file="", notes=()) == replace(policy, file="", notes=())
        if not same and touched.isdisjoint(speaking.get(at, ())):
            yield Fact(
                area="connections",
                sign="changed",
                resource=f"{policy.kind} {policy.title.partition('[')[0]}",
                message=f"NetworkPolicy {policy.title} says something else, and no connection follows from it: "
                "the other ends, or other policies, already decide",
                rank=70,
                urn=ends.policy_urn(policy),
            )


def _touched(before: Side, after: Side, frame: Frame, gained: Opened, lost: Opened) -> set[int]:
    """Workloads that gain or lose any connection."""
    found = {*frame.new, *frame.gone}
    for by_source in (*gained.values(), *lost.values()):
        for source, there in by_source.items():
            found |= {source, *bits(there)}
    for number, at in frame.after.items():
        then = frame.before.get(number)
        if then is not None and (
            before.outward[then] != after.outward[at] or before.inward[then] != after.inward[at]
        ):
            found.add(number)
    return found


__all__ = ["Side", "compare", "edges", "folded", "notes", "of_plan"]
