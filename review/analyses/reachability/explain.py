"""Why one end reaches another or does not: the policies at both sides, and what each rule says of the pair."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from review.analyses.reachability import ports
from review.analyses.reachability.addresses import Opened, spelled
from review.analyses.reachability.connections import Connection, Ends, connections
from review.analyses.reachability.network import Network
from review.analyses.reachability.policies import Direction, Policy, Rule
from review.analyses.reachability.ports import Ports
from review.analyses.reachability.workloads import Workload
from settings.yaml_source import parse

OUTSIDE = "outside"
ALLOWS = "allows"
DENIES = "denies"


class Cause(NamedTuple):
    """What one policy does to the pair."""

    policy: str
    """`namespace/name`."""

    place: str
    """`file:line` of the rule, else of the policy."""

    rule: str
    """`egress[0]`; empty where no rule of the policy allows anything here."""

    effect: str
    """`allows TCP 80`, `denies TCP 80`, or why it does neither."""


@dataclass(frozen=True, kw_only=True)
class Side:
    """One end of the pair, in its direction."""

    direction: Direction
    end: str
    verdict: str
    """`open`, `isolated` or why nothing is asked of it."""

    causes: tuple[Cause, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Explanation:
    """One pair of ends."""

    source: str
    target: str
    connections: tuple[Connection, ...]
    egress: Side
    ingress: Side


def explanations(network: Network, sources: Ends, targets: Ends) -> Iterator[Explanation]:
    """Every pair of the ends that were asked for but a workload with itself, and addresses with addresses."""
    for source in _ends(network, sources):
        for target in _ends(network, targets):
            if source == target or not (
                isinstance(source, Workload) or isinstance(target, Workload)
            ):
                continue
            one, other = _as_ends(source, sources), _as_ends(target, targets)
            yield Explanation(
                source=_title(source, sources),
                target=_title(target, targets),
                connections=tuple(connections(network, one, other)),
                egress=_side(network, "egress", source, target, sources, targets),
                ingress=_side(network, "ingress", target, source, targets, sources),
            )


_End = Workload | str


def _ends(network: Network, asked: Ends) -> Iterator[_End]:
    yield from (it for it in network.workloads if asked.has(str(it.key)))
    if asked.addresses:
        yield OUTSIDE


def _as_ends(end: _End, asked: Ends) -> Ends:
    if isinstance(end, Workload):
        return Ends(frozenset({str(end.key)}), {})
    return Ends(frozenset(), asked.addresses)


def _title(end: _End, asked: Ends) -> str:
    if isinstance(end, Workload):
        return str(end.key)
    ranges = [spelled(family, *it) for family, found in asked.addresses.items() for it in found]
    return ", ".join(ranges[:1]) if len(asked.addresses) > 1 else ", ".join(ranges)


def _side(
    network: Network,
    direction: Direction,
    own: _End,
    other: _End,
    asked: Ends,
    others: Ends,
) -> Side:
    title = _title(own, asked)
    if not isinstance(own, Workload):
        return Side(direction=direction, end=title, verdict="outside: no policy applies")
    if all(it.host for it in own.pods):
        verdict = "open: it is in the network of its node, where policies do not apply"
        return Side(direction=direction, end=title, verdict=verdict)
    causes: dict[Cause, None] = {}
    isolated: set[bool] = set()
    for unit in network.units_of[network.number[own.key]]:
        of = network.isolating(unit, direction)
        isolated.add(network.isolated(direction, of))
        for number in of[0] if of else ():
            policy = network.policies[number]
            for cause in _causes(network, policy, direction, unit, other, others):
                causes[cause] = None
    allowed = any(it.effect.startswith(ALLOWS) for it in causes)
    verdict = "isolated, and allowed by rule" if allowed else "isolated, and no rule allows it"
    if isolated == {False}:
        verdict = f"open: no policy isolates its {direction}"
    elif False in isolated:
        verdict = f"open: no policy isolates the {direction} of some of its pods"
    if any(it.effect.startswith(DENIES) for it in causes):
        verdict += ", less what is denied"
    ranked = sorted(causes, key=lambda it: (not it.rule, it))
    return Side(direction=direction, end=title, verdict=verdict, causes=tuple(ranked))


def _causes(
    network: Network, policy: Policy, direction: Direction, unit: int, other: _End, asked: Ends
) -> Iterator[Cause]:
    rules = policy.rules(direction) or ()
    speaking = False
    for key, effect, found in (
        (f"{direction}Deny", DENIES, policy.denied(direction)),
        (direction, ALLOWS, rules),
    ):
        for number, rule in enumerate(found):
            opened = _opened(network, direction, rule, unit, other, asked)
            if opened != ports.NONE:
                speaking = True
                place = _place(policy.file, _line(policy, key, number))
                said = f"{effect} {_said(opened)}"
                yield Cause(policy.title, place, f"{key}[{number}]", said)
    if speaking or not policy.isolates(direction):
        return
    if not rules:
        effect = f"isolates its {direction} and has no rule"
    else:
        count = (
            "its rule does not name" if len(rules) == 1 else f"none of its {len(rules)} rules names"
        )
        effect = f"isolates its {direction}; {count} this pair"
    yield Cause(policy.title, _place(policy.file, policy.line), "", effect)


def _opened(
    network: Network, direction: Direction, rule: Rule, unit: int, other: _End, asked: Ends
) -> Ports:
    own = network.units[unit].named
    found = ports.NONE
    if isinstance(other, Workload):
        units = sum(1 << it for it in network.units_of[network.number[other.key]])
        for opening in network.reach(direction, rule, own):
            if opening.units & units:
                found = ports.union(found, opening.ports)
        return found
    for family, wanted in asked.addresses.items():
        for opened in network.outside(direction, rule, own, family):
            if _overlaps(opened, wanted):
                found = ports.union(found, opened[1])
    return found


def _overlaps(opened: Opened, wanted: tuple[tuple[int, int], ...]) -> bool:
    return any(max(a, c) <= min(b, d) for a, b in opened[0] for c, d in wanted)


def _said(opened: Ports) -> str:
    if opened == ports.ALL:
        return "every port"
    return ", ".join(
        f"{protocol} {ports.spelled(ranges)}"
        for protocol, ranges in zip(ports.PROTOCOLS, opened, strict=True)
        if ranges
    )


def _line(policy: Policy, key: str, number: int) -> int | None:
    """Line of one rule; of the policy where its text is not to be had any more, as from standard input."""
    if policy.line is None:
        return None
    lines = _lines(policy.file)[policy.line - 1 :]
    for at, line in enumerate(lines):
        if at and line.startswith("---"):
            lines = lines[:at]
            break
    found, line_number = parse("\n".join(lines), policy.file).find((*policy.path, key, number))
    return policy.line + line_number - 1 if found and line_number else policy.line


def _place(file: str, line: int | None) -> str:
    return f"{file}:{line}" if line else file


@lru_cache(maxsize=16)
def _lines(file: str) -> list[str]:
    try:
        return Path(file).read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return []


def as_json(it: Explanation) -> Mapping[str, object]:
    """For `--format json`."""
    return {
        "from": it.source,
        "to": it.target,
        "connections": [{"protocol": row.protocol, "ports": row.ports} for row in it.connections],
        **{
            side.direction: {
                "verdict": side.verdict,
                "policies": [
                    {
                        "policy": cause.policy,
                        "place": cause.place,
                        "rule": cause.rule or None,
                        "effect": cause.effect,
                    }
                    for cause in side.causes
                ],
            }
            for side in (it.egress, it.ingress)
        },
    }
