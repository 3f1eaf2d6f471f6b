"""Cilium's own policies as rules: https://docs.cilium.io/en/stable/security/policy/language/ .

What differs from NetworkPolicy: deny rules win over every allow, of whichever kind; a rule without peers and without
ports allows nothing, one with ports alone everybody; a list of peers that is there and empty names nobody; a namespace
is a label of the pod; outside ends may be entities or names. What is not told here is a note of the policy, with what
it is taken for.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

from review.analyses.reachability import addresses, ports
from review.analyses.reachability.addresses import Block
from review.analyses.reachability.policies import (
    PEERS,
    Direction,
    PodPeer,
    Policy,
    Rule,
    is_port,
)
from review.analyses.reachability.ports import Ports
from review.analyses.reachability.selectors import Requirement, Selector, selector
from review.analyses.reachability.shapes import Path, RefusedError, a_list, a_map, a_text
from review.analyses.reachability.workloads import name, namespace
from review.given import Given

CLUSTERWIDE: Final = "CiliumClusterwideNetworkPolicy"
KINDS: Final = dict.fromkeys(("CiliumNetworkPolicy", CLUSTERWIDE), frozenset({"cilium.io"}))

NAMESPACE: Final = "io.kubernetes.pod.namespace"
NAMESPACE_LABELS: Final = "io.cilium.k8s.namespace.labels."
_UNKNOWN: Final = "io.cilium.k8s.policy."
"""Labels that Cilium adds and no manifest has: `serviceaccount`, `cluster`."""

ENTITIES: Final = (
    "all",
    "cluster",
    "health",
    "host",
    "ingress",
    "init",
    "kube-apiserver",
    "none",
    "remote-node",
    "unmanaged",
    "world",
    "world-ipv4",
    "world-ipv6",
)
_WORLDS: Final = {"world-ipv4": "0.0.0.0/0", "world-ipv6": "::/0"}
_TOLD: Final = frozenset({"all", "cluster", "none", "world", *_WORLDS})
"""Entities that have other ends than their own name."""

_ELSEWHERE: Final = ("Requires", "Groups", "Nodes", "Services")
"""Endings of peer lists that are not told: what they name is no end here."""


def cilium_policies(given: Given) -> Iterator[Policy]:
    """The policies of one object, of its `spec` and of each of its `specs`; raises `RefusedError`.

    Both the API server and the agents have a say: what an agent refuses holds nobody, so it is left out.
    """
    manifest = given.manifest
    metadata = a_map(manifest.get("metadata"), ("metadata",))
    home = "" if manifest["kind"] == CLUSTERWIDE else namespace(metadata)
    specs: list[tuple[Path, Any]] = [
        (("specs", index), it) for index, it in enumerate(a_list(manifest.get("specs"), ("specs",)))
    ]
    if manifest.get("spec") is not None or not specs:
        specs.insert(0, (("spec",), manifest.get("spec")))
    for path, data in specs:
        spec = a_map(data, path)
        notes: list[str] = []
        if spec.get("nodeSelector") is not None:
            note = f"not read: {path[0]}.nodeSelector, a policy about nodes; it holds no workload"
            yield Policy(home, name(metadata), None, None, None, given.file, given.line, (note,))
            continue
        yield _policy(spec, path, home, name(metadata), given, notes)


def _policy(
    spec: Mapping[str, Any], path: Path, home: str, called: str, given: Given, notes: list[str]
) -> Policy:
    if spec.get("endpointSelector") is None:
        raise RefusedError((*path, "endpointSelector"), "is required")
    sections = {
        key: tuple(
            _rule(a_map(it, (*path, key, index)), (*path, key, index), home, notes)
            for index, it in enumerate(a_list(spec.get(key), (*path, key)))
        )
        for key in ("ingress", "ingressDeny", "egress", "egressDeny")
    }
    if not any(sections.values()):
        raise RefusedError(path, f"must have a rule in one of {', '.join(sections)}")
    defaults = a_map(spec.get("enableDefaultDeny"), (*path, "enableDefaultDeny"))
    found: dict[Direction, tuple[Rule, ...] | None] = {}
    lenient: set[Direction] = set()
    for direction in PEERS:
        there = bool(sections[direction] or sections[f"{direction}Deny"])
        shut = defaults.get(direction)
        shut = there if shut is None else shut is True
        found[direction] = sections[direction] if there or shut else None
        if not shut:
            lenient.add(direction)
    here = (*path, "endpointSelector")
    own = _selected(spec["endpointSelector"], here, notes)
    return Policy(
        namespace=home,
        name=called,
        selector=_pods_of(own) if own is not None else None,
        ingress=found["ingress"],
        egress=found["egress"],
        file=given.file,
        line=given.line,
        notes=tuple(dict.fromkeys(notes)),
        kind=given.manifest["kind"],
        path=path,
        ingress_deny=sections["ingressDeny"],
        egress_deny=sections["egressDeny"],
        lenient=frozenset(lenient),
        within=_namespaces_of(own) if own is not None and not home else (),
    )


def _rule(data: Mapping[str, Any], path: Path, home: str, notes: list[str]) -> Rule:
    section = str(path[-2])
    direction: Direction = "ingress" if section.startswith("ingress") else "egress"
    denies, to = section.endswith("Deny"), PEERS[direction]
    lists = _lists(data, to, path, denies, notes)
    if data.get("authentication") is not None:
        notes.append(f"not read: {_at((*path, 'authentication'))}; taken as open without it")
    numbers, named = _ports(data, path, notes)
    nobody = any(not items for items in lists.values())
    rule = Rule(
        pods=(),
        blocks=(),
        anyone=not lists and bool(a_list(data.get("toPorts"), (*path, "toPorts"))),
        ports=numbers,
        named=named,
    )
    return rule if nobody else _with_peers(rule, lists, to, path, home, denies, notes)


def _lists(
    data: Mapping[str, Any], to: str, path: Path, denies: bool, notes: list[str]
) -> dict[str, list[Any]]:
    """The lists of peers that are there, by what their name ends in."""
    found = {
        key.removeprefix(to): a_list(data[key], (*path, key))
        for key in data
        if key.startswith(to) and key != "toPorts" and data[key] is not None
    }
    for key in found:
        if key in _ELSEWHERE:
            kept = "the rest of the rule holds" if key == "Requires" else "it opens nothing here"
            kept = "it shuts nothing here" if denies else kept
            notes.append(f"not read: {_at((*path, to + key))}; {kept}")
    found.pop("Requires", None)
    said = [f"{to}{key}" for key, items in found.items() if items]
    if len(said) > 1:
        raise RefusedError(path, f"must have only one of {' and '.join(said)}")
    return found


def _with_peers(
    rule: Rule,
    lists: Mapping[str, list[Any]],
    to: str,
    path: Path,
    home: str,
    denies: bool,
    notes: list[str],
) -> Rule:
    entities = {_entity(it, (*path, f"{to}Entities")) for it in lists.get("Entities", ())}
    pods: list[PodPeer] = []
    for index, item in enumerate(lists.get("Endpoints", ())):
        here = (*path, f"{to}Endpoints", index)
        if (reserved := _reserved(a_map(item, here), here)) is not None:
            entities.add(reserved)
        elif (found := _selected(item, here, notes)) is not None:
            pods.append(_peer(found, home))
    if {"cluster", "all"} & entities:
        pods.append(PodPeer(None, (), ()))
    blocks = [*_blocks(lists, to, path, notes)]
    blocks += [addresses.block(cidr) for it, cidr in _WORLDS.items() if it in entities]
    hosts = [
        _host(a_map(it, (*path, "toFQDNs", index)), (*path, "toFQDNs", index))
        for index, it in enumerate(lists.get("FQDNs", ()))
    ]
    nodes = len({"host", "remote-node"} & entities)
    return replace(
        rule,
        pods=tuple(dict.fromkeys(pods)),
        blocks=tuple(blocks),
        world=bool({"all", "world"} & entities),
        # A pod in its node's network is either on this node or on another one: both must be shut to shut it out.
        host=bool({"all", "cluster"} & entities) or nodes > (1 if denies else 0),
        names=tuple(dict.fromkeys([*hosts, *sorted(entities - _TOLD)])),
    )


def _ports(
    data: Mapping[str, Any], path: Path, notes: list[str]
) -> tuple[Ports, tuple[tuple[str, str], ...]]:
    """By number, and by name with the protocol; ICMP is not told."""
    numbers, named = ports.NONE, []
    items = a_list(data.get("toPorts"), (*path, "toPorts"))
    if not items:
        return (ports.NONE if a_list(data.get("icmps"), (*path, "icmps")) else ports.ALL), ()
    for index, item in enumerate(items):
        here = (*path, "toPorts", index)
        group = a_map(item, here)
        for key in ("rules", "listener", "terminatingTLS", "originatingTLS", "serverNames"):
            # Which names a pod may ask for says nothing of the connection to the resolver.
            if group.get(key) and [*group[key]] != ["dns"]:
                what = "L7 rules" if key == "rules" else key
                notes.append(f"not read: {what} at {_at((*here, key))}; taken as open on that port")
        for number, one in enumerate(a_list(group.get("ports"), (*here, "ports"))):
            place = (*here, "ports", number)
            found, names = _port(a_map(one, place), place)
            numbers = ports.union(numbers, found)
            named += names
    return numbers, tuple(sorted(set(named)))


def _port(data: Mapping[str, Any], path: Path) -> tuple[Ports, list[tuple[str, str]]]:
    protocol = str(data.get("protocol") or "ANY").upper()
    spoken = ports.PROTOCOLS if protocol == "ANY" else (protocol,)
    if protocol not in ("ANY", *ports.PROTOCOLS, "ICMP", "ICMPV6", "VRRP", "IGMP"):
        raise RefusedError((*path, "protocol"), "must be TCP, UDP, SCTP or ANY", protocol)
    told = [it for it in spoken if it in ports.PROTOCOLS]
    text, last = a_text(data.get("port"), (*path, "port")), data.get("endPort")
    if not text.isdecimal():
        return ports.NONE, [(text, it) for it in told]
    first = int(text)
    if first == 0:
        first, last = 1, ports.LAST
    elif not is_port(first):
        raise RefusedError((*path, "port"), "must be 0 to 65535, or a name", text)
    if last in (None, 0):
        last = first
    if not is_port(last) or last < first:
        raise RefusedError((*path, "endPort"), f"must be {first} to 65535", last)
    found = ports.NONE
    for it in told:
        found = ports.union(found, ports.of(it, first, last))
    return found, []


def _blocks(
    lists: Mapping[str, list[Any]], to: str, path: Path, notes: list[str]
) -> Iterator[Block]:
    for index, item in enumerate(lists.get("CIDR", ())):
        yield _block(item, (), (*path, f"{to}CIDR", index))
    for index, item in enumerate(lists.get("CIDRSet", ())):
        here = (*path, f"{to}CIDRSet", index)
        data = a_map(item, here)
        if data.get("cidr") is None:
            notes.append(f"not read: {_at(here)}, a group of addresses; it names nobody here")
            continue
        yield _block(data["cidr"], a_list(data.get("except"), (*here, "except")), here)


def _block(cidr: Any, without: Any, path: Path) -> Block:
    texts = [a_text(it, path) for it in (cidr, *without)]
    for text in texts:
        try:
            addresses.block(text)
        except ValueError:
            raise RefusedError(path, "must be an address or a CIDR", text) from None
    for hole in texts[1:]:
        if hole != texts[0] and not addresses.contains(texts[0], hole):
            raise RefusedError((*path, "except"), f"must lie in {texts[0]}", hole)
    return addresses.block(texts[0], texts[1:])


def _entity(data: Any, path: Path) -> str:
    if data not in ENTITIES:
        raise RefusedError(path, "must be one of Cilium's entities", data)
    return str(data)


def _host(data: Mapping[str, Any], path: Path) -> str:
    return a_text(data.get("matchName") or data.get("matchPattern"), path).lower().rstrip(".")


def _reserved(data: Mapping[str, Any], path: Path) -> str | None:
    """The entity that a selector means by its one label, such as `reserved:host`."""
    found = [
        str(key) for key in a_map(data.get("matchLabels"), path) if str(key).startswith("reserved:")
    ]
    if len(found) != 1 or len(data.get("matchLabels", {})) > 1 or data.get("matchExpressions"):
        return None
    entity = found[0].removeprefix("reserved:")
    return entity if entity in ENTITIES else None


def _selected(data: Any, path: Path, notes: list[str]) -> Selector | None:
    """Requirements with plain keys; None for a selector by what no manifest tells: it selects nobody here."""
    found = []
    for it in selector(data, path):
        source, colon, key = it.key.partition(":")
        key = key if colon else source
        if (colon and source not in ("k8s", "any")) or key.startswith(_UNKNOWN):
            notes.append(f"not read: {_at(path)} selects by {it.key!r}; it selects nobody here")
            return None
        found.append(it._replace(key=key))
    return tuple(sorted(found))


def _pods_of(wanted: Selector) -> Selector:
    return tuple(it for it in wanted if not _of_namespace(it))


def _namespaces_of(wanted: Selector) -> Selector:
    """Of a selector what speaks of the namespace, in terms of its labels."""
    found = []
    for it in wanted:
        if it.key == NAMESPACE:
            found.append(it._replace(key="kubernetes.io/metadata.name"))
        elif it.key.startswith(NAMESPACE_LABELS):
            found.append(it._replace(key=it.key.removeprefix(NAMESPACE_LABELS)))
    return tuple(found)


def _of_namespace(it: Requirement) -> bool:
    return it.key == NAMESPACE or it.key.startswith(NAMESPACE_LABELS)


def _peer(wanted: Selector, home: str) -> PodPeer:
    """Without a word of namespaces the policy's own; of a cluster-wide one all."""
    speaks = any(map(_of_namespace, wanted))
    return PodPeer(
        home=home if home and not speaks else None,
        namespaces=_namespaces_of(wanted),
        pods=_pods_of(wanted),
    )


def _at(path: Path) -> str:
    return "".join(f"[{it}]" if isinstance(it, int) else f".{it}" for it in path).lstrip(".")
