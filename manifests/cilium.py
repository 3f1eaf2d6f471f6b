"""What only Cilium understands, as `CiliumNetworkPolicy`: hosts by their names, the node as an entity.

Rendered where a NetworkPolicy cannot say it, beside the policies that can: policies of both kinds add up.
"""

from collections.abc import Iterable
from typing import Any

from manifests import Manifest, resolver
from manifests.connections import Host, Target
from settings.ports import Opened

Rule = dict[str, Any]


def policy(
    name: str,
    namespace: str,
    labels: dict[str, str],
    pods: dict[str, str],
    egress: list[Rule],
) -> Manifest:
    """A policy for the pods that `pods` selects; an empty one selects all."""
    return {
        "apiVersion": "cilium.io/v2",
        "kind": "CiliumNetworkPolicy",
        "metadata": {"name": name, "namespace": namespace, "labels": {**labels}},
        "spec": {
            "endpointSelector": {"matchLabels": {**pods}} if pods else {},
            "egress": egress,
        },
    }


def to_hosts(targets: Iterable[Target]) -> list[Rule]:
    """Egress to the hosts among `targets`, on their ports; empty where there is none.

    The first rule lets Cilium read the answers of DNS, without which it knows no address of a name
    (https://docs.cilium.io/en/stable/security/policy/language/#dns-based). It names the hosts and no more: AKS takes
    no `*` there (https://learn.microsoft.com/azure/aks/how-to-apply-fqdn-filtering-policies). Other names resolve all
    the same, for `allow-dns` has no such list and the wider of two rules holds (cilium pull request 3732).
    """
    by_ports: dict[tuple[Opened, ...], list[dict[str, str]]] = {}
    names: dict[str, dict[str, str]] = {}
    for to, opened in targets:
        if isinstance(to, Host):
            names[to.name] = _matched(to.name)
            by_ports.setdefault(opened, []).append(_matched(to.name))
    if not names:
        return []
    dns = {
        "toEndpoints": [{"matchLabels": _resolver()}],
        "toPorts": [{"ports": _ports(*resolver.PORTS), "rules": {"dns": [*names.values()]}}],
    }
    return [
        dns,
        *(
            {"toFQDNs": hosts, "toPorts": [{"ports": _ports(*opened)}]}
            for opened, hosts in by_ports.items()
        ),
    ]


def to_node_dns() -> Rule:
    """Egress to LocalDNS: Cilium knows the node as an entity and matches no `ipBlock` against it (tektoncd/operator
    issue 4000)."""
    return {"toEntities": ["host"], "toPorts": [{"ports": _ports(*resolver.PORTS)}]}


def _ports(*opened: Opened) -> list[dict[str, str]]:
    """Cilium takes a port as text."""
    return [{"port": str(number), "protocol": protocol} for number, protocol in opened]


def _matched(name: str) -> dict[str, str]:
    return {"matchPattern" if name.startswith("*") else "matchName": name}


def _resolver() -> dict[str, str]:
    found = {"k8s:io.kubernetes.pod.namespace": resolver.NAMESPACE}
    return found | {f"k8s:{key}": text for key, text in resolver.PODS.items()}
