"""Declared is open, undeclared is shut, at both ends."""

import re
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from manifests import estate
from review.analyses.reachability import network as reachability
from review.analyses.reachability.connections import connections
from review.given import Given
from settings.stack import Settings
from tests.manifests.network import AGENT, CONTROLLER, MONITORING, PUBLIC, planned
from tests.manifests.samples import (
    STACKS,
    of_kind,
    shipped,
    stack,
    values,
)

NAMES = ("a", "b", "c", "d", "e")
NAMESPACES = ("shop", "back")


SERVED = {
    "one": {"port": 80, "targetPort": "http"},
    "several": {"ports": {"http": 80, "stats": {"port": 81, "targetPort": "metrics"}}},
    "of a sidecar": {"ports": {"tls": 443, "http": 80}},
    "mixed": {"ports": {"http": 80, "dns": 80, "tls": 443}},
}
PROTOCOLS = ("TCP", "UDP", "SCTP")
Port = tuple[int, str]


@st.composite
def estates(draw: st.DrawFn) -> Settings:
    """Up to five workloads in two namespaces, of random kinds, ports, protocols, services, routes, strategies and
    connections."""
    names = NAMES[: draw(st.integers(min_value=1, max_value=len(NAMES)))]
    services = {name: SERVED[draw(st.sampled_from(sorted(SERVED)))] for name in names}
    homes = {name: draw(st.sampled_from(NAMESPACES)) for name in names}
    spoken = {name: draw(st.sampled_from(("UDP", "SCTP"))) for name in names}
    found = []
    for name in names:
        kind = draw(st.sampled_from(("deployment", "statefulset", "daemonset", "cronjob")))
        uses = []
        for other in names:
            if other != name and draw(st.booleans()):
                known = ports_of(services[other], spoken[other])
                wanted = draw(st.sets(st.sampled_from((None, *known))))
                spelt = f"{homes[other]}/{other}" if draw(st.booleans()) else other
                uses += [spelt if it is None else f"{spelt}:{it}" for it in wanted]
        port = draw(st.sampled_from((8080, 9090)))
        type_ = draw(st.sampled_from(("ClusterIP", "ClusterIP", "NodePort")))
        routes = [
            {"host": "public", "path": f"/{name}/{it}", "port": it}
            for it in draw(st.sets(st.sampled_from(sorted(names_of(services[name])))))
            if it != "dns"
        ]
        replicas = (
            {"replicas": draw(st.integers(1, 3))} if kind in ("deployment", "statefulset") else {}
        )
        release = draw(st.sampled_from(("rolling", "canary", "blueGreen")))
        changes: dict[str, Any] = {
            "name": name,
            "namespace": homes[name],
            "uses": uses,
            "ports": {
                "http": port,
                "metrics": 9100,
                "dns": {"port": draw(st.sampled_from((53, port))), "protocol": spoken[name]},
            },
            "containers": {"proxy": {"before": "started", "ports": {"tls": 8443}}},
            "service": {**services[name], "type": type_},
            "routes": routes,
            "metrics": draw(st.sampled_from((None, "metrics", "http"))),
            "release": release if kind == "deployment" else "rolling",
            **replicas,
        }
        found.append(of_kind(kind, **changes))
    return stack(*found, monitoring=MONITORING)


def ports_of(service: dict[str, Any], spoken: str) -> list[str]:
    """Each port of a Service as `uses` may name it: with its protocol and without."""
    given = service.get("ports") or {"http": service["port"]}
    numbers = {name: it if isinstance(it, int) else it["port"] for name, it in given.items()}
    return [
        text
        for name, number in numbers.items()
        for text in (f"{number}", f"{number}/{spoken if name == 'dns' else 'TCP'}")
    ]


def names_of(service: dict[str, Any]) -> list[str]:
    return [*(service.get("ports") or {"http": 0})]


def listening(workload: Any) -> dict[str, Port]:
    """Every container port with its protocol, by name."""
    dns = workload.ports["dns"]
    return {
        "http": (workload.ports["http"].port, "TCP"),
        "metrics": (9100, "TCP"),
        "tls": (8443, "TCP"),
        "dns": (dns.port, dns.protocol),
    }


def behind(workload: Any, wanted: str = "") -> set[Port]:
    """Container ports behind `80`, `80/UDP` of the Service, or behind all of its ports."""
    ports, service = listening(workload), workload.service
    number, _, protocol = wanted.partition("/")
    if service.port:
        served = {service.target_port: service.port}
    else:
        served = {it.target_port or name: it.port for name, it in service.ports.items()}
    return {
        ports[name]
        for name, port in served.items()
        if number in ("", str(port)) and protocol in ("", ports[name][1])
    }


