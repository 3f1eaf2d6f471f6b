"""Declared is open, undeclared is shut, at both ends."""

import re
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from manifests import estate
from manifests.network_policy import API_SERVER_PORTS, NOT_INTERNET
from manifests.resolver import LOCAL_CIDR
from review.analyses.reachability import network as reachability
from review.analyses.reachability.connections import connections
from review.given import Given
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
AGENT = Pod("kube-system", {"rsName": "ama-metrics", "more": "labels"})
MONITORING = {"namespace": "kube-system", "podLabels": {"rsName": "ama-metrics"}}
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
    homes = {name: draw(st.sampled_from(NAMESPACES)) for name in names}
    found = []
    for name in names:
        kind = draw(st.sampled_from(("deployment", "statefulset", "daemonset", "cronjob")))
        uses = []
        for other in names:
            if other != name and draw(st.booleans()):
                wanted = draw(st.sets(st.sampled_from((None, *ports_of(services[other])))))
                spelt = f"{homes[other]}/{other}" if draw(st.booleans()) else other
                uses += [spelt if it is None else f"{spelt}:{it}" for it in wanted]
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
            "namespace": homes[name],
            "uses": uses,
            "ports": {"http": port, "metrics": 9100},
            "containers": {"proxy": {"before": "started", "ports": {"tls": 8443}}},
            "service": {**services[name], "type": type_},
            "routes": routes,
            "metrics": draw(st.sampled_from((None, "metrics", "http"))),
            "release": release if kind == "deployment" else "rolling",
            **replicas,
        }
        found.append(of_kind(kind, **changes))
    return stack(*found, monitoring=MONITORING)


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
        name, _, wanted = text.rpartition("/")[2].partition(":")
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


def read_out(it: Settings) -> set[tuple[str, str, str]]:
    """What the analysis of reachability finds between workloads: caller, called one, ports."""
    found = estate.groups(it, values(it))
    given_ = [Given(part.manifest, "f", None) for group in found for part in group.parts]
    rows = connections(reachability.Network(reachability.objects(given_)))
    named = re.compile(r".*/(?P<name>[a-z-]+)\[")
    return {
        (named.match(row.source)["name"], named.match(row.target)["name"], row.ports)
        for row in rows
        if "[" in row.source and "[" in row.target and row.protocol == "TCP"
    }


@settings(max_examples=40, deadline=None)
@given(estates())
def test_the_analysis_of_any_policies_reads_out_of_ours_what_was_declared(it):
    wanted = set()
    for caller, called in product(it.workloads, it.workloads):
        open_ports = [
            port for port in (8080, 8443, 9090, 9100) if declared(it, caller, called, port)
        ]
        if open_ports and caller != called:
            wanted.add((caller, called, ",".join(map(str, open_ports))))
    assert read_out(it) == wanted


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
def test_monitoring_reaches_exactly_the_ports_of_metrics_and_what_everyone_reaches(it):
    network, pods = planned(it)
    for name, pod in pods.items():
        workload = it.workloads[name]
        told = {workload.all_ports[workload.metrics.port]} if workload.metrics else set()
        public = set() if workload.service.type == "ClusterIP" else behind(workload)
        for port in (8080, 9090, 9100, 8443):
            assert network.open(AGENT, pod, port) == (port in told | public), (name, port)


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


@pytest.mark.parametrize(
    ("address", "port", "expected"),
    [
        ("10.60.8.5", 1433, True),
        ("10.60.8.17", 1433, False),
        ("10.60.8.5", 443, False),
        (PUBLIC, 1433, False),
    ],
)
def test_a_range_is_open_on_its_port_alone_without_an_external(address, port, expected):
    assert leaves(["10.60.8.0/28:1433"], address, port) == expected


def test_monitoring_reaches_the_port_of_the_metrics_of_whoever_has_them_and_no_other():
    subject = web(metrics="metrics", service=None)
    network, pods = planned(stack(subject, web(name="dark"), monitoring=MONITORING))
    assert network.open(AGENT, pods["web"], 9100)
    assert not network.open(AGENT, pods["web"], 8080)
    assert not network.open(AGENT, pods["dark"], 9100)
    assert not network.open(Pod("kube-system", {"other": "pod"}), pods["web"], 9100)
    assert not network.open(Pod("back", AGENT.labels), pods["web"], 9100)


def test_without_monitoring_in_the_stack_nobody_scrapes():
    network, pods = planned(stack(web(metrics="metrics")))
    assert not network.open(AGENT, pods["web"], 9100)


def test_monitoring_without_labels_is_every_pod_of_its_namespace():
    network, pods = planned(stack(web(metrics="metrics"), monitoring={"namespace": "kube-system"}))
    assert network.open(Pod("kube-system", {"any": "pod"}), pods["web"], 9100)


def test_what_pushes_to_monitoring_leaves_on_the_port_it_names():
    network, pods = planned(stack(web(uses=["monitoring:9091"]), monitoring=MONITORING))
    assert network.open(pods["web"], AGENT, 9091)
    assert not network.open(pods["web"], AGENT, 9090)


def test_monitoring_in_a_tenant_of_ours_gets_out_and_in_there_too():
    monitoring = {"namespace": "back", "podLabels": {"app": "prometheus"}}
    agent, other = Pod("back", {"app": "prometheus"}), Pod("back", {"app": "other"})
    pushes = web(name="batch", uses=["monitoring:9091"])
    scraped = web(metrics="metrics", uses=["internet:443"])
    network, pods = planned(stack(scraped, pushes, monitoring=monitoring))
    assert network.open(agent, pods["web"], 9100)
    assert not network.open(agent, pods["web"], 8080)
    assert not network.open(agent, pods["batch"], 9100)
    assert network.open(pods["batch"], agent, 9091)
    assert not network.enters(pods["web"], agent, 9091)
    assert not network.enters(pods["web"], agent, 443)
    assert not network.open(other, pods["web"], 9100)
    assert not network.open(pods["batch"], other, 9091)


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
