"""What is dangerous among the connections with addresses outside that a change opens."""

from collections.abc import Iterable, Iterator, Mapping
from ipaddress import ip_address
from typing import Final

from review.analyses.reachability import ports
from review.analyses.reachability.ports import Ports
from review.findings import Severity
from review.meaning import closure, deciding, words
from review.meaning.closure import Outside
from review.meaning.ends import End, policy_urn
from review.meaning.frame import Frame
from review.meaning.isolation import Told
from review.meaning.network_side import Side
from review.report import AreaFinding

_DOCS: Final = "https://kubernetes.io/docs/concepts/services-networking/network-policies/"
_METADATA: Final = "https://learn.microsoft.com/azure/virtual-machines/instance-metadata-service"

METADATA: Final = int(ip_address("169.254.169.254"))
"""Azure's instance metadata service: whoever calls it has the tokens of the node's identities."""

_HTTP: Final = ports.of("TCP", 80, 80)
_TCP: Final = ports.of("TCP")
_FIRST, _LAST = 0, 2**32 - 1


def outside(before: Side, after: Side, frame: Frame, told: Told) -> Iterator[AreaFinding]:
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
    after: Side, frame: Frame, rule: str, severity: Severity, opened: Ports, several: list[int]
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
