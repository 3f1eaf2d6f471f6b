"""Declared is open, undeclared is shut, at both ends."""

from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from manifests import estate
from manifests.resolver import LOCAL_CIDR
from manifests.network_policy import API_SERVER_PORTS, NOT_INTERNET
from settings.stack import Settings
from tests.manifests.reachability import Network, Pod
from tests.manifests.samples import (
    QUOTA,
    ROOT,
    STACKS,
    groups,
    of_kind,
    parts_of,
    shipped,
    stack,
    values,
    web,
)

NAMES = ("a", "b", "c", "d", "e")
NAMESPACES = ("shop", "back")
CONTROLLER = Pod(
    "nginx-ingress",
    {
        "app.kubernetes.io/name": "nginx-ingress",
        "app.kubernetes.io/instance": "nginx-ingress",
        "more": "labels",
    },
)
PUBLIC = "203.0.113.7"
PRIVATE = (
    "10.60.9.9",
    "172.16.0.9",
    "192.168.0.9",
    "100.64.0.9",
    "169.254.169.254",
    "168.63.129.16",
)
CLUSTER = {"pod": "10.200.1.1", "service": "10.210.0.1", "node": "10.40.0.4"}


def planned(given_settings: Settings) -> tuple[Network, dict[str, Pod]]:
    """Policies of an estate, and its pods as their controllers label them."""
    found = list(estate.groups(given_settings, values(given_settings)))
    manifests = [part.manifest for group in found for part in group.parts]
    pods = {}
    for manifest in manifests:
        spec = manifest.get("spec", {})
        template = spec.get("template") or spec.get("jobTemplate", {}).get("spec", {}).get(
            "template"
        )
        if template:
            metadata = manifest["metadata"]
            pods[metadata["name"]] = Pod(metadata["namespace"], template["metadata"]["labels"])
    return Network(manifests), pods


SERVED = {
    "one": {"port": 80, "targetPort": "http"},
    "several": {"ports": {"http": 80, "stats": {"port": 81, "targetPort": "metrics"}}},
    "of a sidecar": {"ports": {"tls": 443, "http": 80}},
}


@st.composite
def estates(draw: st.DrawFn) -> Settings:
    """Up to five workloads in two namespaces, of random kinds, ports, services, routes, strategies and connections."""
    names = NAMES[: draw(st.integers(min_value=1, max_value=len(NAMES)))]
    services = {name: SERVED[draw(st.sampled_from(sorted(SERVED)))] for name in names}
    found = []
    for name in names:
        kind = draw(st.sampled_from(("deployment", "statefulset", "daemonset", "cronjob")))
        uses = []
        for other in names:
            if other != name and draw(st.booleans()):
                wanted = draw(st.sets(st.sampled_from((None, *ports_of(services[other])))))
                uses += [other if it is None else f"{other}:{it}" for it in wanted]
        port = draw(st.sampled_from((8080, 9090)))
        type_ = draw(st.sampled_from(("ClusterIP", "ClusterIP", "NodePort")))
        routes = [
            {"host": "public", "path": f"/{name}/{it}", "port": it}
            for it in draw(st.sets(st.sampled_from(sorted(names_of(services[name])))))
        ]
        replicas = (
            {"replicas": draw(st.integers(1, 3))} if kind in ("deployment", "statefulset") else {}
        )
        release = draw(st.sampled_from(("rolling", "canary", "blueGreen")))
        changes: dict[str, Any] = {
            "name": name,
            "namespace": draw(st.sampled_from(NAMESPACES)),
            "uses": uses,
            "ports": {"http": port, "metrics": 9100},
            "containers": {"proxy": {"before": "started", "ports": {"tls": 8443}}},
            "service": {**services[name], "type": type_},
            "routes": routes,
            "release": release if kind == "deployment" else "rolling",
            **replicas,
        }
        found.append(of_kind(kind, **changes))
    return stack(*found)


