"""Pods of charts, as far as a stack says them."""

import pytest

from manifests.labels import ingress_controller
from review.analyses.reachability.connections import connections
from review.analyses.reachability.network import Network, objects
from review.chart_pods import chart_pods, told_releases
from review.given import Given
from tests.manifests.samples import groups, shipped, stack

EXPORTER = {
    "namespace": "shop",
    "chart": "oci://registry.example/charts/redis-exporter",
    "version": "6.1.0",
}
PODS = [
    {"labels": {"app": "exporter"}, "ports": {"metrics": 9121}},
    {"labels": {"app": "agent"}, "ports": {"statsd": {"port": 8125, "protocol": "UDP"}}},
]
NO_CONTROLLER = {"controller": "none", "hosts": {}}


def made(settings):
    return list(chart_pods(settings))


def given(manifests):
    return [Given(it, "f", None) for it in manifests]


def test_the_ingress_controller_is_an_end_with_the_labels_that_policies_select():
    [pod] = made(stack())
    assert pod["metadata"]["labels"] == ingress_controller()
    assert pod["metadata"]["namespace"] == "nginx-ingress"
    [container] = pod["spec"]["containers"]
    assert [it["containerPort"] for it in container["ports"]] == [80, 443]


def test_a_controller_that_somebody_else_installs_is_not_known():
    assert made(stack(ingress=NO_CONTROLLER)) == []
    assert told_releases(stack(ingress=NO_CONTROLLER)) == 0


def test_the_pods_of_a_chart_are_one_end_under_the_name_of_its_release():
    charts = {"exporter": {**EXPORTER, "name": "metrics", "pods": PODS}}
    found = objects(given(made(stack(ingress=NO_CONTROLLER, charts=charts))))
    assert found.faults == []
    [end] = found.workloads
    assert str(end.key) == "shop/metrics[Chart]"
    assert [dict(it.labels) for it in end.pods] == [{"app": "exporter"}, {"app": "agent"}]
    assert [it.named for it in end.pods] == [
        (("metrics", "TCP", 9121),),
        (("statsd", "UDP", 8125),),
    ]


@pytest.mark.parametrize(("pods", "count"), [([], 1), (PODS, 2)])
def test_a_release_that_says_no_pods_is_not_told(pods, count):
    settings = stack(charts={"exporter": {**EXPORTER, "pods": pods}})
    assert told_releases(settings) == count
    assert len(made(settings)) == 1 + len(pods)


@pytest.mark.parametrize("name", ["dev", "prod"])
def test_the_controller_reaches_every_routed_workload_and_the_api_server_and_nobody_else(name):
    settings = shipped(name)
    planned = [part.manifest for group in groups(name) for part in group.parts]
    network = Network(objects(given([*planned, *made(settings)])))
    controller = "nginx-ingress/nginx-ingress[Chart]"
    rows = [it for it in connections(network) if it.source == controller]
    inner = {it.target.partition("/")[2].partition("[")[0] for it in rows if "[" in it.target}
    assert inner == {it.name for it in settings.workloads.values() if it.routes}
    assert {(it.protocol, it.ports) for it in rows if "[" not in it.target} == {("TCP", "443")}
