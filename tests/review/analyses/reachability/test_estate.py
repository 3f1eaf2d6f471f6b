"""Declared is allowed on the estate: nothing that `uses` or a route names is blocked, and nothing else is open.

What is declared is read from the settings here, without the graph that the policies are made from. The ingress
controller's and the resolver's pods are not among a stack's objects; they are put beside them.
"""

from ipaddress import IPv4Address, IPv4Network, collapse_addresses, summarize_address_range

import pytest

from manifests.labels import ingress_controller
from manifests.network_policy import API_SERVER_PORTS, NOT_INTERNET
from review.analyses.reachability.connections import connections
from review.analyses.reachability.network import Network, objects
from review.given import Given
from tests.manifests.samples import STACKS, groups, shipped

KINDS = {
    "cronjob": "CronJob",
    "daemonset": "DaemonSet",
    "deployment": "Deployment",
    "job": "Job",
    "statefulset": "StatefulSet",
}
CONTROLLER = "nginx-ingress/controller[Pod]"
RESOLVER = "kube-system/kube-dns[Pod]"
EVERYWHERE = IPv4Network("0.0.0.0/0")


def beside():
    """Pods that others make."""
    for namespace, name, labels in (
        ("nginx-ingress", "controller", ingress_controller()),
        ("kube-system", "kube-dns", {"k8s-app": "kube-dns"}),
    ):
        yield {
            "apiVersion": "v1",
            "kind": "Pod",
            "metadata": {"namespace": namespace, "name": name, "labels": labels},
            "spec": {"containers": []},
        }


def allowed(name, change=lambda _: None):
    """Connections by ends and protocol, addresses as sets of networks."""
    manifests = [part.manifest for group in groups(name) for part in group.parts]
    change(manifests)
    given = [Given(it, "f", None) for it in (*manifests, *beside()) if "kind" in it]
    found = objects(given)
    assert found.faults == []
    inner, outer = set(), {}
    for it in connections(Network(found)):
        for source, target, key in (
            (it.source, it.target, (it.source, None)),
            (it.target, it.source, (None, it.target)),
        ):
            if "[" not in target:
                first, _, last = target.partition("-")
                networks = [*summarize_address_range(IPv4Address(first), IPv4Address(last))]
                for port in ports(it.ports):
                    outer.setdefault((*key, it.protocol, port), []).extend(networks)
            elif "[" in source and key[1] is None:
                inner |= {(source, target, it.protocol, port) for port in ports(it.ports)}
    return inner, {key: list(collapse_addresses(it)) for key, it in outer.items()}


def ports(text):
    for part in text.split(","):
        first, _, last = part.partition("-")
        yield from [part] if part == "1-65535" else range(int(first), int(last or first) + 1)


def title(workload):
    return f"{workload.namespace}/{workload.name}[{KINDS[workload.kind]}]"


def internet(settings):
    own = settings.network
    shut = [*NOT_INTERNET, *([own.address_space, own.pod_cidr, own.service_cidr] if own else [])]
    left = [EVERYWHERE]
    for hole in map(IPv4Network, shut):
        left = [
            piece
            for it in left
            for piece in (
                it.address_exclude(hole)
                if hole.subnet_of(it)
                else ([] if it.subnet_of(hole) else [it])
            )
        ]
    return list(collapse_addresses(left))


def numbers(workload, asked):
    return {it.number for it in workload.served if not asked or it.port == int(asked)}


def declared(settings):
    """The same, from what the settings say."""
    inner, outer = set(), {}
    for it in settings.workloads.values():
        inner |= {(title(it), RESOLVER, protocol, 53) for protocol in ("TCP", "UDP")}
        inner |= set(called(settings, it))
        for number, networks in left_for(settings, it):
            outer.setdefault((title(it), None, "TCP", number), []).extend(networks)
        if it.service and it.service.type != "ClusterIP":
            for number in numbers(it, ""):
                outer[None, title(it), "TCP", number] = [EVERYWHERE]
    if settings.ingress.controller == "nginx":
        inner |= {(CONTROLLER, RESOLVER, protocol, 53) for protocol in ("TCP", "UDP")}
        inner |= set(routed(settings))
        outer |= controllers(settings)
    return inner, {key: list(collapse_addresses(it)) for key, it in outer.items()}


def called(settings, workload):
    """Connections to other workloads that `uses` names."""
    for use in workload.uses:
        name, _, port = use.partition(":")
        if name in settings.workloads:
            other = settings.workloads[name]
            for number in numbers(other, port):
                yield title(workload), title(other), "TCP", number


def left_for(settings, workload):
    """Ports and networks outside that `uses` names."""
    for use in workload.uses:
        name, _, port = use.partition(":")
        if name == "internet":
            yield int(port), internet(settings)
        elif name not in settings.workloads:
            external = settings.externals[name]
            for number in [int(port)] if port else external.ports:
                yield number, [IPv4Network(cidr) for cidr in external.cidrs]


def routed(settings):
    """Connections of the ingress controller to what has routes."""
    for it in settings.workloads.values():
        for route in it.routes:
            behind = next(one for one in it.served if route.port in (None, one.name))
            yield CONTROLLER, title(it), "TCP", behind.number


def controllers(settings):
    """What the ingress controller has to do with outside."""
    found = {(None, CONTROLLER, "TCP", port): [EVERYWHERE] for port in (80, 443)}
    if settings.target != "aks":
        return found | {(CONTROLLER, None, "TCP", port): [EVERYWHERE] for port in API_SERVER_PORTS}
    private = settings.cluster.api_server.private
    networks = [IPv4Network(settings.network.address_space)] if private else internet(settings)
    return found | {(CONTROLLER, None, "TCP", 443): networks}


def ours(found, settings):
    """Without what the pods of others may do where no policy of ours speaks of them."""
    inner, outer = found
    own = {title(it) for it in settings.workloads.values()}
    if settings.ingress.controller == "nginx":
        own.add(CONTROLLER)
    inner = {it for it in inner if it[0] in own and it[1] in {*own, RESOLVER}}
    return inner, {key: it for key, it in outer.items() if own & {*key[:2]}}


@pytest.mark.parametrize("name", STACKS)
def test_what_is_declared_is_allowed_and_nothing_else_is(name):
    settings = shipped(name)
    inner, outer = ours(allowed(name), settings)
    wanted_inner, wanted_outer = ours(declared(settings), settings)

    assert wanted_inner - inner == set(), "declared, and blocked"
    assert inner - wanted_inner == set(), "open, and declared nowhere"
    assert outer == wanted_outer


def without(kind, name):
    """Takes one object out of an estate."""

    def change(manifests):
        found = [it for it in manifests if it["kind"] == kind and it["metadata"]["name"] == name]
        assert found
        for it in found:
            manifests.remove(it)

    return change


@pytest.mark.parametrize(
    "change",
    [
        without("NetworkPolicy", "default-deny"),
        without("NetworkPolicy", "allow-dns"),
        without("NetworkPolicy", "redis-ingress"),
        without("NetworkPolicy", "authentication-egress"),
    ],
    ids=["an open namespace", "no DNS", "no way in", "no way out"],
)
def test_a_policy_that_is_missing_is_noticed(change):
    settings = shipped("prod")

    assert ours(allowed("prod", change), settings) != ours(declared(settings), settings)