def ports_of(service: dict[str, Any]) -> list[int]:
    return [
        it if isinstance(it, int) else it["port"]
        for it in (service.get("ports") or {"http": service["port"]}).values()
    ]


def names_of(service: dict[str, Any]) -> list[str]:
    return [*(service.get("ports") or {"http": 0})]


def behind(workload: Any, port: int | None = None) -> set[int]:
    """Container ports behind one port of the Service, or behind all of them."""
    ports = {"http": workload.ports["http"], "metrics": 9100, "tls": 8443}
    service = workload.service
    if service.port:
        return {ports[service.target_port]}
    return {
        ports[it.target_port or name]
        for name, it in service.ports.items()
        if port in (None, it.port)
    }


def declared(given_settings: Settings, caller: str, called: str, port: int) -> bool:
    workloads = given_settings.workloads
    target = workloads[called]
    if caller == called:
        return (
            target.kind == "statefulset"
            and (target.replicas or 1) > 1
            and port in (*target.ports.values(), 8443)
        )
    for text in workloads[caller].uses:
        name, _, wanted = text.partition(":")
        if name == called and port in behind(target, int(wanted) if wanted else None):
            return True
    return False


@settings(max_examples=60, deadline=None)
@given(estates())
def test_a_connection_between_workloads_is_open_exactly_if_it_is_declared(it):
    network, pods = planned(it)
    for caller, called in product(pods, pods):
        for port in (80, 81, 8080, 9090, 9100, 8443, 53):
            expected = declared(it, caller, called, port)
            assert network.open(pods[caller], pods[called], port) == expected, (
                caller,
                called,
                port,
            )


@settings(max_examples=40, deadline=None)
@given(estates())
def test_both_ends_of_a_declared_connection_are_open_by_themselves(it):
    network, pods = planned(it)
    for caller, called, port in product(pods, pods, (8080, 9090, 9100, 8443)):
        if declared(it, caller, called, port):
            assert network.leaves(pods[caller], pods[called], port)
            assert network.enters(pods[caller], pods[called], port)


@settings(max_examples=40, deadline=None)
@given(estates())
def test_an_undeclared_connection_is_shut_by_the_caller_whatever_the_called_one_lets_in(it):
    network, pods = planned(it)
    for caller, called, port in product(pods, pods, (8080, 9090, 9100, 8443)):
        if not declared(it, caller, called, port):
            assert not network.leaves(pods[caller], pods[called], port)


@settings(max_examples=40, deadline=None)
@given(estates())
def test_the_ingress_controller_reaches_exactly_the_workloads_with_a_route(it):
    network, pods = planned(it)
    for name, pod in pods.items():
        workload = it.workloads[name]
        numbers = {"http": workload.ports["http"], "stats": 9100, "tls": 8443}
        routed = {numbers[route.port] for route in workload.routes}
        for port in numbers.values():
            expected = port in routed
            assert network.open(CONTROLLER, pod, port) == expected, (name, port)


@settings(max_examples=40, deadline=None)
@given(estates())
def test_a_workload_takes_requests_from_outside_exactly_if_its_service_leaves_the_cluster(it):
    network, pods = planned(it)
    for name, pod in pods.items():
        workload = it.workloads[name]
        for port in (8080, 9090, 9100, 8443):
            expected = workload.service.type != "ClusterIP" and port in behind(workload)
            assert network.enters(PUBLIC, pod, port) == expected, (name, port)


@pytest.mark.parametrize("name", STACKS)
def test_what_the_shipped_workloads_call_they_reach_and_nothing_else(name):
    it = shipped(name)
    network, pods = planned(it)
    for caller, called in product(pods, pods):
        target = it.workloads[called]
        for port in target.ports.values():
            wanted = {text.partition(":")[0] for text in it.workloads[caller].uses}
            assert network.open(pods[caller], pods[called], port) == (
                called in wanted and caller != called
            )


