"""What is dangerous among the connections that a change opens, and what no longer works among those that it shuts."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import TYPE_CHECKING, Final

from review.analyses.reachability import ports
from review.analyses.reachability.policies import Policy
from review.analyses.reachability.ports import Ports
from review.analyses.reachability.selectors import bits
from review.findings import Severity
from review.meaning import closure, deciding, words
from review.meaning.closure import Outside
from review.meaning.ends import End, policy_urn
from review.meaning.frame import Frame, Opened, pairs
from review.report import AreaFinding

if TYPE_CHECKING:
    from review.meaning.connections import Side

_DOCS: Final = "https://kubernetes.io/docs/concepts/services-networking/network-policies/"
_DEFAULTS: Final = f"{_DOCS}#default-policies"
_METADATA: Final = "https://learn.microsoft.com/azure/virtual-machines/instance-metadata-service"
_DNS_POLICY: Final = "https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/"

METADATA: Final = int(ip_address("169.254.169.254"))
"""Azure's instance metadata service: whoever calls it has the tokens of the node's identities."""

_LOCAL_DNS: Final = tuple(int(ip_address(it)) for it in ("169.254.10.10", "169.254.10.11"))
"""AKS LocalDNS: https://learn.microsoft.com/azure/aks/localdns-custom"""

_HTTP: Final = ports.of("TCP", 80, 80)
_NAMES: Final = ports.of("UDP", 53, 53)
_TCP: Final = ports.of("TCP")
_FIRST, _LAST = 0, 2**32 - 1
_MOST_PAIRS: Final = 20_000
"""Lost connections looked at for a declaration; past that the facts tell them."""


@dataclass
class Told:
    """Workloads that are told to be open altogether, by direction: what else is open to them says nothing more."""

    numbers: dict[str, set[int]] = field(
        default_factory=lambda: {"ingress": set(), "egress": set()}
    )


def unisolated(before: "Side", after: "Side", frame: Frame, told: Told) -> Iterator[AreaFinding]:
    """Pods that a policy isolated and none does any more, and new ones that none does."""
    for at, direction in enumerate(deciding.DIRECTIONS):
        found: dict[tuple[str, tuple[str, ...]], list[int]] = {}
        for number in bits(frame.both):
            old, new = before.ends[frame.before[number]], after.ends[frame.after[number]]
            if old.isolated[at] and not new.isolated[at]:
                by = [before.policies[it] for it in old.policies[at]]
                titles = tuple(it.title for it in by if it.isolates(direction))
                found.setdefault((new.key.namespace, titles), []).append(number)
        for (home, titles), several in sorted(found.items()):
            told.numbers[direction].update(several)
            yield _unisolated(after, frame, direction, home, titles, several)
    yield from _to_come(before, after, frame, told)
    for number in frame.new:
        end = after.ends[frame.after[number]]
        shut = [
            it for it, known in zip(deciding.DIRECTIONS, end.isolated, strict=True) if not known
        ]
        if not shut or number == frame.dns or _is_host(end):
            continue
        for it in shut:
            told.numbers[it].add(number)
        may = {"ingress": "every pod and address may call it", "egress": "it may call everything"}
        yield AreaFinding(
            rule="connections-never-isolated",
            severity="advisory",
            resource=end.resource,
            message=f"is new, and no NetworkPolicy isolates its {' or its '.join(shut)}: "
            f"{' and '.join(may[it] for it in shut)}, on every port",
            why="without a policy a pod is open to all that is or will be in the cluster",
            remedy=f"give Namespace {end.key.namespace} a default-deny policy, and the workload rules of its own",
            source=_DEFAULTS,
            urn=end.urn,
            area="connections",
        )


