import pulumi
import pytest
from pulumi_kubernetes.helm.v3 import Release

from components.kubernetes.ingress import RELEASE_TYPE, Ingress, IngressArgs
from manifests.third_party import NGINX_INGRESS
from tests.engine import registered
from tests.samples import estate


def planned(**changes):
    rows = registered(lambda: Ingress("ingress", IngressArgs(estate=estate(**changes))))
    return {row.name: row for row in rows}


def test_the_controller_is_the_pinned_chart_in_its_own_namespace():
    release = planned()["ingress-controller"]
    assert release.type == RELEASE_TYPE
    given = {key: release.inputs[key] for key in ("chart", "version", "namespace")}
    assert given == {
        "chart": NGINX_INGRESS.url,
        "version": NGINX_INGRESS.version,
        "namespace": "nginx-ingress",
    }
    assert release.inputs["chart"].startswith("oci://ghcr.io/nginx/charts/")


def test_a_failed_install_is_taken_back_and_waits_longer_than_helm_would():
    inputs = planned()["ingress-controller"].inputs
    assert inputs["atomic"] is True
    assert inputs["timeout"] > 300


def test_the_release_is_what_the_sdks_own_class_registers():
    ours = planned()["ingress-controller"]
    names = {"skipCrds": "skip_crds"}
    given = {names.get(key, key): it for key, it in ours.inputs.items() if key != "compat"}

    [theirs] = registered(lambda: Release("it", opts=pulumi.ResourceOptions(), **given))
    assert (theirs.type, theirs.inputs) == (ours.type, ours.inputs)


def test_the_controller_waits_for_its_namespace_and_its_network_policies():
    rows = planned()
    policies = [row.name for row in rows.values() if row.inputs.get("kind") == "NetworkPolicy"]
    assert policies
    assert {"ingress-namespace", *policies} <= {*rows["ingress-controller"].dependencies}


def test_a_host_waits_for_the_controller_that_gives_it_an_address():
    rows = planned()
    assert rows["ingress-host-public"].dependencies == ("ingress-controller", "ingress-namespace")


def test_a_host_without_a_route_has_no_ingress():
    assert "ingress-host-admin" not in planned()


@pytest.mark.parametrize("protect", [True, False])
def test_protect_keeps_the_namespace_alone(protect):
    rows = planned(protect=protect)
    kept = [row.name for row in rows.values() if row.options.get("protect")]
    assert kept == (["ingress-namespace"] if protect else [])


def test_its_objects_are_all_it_registers():
    def build():
        made = Ingress("ingress", IngressArgs(estate=estate()))
        names.extend(it.pulumi_resource_name for it in made.objects)

    names = []
    rows = registered(build)
    assert sorted(names) == sorted(row.name for row in rows if row.parent == "ingress")
