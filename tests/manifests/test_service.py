"""Addresses inside the cluster and on its nodes."""

import pytest

from tests.manifests.samples import of_kind, parts_of, template_of, web


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