def declared(given_settings: Settings, caller: str, called: str, port: Port) -> bool:
    workloads = given_settings.workloads
    target = workloads[called]
    if caller == called:
        return (
            target.kind == "statefulset"
            and (target.replicas or 1) > 1
            and port in listening(target).values()
        )
    for text in workloads[caller].uses:
        whom, _, wanted = text.partition(":")
        if whom.rpartition("/")[2] == called and port in behind(target, wanted):
            return True
    return False


@settings(max_examples=60, deadline=None)
@given(estates())
def test_a_connection_between_workloads_is_open_exactly_if_it_is_declared(it):
    network, pods = planned(it)
    for caller, called in product(pods, pods):
        for port in product((80, 81, 8080, 9090, 9100, 8443, 53), PROTOCOLS):
            expected = declared(it, caller, called, port)
            assert network.open(pods[caller], pods[called], *port) == expected, (
                caller,
                called,
                port,
            )


def read_out(it: Settings) -> set[tuple[str, str, str, str]]:
    """What the analysis of reachability finds between workloads: caller, called one, protocol, ports."""
    found = estate.groups(it, values(it))
    given_ = [Given(part.manifest, "f", None) for group in found for part in group.parts]
    rows = connections(reachability.Network(reachability.objects(given_)))
    named = re.compile(r".*/(?P<name>[a-z-]+)\[")
    return {
        (named.match(row.source)["name"], named.match(row.target)["name"], row.protocol, row.ports)
        for row in rows
        if "[" in row.source and "[" in row.target
    }


@settings(max_examples=40, deadline=None)
@given(estates())
def test_the_analysis_of_any_policies_reads_out_of_ours_what_was_declared(it):
    wanted = set()
    for caller, called, protocol in product(it.workloads, it.workloads, PROTOCOLS):
        open_ports = [
            port
            for port in (53, 8080, 8443, 9090, 9100)
            if declared(it, caller, called, (port, protocol))
        ]
        if open_ports and caller != called:
            wanted.add((caller, called, protocol, ",".join(map(str, open_ports))))
    assert read_out(it) == wanted


@settings(max_examples=40, deadline=None)
@given(estates())
def test_both_ends_of_a_declared_connection_are_open_by_themselves(it):
    network, pods = planned(it)
    for caller, called, *port in product(pods, pods, (53, 8080, 9090, 9100, 8443), PROTOCOLS):
        if declared(it, caller, called, tuple(port)):
            assert network.leaves(pods[caller], pods[called], *port)
            assert network.enters(pods[caller], pods[called], *port)


@settings(max_examples=40, deadline=None)
@given(estates())
def test_an_undeclared_connection_is_shut_by_the_caller_whatever_the_called_one_lets_in(it):
    network, pods = planned(it)
    for caller, called, *port in product(pods, pods, (53, 8080, 9090, 9100, 8443), PROTOCOLS):
        if not declared(it, caller, called, tuple(port)):
            assert not network.leaves(pods[caller], pods[called], *port)


@settings(max_examples=40, deadline=None)
@given(estates())
def test_the_ingress_controller_reaches_exactly_the_workloads_with_a_route(it):
    network, pods = planned(it)
    for name, pod in pods.items():
        workload = it.workloads[name]
        numbers = {"http": workload.ports["http"].port, "stats": 9100, "tls": 8443}
        routed = {(numbers[route.port], "TCP") for route in workload.routes}
        for port in product((53, *numbers.values()), PROTOCOLS):
            expected = port in routed
            assert network.open(CONTROLLER, pod, *port) == expected, (name, port)


@settings(max_examples=40, deadline=None)
@given(estates())
def test_monitoring_reaches_exactly_the_ports_of_metrics_and_what_everyone_reaches(it):
    network, pods = planned(it)
    for name, pod in pods.items():
        workload = it.workloads[name]
        told = {listening(workload)[workload.metrics.port]} if workload.metrics else set()
        public = set() if workload.service.type == "ClusterIP" else behind(workload)
        for port in product((53, 8080, 9090, 9100, 8443), PROTOCOLS):
            assert network.open(AGENT, pod, *port) == (port in told | public), (name, port)


@settings(max_examples=40, deadline=None)
@given(estates())
def test_a_workload_takes_requests_from_outside_exactly_if_its_service_leaves_the_cluster(it):
    network, pods = planned(it)
    for name, pod in pods.items():
        workload = it.workloads[name]
        for port in product((53, 8080, 9090, 9100, 8443), PROTOCOLS):
            expected = workload.service.type != "ClusterIP" and port in behind(workload)
            assert network.enters(PUBLIC, pod, *port) == expected, (name, port)


@pytest.mark.parametrize("name", STACKS)
def test_what_the_shipped_workloads_call_they_reach_and_nothing_else(name):
    it = shipped(name)
    network, pods = planned(it)
    for caller, called in product(pods, pods):
        target = it.workloads[called]
        for port in (one.port for one in target.ports.values()):
            wanted = {text.partition(":")[0] for text in it.workloads[caller].uses}
            assert network.open(pods[caller], pods[called], port) == (
                called in wanted and caller != called
            )
