"""The network of a namespace before anything is declared: cut off both ways, save for DNS."""

from typing import Any

from manifests import Manifest, Part, cilium, resolver
from manifests.labels import NAMESPACE_NAME
from settings.ports import Opened
from settings.stack import Settings

NOT_ENFORCED = "aks-platform/not-enforced"
"""On every `default-deny` of a cluster where nothing holds pods to it; a review reads it."""


def network_policy(
    name: str,
    namespace: str,
    labels: dict[str, str],
    pods: dict[str, str],
    *,
    ingress: list[dict[str, Any]] | None = None,
    egress: list[dict[str, Any]] | None = None,
) -> Manifest:
    """A policy for the pods that `pods` selects; an empty one selects all. A direction left out stays as it was."""
    spec: dict[str, Any] = {
        "podSelector": {"matchLabels": {**pods}} if pods else {},
        "policyTypes": [
            kind for kind, rules in (("Ingress", ingress), ("Egress", egress)) if rules is not None
        ],
    }
    if ingress:
        spec["ingress"] = ingress
    if egress:
        spec["egress"] = egress
    return {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "NetworkPolicy",
        "metadata": {"name": name, "namespace": namespace, "labels": {**labels}},
        "spec": spec,
    }


def ports(*opened: Opened) -> list[dict[str, Any]]:
    """Ports of a policy, by number: Cilium resolves named ones unreliably (cilium issue 30003)."""
    return [{"protocol": protocol, "port": number} for number, protocol in opened]


def parts(settings: Settings, namespace: str, labels: dict[str, str]) -> list[Part]:
    """Default-deny and DNS for every pod of `namespace`, after its role `namespace`."""
    after = ("namespace",)
    resolvers: list[dict[str, Any]] = [
        {
            "namespaceSelector": {"matchLabels": {NAMESPACE_NAME: resolver.NAMESPACE}},
            "podSelector": {"matchLabels": {**resolver.PODS}},
        }
    ]
    if settings.local_dns:
        resolvers.append({"ipBlock": {"cidr": resolver.LOCAL_CIDR}})
    dns = [
        {
            "to": resolvers,
            "ports": ports(*resolver.PORTS),
        }
    ]
    deny = network_policy("default-deny", namespace, labels, {}, ingress=[], egress=[])
    if settings.enforcer == "none":
        deny["metadata"]["annotations"] = {NOT_ENFORCED: "the stack has 'cni: none'"}
    found = [
        Part("default-deny", deny, after),
        Part("allow-dns", network_policy("allow-dns", namespace, labels, {}, egress=dns), after),
    ]
    if settings.local_dns and settings.enforcer == "cilium":
        policy = cilium.policy("allow-node-dns", namespace, labels, {}, [cilium.to_node_dns()])
        found.append(Part("allow-node-dns", policy, after))
    return found
