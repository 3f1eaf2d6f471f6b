"""Charts in a review: which there are, what is not counted of them, and values that look like secrets."""

import pytest

from manifests.ingress import chart_values
from manifests.third_party import NGINX_INGRESS
from review.analyses.capacity import capacity, capacity_findings
from review.analyses.charts import chart_findings
from review.analyses.pods import pods_of
from review.plan import Plan, Resource
from review.renderers.preview import preview
from tests.manifests.samples import shipped

EXPORTER = {
    "name": "exporter",
    "namespace": "shop",
    "chart": f"oci://registry.example/charts/redis-exporter@sha256:{'0' * 64}",
    "version": "6.1.0",
}


def plan(*releases):
    rows = [Resource(urn="stack", type="pulumi:pulumi:Stack", name="stack")]
    for it in releases:
        name = f"{it['namespace']}-{it['name']}"
        kind = "aks-platform:kubernetes:Chart"
        rows.append(Resource(urn=name, type=kind, name=name, parent="stack"))
        kind = "kubernetes:helm.sh/v3:Release"
        rows.append(
            Resource(
                urn=f"{name}-release", type=kind, name=f"{name}-release", parent=name, inputs=it
            )
        )
    return Plan(project="p", stack="s", resources=tuple(rows), outputs={"nodePools": []})


def told(*releases):
    made = plan(*releases)
    return [it for it in capacity_findings(made, capacity(made)) if it.rule == "chart-pods"]


def secrets(values):
    made = plan({**EXPORTER, "values": values})
    return [it.message.split(" ")[0] for it in chart_findings(made)]


def test_the_pods_of_a_chart_are_said_not_to_be_counted():
    [found] = told(EXPORTER)
    assert (found.severity, found.resource) == ("advisory", "Release shop/exporter")
    assert "leave room in the quota of shop" in found.message
    assert pods_of(plan(EXPORTER)) == []


@pytest.mark.parametrize("digest", ["", f"@sha256:{'0' * 64}"])
def test_those_of_the_ingress_controller_are_counted(digest):
    known = {**EXPORTER, "chart": NGINX_INGRESS.url + digest}
    assert told(known) == []
    assert [it.title for it in pods_of(plan(known))] == ["Release shop/exporter"]


def test_the_tree_says_which_chart_and_version():
    made = plan(EXPORTER)
    for every in (False, True):
        lines = preview(made, capacity(made), [], every=every)
        assert "Chart shop-exporter" in lines
        assert "redis-exporter 6.1.0" in lines


@pytest.mark.parametrize(
    "values",
    [
        {"auth": {"password": "hunter2"}},
        {"auth": {"redis-password": "hunter2"}},
        {"users": [{"apiKey": "hunter2"}]},
        {"tokens": {"access_token": "hunter2"}},
    ],
)
def test_a_value_that_looks_like_a_secret_is_named_and_not_shown(values):
    [path] = secrets(values)
    assert path.startswith("values.")
    made = plan({**EXPORTER, "values": values})
    assert "hunter2" not in str([*chart_findings(made)])


@pytest.mark.parametrize(
    "values",
    [
        {"auth": {"existingSecretPassword": "name"}},
        {"auth": {"password": ""}},
        {"auth": {"password": None}},
        {"automountServiceAccountToken": False},
        {"secretName": "tls"},
        {"auth": {"secretKeyRef": {"name": "x", "key": "password"}}},
        {},
    ],
)
def test_the_name_of_a_secret_is_none(values):
    assert secrets(values) == []


def test_the_values_of_the_ingress_controller_hold_none():

    assert secrets(chart_values(shipped("prod"))) == []
