"""Which policy opens a connection, and which one shuts it: asked of two ends alone, so that it costs little."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from review.analyses.reachability import ports
from review.analyses.reachability.network import Network, Objects
from review.analyses.reachability.policies import Direction, Policy, Rule
from review.analyses.reachability.ports import Ports
from review.analyses.reachability.selectors import Index
from review.analyses.reachability.workloads import Pods, Workload
from review.meaning.ends import End

DIRECTIONS: Sequence[Direction] = ("ingress", "egress")


class Verdict(NamedTuple):
    """What one end says to a connection in its direction."""

    opened: bool
    policies: tuple[Policy, ...]
    """Those that open it, or that shut it; none where no policy isolates the end."""


def between(
    source: End,
    target: End,
    wanted: Ports,
    policies: Sequence[Policy],
    namespaces: Mapping[str, dict[str, str]],
) -> tuple[Verdict, Verdict]:
    """Of the target's ingress and of the source's egress."""
    network = _of(policies, namespaces, source, target)
    ingress = _verdict(network, "ingress", target, source, wanted)
    return ingress, _verdict(network, "egress", source, target, wanted)


def _of(
    policies: Sequence[Policy], namespaces: Mapping[str, dict[str, str]], *ends: End
) -> Network:
    numbers = sorted({number for end in ends for several in end.policies for number in several})
    homes = {end.key.namespace for end in ends}
    known = {name: namespaces[name] for name in homes if name in namespaces}
    workloads = {end.title: Workload(end.key, end.urn, list(end.pods)) for end in ends}
    return Network(Objects([*workloads.values()], [policies[it] for it in numbers], known))


def _verdict(
    network: Network, direction: Direction, own: End, other: End, wanted: Ports
) -> Verdict:
    peers = sum(1 << it for it in network.units_of[network.number[other.key]])
    opening: dict[Policy, None] = {}
    shutting: dict[Policy, None] = {}
    opened = ports.NONE
    for unit in network.units_of[network.number[own.key]]:
        of = network.isolating(unit, direction)
        for opening_ in network.openings(direction, of):
            if opening_.units & peers:
                opened = ports.union(opened, opening_.ports)
        for number in of[0] if of else ():
            policy = network.policies[number]
            if _names(network, policy, direction, unit, peers, wanted):
                opening[policy] = None
            elif policy.isolates(direction):
                shutting[policy] = None
            if policy.denied(direction):
                shutting[policy] = None
    if ports.common(opened, wanted) != ports.NONE:
        return Verdict(True, tuple(opening))
    return Verdict(False, tuple(shutting))


def _names(
    network: Network, policy: Policy, direction: Direction, unit: int, peers: int, wanted: Ports
) -> bool:
    own = network.units[unit].named
    return any(
        opening.units & peers and ports.common(opening.ports, wanted) != ports.NONE
        for rule in policy.rules(direction) or ()
        for opening in network.reach(direction, rule, own)
    )


def outside(
    end: End,
    direction: Direction,
    ranges: Sequence[tuple[int, int, int]],
    wanted: Ports,
    policies: Sequence[Policy],
) -> Verdict:
    """What an end says to addresses outside: family, first and last."""
    shutting = isolating(end, direction, policies)
    if not shutting:
        return Verdict(True, ())
    opening = [
        it
        for it in _speaking(end, direction, policies)
        if any(_meets(rule, ranges, wanted, end, direction) for rule in it.rules(direction) or ())
    ]
    return Verdict(True, tuple(opening)) if opening else Verdict(False, shutting)


def isolating(end: End, direction: Direction, policies: Sequence[Policy]) -> tuple[Policy, ...]:
    """Those that shut whatever none opens."""
    return tuple(it for it in _speaking(end, direction, policies) if it.isolates(direction))


def _speaking(end: End, direction: Direction, policies: Sequence[Policy]) -> list[Policy]:
    return [policies[it] for it in end.policies[DIRECTIONS.index(direction)]]


def _meets(
    rule: Rule,
    ranges: Sequence[tuple[int, int, int]],
    wanted: Ports,
    end: End,
    direction: Direction,
) -> bool:
    opened = rule.ports
    if direction == "ingress":
        for name in rule.named:
            for pods in end.pods:
                opened = ports.union(opened, pods.port(*name))
    if ports.common(opened, wanted) == ports.NONE:
        return False
    return (
        rule.anyone
        or rule.world
        or any(
            block.family == family and max(a, first) <= min(b, last)
            for block in rule.blocks
            for a, b in block.ranges
            for family, first, last in ranges
        )
    )


def declares(
    policy: Policy, direction: Direction, other: End, wanted: Ports, space: Mapping[str, str]
) -> bool:
    """Whether a rule names the pods of `other` and one of the ports: somebody wrote that connection down.

    `space` are the labels of its namespace. A rule for everybody, or for every pod of a namespace, declares nothing.
    """
    for rule in policy.rules(direction) or ():
        for peer in rule.pods:
            if not peer.pods or (peer.home is not None and peer.home != other.key.namespace):
                continue
            if peer.home is None and not Index([space]).matched(peer.namespaces):
                continue
            for pods in other.pods:
                if Index([dict(pods.labels)]).matched(peer.pods) and _speaks(rule, pods, wanted):
                    return True
    return False


def _speaks(rule: Rule, pods: Pods, wanted: Ports) -> bool:
    opened = rule.ports
    for name in rule.named:
        opened = ports.union(opened, pods.port(*name))
    return ports.common(opened, wanted) != ports.NONE
