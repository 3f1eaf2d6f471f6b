"""Declared is open, undeclared is shut, at both ends."""

from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from manifests import estate
from manifests.isolation import LOCAL_DNS_CIDR
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


@st.composite
def estates(draw: st.DrawFn) -> Settings:
    """Up to five workloads in two namespaces, of random kinds, ports, services, routes and connections."""
    names = NAMES[: draw(st.integers(min_value=1, max_value=len(NAMES)))]
    found = []
    for name in names:
        kind = draw(st.sampled_from(("deployment", "statefulset", "daemonset", "cronjob")))
        others = [it for it in names if it != name]
        uses = draw(st.lists(st.sampled_from(others), unique=True)) if others else []
        port = draw(st.sampled_from((8080, 9090)))
        service: dict[str, Any] = {
            "port": 80,
            "targetPort": "http",
            "type": draw(st.sampled_from(("ClusterIP", "ClusterIP", "NodePort"))),
        }
        routes = [{"host": "public", "path": f"/{name}"}] if draw(st.booleans()) else []
        replicas = (
            {"replicas": draw(st.integers(1, 3))} if kind in ("deployment", "statefulset") else {}
        )
        changes: dict[str, Any] = {
            "name": name,
            "namespace": draw(st.sampled_from(NAMESPACES)),
            "uses": uses,
            "ports": {"http": port, "metrics": 9100},
            "service": service,
            "routes": routes,
            **replicas,
        }
        found.append(of_kind(kind, **changes))
    return stack(*found)


def declared(given_settings: Settings, caller: str, called: str, port: int) -> bool:
    workloads = given_settings.workloads
    target = workloads[called]
    if caller == called:
        return (
            target.kind == "statefulset"
            and (target.replicas or 1) > 1
            and port in target.ports.values()
        )
    return called in workloads[caller].uses and port == target.ports["http"]


@settings(max_examples=60, deadline=None)
@given(estates())
def test_a_connection_between_workloads_is_open_exactly_if_it_is_declared(it):
    network, pods = planned(it)
    for caller, called in product(pods, pods):
        for port in (80, 8080, 9090, 9100, 53):
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
    for caller, called in product(pods, pods):
        port = it.workloads[called].ports["http"]
        if declared(it, caller, called, port):
            assert network.leaves(pods[caller], pods[called], port)
            assert network.enters(pods[caller], pods[called], port)


@settings(max_examples=40, deadline=None)
@given(estates())
def test_an_undeclared_connection_is_shut_by_the_caller_whatever_the_called_one_lets_in(it):
    network, pods = planned(it)
    for caller, called in product(pods, pods):
        port = it.workloads[called].ports["http"]
        if not declared(it, caller, called, port):
            assert not network.leaves(pods[caller], pods[called], port)


@settings(max_examples=40, deadline=None)
@given(estates())
def test_the_ingress_controller_reaches_exactly_the_workloads_with_a_route(it):
    network, pods = planned(it)
    for name, pod in pods.items():
        workload = it.workloads[name]
        for port in (workload.ports["http"], 9100):
            expected = bool(workload.routes) and port == workload.ports["http"]
            assert network.open(CONTROLLER, pod, port) == expected, (name, port)


@settings(max_examples=40, deadline=None)
@given(estates())
def test_a_workload_takes_requests_from_outside_exactly_if_its_service_leaves_the_cluster(it):
    network, pods = planned(it)
    for name, pod in pods.items():
        service = it.workloads[name].service
        assert network.enters(PUBLIC, pod, it.workloads[name].ports["http"]) == (
            service.type != "ClusterIP"
        )
        assert not network.enters(PUBLIC, pod, 9100)


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
    for named in (*NOT_INTERNET, LOCAL_DNS_CIDR, ", ".join(map(str, API_SERVER_PORTS))):
        assert named in text, named
