"""One master a host, one minion a workload and host."""

import pytest

from manifests import ingress
from tests.manifests.samples import STACK, parts_of, stack, web

MERGEABLE = "nginx.org/mergeable-ingress-type"
ROUTES = [
    {"host": "public", "path": "/web"},
    {"host": "public", "path": "/api", "pathType": "Exact"},
    {"host": "admin"},
]
NONE = {"ingress": {"controller": "none", "hosts": {"public": "shop.example"}}}


def ingress_of(*workloads, **changes):
    return {part.role: part.manifest for part in ingress.parts(stack(*workloads, **changes))}


def routes_of(*given, **changes):
    parts = parts_of(web(routes=list(given)), **changes)
    return {role: part.manifest for role, part in parts.items() if role.startswith("route-")}


def test_each_host_with_a_route_has_one_master_without_paths():
    found = ingress_of(
        web(routes=ROUTES), web(name="api", routes=[{"host": "public", "path": "/x"}])
    )
    masters = {role: it for role, it in found.items() if role.startswith("host-")}
    assert masters.keys() == {"host-public", "host-admin"}
    for manifest in masters.values():
        assert manifest["metadata"]["annotations"] == {MERGEABLE: "master"}
        assert manifest["metadata"]["namespace"] == "nginx-ingress"
        [rule] = manifest["spec"]["rules"]
        assert rule.keys() == {"host"}


def test_a_host_that_nobody_routes_to_has_none():
    assert not any(role.startswith("host-") for role in ingress_of(web()))


def test_tls_is_the_masters_and_a_host_may_have_a_certificate_of_its_own():
    hosts = {
        "public": "shop.example",
        "admin": {"host": "admin.shop.example", "tls": {"secretName": "own"}},
    }
    found = ingress_of(web(routes=ROUTES), ingress={**STACK["ingress"], "hosts": hosts})
    assert found["host-public"]["spec"]["tls"] == [
        {"hosts": ["shop.example"], "secretName": "shop-tls"}
    ]
    assert found["host-admin"]["spec"]["tls"] == [
        {"hosts": ["admin.shop.example"], "secretName": "own"}
    ]
    assert all("tls" not in it["spec"] for it in routes_of(*ROUTES).values())


def test_without_a_certificate_a_host_is_plain():
    found = ingress_of(web(routes=ROUTES), ingress={"hosts": STACK["ingress"]["hosts"]})
    assert "tls" not in found["host-public"]["spec"]


def test_a_workload_adds_its_paths_as_a_minion_for_each_host():
    found = routes_of(*ROUTES)
    assert found.keys() == {"route-public", "route-admin"}
    minion = found["route-public"]
    assert minion["metadata"]["annotations"] == {MERGEABLE: "minion"}
    assert minion["metadata"]["namespace"] == "shop"
    assert minion["spec"]["ingressClassName"] == "nginx"
    [rule] = minion["spec"]["rules"]
    backend = {"service": {"name": "web", "port": {"number": 80}}}
    assert rule == {
        "host": "shop.example",
        "http": {
            "paths": [
                {"path": "/web", "pathType": "Prefix", "backend": backend},
                {"path": "/api", "pathType": "Exact", "backend": backend},
            ]
        },
    }


def test_a_path_leads_to_the_port_of_the_service_that_its_route_names_or_to_http():
    ports = {"admin": {"port": 9090, "targetPort": "metrics"}, "http": 80}
    routes = [
        {"host": "public", "path": "/"},
        {"host": "public", "path": "/admin", "port": "admin"},
    ]
    subject = web(routes=routes, service={"ports": ports})
    [rule] = parts_of(subject)["route-public"].manifest["spec"]["rules"]
    numbers = {
        it["path"]: it["backend"]["service"]["port"]["number"] for it in rule["http"]["paths"]
    }
    assert numbers == {"/": 80, "/admin": 9090}


def test_a_cluster_with_its_own_controller_gets_ordinary_ingress_objects_and_nothing_of_ours():
    assert ingress_of(web(routes=ROUTES[:1]), **NONE) == {}
    [plain] = routes_of(ROUTES[0], **NONE).values()
    assert "annotations" not in plain["metadata"]


def test_the_controllers_namespace_is_as_restricted_as_any():
    namespace = ingress_of()["namespace"]
    assert namespace["metadata"]["labels"]["pod-security.kubernetes.io/enforce"] == "restricted"
    assert namespace["metadata"]["labels"]["pod-security.kubernetes.io/enforce-version"] == "v1.35"


def test_a_route_without_a_service_is_an_error_that_names_the_workload():
    with pytest.raises(ValueError, match="web has a route and no 'service'"):
        parts_of(web(routes=ROUTES, service=None))