def leaves(uses: list[str], address: str, port: int, **changes: Any) -> bool:
    network, pods = planned(stack(web(uses=uses), **changes))
    return network.leaves(pods["web"], address, port)


def test_the_internet_is_open_on_the_declared_port_only():
    assert leaves(["internet:443"], PUBLIC, 443)
    assert not leaves(["internet:443"], PUBLIC, 80)
    assert not leaves([], PUBLIC, 443)


@pytest.mark.parametrize("address", [*PRIVATE, *CLUSTER.values()])
def test_the_internet_is_no_private_address_and_not_azures_own_services(address):
    assert not leaves(["internet:443"], address, 443)


def test_the_internet_is_not_the_cluster_even_where_it_uses_public_ranges():
    network = {
        "addressSpace": "10.40.0.0/16",
        "subnets": {"nodes": "10.40.0.0/22"},
        "podCidr": "198.18.0.0/16",
        "serviceCidr": "198.51.0.0/16",
        "dnsServiceIp": "198.51.0.10",
    }
    assert not leaves(["internet:443"], "198.18.1.1", 443, network=network)
    assert not leaves(["internet:443"], "198.51.0.10", 443, network=network)
    assert leaves(["internet:443"], PUBLIC, 443, network=network)


@pytest.mark.parametrize(
    ("uses", "address", "port", "expected"),
    [
        ("sql-gateway", "10.60.4.5", 1433, True),
        ("sql-gateway", "10.60.5.5", 1433, True),
        ("sql-gateway", "10.60.6.5", 1433, False),
        ("sql-gateway", "10.60.4.5", 1434, False),
        ("sql-gateway:1434", "10.60.4.5", 1434, True),
        ("sql-gateway:1434", "10.60.4.5", 1433, False),
        ("mail", "198.51.100.7", 587, True),
        ("mail", "198.51.100.8", 587, False),
    ],
)
def test_an_external_is_its_addresses_and_the_port_named_or_its_own(uses, address, port, expected):
    assert leaves([uses], address, port) == expected


def test_a_public_api_server_is_reached_like_the_internet():
    assert leaves(["kubernetes"], PUBLIC, 443)
    assert not leaves(["kubernetes"], PUBLIC, 6443)
    assert not leaves(["kubernetes"], "10.60.4.5", 443)


def test_a_private_api_server_is_reached_in_the_virtual_network_alone():
    cluster = {
        "kubernetesVersion": "1.35",
        "name": "aks",
        "dnsPrefix": "aks",
        "apiServer": {"private": True},
    }
    assert leaves(["kubernetes"], CLUSTER["node"], 443, cluster=cluster)
    assert not leaves(["kubernetes"], PUBLIC, 443, cluster=cluster)
    assert not leaves(["kubernetes"], CLUSTER["node"], 22, cluster=cluster)


@pytest.mark.parametrize("port", [443, 6443, 8443])
def test_on_another_cluster_the_api_server_may_share_a_nodes_address_so_the_port_alone_bounds_it(
    port,
):
    rule = parts_of(web(uses=["kubernetes"]), target="kubeconfig")["network-egress"].manifest[
        "spec"
    ]["egress"][0]
    assert "to" not in rule
    assert port in {it["port"] for it in rule["ports"]}
    assert leaves(["kubernetes"], CLUSTER["node"], port, target="kubeconfig")
    assert not leaves(["kubernetes"], CLUSTER["node"], 22, target="kubeconfig")


def test_a_named_port_of_the_api_server_replaces_the_usual_ones():
    assert leaves(["kubernetes:16443"], PUBLIC, 16443, target="kubeconfig")
    assert not leaves(["kubernetes:16443"], PUBLIC, 443, target="kubeconfig")


def test_a_request_that_a_node_hands_on_is_taken_though_cilium_matches_no_node_by_address():
    service = {"port": 80, "targetPort": "http", "type": "NodePort"}
    [rule] = parts_of(web(service=service))["network-ingress"].manifest["spec"]["ingress"]
    assert "from" not in rule


