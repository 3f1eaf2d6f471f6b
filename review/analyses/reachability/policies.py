"""What a policy is to the analysis, and NetworkPolicy objects as such.

https://kubernetes.io/docs/concepts/services-networking/network-policies/ .
What the API server would refuse is refused here, so that no answer rests on a policy that cannot exist.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal, NamedTuple, TypeGuard

from review.analyses.reachability import addresses, ports
from review.analyses.reachability.addresses import WHOLE, Block
from review.analyses.reachability.ports import Ports
from review.analyses.reachability.selectors import Selector, selector
from review.analyses.reachability.shapes import Path, RefusedError, a_list, a_map, a_text
from review.analyses.reachability.workloads import name, namespace
from review.given import Given

KINDS: Final = {
    "NetworkPolicy": frozenset({"networking.k8s.io", "extensions"}),
    "Namespace": frozenset({""}),
}

Direction = Literal["ingress", "egress"]
PEERS: Final[Mapping[Direction, str]] = {"ingress": "from", "egress": "to"}


class PodPeer(NamedTuple):
    """Pods of some namespaces; both selectors of one item are ANDed."""

    home: str | None
    """The policy's own namespace, where no namespaces are selected."""

    namespaces: Selector
    pods: Selector


@dataclass(frozen=True, slots=True)
class Rule:
    """One item of `ingress` or `egress`."""

    pods: tuple[PodPeer, ...]
    blocks: tuple[Block, ...]
    anyone: bool
    """No peers are named: everyone inside and outside."""

    ports: Ports
    """By number."""

    named: tuple[tuple[str, str], ...]
    """Name and protocol of each port by name; what it stands for depends on the pod that is called."""

    host: bool = False
    """Pods in the network of their node, which no selector finds."""

    world: bool = False
    """Every address outside, whatever its family."""

    names: tuple[str, ...] = ()
    """Outside ends without an address here: hosts by name, and Cilium's entities."""


@dataclass(frozen=True, slots=True)
class Policy:
    """One NetworkPolicy, or one rule set of Cilium's kinds."""

    namespace: str
    """Empty: it speaks of pods in every namespace."""

    name: str
    selector: Selector | None
    """None: it selects nobody that is known here."""

    ingress: tuple[Rule, ...] | None
    """None: it does not isolate its pods in this direction. Empty: nothing may come in."""

    egress: tuple[Rule, ...] | None
    file: str
    line: int | None
    """Where it stands, as in `Given`; its manifest is not kept."""

    notes: tuple[str, ...] = ()
    """What the API server would refuse although its meaning is plain, and what is not told."""

    kind: str = "NetworkPolicy"
    path: Path = ("spec",)
    """Where its rules stand in its manifest."""

    ingress_deny: tuple[Rule, ...] = ()
    """What is shut whatever any rule opens."""

    egress_deny: tuple[Rule, ...] = ()
    lenient: frozenset[Direction] = frozenset()
    """Directions in which its rules hold and its pods are not isolated by it."""

    within: Selector = ()
    """Of one that speaks of every namespace: labels of those that it means."""

    @property
    def title(self) -> str:
        """`namespace/name`, with the kind behind where it is not NetworkPolicy."""
        title = f"{self.namespace}/{self.name}".lstrip("/")
        return title if self.kind == "NetworkPolicy" else f"{title}[{self.kind}]"

    def rules(self, direction: Direction) -> tuple[Rule, ...] | None:
        """Those of one direction; None where it says nothing about it."""
        return self.ingress if direction == "ingress" else self.egress

    def denied(self, direction: Direction) -> tuple[Rule, ...]:
        """Deny rules of one direction."""
        return self.ingress_deny if direction == "ingress" else self.egress_deny

    def isolates(self, direction: Direction) -> bool:
        """Whether its pods are shut in a direction but for what rules open."""
        return self.rules(direction) is not None and direction not in self.lenient

    @property
    def uses_names(self) -> bool:
        """Whether ports of its ingress depend on the pod."""
        return any(it.named for it in (*(self.ingress or ()), *self.ingress_deny))


def policy(given: Given) -> Policy:
    """A NetworkPolicy; raises `RefusedError`.

    `policyTypes` left out: Ingress always, and Egress if there are egress rules.
    """
    manifest = given.manifest
    metadata = a_map(manifest.get("metadata"), ("metadata",))
    home, spec = namespace(metadata), a_map(manifest.get("spec"), ("spec",))
    notes: list[str] = []
    rules = {
        direction: tuple(
            _rule(a_map(it, ("spec", direction, index)), direction, index, home, notes)
            for index, it in enumerate(a_list(spec.get(direction), ("spec", direction)))
        )
        for direction in PEERS
    }
    types = _types(spec, bool(rules["egress"]))
    return Policy(
        namespace=home,
        name=name(metadata),
        selector=selector(spec.get("podSelector"), ("spec", "podSelector")),
        ingress=rules["ingress"] if "Ingress" in types else None,
        egress=rules["egress"] if "Egress" in types else None,
        file=given.file,
        line=given.line,
        notes=tuple(notes),
    )


