"""`uses`, resolved from both ends."""

import pytest

from manifests.connections import graph, routed_ports, scraped_ports, service_ports, targets
from settings.ports import Opened
from tests.manifests.samples import stack, web


def tcp(*numbers):
    return tuple(map(Opened, numbers))


API = {"name": "api", "image": "registry.example/team/web"}
PORTS = {"http": 80, "stats": {"port": 9090, "targetPort": "metrics"}}
WIDE = {**API, "service": {"ports": PORTS}}


def test_a_workload_knows_its_callers_in_catalogue_order():
    callers = [web(name="b", uses=["api"]), web(name="a", uses=["api:80"])]
    found = graph(stack(web(**API), *callers))
    assert [it.workload.name for it in found.callers["api"]] == ["b", "a"]


def test_a_workload_that_nobody_calls_has_no_entry():
    assert graph(stack(web())).callers == {}


def test_a_caller_that_names_a_workload_with_and_without_port_counts_once():
    found = graph(stack(web(**API), web(uses=["api", "api:80"])))
    assert len(found.callers["api"]) == 1


def test_only_workloads_with_a_route_are_called_by_the_ingress_controller():
    routed = web(name="a", routes=[{"host": "public"}])
    assert graph(stack(routed, web(name="b"))).routed == (routed,)


def test_a_workload_is_reached_on_the_container_port_behind_its_service():
    [target] = targets(stack(web(**API), web(uses=["api:80"])), web(uses=["api:80"]))
    assert target.to.name == "api"
    assert target.ports == tcp(8080) == service_ports(web())


@pytest.mark.parametrize(
    ("uses", "ports"),
    [
        (["api"], (8080, 9100)),
        (["api:80"], (8080,)),
        (["api:9090"], (9100,)),
        (["api:9090", "api:80"], (8080, 9100)),
        (["api:9090", "api"], (8080, 9100)),
    ],
)
def test_both_ends_know_the_same_container_ports_of_a_service_with_several(uses, ports):
    settings = stack(web(**WIDE), web(uses=uses))
    [caller] = graph(settings).callers["api"]
    [target] = targets(settings, settings.workloads["web"])
    assert caller.ports == target.ports == tcp(*ports)


def test_a_port_of_a_sidecar_is_reached_like_one_of_the_workloads_own_container():
    proxy = {"image": "registry.example/team/web", "before": "started", "ports": {"tls": 8443}}
    callee = web(
        **{**API, "containers": {"proxy": proxy}, "service": {"port": 443, "targetPort": "tls"}}
    )
    assert service_ports(callee) == tcp(8443)


DNS = {
    **API,
    "ports": {"dns": {"port": 5353, "protocol": "UDP"}, "tcp": 5353, "http": 8080},
    "service": {"ports": {"dns": 53, "http": 80, "tcp": 53}},
}


@pytest.mark.parametrize(
    ("uses", "ports"),
    [
        (["api"], [(5353, "UDP"), (8080, "TCP"), (5353, "TCP")]),
        (["api:53"], [(5353, "UDP"), (5353, "TCP")]),
        (["api:53/UDP"], [(5353, "UDP")]),
        (["shop/api:53/TCP", "api:80"], [(8080, "TCP"), (5353, "TCP")]),
    ],
)
def test_a_workload_is_called_over_its_own_protocols_or_the_one_that_is_said(uses, ports):
    settings = stack(web(**DNS), web(uses=uses))
    [caller] = graph(settings).callers["api"]
    [target] = targets(settings, settings.workloads["web"])
    assert sorted(caller.ports) == sorted(target.ports) == sorted(ports)


@pytest.mark.parametrize(
    ("text", "port"),
    [
        ("internet:3478/UDP", (3478, "UDP")),
        ("10.60.4.0/28:123/UDP", (123, "UDP")),
        ("sql-gateway:1433/SCTP", (1433, "SCTP")),
        ("monitoring:8125/UDP", (8125, "UDP")),
        ("stun.example.com:3478/UDP", (3478, "UDP")),
        ("stun.example.com:3478", (3478, "TCP")),
    ],
)
def test_an_address_is_called_over_tcp_or_what_is_said(text, port):
    [target] = targets(stack(), web(uses=[text]))
    assert target.ports == (port,)


def test_two_ports_of_a_service_with_one_container_port_behind_them_open_it_once():
    ports = {"http": 80, "old": {"port": 81, "targetPort": "http"}}
    assert service_ports(web(service={"ports": ports})) == tcp(8080)


@pytest.mark.parametrize(
    ("routes", "ports"),
    [
        ([{"host": "public"}], (8080,)),
        ([{"host": "public", "port": "stats"}], (9100,)),
        ([{"host": "public"}, {"host": "admin", "port": "stats"}], (8080, 9100)),
    ],
)
def test_the_ingress_controller_needs_the_ports_that_routes_lead_to_and_no_other(routes, ports):
    assert routed_ports(web(**WIDE, routes=routes)) == tcp(*ports)


@pytest.mark.parametrize(
    ("text", "ports"),
    [
        ("sql-gateway", (1433,)),
        ("sql-gateway:1434", (1434,)),
        ("mail", (465, 587)),
        ("mail:25", (25,)),
    ],
)
def test_an_external_has_the_port_that_is_named_or_its_own(text, ports):
    [target] = targets(stack(), web(uses=[text]))
    assert target.ports == tcp(*ports)


@pytest.mark.parametrize(
    ("text", "to", "ports"),
    [
        ("internet:443", "internet", (443,)),
        ("kubernetes", "kubernetes", ()),
        ("monitoring:9091", "monitoring", (9091,)),
        ("10.60.4.0/28:1433", ("10.60.4.0/28",), (1433,)),
        ("*.example.com:443", ("*.example.com",), (443,)),
    ],
)
def test_what_is_no_workload_and_no_external_is_a_target_of_its_own(text, to, ports):
    assert list(targets(stack(), web(uses=[text]))) == [(to, tcp(*ports))]


def test_a_workload_named_with_its_namespace_is_the_same_target():
    settings = stack(web(**API), web(uses=["shop/api:80", "api"]))
    [target] = targets(settings, settings.workloads["web"])
    assert (target.to.name, target.ports) == ("api", tcp(8080))
    assert [it.workload.name for it in graph(settings).callers["api"]] == ["web"]


def test_monitoring_needs_the_port_of_the_metrics_and_no_other():
    assert scraped_ports(web(metrics="metrics")) == tcp(9100)
    assert scraped_ports(web()) == ()


def test_a_name_that_nobody_has_is_an_error():
    with pytest.raises(KeyError, match="nobody"):
        list(targets(stack(), web(uses=["nobody"])))


def test_the_graph_asks_each_workload_once_however_many_call_it():
    asked = []

    class Counted(dict):
        def values(self):
            asked.append("values")
            return super().values()

    settings = stack(*(web(name=f"w{index}", uses=["w0"] if index else []) for index in range(50)))
    counted = settings.model_copy(update={"workloads": Counted(settings.workloads)})
    graph(counted)
    assert len(asked) == 2, "once for the calls, once for the routes"
