"""A second reading of NetworkPolicy, written from its specification and sharing nothing with the generator.

https://kubernetes.io/docs/concepts/services-networking/network-policies/ : policies add up; a pod that none selects in
a direction is open in it; a connection needs the caller's egress and the called one's ingress.
"""

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network
from typing import Any, NamedTuple


class Pod(NamedTuple):
    """A pod, or whatever else has labels in a namespace."""

    namespace: str
    labels: dict[str, str]


class Network:
    """Every policy and namespace of an estate."""

    def __init__(self, manifests: Iterable[dict[str, Any]]) -> None:
        known = list(manifests)
        self.policies = [it for it in known if it["kind"] == "NetworkPolicy"]
        self.namespaces = {
            it["metadata"]["name"]: {
                **it["metadata"]["labels"],
                "kubernetes.io/metadata.name": it["metadata"]["name"],
            }
            for it in known
            if it["kind"] == "Namespace"
        }
        self.namespaces.setdefault("kube-system", {"kubernetes.io/metadata.name": "kube-system"})

    def open(self, source: Pod, target: Pod, port: int, protocol: str = "TCP") -> bool:
        """Whether a connection from pod to pod comes to be."""
        return self.leaves(source, target, port, protocol) and self.enters(
            source, target, port, protocol
        )

    def leaves(self, source: Pod, target: Pod | str, port: int, protocol: str = "TCP") -> bool:
        """Whether `source` may send to a pod or an address."""
        return self._passes("Egress", "to", source, target, port, protocol)

    def enters(self, source: Pod | str, target: Pod, port: int, protocol: str = "TCP") -> bool:
        """Whether `target` takes what a pod or an address sends."""
        return self._passes("Ingress", "from", target, source, port, protocol)

    def _passes(
        self, kind: str, key: str, own: Pod, other: Pod | str, port: int, protocol: str
    ) -> bool:
        selecting = [
            policy
            for policy in self.policies
            if policy["metadata"]["namespace"] == own.namespace
            and kind in policy["spec"]["policyTypes"]
            and matches(policy["spec"]["podSelector"], own.labels)
        ]
        if not selecting:
            return True
        rules = [rule for policy in selecting for rule in policy["spec"].get(kind.lower(), [])]
        return any(
            self._peer_fits(rule.get(key), other, own.namespace)
            and _port_fits(rule.get("ports"), port, protocol)
            for rule in rules
        )

    def _peer_fits(self, peers: list[dict[str, Any]] | None, other: Pod | str, home: str) -> bool:
        return not peers or any(self._fits(peer, other, home) for peer in peers)

    def _fits(self, peer: dict[str, Any], other: Pod | str, home: str) -> bool:
        if isinstance(other, str):
            block = peer.get("ipBlock", {"cidr": "255.255.255.255/32"})
            return _inside(other, block["cidr"]) and not any(
                _inside(other, cidr) for cidr in block.get("except", [])
            )
        if "ipBlock" in peer:
            return False
        if "namespaceSelector" in peer:
            if not matches(peer["namespaceSelector"], self.namespaces.get(other.namespace, {})):
                return False
        elif other.namespace != home:
            return False
        return matches(peer.get("podSelector", {}), other.labels)


def matches(selector: dict[str, Any], labels: dict[str, str]) -> bool:
    """Whether a label selector of `matchLabels` fits; an empty one fits all."""
    unknown = set(selector) - {"matchLabels"}
    if unknown:
        raise ValueError(f"this reading does not know {unknown}")
    return all(labels.get(key) == value for key, value in selector.get("matchLabels", {}).items())


def _port_fits(ports: list[dict[str, Any]] | None, port: int, protocol: str) -> bool:
    return not ports or any(
        it["port"] == port and it.get("protocol", "TCP") == protocol for it in ports
    )


def _inside(address: str, cidr: str) -> bool:
    return IPv4Address(address) in IPv4Network(cidr)