def _types(spec: Mapping[str, Any], has_egress: bool) -> set[str]:
    path: Path = ("spec", "policyTypes")
    given = {a_text(it, path) for it in a_list(spec.get("policyTypes"), path)}
    if wrong := given - {"Ingress", "Egress"}:
        raise RefusedError(path, "must be Ingress or Egress", min(wrong))
    return given or ({"Ingress", "Egress"} if has_egress else {"Ingress"})


def _rule(
    data: Mapping[str, Any], direction: Direction, index: int, home: str, notes: list[str]
) -> Rule:
    path: Path = ("spec", direction, index)
    key = PEERS[direction]
    pods: list[PodPeer] = []
    blocks: list[Block] = []
    peers = a_list(data.get(key), (*path, key))
    for number, item in enumerate(peers):
        here = (*path, key, number)
        peer = a_map(item, here)
        if peer.get("ipBlock") is not None:
            blocks.append(_block(peer, here, notes))
        else:
            pods.append(_pods(peer, here, home))
    numbers, named = ports.NONE, []
    items = a_list(data.get("ports"), (*path, "ports"))
    for number, item in enumerate(items):
        here = (*path, "ports", number)
        found = _port(a_map(item, here), here)
        if isinstance(found[0], str):
            named.append(found)
        else:
            numbers = ports.union(numbers, found)
    return Rule(
        pods=tuple(dict.fromkeys(pods)),
        blocks=tuple(blocks),
        anyone=not peers,
        ports=numbers if items else ports.ALL,
        named=tuple(sorted(set(named))),
        host=any(it.ranges == WHOLE[it.family] for it in blocks),
    )


def _pods(peer: Mapping[str, Any], path: Path, home: str) -> PodPeer:
    namespaces, pods = peer.get("namespaceSelector"), peer.get("podSelector")
    if namespaces is None and pods is None:
        raise RefusedError(path, "must have a podSelector, a namespaceSelector or an ipBlock")
    return PodPeer(
        home=home if namespaces is None else None,
        namespaces=selector(namespaces, (*path, "namespaceSelector")),
        pods=selector(pods, (*path, "podSelector")),
    )


def _block(peer: Mapping[str, Any], path: Path, notes: list[str]) -> Block:
    if peer.get("namespaceSelector") is not None or peer.get("podSelector") is not None:
        raise RefusedError(path, "an ipBlock stands alone, without selectors")
    path = (*path, "ipBlock")
    data = a_map(peer["ipBlock"], path)
    cidr = a_text(data.get("cidr"), (*path, "cidr"))
    without = [
        a_text(it, (*path, "except")) for it in a_list(data.get("except"), (*path, "except"))
    ]
    for key, texts in (("cidr", [cidr]), ("except", without)):
        for text in texts:
            try:
                addresses.block(text)
                usable = "/" in text
            except ValueError:
                usable = False
            if not usable:
                raise RefusedError((*path, key), "must be a CIDR such as 10.0.0.0/8", text)
    for hole in without:
        if not addresses.contains(cidr, hole):
            refused = RefusedError((*path, "except"), f"must lie in {cidr} and be smaller", hole)
            notes.append(str(refused))
    return addresses.block(cidr, without)


def _port(data: Mapping[str, Any], path: Path) -> Ports | tuple[str, str]:
    """Ports by number, or a name with its protocol."""
    protocol = data.get("protocol") or "TCP"
    if protocol not in ports.PROTOCOLS:
        raise RefusedError((*path, "protocol"), "must be TCP, UDP or SCTP", protocol)
    port, last = data.get("port"), data.get("endPort")
    if isinstance(port, str) and port and not port.isdecimal() and last is None:
        return port, protocol
    if port is None and last is None:
        return ports.of(protocol)
    if not is_port(port):
        rule = "must be 1 to 65535" if last is None else "must be a number beside endPort"
        raise RefusedError((*path, "port"), rule, port)
    if last is None:
        return ports.of(protocol, port, port)
    if not is_port(last) or last < port:
        raise RefusedError((*path, "endPort"), f"must be {port} to 65535", last)
    return ports.of(protocol, port, last)


def is_port(value: Any) -> TypeGuard[int]:
    """Whether a value is a number from 1 to 65535."""
    return isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= ports.LAST
