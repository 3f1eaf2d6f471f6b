"""What a change opens and shuts in Azure's security groups."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final

from review.analyses.reachability import ports
from review.analyses.reachability.ports import Ports
from review.meaning import words
from review.meaning.azure_groups import (
    ANYBODY,
    DEFAULTS,
    DIRECTIONS,
    INTERNET,
    NETWORK,
    Direction,
    Ends,
    Group,
    Groups,
    allowed,
    changed,
    covers,
)
from review.meaning.reading import unsure
from review.meaning.telling import Telling
from review.report import AreaFinding, Fact

_SOURCE: Final = (
    "https://learn.microsoft.com/azure/virtual-network/network-security-groups-overview"
)
_PLACES: Final = {ANYBODY: "everybody", INTERNET: "the Internet", NETWORK: "the virtual network",
                  "AzureLoadBalancer": "load balancers that probe"}  # fmt: skip
_OUTSIDE: Final = (ANYBODY, INTERNET, "::/0")
_SHUT: Final = DEFAULTS

_telling: Final = Telling("exposure", _SOURCE)


def compare(before: Groups, after: Groups, known: Ports) -> Iterator[Fact | AreaFinding]:
    """Who may enter and leave subnets; `known` are ports that Services and controllers open to the Internet anyway."""
    old, new = ({it.title: it for it in side.groups} for side in (before, after))
    bare_before, bare_after = dict(before.bare), dict(after.bare)
    for it in after.groups:
        was = old.get(it.title)
        if it.open and (was is None or was.open != it.open):
            yield _unknown(it)
        if was is None:
            shuts = [subnet for subnet in it.subnets if subnet in bare_before]
            yield _come(it, shuts)
            if shuts:
                continue
            was = it._replace(rules=_SHUT, open=())
        yield from _doubted(_changed(was, it, known), was, it)
    for it in before.groups:
        left = [subnet for subnet in it.subnets if subnet in bare_after]
        if left:
            yield _gone(it, left[0], bare_after[left[0]], len(left))
        elif it.title not in new:
            message = f"{it.title} is gone, with what it stood before"
            yield _telling.fact(it.title, message, "lost", 45, it.urn)


def _changed(was: Group, it: Group, known: Ports) -> Iterator[Fact | AreaFinding]:
    for direction in DIRECTIONS:
        opened: dict[Ends, Ports] = {}
        shut: dict[Ends, Ports] = {}
        for ends, more, fewer in changed(was, it, direction):
            opened[ends], shut[ends] = more, fewer
        for ends, which in _widest(opened):
            yield from _opened(it, direction, ends, which, known)
        for ends, which in _widest(shut):
            message = f"{it.title} no longer {_what(direction, ends, which)}"
            yield _telling.fact(it.title, message, "lost", 41, it.urn)


def _widest(found: Mapping[Ends, Ports]) -> Iterator[tuple[Ends, Ports]]:
    """Without what a wider end says of the same ports."""
    for ends, which in found.items():
        wider = (
            it
            for it, other in found.items()
            if it != ends and ports.less(which, other) == ports.NONE and _within(ends, it)
        )
        if which != ports.NONE and not any(wider):
            yield ends, which


def _within(inner: Ends, outer: Ends) -> bool:
    pairs = [*zip(outer, inner, strict=True)]
    return all(covers(*it) for it in pairs) and not all(covers(*it[::-1]) for it in pairs)


def _what(direction: Direction, ends: Ends, which: Ports) -> str:
    source, destination = (_PLACES.get(end, end) for end in ends)
    if direction == "Inbound":
        to = "" if ends[1] == ANYBODY else f" to {destination}"
        return f"lets {source} in{to} {words.on(which)}"
    of = "" if ends[0] == ANYBODY else f"{source} "
    return f"lets {of}out to {destination} {words.on(which)}"


def _opened(
    it: Group, direction: Direction, ends: Ends, which: Ports, known: Ports
) -> Iterator[Fact | AreaFinding]:
    rules = _by(it, direction, ends, which)
    said = f", by {'rule' if len(rules) == 1 else 'rules'} {words.listed(rules)}" if rules else ""
    path = f"securityRules[{rules[0]}]" if len(rules) == 1 else "securityRules"
    beyond = ports.NONE
    if direction == "Inbound" and ends[0] in _OUTSIDE:
        beyond = ports.less(which, known)
    rest = ports.less(which, beyond)
    if rest != ports.NONE:
        message = f"{it.title} {_what(direction, ends, rest)} from now on{said}"
        yield _telling.fact(it.title, message, "gained", 40, it.urn, path=path)
    if beyond != ports.NONE:
        yield _telling.finding(
            "exposure-group-opened",
            it.title,
            f"{_what(direction, ends, beyond)}{said}, and nothing of this program serves there",
            why="whoever gets past the load balancer, or an address of their own, meets the nodes themselves",
            remedy="name the addresses that need it as the rule's source, or take the rule out",
            source=_SOURCE,
            urn=it.urn,
            path=path,
            severity="mandatory",
        )


def _by(it: Group, direction: Direction, ends: Ends, which: Ports) -> list[str]:
    """Names of the rules that open it."""
    return [
        rule.name
        for rule in it.rules
        if rule.allows
        and rule.direction == direction
        and rule not in DEFAULTS
        and ports.common(rule.ports, which) != ports.NONE
        and all(
            any(covers(one, end) for one in several)
            for several, end in zip((rule.sources, rule.destinations), ends, strict=True)
        )
    ]


def _come(it: Group, shuts: list[str]) -> Fact:
    if not shuts:
        before = f" before {words.listed(it.subnets)}" if it.subnets else ""
        return _telling.fact(it.title, f"{it.title} is new{before}", "gained", 42, it.urn)
    before = words.listed(shuts)
    message = f"{it.title} stands before {before} now, where there was none: it lets in {_in(it)}"
    return _telling.fact(it.title, message, "lost", 40, it.urn)


def _in(it: Group) -> str:
    inside = allowed(it, "Inbound", (INTERNET, ANYBODY))
    return (
        f"the Internet {words.on(inside)} alone"
        if inside != ports.NONE
        else "nobody of the Internet"
    )


def _gone(it: Group, subnet: str, urn: str, count: int) -> AreaFinding:
    more = f", nor before {count - 1} more" if count > 1 else ""
    return _telling.finding(
        "exposure-group-gone",
        subnet,
        f"no security group stands before it any more{more}: {it.title} let in {_in(it)}",
        why="what has an address there is as open as it makes itself; AKS guards nodes with a group of its own, "
        "and nothing else",
        remedy="leave `network.securityGroups` on, or say which other group or firewall stands there",
        source=_SOURCE,
        urn=urn,
        path="networkSecurityGroup",
    )


def _unknown(it: Group) -> AreaFinding:
    return _telling.finding(
        "exposure-group-unknown",
        it.title,
        f"whom it lets in cannot be told in full: {', '.join(it.open)} must be known",
        why="what is left out here may be more than what is told",
        remedy="give it a value that the program knows, or look at it after the deployment",
        source=_SOURCE,
        urn=it.urn,
        path=it.open[0],
        verdict="unknown",
    )


def _doubted(
    found: Iterator[Fact | AreaFinding], was: Group, it: Group
) -> Iterator[Fact | AreaFinding]:
    open_ = next(iter((*it.open, *was.open)), "")
    doubt = f"{open_} of {it.title}" if open_ else ""
    for one in found:
        if isinstance(one, AreaFinding):
            yield unsure(one, doubt)
        elif doubt:
            message = f"{one.message}; not for certain: {doubt} must be known"
            yield replace(one, message=message)
        else:
            yield one
