"""The network of a namespace before anything is declared: cut off both ways, save for DNS."""

from typing import Any

from manifests import Manifest, Part
from manifests.labels import NAMESPACE_NAME

DNS_PORT = 53
DNS_NAMESPACE = "kube-system"
DNS_PODS = {"k8s-app": "kube-dns"}
"""CoreDNS carries the label of its forerunner, on AKS and elsewhere."""

LOCAL_DNS_CIDR = "169.254.10.0/24"
"""AKS LocalDNS answers on the node at .10 and .11, which no pod selector matches:
https://learn.microsoft.com/azure/aks/localdns-custom"""


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


def ports(*numbers: int) -> list[dict[str, Any]]:
    """TCP ports of a policy, by number: Cilium resolves named ones unreliably (cilium issue 30003)."""
    return [{"protocol": "TCP", "port": number} for number in numbers]


def parts(namespace: str, labels: dict[str, str], *, local_dns: bool, cilium: bool) -> list[Part]:
    """Default-deny and DNS for every pod of `namespace`, after its role `namespace`."""
    after = ("namespace",)
    resolvers: list[dict[str, Any]] = [
        {
            "namespaceSelector": {"matchLabels": {NAMESPACE_NAME: DNS_NAMESPACE}},
            "podSelector": {"matchLabels": {**DNS_PODS}},
        }
    ]
    if local_dns:
        resolvers.append({"ipBlock": {"cidr": LOCAL_DNS_CIDR}})
    dns = [
        {
            "to": resolvers,
            "ports": [{"protocol": protocol, "port": DNS_PORT} for protocol in ("UDP", "TCP")],
        }
    ]
    found = [
        Part(
            "default-deny",
            network_policy("default-deny", namespace, labels, {}, ingress=[], egress=[]),
            after,
        ),
        Part("allow-dns", network_policy("allow-dns", namespace, labels, {}, egress=dns), after),
    ]
    if local_dns and cilium:
        found.append(Part("allow-node-dns", _node_dns(namespace, labels), after))
    return found


def _node_dns(namespace: str, labels: dict[str, str]) -> Manifest:
    """Cilium knows the node as an entity and matches no `ipBlock` against it (tektoncd/operator issue 4000)."""
    dns = [{"port": str(DNS_PORT), "protocol": protocol} for protocol in ("UDP", "TCP")]
    return {
        "apiVersion": "cilium.io/v2",
        "kind": "CiliumNetworkPolicy",
        "metadata": {"name": "allow-node-dns", "namespace": namespace, "labels": {**labels}},
        "spec": {
            "endpointSelector": {},
            "egress": [{"toEntities": ["host"], "toPorts": [{"ports": dns}]}],
        },
    }
