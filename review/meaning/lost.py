"""What no longer works among connections that a change shuts: names, and what one end still declares."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from ipaddress import ip_address
from typing import Final

from review.analyses.reachability import ports
from review.analyses.reachability.policies import Policy
from review.analyses.reachability.ports import Ports
from review.analyses.reachability.selectors import bits
from review.meaning import closure, deciding, words
from review.meaning.ends import End, policy_urn
from review.meaning.frame import Frame, Opened, pairs
from review.meaning.network_side import Side
from review.meaning.reading import unsure
from review.report import AreaFinding

_DOCS: Final = "https://kubernetes.io/docs/concepts/services-networking/network-policies/"
_DNS_POLICY: Final = "https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/"

_LOCAL_DNS: Final = tuple(int(ip_address(it)) for it in ("169.254.10.10", "169.254.10.11"))
"""AKS LocalDNS: https://learn.microsoft.com/azure/aks/localdns-custom"""

_NAMES: Final = ports.of("UDP", 53, 53)
_MOST_PAIRS: Final = 20_000
"""Lost connections looked at for a declaration; past that the facts tell them."""


def without_names(before: Side, after: Side, frame: Frame) -> Iterator[AreaFinding]:
    """Workloads that resolved names and can no longer."""
    found: dict[str, list[int]] = {}
    for number in bits(frame.both):
        if number == frame.dns:
            continue
        old, new = frame.before[number], frame.after[number]
        same = before.rows[old] == after.rows[new] and frame.same
        if same and before.outward[old] == after.outward[new]:
            continue
        if _resolves(before, frame.before, old, frame) and not _resolves(
            after, frame.after, new, frame
        ):
            found.setdefault(after.ends[new].key.namespace, []).append(number)
    for home, several in sorted(found.items()):
        ends = [after.ends[frame.after[it]] for it in several]
        by = _shutting(after, ends)
        found_ = AreaFinding(
            rule="connections-dns-cut",
            severity="mandatory",
            resource=ends[0].resource if len(ends) == 1 else f"Namespace {home}",
            message=f"{words.said_ends([it.title for it in ends])} can no longer resolve names: nothing lets "
            f"{'it' if len(ends) == 1 else 'them'} call kube-dns on UDP 53; shut by NetworkPolicy "
            + words.listed([it.title for it in by], 2),
            why="every Service and host is called by its name: such a pod seems to run and reaches nobody",
            remedy="allow UDP and TCP 53 to the pods k8s-app=kube-dns of kube-system, with LocalDNS to 169.254.10.0/24",
            source=_DNS_POLICY,
            urn=policy_urn(by[0]) if by else ends[0].urn,
            area="connections",
        )
        yield unsure(found_, after.doubts(by, ends))


def _shutting(side: Side, ends: Iterable[End]) -> list[Policy]:
    """Policies that isolate the egress of `ends`, those of most of them first."""
    counts = Counter(number for end in ends for number in end.policies[1])
    several = [(-count, side.policies[it].title, side.policies[it]) for it, count in counts.items()]
    return [it for _, _, it in sorted(several, key=lambda it: it[:2]) if it.isolates("egress")]


def _resolves(side: Side, own: Mapping[int, int], at: int, frame: Frame) -> bool:
    dns = own.get(frame.dns, -1)
    for opened, there in side.rows[at]:
        if dns >= 0 and there >> dns & 1 and ports.common(opened, _NAMES) != ports.NONE:
            return True
    return any(
        ports.common(closure.open_to(side.outward[at], it, it), _NAMES) != ports.NONE
        for it in _LOCAL_DNS
    )


