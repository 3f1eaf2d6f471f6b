"""Load balancers that take requests from everywhere are told in every review."""

import pytest

from manifests.service import INTERNAL
from review.analyses.exposure import exposure_findings
from review.plan import Plan, Resource
from tests.manifests.samples import parts_of, web

AZURE = {"clusterName": "aks-course-dev"}


def told(service, target="aks"):
    subject = web(service={"type": "LoadBalancer", "port": 80, **service})
    rows = [
        Resource(urn=role, type="kubernetes:any:Any", name=role, inputs=part.manifest)
        for role, part in parts_of(subject, target=target).items()
    ]
    outputs = AZURE if target == "aks" else {}
    return list(
        exposure_findings(Plan(project="p", stack="s", resources=tuple(rows), outputs=outputs))
    )


def test_a_public_address_without_sources_is_told_with_its_port_and_the_ways_to_close_it():
    [found] = told({"internal": False})
    assert (found.rule, found.severity, found.resource) == (
        "load-balancer-open",
        "advisory",
        "Service shop/web",
    )
    assert found.message == (
        "takes requests from the whole Internet on 80; add 'service.allowedSources', or remove 'internal: false'"
    )


@pytest.mark.parametrize(
    "service",
    [
        {},
        {"internal": True},
        {"internal": False, "allowedSources": ["203.0.113.0/24"]},
        {"type": "NodePort"},
        {"type": "ClusterIP"},
    ],
)
def test_what_is_closed_or_no_load_balancer_is_not_told(service):
    assert told(service) == []


def test_on_another_cluster_an_address_that_nobody_here_knows_is_told_as_unknown():
    [found] = told({}, target="kubeconfig")
    assert "wherever this cluster's load balancers reach" in found.message
    assert told({"allowedSources": ["10.0.0.0/8"]}, target="kubeconfig") == []


def test_an_internal_annotation_that_says_no_is_a_public_address():
    metadata = {"name": "it", "namespace": "shop", "annotations": {INTERNAL: "false"}}
    manifest = {"kind": "Service", "metadata": metadata, "spec": {"type": "LoadBalancer"}}
    row = Resource(urn="u", type="kubernetes:core/v1:Service", name="it", inputs=manifest)
    [found] = exposure_findings(Plan(project="p", stack="s", resources=(row,), outputs=AZURE))
    assert found.severity == "advisory"
