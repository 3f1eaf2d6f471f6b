"""Addresses inside the cluster and on its nodes."""

import pytest

from tests.manifests.samples import of_kind, parts_of, template_of, web
from tests.manifests.schema import faults


def service_of(subject, role="service"):
    return parts_of(subject)[role].manifest


def test_a_service_leads_from_its_port_to_the_named_port_of_the_pods():
    spec = service_of(web())["spec"]
    assert spec["ports"] == [{"name": "http", "port": 80, "targetPort": "http", "protocol": "TCP"}]
    names = {it["name"] for it in template_of(web())["spec"]["containers"][0]["ports"]}
    assert spec["ports"][0]["targetPort"] in names


def test_a_service_selects_the_pods_of_its_workload():
    assert (
        service_of(web())["spec"]["selector"].items()
        <= template_of(web())["metadata"]["labels"].items()
    )


def test_a_node_port_and_session_affinity_are_passed_on():
    subject = web(
        service={
            "type": "NodePort",
            "port": 8080,
            "targetPort": "http",
            "nodePort": 30080,
            "sessionAffinity": "ClientIP",
        }
    )
    spec = service_of(subject)["spec"]
    assert (spec["type"], spec["sessionAffinity"], spec["ports"][0]["nodePort"]) == (
        "NodePort",
        "ClientIP",
        30080,
    )


def test_a_headless_service_has_no_address():
    assert (
        service_of(web(service={"port": 80, "targetPort": "http", "headless": True}))["spec"][
            "clusterIP"
        ]
        == "None"
    )
    assert "clusterIP" not in service_of(web())["spec"]


def test_a_statefulset_always_has_a_headless_service_of_all_its_ports():
    for service in ({"port": 80, "targetPort": "http"}, None):
        spec = service_of(of_kind("statefulset", service=service), "service-headless")["spec"]
        assert spec["clusterIP"] == "None"
        assert spec["publishNotReadyAddresses"] is True
        assert [it["port"] for it in spec["ports"]] == [8080, 9100]


@pytest.mark.parametrize("kind", ["deployment", "daemonset", "job", "cronjob"])
def test_no_other_kind_has_one(kind):
    assert "service-headless" not in parts_of(of_kind(kind))


def test_a_workload_without_service_has_none():
    assert "service" not in parts_of(web(service=None))


@pytest.mark.parametrize(
    ("subject", "waits"), [(web(replicas=0), False), (web(), True), (of_kind("daemonset"), True)]
)
def test_an_up_does_not_wait_for_endpoints_that_cannot_come(subject, waits):
    annotations = service_of(subject)["metadata"].get("annotations", {})
    assert ("pulumi.com/skipAwait" not in annotations) == waits


SEVERAL = {
    "ports": {
        "http": 80,
        "stats": {"port": 9090, "targetPort": "metrics"},
        "tls": 443,
    }
}
PROXY = {"proxy": {"before": "started", "ports": {"tls": 8443}}}


def test_a_service_with_several_ports_leads_each_to_its_container_port_a_sidecars_included():
    subject = web(service=SEVERAL, containers=PROXY)
    ports = [
        (it["name"], it["port"], it["targetPort"]) for it in service_of(subject)["spec"]["ports"]
    ]
    assert ports == [("http", 80, "http"), ("stats", 9090, "metrics"), ("tls", 443, "tls")]


def test_each_of_several_ports_has_its_own_node_port():
    ports = {"http": {"port": 80, "nodePort": 30080}, "metrics": 9100}
    found = service_of(web(service={"type": "NodePort", "ports": ports}))["spec"]["ports"]
    assert [it.get("nodePort") for it in found] == [30080, None]


def test_the_time_a_client_stays_on_its_pod_is_said_only_where_it_was_given():
    given = {"port": 80, "sessionAffinity": "ClientIP"}
    assert "sessionAffinityConfig" not in service_of(web(service=given))["spec"]
    spec = service_of(web(service={**given, "sessionAffinitySeconds": 600}))["spec"]
    assert spec["sessionAffinityConfig"] == {"clientIP": {"timeoutSeconds": 600}}


@pytest.mark.parametrize(
    ("key", "value", "default"),
    [
        ("publishNotReadyAddresses", True, False),
        ("externalTrafficPolicy", "Local", None),
        ("internalTrafficPolicy", "Local", None),
    ],
)
def test_what_is_said_is_passed_on_and_the_default_is_left_to_kubernetes(key, value, default):
    service = {"type": "NodePort", "port": 80}
    assert service_of(web(service={**service, key: value}))["spec"][key] == value
    for silent in (service, {**service, key: default}):
        assert key not in service_of(web(service=silent))["spec"]


