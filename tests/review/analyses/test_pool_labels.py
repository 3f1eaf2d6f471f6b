"""A blue/green pool has a key that users know and another name, which its nodes carry."""

from review.analyses.capacity import capacity, capacity_findings
from review.analyses.placement import placement_findings
from review.plan import Plan, Resource

POOL = {
    "name": "wg1",
    "agentpool": "wg12f3a",
    "mode": "User",
    "min": 1,
    "max": 1,
    "cpu": "4",
    "memory": "8Gi",
}


def plan(selector, *, replicas=3):
    resources = {"requests": {"cpu": "1900m", "memory": "1Gi"}, "limits": {"memory": "1Gi"}}
    pod = {
        "nodeSelector": {"agentpool": selector},
        "containers": [{"name": "web", "resources": resources}],
    }
    deployment = {
        "kind": "Deployment",
        "metadata": {"name": "web", "namespace": "shop"},
        "spec": {"replicas": replicas, "template": {"spec": pod}},
    }
    row = Resource(
        urn="urn:web", type="kubernetes:apps/v1:Deployment", name="web", inputs=deployment
    )
    return Plan(project="p", stack="dev", resources=(row,), outputs={"nodePools": [POOL]})


def test_pods_are_counted_on_the_pool_whose_label_they_name():
    [small, _] = capacity(plan("wg12f3a")).pools
    assert small.pool == "wg1"
    assert small.demand.pods == 3


def test_a_remedy_names_the_key_of_the_settings():
    given = plan("wg12f3a")
    said = [it.message for it in capacity_findings(given, capacity(given))]
    assert any("raise nodePools.wg1.max" in it for it in said)


def test_the_key_itself_is_no_name_of_a_pool():
    assert [it.rule for it in placement_findings(plan("wg1"))] == ["pool-unknown"]
    assert list(placement_findings(plan("wg12f3a"))) == []
