"""What a workload may reach and who may reach it, from `uses` at both ends; all else the namespace cuts off.

A connection needs two policies: the caller's egress and the called one's ingress. Both come from one graph, so a
declared connection is open at both ends and an undeclared one is shut at both.
"""

from functools import lru_cache
from ipaddress import IPv4Network
from typing import Any

from manifests import Part, cilium
from manifests.connections import (
    Graph,
    Host,
    Range,
    Target,
    routed_ports,
    scraped_ports,
    service_ports,
    targets,
)
from manifests.isolation import network_policy, ports
from manifests.labels import NAMESPACE_NAME, ingress_controller, pods_of_all_tracks
from settings.ports import Opened
from settings.stack import External, Settings
from settings.uses import INTERNET, MONITORING
from settings.workload import Workload

EVERYWHERE = "0.0.0.0/0"

NOT_INTERNET = (
    "10.0.0.0/8",
    "100.64.0.0/10",
    "168.63.129.16/32",
    "169.254.0.0/16",
    "172.16.0.0/12",
    "192.168.0.0/16",
)
"""Private ranges (RFC 1918, RFC 6598), link-local with Azure's instance metadata, Azure's wire server
(https://learn.microsoft.com/azure/virtual-network/what-is-ip-address-168-63-129-16): who needs one of them declares
it as an external."""

AKS_API_SERVER_PORT = Opened(443)
API_SERVER_PORTS = (Opened(443), Opened(6443), Opened(8443))
"""Behind the Service `kubernetes` outside AKS: cloud clusters, kubeadm and kind, minikube."""

Rule = dict[str, Any]


def parts(
    settings: Settings, workload: Workload, labels: dict[str, str], graph: Graph
) -> list[Part]:
    """Its policies, roles `network-egress` and `network-ingress`; none for a direction with nothing declared.

    Role `network-hosts` is what only Cilium understands: egress to hosts by name.
    """
    found = []
    own = pods_of_all_tracks(workload)
    called = tuple(targets(settings, workload))
    for direction, rules in (
        ("egress", _egress(settings, workload, called)),
        ("ingress", _ingress(settings, workload, graph)),
    ):
        if rules:
            name = f"{workload.name}-{direction}"
            policy = network_policy(name, workload.namespace, labels, own, **{direction: rules})
            found.append(Part(f"network-{direction}", policy))
    if hosts := cilium.to_hosts(called):
        name = f"{workload.name}-hosts"
        policy = cilium.policy(name, workload.namespace, labels, own, hosts)
        found.append(Part("network-hosts", policy))
    return found


def of_monitoring(settings: Settings, namespace: str, labels: dict[str, str]) -> list[Part]:
    """What lets monitoring out and in where it runs in a tenant of ours, roles `monitoring-egress` and
    `monitoring-ingress`; in a namespace of the cluster's own nothing holds it back."""
    if settings.monitoring is None or settings.monitoring.namespace != namespace:
        return []
    scraped = [(it, scraped_ports(it)) for it in settings.workloads.values()]
    outwards = [{"to": [peer(it)], "ports": ports(*opened)} for it, opened in scraped if opened]
    callers: dict[tuple[Opened, ...], list[Rule]] = {}
    for it in settings.workloads.values():
        for target in targets(settings, it):
            if target.to == MONITORING:
                callers.setdefault(target.ports, []).append(peer(it))
    inwards = [{"from": found, "ports": ports(*opened)} for opened, found in callers.items()]
    return [
        Part(
            f"monitoring-{direction}",
            network_policy(
                f"monitoring-{direction}",
                namespace,
                labels,
                settings.monitoring.pod_labels,
                **{direction: rules},
            ),
            ("namespace",),
        )
        for direction, rules in (("egress", outwards), ("ingress", inwards))
        if rules
    ]


def peer(workload: Workload) -> Rule:
    """The pods of `workload`, from any namespace: both selectors in one item, which makes them an AND."""
    return {
        "namespaceSelector": {"matchLabels": {NAMESPACE_NAME: workload.namespace}},
        "podSelector": {"matchLabels": pods_of_all_tracks(workload)},
    }


