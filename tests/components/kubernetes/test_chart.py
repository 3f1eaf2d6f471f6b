import pulumi
import pytest
from pulumi_kubernetes.helm.v3 import Release

from components.kubernetes.chart import Chart, ChartArgs
from components.kubernetes.ingress import RELEASE_TYPE
from manifests.charts import COMPONENT
from tests.engine import registered
from tests.samples import EXPORTER, estate, tenant

SDK_NAMES = {
    "skipCrds": "skip_crds",
    "skipAwait": "skip_await",
    "allowNullValues": "allow_null_values",
}


def planned(**changes):
    def build():
        of = estate(charts={"exporter": {**EXPORTER, **changes}})
        Chart("shop-exporter", ChartArgs(estate=of, key="exporter", tenant=tenant(of)))

    return {row.name: row for row in registered(build)}


def test_a_chart_is_one_release_with_its_values():
    rows = planned()
    [release] = [row for row in rows.values() if row.parent == "shop-exporter"]
    assert (release.name, release.type) == ("shop-exporter-release", RELEASE_TYPE)
    assert release.inputs["values"] == EXPORTER["values"]


def test_what_the_settings_say_of_its_pods_is_in_the_plan_and_only_then():
    said = [{"labels": {"app": "exporter"}, "ports": {"metrics": 9121}}]
    component = planned(pods=said)["shop-exporter"]

    assert component.type == COMPONENT
    assert component.inputs == {
        "pods": [
            {"labels": {"app": "exporter"}, "ports": {"metrics": {"port": 9121, "protocol": "TCP"}}}
        ]
    }
    assert planned()["shop-exporter"].inputs == {}
    assert planned(pods=said)["shop-exporter-release"] == planned()["shop-exporter-release"]


def test_its_pods_come_after_the_bounds_of_their_tenant():
    release = planned()["shop-exporter-release"]
    assert set(release.dependencies) == {"shop-namespace", "shop-quota", "shop-limits"} & {
        *planned()
    }
    assert {"shop-namespace", "shop-quota"} <= set(release.dependencies)


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"atomic": False, "skipAwait": True},
        {"values": {"a": None}, "description": "for its metrics"},
        {"digest": f"sha256:{'0' * 64}"},
    ],
)
def test_the_release_is_what_the_sdks_own_class_registers(changes):
    ours = planned(**changes)["shop-exporter-release"]
    given = {SDK_NAMES.get(key, key): it for key, it in ours.inputs.items() if key != "compat"}

    [theirs] = registered(lambda: Release("it", opts=pulumi.ResourceOptions(), **given))
    assert (theirs.type, theirs.inputs) == (ours.type, ours.inputs)