def _to_come(before: "Side", after: "Side", frame: Frame, told: Told) -> Iterator[AreaFinding]:
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
        yield AreaFinding(
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


def _denying(side: "Side") -> dict[str, dict[str, Policy]]:
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
    after: "Side", frame: Frame, direction: str, home: str,
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


def outside(before: "Side", after: "Side", frame: Frame, told: Told) -> Iterator[AreaFinding]:
    """Addresses outside that become reachable, or that reach in, of old and new workloads alike."""
    found: dict[tuple[str, Severity, Ports], list[int]] = {}
    for number, at in frame.after.items():
        if number == frame.dns:
            continue
        known = frame.before.get(number)
        out, into = after.outward[at], after.inward[at]
        old_out: Outside = before.outward[known] if known is not None else ()
        old_in: Outside = before.inward[known] if known is not None else ()
        if number not in told.numbers["egress"] and out != old_out:
            for rule, severity, opened in _outward(old_out, out):
                found.setdefault((rule, severity, opened), []).append(number)
        if number not in told.numbers["ingress"] and into != old_in:
            opened = _new_ports(old_in, into, _FIRST, _LAST)
            if opened != ports.NONE:
                found.setdefault(("connections-ingress-open", "advisory", opened), []).append(
                    number
                )
    for (rule, severity, opened), several in sorted(found.items()):
        yield _outside(after, frame, rule, severity, opened, several)


def _outward(old: Outside, new: Outside) -> Iterator[tuple[str, Severity, Ports]]:
    opened = ports.common(_new_ports(old, new, METADATA, METADATA), _HTTP)
    if opened != ports.NONE:
        yield "connections-metadata", "mandatory", opened
    everywhere = _new_ports(old, new, _FIRST, _LAST)
    if everywhere != ports.NONE:
        severity: Severity = "mandatory" if everywhere[1] == _TCP[1] else "advisory"
        yield "connections-egress-everything", severity, everywhere
        return
    internet = _open_to_internet(new)
    if internet[1] == _TCP[1] and _open_to_internet(old)[1] != _TCP[1]:
        yield "connections-egress-internet", "advisory", internet


def _open_to_internet(found: Outside) -> Ports:
    opened = ports.ALL
    for first, last in words.PUBLIC:
        opened = ports.common(opened, closure.open_to(found, first, last))
    return opened


def _new_ports(old: Outside, new: Outside, first: int, last: int) -> Ports:
    return ports.less(closure.open_to(new, first, last), closure.open_to(old, first, last))


_SAID: Final[Mapping[str, tuple[str, str, str, str]]] = {
    "connections-metadata": (
        "may now call the metadata service of its node, 169.254.169.254 {on}",
        "who calls it gets tokens of every identity of the node, whatever the pod's own may do",
        "except 169.254.169.254/32 in the ipBlock of the egress rule",
        _METADATA,
    ),
    "connections-egress-everything": (
        "may now call every address, 0.0.0.0/0, {on}",
        "private networks, other subnets and whatever an intruder runs outside are among them",
        "name the addresses that it needs, or except the private ranges",
        _DOCS,
    ),
    "connections-egress-internet": (
        "may now call the whole Internet {on}",
        "an intruder's own tools and data have every port to leave by",
        "open the ports that it needs, 443 for most",
        _DOCS,
    ),
    "connections-ingress-open": (
        "may now be called from every address outside {on}",
        "a load balancer, a node port or a peered network is all that still lies between; see exposure",
        "name the callers, or their addresses",
        _DOCS,
    ),
}


def _outside(
    after: "Side", frame: Frame, rule: str, severity: Severity, opened: Ports, several: list[int]
) -> AreaFinding:
    what, why, remedy, source = _SAID[rule]
    out = rule != "connections-ingress-open"
    ends = [after.ends[frame.after[it]] for it in sorted(several)]
    place = (
        [(4, METADATA, METADATA)]
        if rule == "connections-metadata"
        else [(4, first, last) for first, last in words.PUBLIC]
    )
    verdict = deciding.outside(
        ends[0], "egress" if out else "ingress", place, opened, after.policies
    )
    by = [it.title for it in verdict.policies]
    said = f"; opened by NetworkPolicy {words.listed(by, 2)}" if by else ""
    return AreaFinding(
        rule=rule,
        severity=severity,
        resource=ends[0].resource if len(ends) == 1 else _homes(ends),
        message=f"{words.said_ends([it.title for it in ends])} {what.format(on=words.on(opened))}{said}",
        why=why,
        remedy=remedy,
        source=source,
        urn=next(map(policy_urn, verdict.policies), "") or ends[0].urn,
        area="connections",
    )


def _homes(ends: Iterable[End]) -> str:
    spaces = list(dict.fromkeys(it.key.namespace for it in ends))
    return f"Namespace {words.listed(spaces)}"


def without_names(before: "Side", after: "Side", frame: Frame) -> Iterator[AreaFinding]:
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
        doubt = any(after.leaves_open(it) for it in by)
        yield AreaFinding(
            rule="connections-dns-cut",
            severity="advisory" if doubt else "mandatory",
            resource=ends[0].resource if len(ends) == 1 else f"Namespace {home}",
            message=f"{words.said_ends([it.title for it in ends])} can no longer resolve names: nothing lets "
            f"{'it' if len(ends) == 1 else 'them'} call kube-dns on UDP 53; shut by NetworkPolicy "
            + words.listed([it.title for it in by], 2)
            + (", a part of which must be known" if doubt else ""),
            why="every Service and host is called by its name: such a pod seems to run and reaches nobody",
            remedy="allow UDP and TCP 53 to the pods k8s-app=kube-dns of kube-system, with LocalDNS to 169.254.10.0/24",
            source=_DNS_POLICY,
            urn=policy_urn(by[0]) if by else ends[0].urn,
            verdict="unknown" if doubt else "fail",
            area="connections",
        )


def _shutting(side: "Side", ends: Iterable[End]) -> list[Policy]:
    """Policies that isolate the egress of `ends`, those of most of them first."""
    counts = Counter(number for end in ends for number in end.policies[1])
    several = [(-count, side.policies[it].title, side.policies[it]) for it, count in counts.items()]
    return [it for _, _, it in sorted(several, key=lambda it: it[:2]) if it.isolates("egress")]


def _resolves(side: "Side", own: Mapping[int, int], at: int, frame: Frame) -> bool:
    dns = own.get(frame.dns, -1)
    for opened, there in side.rows[at]:
        if dns >= 0 and there >> dns & 1 and ports.common(opened, _NAMES) != ports.NONE:
            return True
    return any(
        ports.common(closure.open_to(side.outward[at], it, it), _NAMES) != ports.NONE
        for it in _LOCAL_DNS
    )


def declared(before: "Side", after: "Side", frame: Frame, lost: Opened) -> Iterator[AreaFinding]:
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


def _declaring(side: "Side", direction: str, own: End, peer: End, opened: Ports) -> Policy | None:
    space = side.space(peer.key.namespace)
    for number in own.policies[direction == "egress"]:
        policy = side.policies[number]
        if deciding.declares(policy, direction, peer, opened, space):  # type: ignore[arg-type]
            return policy
    return None


def _cut(
    after: "Side", frame: Frame, number: int, opened: Ports, direction: str,
    by: list[Policy], several: list[tuple[int, Policy]],
) -> AreaFinding:  # fmt: skip
    doubt = any(after.leaves_open(it) for it in by)
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
    return AreaFinding(
        rule="connections-declared-cut",
        severity="advisory" if doubt else "mandatory",
        resource=end.resource,
        message=what
        + (f"; shut by NetworkPolicy {words.listed([it.title for it in by], 2)}" if by else "")
        + (", a part of which must be known" if doubt else ""),
        why="somebody wrote this connection down at one end, and it needs both",
        remedy="allow it at the other end, too, or remove the rule that nobody uses",
        source=_DOCS,
        urn=policy_urn(several[0][1]),
        verdict="unknown" if doubt else "fail",
        area="connections",
    )


def _dangling(before: "Side", after: "Side", frame: Frame) -> Iterator[AreaFinding]:
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
        yield AreaFinding(
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
