"""The small estate that other tests stand on does what they count on."""

import pytest

from tests.cluster.control_plane.client import ApiError


def test_a_workload_of_two_lines_comes_up_in_its_namespace(lab):
    lab.run({"web": {"replicas": 2, "ports": {"http": 8080}, "service": 80}})
    lab.wait()

    assert {it["spec"]["nodeName"][:7] for it in lab.pods("web")} == {"aks-wg1"}
    assert len(lab.pods("web")) == 2


def test_what_is_no_longer_declared_goes(lab):
    lab.run({"web": {}, "extra": {}})
    lab.run({"web": {}})

    names = {
        it["metadata"]["name"]
        for it in lab.api.items(f"/apis/apps/v1/namespaces/{lab.namespace}/deployments")
    }
    assert names == {"web"}


def test_an_object_with_an_unknown_field_is_refused(lab):
    manifests = lab.render({"web": {}})
    deployment = next(it for it in manifests if it["kind"] == "Deployment")
    deployment["spec"]["replica"] = 2

    with pytest.raises(ApiError, match="replica"):
        lab.apply(manifests)


def test_the_plan_of_its_project_has_its_workloads(lab):
    plan = lab.plan({"web": {}})

    assert f"{lab.namespace}-web" in {it.name for it in plan.resources}
