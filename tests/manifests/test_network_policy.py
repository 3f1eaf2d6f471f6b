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
