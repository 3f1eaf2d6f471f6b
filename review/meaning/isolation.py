"""Pods that no policy isolates any more, or never did: whatever is in the cluster may call them, or they it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from review.analyses.reachability.policies import Policy
from review.analyses.reachability.selectors import bits
from review.meaning import deciding, words
from review.meaning.ends import End, policy_urn
from review.meaning.frame import Frame
from review.meaning.network_side import Side
from review.meaning.reading import unsure
from review.report import AreaFinding

_DEFAULTS: Final = (
    "https://kubernetes.io/docs/concepts/services-networking/network-policies/#default-policies"
)


@dataclass
class Told:
    """Workloads that are told to be open altogether, by direction: what else is open to them says nothing more."""

    numbers: dict[str, set[int]] = field(
        default_factory=lambda: {"ingress": set(), "egress": set()}
    )


def freed(
    one: Side, own: Mapping[int, int], other: Side, others: Mapping[int, int], at: int
) -> int:
    """Workloads of both, as bits, that `one` isolates in a direction (0 ingress, 1 egress) and `other` does not."""
    return sum(
        1 << number
        for number, known in own.items()
        if number in others
        and one.ends[known].isolated[at]
        and not other.ends[others[number]].isolated[at]
    )


def unisolated(before: Side, after: Side, frame: Frame, told: Told) -> Iterator[AreaFinding]:
    """Pods that a policy isolated and none does any more, and new ones that none does."""
    for at, direction in enumerate(deciding.DIRECTIONS):
        found: dict[str, list[int]] = {}
        ways: dict[str, dict[str, None]] = {}
        for number in bits(freed(before, frame.before, after, frame.after, at)):
            old = before.ends[frame.before[number]]
            by = [before.policies[it] for it in old.policies[at]]
            found.setdefault(old.key.namespace, []).append(number)
            shut = dict.fromkeys(it.title for it in by if it.isolates(direction))
            ways.setdefault(old.key.namespace, {}).update(shut)
        for home, several in sorted(found.items()):
            titles = tuple(ways[home])
            told.numbers[direction].update(several)
            own = [after.ends[frame.after[it]] for it in several]
            one = _unisolated(after, frame, direction, home, titles, several)
            yield unsure(one, after.doubts((), own))
    yield from _to_come(before, after, frame, told)
    for number in frame.new:
        end = after.ends[frame.after[number]]
        loose = [
            it for it, known in zip(deciding.DIRECTIONS, end.isolated, strict=True) if not known
        ]
        if not loose or number == frame.dns or _is_host(end):
            continue
        for it in loose:
            told.numbers[it].add(number)
        may = {"ingress": "every pod and address may call it", "egress": "it may call everything"}
        yield AreaFinding(
            rule="connections-never-isolated",
            severity="advisory",
            resource=end.resource,
            message=f"is new, and no NetworkPolicy isolates its {' or its '.join(loose)}: "
            f"{' and '.join(may[it] for it in loose)}, on every port",
            why="without a policy a pod is open to all that is or will be in the cluster",
            remedy=f"give Namespace {end.key.namespace} a default-deny policy, and the workload rules of its own",
            source=_DEFAULTS,
            urn=end.urn,
            area="connections",
        )


def _to_come(before: Side, after: Side, frame: Frame, told: Told) -> Iterator[AreaFinding]:
    """Namespaces that no longer isolate whatever pod comes to them."""
    open_now = {
        frame.titles[it].partition("/")[0] for several in told.numbers.values() for it in several
    }
    homes = {it.key.namespace for it in after.ends} | {*after.namespaces}
    now = _denying(after)
    for home, ways in sorted(_denying(before).items()):
        lost = [it for it in deciding.DIRECTIONS if it in ways and it not in now.get(home, {})]
        if not lost or home not in homes or home in open_now:
            continue
        titles = list(dict.fromkeys(ways[it].title for it in lost))
        stays = {it.title: policy_urn(it) for it in after.policies}
        found = AreaFinding(
            rule="connections-default-deny-gone",
            severity="advisory",
            resource=f"Namespace {home}",
            message="its pods of today stay isolated, and one that comes without a policy of its own will not be, "
            f"in its {' and its '.join(lost)}: nothing shuts all pods any more, as NetworkPolicy "
            f"{words.listed(titles)} did",
            why="without a policy a pod is open to all that is or will be in the cluster",
            remedy="keep a policy with an empty podSelector and no rules",
            source=_DEFAULTS,
            urn=next((stays[it] for it in titles if it in stays), ""),
            area="connections",
        )
        own = [it for it in after.ends if it.key.namespace == home]
        yield unsure(found, after.doubts((), own))


def _denying(side: Side) -> dict[str, dict[str, Policy]]:
    """By namespace and direction a policy that isolates all of its pods."""
    found: dict[str, dict[str, Policy]] = {}
    for it in side.policies:
        if it.namespace and it.selector == ():
            for direction in deciding.DIRECTIONS:
                if it.isolates(direction):
                    found.setdefault(it.namespace, {}).setdefault(direction, it)
    return found


def _is_host(end: End) -> bool:
    """Whether policies do not apply to it at all."""
    return all(it.host for it in end.pods)


def _unisolated(
    after: Side, frame: Frame, direction: str, home: str,
    titles: tuple[str, ...], several: list[int],
) -> AreaFinding:  # fmt: skip
    ends = [after.ends[frame.after[it]] for it in several]
    host = all(map(_is_host, ends))
    may = (
        "every pod of the cluster, and every address that leads to it, may call"
        if direction == "ingress"
        else "may call every pod and address, the metadata service of its node among them,"
    )
    who = words.said_ends([it.title for it in ends])
    left = {it.title for it in after.policies}
    gone = [it for it in titles if it not in left]
    how = (
        "its pods moved into the network of their node, where policies do not apply"
        if host
        else f"NetworkPolicy {words.listed(gone)} is gone"
        if gone
        else f"NetworkPolicy {words.listed(titles)} no longer selects them, or no longer speaks of {direction}"
    )
    stays = next((policy_urn(it) for it in after.policies if it.title in titles), "")
    return AreaFinding(
        rule=f"connections-default-allow-{direction}",
        severity="mandatory",
        resource=ends[0].resource if len(ends) == 1 else f"Namespace {home}",
        message=f"no policy isolates the {direction} of {who} any more: {may} "
        + ("" if direction == "egress" else "it " if len(ends) == 1 else "them ")
        + f"on every port; {how}",
        why="policies only ever add: a pod that none selects is open to everything",
        remedy=f"keep a NetworkPolicy with policyTypes [{direction.capitalize()}] that selects them",
        source=_DEFAULTS,
        urn=stays or ends[0].urn,
        area="connections",
    )
