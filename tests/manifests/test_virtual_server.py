"""With `ingress.routing: VirtualServer` a path is an object of its own, and the controller can share out requests."""

import pytest

from manifests import ingress
from tests.manifests.samples import STACK, parts_of, stack, web

SERVERS = {"ingress": {**STACK["ingress"], "routing": "VirtualServer"}}
ROUTES = [
    {"host": "public", "path": "/web"},
    {"host": "public", "path": "/api", "pathType": "Exact"},
    {"host": "admin"},
]
TWO = {"web": {"tag": "1.4.3", "tracks": {"candidate": "1.5.0"}}}


def hosts_of(*workloads):
    return {part.role: part.manifest for part in ingress.parts(stack(*workloads, **SERVERS))}


def objects_of(step=0, **release):
    """The objects of a workload with two paths that is `step` steps into its release."""
    release = {"strategy": "canary", "by": "requests", "step": step, **release}
    given = web(routes=ROUTES[:2], release=release, replicas=4)
    parts = parts_of(given, **SERVERS, images=TWO)
    return {role: part.manifest for role, part in parts.items()}


def subroute(manifest):
    [only] = manifest["spec"]["subroutes"]
    return only


def test_a_host_hands_each_path_on_to_the_workload_that_has_it():
    api = web(name="api", routes=[{"host": "public", "path": "/x"}])
    found = hosts_of(web(routes=ROUTES), api)

    assert found["host-public"]["kind"] == "VirtualServer"
    assert found["host-public"]["metadata"]["namespace"] == "nginx-ingress"
    assert found["host-public"]["spec"]["routes"] == [
        {"path": "/web", "route": "shop/web.public"},
        {"path": "=/api", "route": "shop/web.public-2"},
        {"path": "/x", "route": "shop/api.public"},
    ]
    assert found["host-admin"]["spec"]["routes"] == [{"path": "/", "route": "shop/web.admin"}]


def test_every_path_that_a_host_hands_on_has_its_object_with_the_same_path():
    handed = {
        (it["route"], it["path"])
        for manifest in hosts_of(web(routes=ROUTES)).values()
        if manifest["kind"] == "VirtualServer"
        for it in manifest["spec"]["routes"]
    }
    made = {
        (f"shop/{part.manifest['metadata']['name']}", subroute(part.manifest)["path"])
        for part in parts_of(web(routes=ROUTES), **SERVERS).values()
        if part.manifest["kind"] == "VirtualServerRoute"
    }

    assert handed == made
    assert len(made) == 3


def test_tls_is_the_hosts_and_plain_requests_are_sent_to_it():
    assert hosts_of(web(routes=ROUTES))["host-public"]["spec"]["tls"] == {
        "secret": "shop-tls",
        "redirect": {"enable": True},
    }


def test_no_ingress_stands_beside_them():
    kinds = {it["kind"] for it in hosts_of(web(routes=ROUTES)).values()}
    kinds |= {it.manifest["kind"] for it in parts_of(web(routes=ROUTES), **SERVERS).values()}

    assert "Ingress" not in kinds


@pytest.mark.parametrize("step", [0, 4])
def test_before_the_first_step_and_after_the_last_all_requests_go_to_the_one_service(step):
    found = objects_of(step)

    assert subroute(found["route-public"])["action"] == {"pass": "stable"}
    assert "service-candidate" not in found


def test_the_service_leads_to_the_stable_pods_until_the_last_step_and_then_to_the_candidates():
    label = "app.kubernetes.io/instance"
    led = [objects_of(step)["service"]["spec"]["selector"][label] for step in range(5)]

    assert led == ["shop-web"] * 4 + ["shop-web-candidate"]


@pytest.mark.parametrize(("step", "share"), [(1, 5), (2, 25), (3, 50)])
def test_on_the_way_each_request_is_weighed(step, share):
    found = objects_of(step)

    for role in ("route-public", "route-public-2"):
        assert subroute(found[role])["splits"] == [
            {"weight": 100 - share, "action": {"pass": "stable"}},
            {"weight": share, "action": {"pass": "candidate"}},
        ]
        assert found[role]["spec"]["upstreams"] == [
            {"name": "stable", "service": "web", "port": 80},
            {"name": "candidate", "service": "web-candidate", "port": 80},
        ]
    candidate = found["deployment-candidate"]["spec"]["selector"]["matchLabels"]
    assert found["service-candidate"]["spec"]["selector"] == candidate


@pytest.mark.parametrize("key", ["header", "cookie"])
def test_requests_that_match_go_to_the_candidate_whatever_its_share(key):
    found = subroute(objects_of(1, match={key: "x-candidate", "value": "yes"})["route-public"])

    assert found["matches"] == [
        {"conditions": [{key: "x-candidate", "value": "yes"}], "action": {"pass": "candidate"}}
    ]
    assert [it["weight"] for it in found["splits"]] == [95, 5]


def test_the_candidates_service_is_there_before_the_route_that_names_it():
    given = web(routes=ROUTES, release={"strategy": "canary", "by": "requests", "step": 1})
    parts = parts_of(given, **SERVERS, images=TWO)

    assert "service-candidate" in parts["route-public"].after
    assert [*parts].index("service-candidate") < [*parts].index("route-public")


def test_the_chart_brings_its_kinds_and_reads_them():
    assert ingress.chart_values(stack(**SERVERS))["controller"]["enableCustomResources"] is True
    assert ingress.chart_values(stack())["controller"]["enableCustomResources"] is False