def declared(before: Side, after: Side, frame: Frame, lost: Opened) -> Iterator[AreaFinding]:
    """Connections that one end still has a rule for by name, and the other no longer lets through."""
    found: dict[tuple[int, Ports, str], list[tuple[int, Policy]]] = {}
    shutting: dict[tuple[int, Ports, str], dict[Policy, None]] = {}
    for count, (source, target, opened) in enumerate(pairs(lost)):
        if count >= _MOST_PAIRS:
            break
        one, other = after.ends[frame.after[source]], after.ends[frame.after[target]]
        for direction, own, peer, number in (
            ("egress", one, other, target),
            ("ingress", other, one, source),
        ):
            policy = _declaring(after, direction, own, peer, opened)
            if policy is None:
                continue
            ingress, egress = deciding.between(one, other, opened, after.policies, after.namespaces)
            shut = ingress if direction == "egress" else egress
            if shut.opened:
                continue
            by = shut.policies
            at = source if direction == "egress" else target
            key = number, opened, direction
            found.setdefault(key, []).append((at, policy))
            shutting.setdefault(key, {}).update(dict.fromkeys(by))
    for key, several in sorted(found.items(), key=lambda it: it[0]):
        yield _cut(after, frame, *key, [*shutting[key]], several)
    yield from _dangling(before, after, frame)


def _declaring(side: Side, direction: str, own: End, peer: End, opened: Ports) -> Policy | None:
    space = side.space(peer.key.namespace)
    for number in own.policies[direction == "egress"]:
        policy = side.policies[number]
        if deciding.declares(policy, direction, peer, opened, space):  # type: ignore[arg-type]
            return policy
    return None


def _cut(
    after: Side, frame: Frame, number: int, opened: Ports, direction: str,
    by: list[Policy], several: list[tuple[int, Policy]],
) -> AreaFinding:  # fmt: skip
    peer = frame.titles[number]
    titles = words.said_ends([frame.titles[at] for at, _ in several])
    policy = words.listed(list(dict.fromkeys(it.title for _, it in several)), 2)
    what = (
        f"{titles} can no longer call {peer} {words.on(opened)}, though NetworkPolicy {policy} still allows it: "
        f"{peer} does not let it in"
        if direction == "egress"
        else f"{peer} can no longer call {titles} {words.on(opened)}, though NetworkPolicy {policy} still lets it in: "
        f"{peer} may not send it"
    )
    end = after.ends[frame.after[several[0][0]]]
    found = AreaFinding(
        rule="connections-declared-cut",
        severity="mandatory",
        resource=end.resource,
        message=what
        + (f"; shut by NetworkPolicy {words.listed([it.title for it in by], 2)}" if by else ""),
        why="somebody wrote this connection down at one end, and it needs both",
        remedy="allow it at the other end, too, or remove the rule that nobody uses",
        source=_DOCS,
        urn=policy_urn(several[0][1]),
        area="connections",
    )
    return unsure(found, after.doubts(by, [end, after.ends[frame.after[number]]]))


def _dangling(before: Side, after: Side, frame: Frame) -> Iterator[AreaFinding]:
    """Rules for a workload that is gone, of workloads that called it."""
    gone = sum(1 << it for it in frame.gone)
    if not gone:
        return
    found: dict[int, list[tuple[int, Policy, Ports]]] = {}
    for source in bits(frame.both):
        for opened, there in frame.spread_before.row(before.rows[frame.before[source]]):
            for target in bits(there & gone):
                own, peer = after.ends[frame.after[source]], before.ends[frame.before[target]]
                policy = _declaring(after, "egress", own, peer, opened)
                if policy is not None:
                    found.setdefault(target, []).append((source, policy, opened))
    for target, several in sorted(found.items()):
        callers = words.said_ends([frame.titles[it] for it, _, _ in several])
        end = after.ends[frame.after[several[0][0]]]
        opened = several[0][2]
        found_ = AreaFinding(
            rule="connections-declared-gone",
            severity="mandatory",
            resource=end.resource
            if len(several) == 1
            else before.ends[frame.before[target]].resource,
            message=f"{frame.titles[target]} is gone, and {callers} still {'has' if len(several) == 1 else 'have'} "
            f"a rule to call it {words.on(opened)}: "
            f"NetworkPolicy {words.listed([it.title for _, it, _ in several], 2)}",
            why="whoever calls it gets no answer",
            remedy="keep it, or take it out of 'uses' of its callers",
            source=_DOCS,
            urn=policy_urn(several[0][1]),
            area="connections",
        )
        yield unsure(found_, after.doubts((), [before.ends[frame.before[target]]]))
