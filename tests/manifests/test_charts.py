"""What Helm is told of a chart."""

import pytest

from manifests.charts import reference, release
from manifests.third_party import NGINX_INGRESS
from settings.charts import Chart
from settings.checks.charts import INGRESS_RELEASE
from tests.manifests.samples import stack

DIGEST = f"sha256:{'0' * 64}"
CHART = {
    "namespace": "shop",
    "chart": "oci://registry.example/charts/redis-exporter",
    "version": "6.1.0",
}


def release_of(chart=None, **changes):
    return release(stack(**changes), "exporter", Chart.model_validate({**CHART, **(chart or {})}))


def test_a_chart_is_installed_whole_or_not_at_all_and_waited_for():
    assert release_of() == {
        "name": "exporter",
        "chart": CHART["chart"],
        "version": "6.1.0",
        "namespace": "shop",
        "values": {},
        "skipCrds": False,
        "atomic": True,
        "timeout": 300,
        "compat": "true",
    }


def test_a_name_of_its_own_is_that_of_the_release():
    assert release_of({"name": "metrics"})["name"] == "metrics"


def test_of_a_digest_helm_pulls_that_content_and_still_hears_the_version():
    found = release_of({"digest": DIGEST})
    assert found["chart"] == f"{CHART['chart']}@{DIGEST}"
    assert found["version"] == "6.1.0"
    assert reference(CHART["chart"], None) == CHART["chart"]


def test_the_ingress_controllers_chart_would_be_pulled_by_a_digest_too():
    given = {"name": "x", "url": "oci://r/x", "version": "1.0.0", "app_version": "1", "image": "x"}
    assert type(NGINX_INGRESS)(**given, digest=DIGEST).reference == f"oci://r/x@{DIGEST}"
    assert NGINX_INGRESS.name == INGRESS_RELEASE


@pytest.mark.parametrize(
    ("chart", "changes"), [({"atomic": False, "skipAwait": True}, {}), ({}, {"skipAwait": True})]
)
def test_where_nobody_waits_helm_neither_waits_nor_takes_back(chart, changes):
    found = release_of(chart, **changes)
    assert (found["skipAwait"], found["atomic"]) == (True, False)


@pytest.mark.parametrize(
    ("values", "has"), [({"a": None}, True), ({"a": [{"b": None}]}, True), ({"a": [1, {}]}, False)]
)
def test_a_null_reaches_helm(values, has):
    assert release_of({"values": values}).get("allowNullValues", False) is has


def test_the_rest_is_said_as_it_is():
    given = {"atomic": False, "timeoutSeconds": 60, "skipCrds": True, "description": "metrics"}
    found = release_of(given)
    assert (found["atomic"], found["timeout"], found["skipCrds"]) == (False, 60, True)
    assert found["description"] == "metrics"
