"""Workloads, namespaces and policies of one cluster, and what each policy class opens to whom.

Pods that no policy can tell apart are one unit, and units that the same policies select share one answer, so the work
follows from how many different policy sets there are and not from pairs of workloads.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from review.analyses.reachability import cilium, ports
from review.analyses.reachability.addresses import WHOLE, Family, Opened, shut
from review.analyses.reachability.policies import KINDS as POLICY_KINDS
from review.analyses.reachability.policies import Direction, PodPeer, Policy, Rule, policy
from review.analyses.reachability.ports import Ports
from review.analyses.reachability.selectors import Index, Selector, bits
from review.analyses.reachability.shapes import RefusedError, a_map, labels
from review.analyses.reachability.workloads import KINDS as WORKLOAD_KINDS
from review.analyses.reachability.workloads import Pods, Workload, gathered, workload
from review.analyses.reachability.workloads import name as name_of
from review.given import Given
from settings.faults import Fault

NAME_LABEL = "kubernetes.io/metadata.name"
"""Put on every namespace by the API server, whatever its manifest says."""

KINDS = {**WORKLOAD_KINDS, **POLICY_KINDS, **cilium.KINDS}
"""What connections follow from, with API groups."""


@dataclass
class Objects:
    """What was given, sorted by what it says; later ones replace earlier ones of the same name, as `apply` does."""

    workloads: list[Workload]
    policies: list[Policy]
    namespaces: dict[str, dict[str, str]]
    faults: list[Fault] = field(default_factory=list[Fault])
    """What is not told of policies, and objects that the API server would refuse; they are left out."""


def objects(given: Iterable[Given]) -> Objects:
    """Take up what was given; other kinds are passed over."""
    made, faults = {}, []
    policies: dict[tuple[str, str, str], list[Policy]] = {}
    namespaces: dict[str, dict[str, str]] = {}
    for it in given:
        kind = it.manifest["kind"]
        try:
            if kind in WORKLOAD_KINDS:
                part = workload(it)
                made[part.key] = part
            elif kind == "NetworkPolicy":
                found = policy(it)
                policies[kind, found.namespace, found.name] = [found]
                faults += [_fault(it, note, "correct it") for note in found.notes]
            elif kind in cilium.KINDS:
                parts = list(cilium.cilium_policies(it))
                policies[kind, parts[0].namespace, parts[0].name] = parts
                faults += [_fault(it, note, "") for part in parts for note in part.notes]
            elif kind == "Namespace":
                metadata = a_map(it.manifest.get("metadata"), ("metadata",))
                namespaces[name_of(metadata)] = labels(
                    metadata.get("labels"), ("metadata", "labels")
                )
        except RefusedError as error:
            who = "Cilium" if kind in cilium.KINDS else "the API server"
            faults.append(_fault(it, str(error), f"{who} would refuse it; it is left out"))
    return Objects(
        gathered(made.values()), [it for one in policies.values() for it in one], namespaces, faults
    )


def _fault(given: Given, rule: str, remedy: str) -> Fault:
    title = f"{given.manifest['kind']} {_titled(given.manifest)}".rstrip()
    return Fault(given.file, given.line, "", f"{title}: {rule}", remedy=remedy)


def _titled(manifest: Mapping[str, Any]) -> str:
    metadata = manifest.get("metadata")
    found = metadata.get("name") if isinstance(metadata, Mapping) else None
    return found if isinstance(found, str) else ""


class Opening(NamedTuple):
    """Some units and the ports that are open between them and the unit in question."""

    units: int
    ports: Ports


Class = tuple[tuple[int, ...], tuple[tuple[str, str, int], ...]] | None
"""Policies that speak of a unit in one direction, and its named ports where they matter; None: none does."""


class Network:
    """Who may reach whom.

    Pods in the network of their node (`hostNetwork`) are as most network plugins see them: no policy selects them, and
    as a peer they are neither pod nor known address, so only a rule without peers, or a block of all addresses, lets
    them in (https://kubernetes.io/docs/concepts/services-networking/network-policies/#networkpolicy-and-hostnetwork-pods).
    An `ipBlock` never selects a pod: Cilium matches pods and nodes by identity alone, and no manifest tells a pod's
    address. On Calico and Azure's own plugin a block that holds the pods' range would select them, too. What a node
    itself sends to its pods always arrives and is not listed.
    """

    def __init__(self, found: Objects) -> None:
        self.workloads = found.workloads
        self.policies = found.policies
        self.units: list[Pods] = list(
            dict.fromkeys(pods for it in found.workloads for pods in it.pods)
        )
        numbers = {pods: at for at, pods in enumerate(self.units)}
        self.units_of: list[tuple[int, ...]] = [
            tuple(numbers[pods] for pods in it.pods) for it in found.workloads
        ]
        self._titles = [str(it.key) for it in found.workloads]
        self.number = {it.key: at for at, it in enumerate(found.workloads)}
        self._owning: list[list[int]] = [[] for _ in self.units]
        for at, own in enumerate(self.units_of):
            for unit in own:
                self._owning[unit].append(at)
        self._index = Index(dict(it.labels) for it in self.units)
        self.all = self._index.all
        self._host = sum(1 << at for at, it in enumerate(self.units) if it.host)
        self._in_namespace: dict[str, int] = {}
        for at, it in enumerate(self.units):
            self._in_namespace[it.namespace] = self._in_namespace.get(it.namespace, 0) | 1 << at
        self._names = sorted({*self._in_namespace, *found.namespaces})
        self._namespaces = Index(
            {**found.namespaces.get(it, {}), NAME_LABEL: it} for it in self._names
        )
        self._named: dict[tuple[str, str], dict[Ports, int]] = {}
        self._peers: dict[PodPeer, int] = {}
        self._selected_namespaces: dict[Selector, int] = {}
        self.families: tuple[Family, ...] = (4, 6) if self._has_ipv6() else (4,)
        """IPv6 is told only where a policy names a block of it."""
        self._isolating: dict[Direction, list[Class]] = {
            direction: self._classes(direction) for direction in ("ingress", "egress")
        }
        self._openings: dict[tuple[Direction, Class], list[Opening]] = {}
        self._opened: dict[tuple[Direction, Class, Family], list[Opened]] = {}
        self._named_ends: dict[tuple[Direction, Class], dict[str, Ports]] = {}
        self._has_names = any(it.names for it in self._every_rule())

    def isolating(self, unit: int, direction: Direction) -> Class:
        """The class of a unit; those of one class share `openings` and `opened`."""
        return self._isolating[direction][unit]

    def openings(self, direction: Direction, of: Class) -> list[Opening]:
        """All units, parted by what is open between them and a unit of the class."""
        key = direction, of
        if key not in self._openings:
            own = of[1] if of else ()
            parted = {ports.NONE if self.isolated(direction, of) else ports.ALL: self.all}
            for rule in self._rules(direction, of):
                for units, opened in self.reach(direction, rule, own):
                    parted = _changed(parted, units, opened, ports.union)
            for rule in self._denied(direction, of):
                for units, opened in self.reach(direction, rule, own):
                    parted = _changed(parted, units, opened, ports.less)
            self._openings[key] = [
                Opening(units, it) for it, units in parted.items() if it != ports.NONE
            ]
        return self._openings[key]

    def opened(self, direction: Direction, of: Class, family: Family) -> list[Opened]:
        """What is open between a unit of the class and addresses outside."""
        key = direction, of, family
        if key not in self._opened:
            own = of[1] if of else ()
            isolated = self.isolated(direction, of)
            found: list[Opened] = [] if isolated else [(WHOLE[family], ports.ALL)]
            for rule in self._rules(direction, of):
                found += self.outside(direction, rule, own, family)
            denied: list[Opened] = []
            for rule in self._denied(direction, of):
                denied += self.outside(direction, rule, own, family)
            self._opened[key] = list(dict.fromkeys(shut(found, denied) if denied else found))
        return self._opened[key]

    def isolated(self, direction: Direction, of: Class) -> bool:
        """Whether all is shut to a unit of the class but for what rules open."""
        return of is not None and any(self.policies[it].isolates(direction) for it in of[0])

    def named(self, direction: Direction, of: Class) -> dict[str, Ports]:
        """Outside ends without an address that rules open to a unit of the class, by name.

        A denied name is shut, and so are all ports that are denied to every address; what a denied range means for a
        name, nobody knows here.
        """
        key = direction, of
        if key not in self._named_ends:
            self._named_ends[key] = self._named_by(direction, of) if self._has_names else {}
        return self._named_ends[key]

    def _named_by(self, direction: Direction, of: Class) -> dict[str, Ports]:
        own = of[1] if of else ()
        found: dict[str, Ports] = {}
        for rule in self._rules(direction, of):
            opened = _resolved(rule, own) if direction == "ingress" else rule.ports
            for name in rule.names:
                found[name] = ports.union(found.get(name, ports.NONE), opened)
        for rule in self._denied(direction, of):
            denied = _resolved(rule, own) if direction == "ingress" else rule.ports
            everywhere = rule.anyone or rule.world or any(it[1] == WHOLE[4] for it in rule.blocks)
            for name in found:
                if everywhere or name in rule.names:
                    found[name] = ports.less(found[name], denied)
        return {name: opened for name, opened in sorted(found.items()) if opened != ports.NONE}

    def reach(
        self, direction: Direction, rule: Rule, own: tuple[tuple[str, str, int], ...]
    ) -> Iterator[Opening]:
        """The units that a rule names as peers; `own` are the named ports of the pod that it selects."""
        units = self.peers(rule)
        if direction == "ingress":
            yield Opening(units, _resolved(rule, own))
            return
        if rule.ports != ports.NONE:
            yield Opening(units, rule.ports)
        for name in rule.named:
            for opened, having in self._having(name).items():
                yield Opening(units & having, opened)

    def outside(
        self,
        direction: Direction,
        rule: Rule,
        own: tuple[tuple[str, str, int], ...],
        family: Family,
    ) -> list[Opened]:
        """The addresses that a rule names; a named port means nothing at an address outside."""
        opened = _resolved(rule, own) if direction == "ingress" else rule.ports
        if opened == ports.NONE:
            return []
        if rule.anyone or rule.world:
            return [(WHOLE[family], opened)]
        return [(it.ranges, opened) for it in rule.blocks if it.family == family]

    def peers(self, rule: Rule) -> int:
        """The units that a rule's peers match."""
        if rule.anyone:
            return self.all
        found = 0
        for peer in rule.pods:
            found |= self._matched(peer)
        if rule.host:
            found |= self._host
        return found

    def _matched(self, peer: PodPeer) -> int:
        if peer not in self._peers:
            if peer.home is not None:
                there = self._in_namespace.get(peer.home, 0)
            else:
                there = self._in_selected(peer.namespaces)
            self._peers[peer] = there & self._index.matched(peer.pods) & ~self._host
        return self._peers[peer]

    def _in_selected(self, namespaces: Selector) -> int:
        if namespaces not in self._selected_namespaces:
            found = 0
            for at in bits(self._namespaces.matched(namespaces)):
                found |= self._in_namespace.get(self._names[at], 0)
            self._selected_namespaces[namespaces] = found
        return self._selected_namespaces[namespaces]

    def selected(self, it: Policy) -> int:
        """The units that a policy applies to."""
        if it.selector is None:
            return 0
        there = (
            self._in_namespace.get(it.namespace, 0)
            if it.namespace
            else self._in_selected(it.within)
        )
        return there & self._index.matched(it.selector) & ~self._host

    def labelled(self, namespace: str, wanted: Selector) -> int:
        """The units of a namespace that a Service's selector finds, those in their node's network included."""
        return self._in_namespace.get(namespace, 0) & self._index.matched(wanted)

    def owners(self, units: Iterable[int]) -> set[str]:
        """Names of the workloads that units belong to."""
        return {self._titles[at] for unit in units for at in self._owning[unit]}

    def _classes(self, direction: Direction) -> list[Class]:
        selecting: list[list[int]] = [[] for _ in self.units]
        for number, it in enumerate(self.policies):
            if it.rules(direction) is not None:
                for unit in bits(self.selected(it)):
                    selecting[unit].append(number)
        return [
            (tuple(numbers), self._own_names(unit, direction, numbers)) if numbers else None
            for unit, numbers in enumerate(selecting)
        ]

    def _own_names(
        self, unit: int, direction: Direction, numbers: list[int]
    ) -> tuple[tuple[str, str, int], ...]:
        matters = direction == "ingress" and any(self.policies[it].uses_names for it in numbers)
        return self.units[unit].named if matters else ()

    def _rules(self, direction: Direction, of: Class) -> Iterator[Rule]:
        """Of all policies of a class, each once: many say the same."""
        numbers = of[0] if of else ()
        yield from dict.fromkeys(
            rule for it in numbers for rule in self.policies[it].rules(direction) or ()
        )

    def _denied(self, direction: Direction, of: Class) -> Iterator[Rule]:
        numbers = of[0] if of else ()
        yield from dict.fromkeys(
            rule for it in numbers for rule in self.policies[it].denied(direction)
        )

    def _having(self, name: tuple[str, str]) -> dict[Ports, int]:
        """What a named port stands for, with the units where it does."""
        if name not in self._named:
            found: dict[Ports, int] = {}
            for at, it in enumerate(self.units):
                opened = it.port(*name)
                if opened != ports.NONE:
                    found[opened] = found.get(opened, 0) | 1 << at
            self._named[name] = found
        return self._named[name]

    def _has_ipv6(self) -> bool:
        return any(block.family == 6 for rule in self._every_rule() for block in rule.blocks)

    def _every_rule(self) -> Iterator[Rule]:
        for it in self.policies:
            for found in (it.ingress or (), it.egress or (), it.ingress_deny, it.egress_deny):
                yield from found


def _changed(
    parted: dict[Ports, int], units: int, opened: Ports, change: Callable[[Ports, Ports], Ports]
) -> dict[Ports, int]:
    """`parted` once `opened` is open to `units`, too, or shut."""
    if not units or opened == ports.NONE:
        return parted
    found: dict[Ports, int] = {}
    for here, there in parted.items():
        if inside := there & units:
            both = change(here, opened)
            found[both] = found.get(both, 0) | inside
        if beyond := there & ~units:
            found[here] = found.get(here, 0) | beyond
    return found


def _resolved(rule: Rule, own: tuple[tuple[str, str, int], ...]) -> Ports:
    found = rule.ports
    for name in rule.named:
        for known, protocol, number in own:
            if (known, protocol) == name:
                found = ports.union(found, ports.of(protocol, number, number))
    return found