def test_callers_of_the_same_ports_share_a_rule_and_those_of_fewer_have_one_of_their_own():
    ports = {"http": 80, "stats": {"port": 81, "targetPort": "metrics"}}
    api = web(name="api", service={"ports": ports}, routes=[{"host": "public"}])
    callers = [
        web(name="a", uses=["api"]),
        web(name="b", uses=["api:81"]),
        web(name="c", uses=["api"]),
    ]
    rules = parts_of(api, *callers)["network-ingress"].manifest["spec"]["ingress"]
    told = [
        (
            [it["podSelector"]["matchLabels"]["app.kubernetes.io/name"] for it in rule["from"]],
            [it["port"] for it in rule["ports"]],
        )
        for rule in rules
    ]
    assert told == [(["a", "c"], [8080, 9100]), (["b"], [9100]), (["nginx-ingress"], [8080])]


def test_a_second_version_may_do_what_the_first_may_and_no_policy_changes_with_a_step():
    def policies(step: int) -> list[dict[str, Any]]:
        subject = web(uses=["api"], replicas=4, release={"strategy": "canary", "step": step})
        images = {"web": {"tag": "1.4.3", "tracks": {"candidate": "1.5.0"}}}
        found = parts_of(subject, web(name="api"), images=images).values()
        return [it.manifest for it in found if it.manifest["kind"] == "NetworkPolicy"]

    [egress] = policies(0)
    assert egress["spec"]["podSelector"] == {"matchLabels": {"app.kubernetes.io/name": "web"}}
    assert policies(1) == policies(4) == [egress]


def test_a_workload_with_nothing_declared_has_no_policy_of_its_own():
    assert not {"network-egress", "network-ingress"} & parts_of(web()).keys()


def test_every_port_of_a_policy_is_a_number_with_its_protocol():
    for group in (it for name in STACKS for it in groups(name)):
        for part in group.parts:
            if part.manifest["kind"] == "NetworkPolicy":
                spec = part.manifest["spec"]
                for rule in (*spec.get("ingress", []), *spec.get("egress", [])):
                    assert all(
                        isinstance(it["port"], int) and it["protocol"] for it in rule["ports"]
                    )


def test_where_the_cluster_has_its_own_controller_its_whole_namespace_may_call():
    subject = web(routes=[{"host": "public"}])
    ingress = {
        "controller": "none",
        "namespace": "ingress-nginx",
        "hosts": {"public": "shop.example"},
    }
    network, pods = planned(stack(subject, ingress=ingress))
    network.namespaces["ingress-nginx"] = {"kubernetes.io/metadata.name": "ingress-nginx"}
    assert network.enters(Pod("ingress-nginx", {"any": "pod"}), pods["web"], 8080)
    assert not network.enters(Pod("shop", {"any": "pod"}), pods["web"], 8080)


def test_a_called_workload_in_another_namespace_is_found_by_namespace_and_labels_in_one_peer():
    subject = web(uses=["api"])
    api = web(name="api", namespace="back")
    [rule] = parts_of(subject, api)["network-egress"].manifest["spec"]["egress"]
    [peer] = rule["to"]
    assert peer.keys() == {"namespaceSelector", "podSelector"}


def test_a_workload_of_the_same_name_elsewhere_is_not_taken_for_the_caller():
    network, pods = planned(
        stack(web(name="api"), web(uses=["api"]), namespaces={"shop": {"quota": QUOTA}})
    )
    twin = Pod("shop", {**pods["web"].labels, "app.kubernetes.io/instance": "back-web"})
    assert not network.enters(twin, pods["api"], 8080)


def test_the_documented_ranges_and_ports_are_those_of_the_code():
    text = (ROOT / "docs/network.md").read_text(encoding="utf-8")
    for named in (*NOT_INTERNET, LOCAL_CIDR, ", ".join(map(str, API_SERVER_PORTS))):
        assert named in text, named