def api_server(settings: Settings, given: tuple[Opened, ...] = ()) -> Rule:
    """Egress to the API server, whose address no settings hold.

    AKS runs it outside the cluster, where Cilium matches it by address like any other host: a private one, and one with
    `vnetIntegration`, answers in the virtual network, any other on the Internet. On any other cluster it may share a
    node's address, which Cilium matches with no `ipBlock` (cilium issue 20550), so there only the port bounds the rule.
    """
    if settings.target != "aks":
        return {"ports": ports(*(given or API_SERVER_PORTS))}
    network, server = settings.network, settings.cluster.api_server
    if network and (server.private or server.vnet_integration):
        block: Rule = {"cidr": network.address_space}
    else:
        block = internet(settings)
    return {"to": [{"ipBlock": block}], "ports": ports(*(given or (AKS_API_SERVER_PORT,)))}


def internet(settings: Settings) -> Rule:
    """Everywhere but private addresses and the cluster's own."""
    network = settings.network
    own = (network.address_space, network.pod_cidr, network.service_cidr) if network else ()
    return {"cidr": EVERYWHERE, "except": list(_not_internet(own))}


@lru_cache(maxsize=64)
def _not_internet(own: tuple[str, ...]) -> tuple[str, ...]:
    private = [IPv4Network(text) for text in NOT_INTERNET]
    public = [
        text for text in own if not any(IPv4Network(text).subnet_of(block) for block in private)
    ]
    return (*NOT_INTERNET, *public)


def _egress(settings: Settings, workload: Workload, called: tuple[Target, ...]) -> list[Rule]:
    rules = [_rule(settings, target) for target in called if not isinstance(target.to, Host)]
    return [*rules, *_replicas("to", workload)]


def _rule(settings: Settings, target: Target) -> Rule:
    if isinstance(target.to, Workload):
        return {"to": [peer(target.to)], "ports": ports(*target.ports)}
    if isinstance(target.to, External):
        rule: Rule = {"to": [{"ipBlock": {"cidr": cidr}} for cidr in target.to.cidrs]}
    elif isinstance(target.to, Range):
        rule = {"to": [{"ipBlock": {"cidr": target.to.cidr}}]}
    elif target.to == MONITORING:
        rule = {"to": [_monitoring(settings)]}
    elif target.to == INTERNET:
        rule = {"to": [{"ipBlock": internet(settings)}]}
    else:
        return api_server(settings, target.ports)
    return {**rule, "ports": ports(*target.ports)} if target.ports else rule


def _ingress(settings: Settings, workload: Workload, graph: Graph) -> list[Rule]:
    """A rule for each set of ports, with all that may call just those."""
    service = workload.service
    callers: dict[tuple[Opened, ...], list[Rule]] = {}
    for caller in graph.callers.get(workload.name, ()):
        callers.setdefault(caller.ports, []).append(peer(caller.workload))
    if workload.routes:
        callers.setdefault(routed_ports(workload), []).append(_controller(settings))
    scraped = scraped_ports(workload)
    if scraped and settings.monitoring:
        callers.setdefault(scraped, []).append(_monitoring(settings))
    rules: list[Rule] = [
        {"from": found, "ports": ports(*opened)} for opened, found in callers.items()
    ]
    if service and service.type != "ClusterIP":
        # No `from`: the first node hands the request on under its own address, which Cilium matches with no
        # ipBlock (https://docs.cilium.io/en/stable/security/policy/caveats/).
        rules.append({"ports": ports(*service_ports(workload))})
    return [*rules, *_replicas("from", workload)]


def _controller(settings: Settings) -> Rule:
    """The ingress controller's pods; one that we did not install is known by its namespace alone."""
    rule: Rule = {
        "namespaceSelector": {"matchLabels": {NAMESPACE_NAME: settings.ingress.namespace}}
    }
    if settings.ingress.controller == "nginx":
        rule["podSelector"] = {"matchLabels": ingress_controller()}
    return rule


def _monitoring(settings: Settings) -> Rule:
    """The pods that scrape. Raises `ValueError` in a stack without monitoring."""
    given = settings.monitoring
    if given is None:
        raise ValueError("the stack has no 'monitoring'")
    rule: Rule = {"namespaceSelector": {"matchLabels": {NAMESPACE_NAME: given.namespace}}}
    if given.pod_labels:
        rule["podSelector"] = {"matchLabels": {**given.pod_labels}}
    return rule


def _replicas(direction: str, workload: Workload) -> list[Rule]:
    """Replicas of one StatefulSet reach each other on their ports: what its headless Service is for."""
    if workload.kind != "statefulset" or workload.most_replicas < 2 or not workload.all_ports:
        return []
    return [
        {
            direction: [peer(workload)],
            "ports": ports(*(it.opened for it in workload.all_ports.values())),
        }
    ]