def balancer(target="aks", **changes):
    subject = web(service={"type": "LoadBalancer", "port": 80, **changes})
    manifest = parts_of(subject, target=target)["service"].manifest
    return manifest["metadata"].get("annotations", {}), manifest["spec"]


def test_a_load_balancer_is_internal_unless_it_is_opened_to_the_internet():
    annotation = "service.beta.kubernetes.io/azure-load-balancer-internal"
    assert balancer()[0] == {annotation: "true"}
    assert balancer(internal=False)[0] == {}


def test_an_internal_load_balancer_takes_its_address_from_the_named_subnet():
    annotations, _ = balancer(subnet="balancers")
    assert annotations == {
        "service.beta.kubernetes.io/azure-load-balancer-internal": "true",
        "service.beta.kubernetes.io/azure-load-balancer-internal-subnet": "balancers",
    }


def test_on_another_cluster_no_service_has_an_annotation_of_azure():
    assert balancer(target="kubeconfig", subnet="balancers")[0] == {}


def test_a_load_balancer_lets_in_whom_it_is_told_to_and_all_where_it_is_told_nothing():
    sources = ["203.0.113.0/24", "198.51.100.7/32"]
    assert balancer(allowedSources=sources)[1]["loadBalancerSourceRanges"] == sources
    assert "loadBalancerSourceRanges" not in balancer()[1]


def test_no_port_tells_its_protocol_to_a_load_balancer_which_would_then_probe_a_path():
    assert all("appProtocol" not in it for it in balancer()[1]["ports"])


IMAGES = {"web": {"tag": "1.4.3", "tracks": {"candidate": "1.5.0", "green": "1.5.0"}}}


def test_a_service_of_two_versions_selects_the_pods_of_both_or_of_the_one_that_is_active():
    for release, expected in (
        ({"strategy": "canary", "step": 1}, {"app.kubernetes.io/name": "web"}),
        (
            {"strategy": "blueGreen", "active": "green"},
            {"app.kubernetes.io/name": "web", "app.kubernetes.io/instance": "shop-web-green"},
        ),
    ):
        subject = web(replicas=4, release=release)
        spec = parts_of(subject, images=IMAGES)["service"].manifest["spec"]
        assert spec["selector"] == expected


def test_the_headless_service_of_a_statefulset_names_the_ports_of_its_sidecars_too():
    subject = of_kind("statefulset", containers=PROXY)
    spec = service_of(subject, "service-headless")["spec"]
    assert [it["port"] for it in spec["ports"]] == [8080, 9100, 8443]


@pytest.mark.parametrize(
    "service",
    [
        SEVERAL,
        {"type": "LoadBalancer", "port": 80, "allowedSources": ["10.0.0.0/8"], "subnet": "x"},
        {"type": "NodePort", "port": 80, "externalTrafficPolicy": "Local", "nodePort": 30080},
        {"port": 80, "sessionAffinity": "ClientIP", "sessionAffinitySeconds": 86400},
        {"port": 8080, "headless": True, "publishNotReadyAddresses": True},
    ],
)
def test_every_form_of_a_service_is_what_kubernetes_schema_allows(service):
    assert faults(service_of(web(service=service, containers=PROXY))) == []


MIXED = {
    "ports": {"http": 8080, "dns": {"port": 53, "protocol": "UDP"}, "dns-tcp": 53},
    "service": {"type": "LoadBalancer", "ports": {"http": 80, "dns": 53, "dns-tcp": 53}},
}


def test_a_port_of_a_service_has_the_protocol_of_the_container_port_behind_it():
    manifest = service_of(web(**MIXED))
    assert [(it["name"], it["port"], it["protocol"]) for it in manifest["spec"]["ports"]] == [
        ("dns", 53, "UDP"),
        ("dns-tcp", 53, "TCP"),
        ("http", 80, "TCP"),
    ]
    assert faults(manifest) == []


def test_the_service_of_replicas_by_name_has_every_protocol():
    subject = of_kind("statefulset", **{**MIXED, "service": {"port": 53, "targetPort": "dns"}})
    spec = service_of(subject, "service-headless")["spec"]
    assert {(it["name"], it["protocol"]) for it in spec["ports"]} == {
        ("dns", "UDP"),
        ("dns-tcp", "TCP"),
        ("http", "TCP"),
    }
