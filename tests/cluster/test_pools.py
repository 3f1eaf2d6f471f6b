"""A blue/green pool whose machines change: pods go over by a rollout of their own, and nothing is left to drain."""

import pytest

from settings.pool_names import pool_name
from tests.cluster.control_plane.nodes import pool
from tests.cluster.test_rollout import Watch

WEB = {
    "web": {"replicas": 3, "ports": {"http": 8080}, "probes": {"readiness": "tcp"}, "service": 80}
}
OLD = {"nodePools": {"wg1": {"blueGreen": True}}}
NEW = {"nodePools": {"wg1": {"blueGreen": True, "vmSize": "Standard_D16ds_v5"}}}


def names(lab):
    return [pool_name(lab.settings(WEB, it), "wg1") for it in (OLD, NEW)]


@pytest.fixture
def pools(lab):
    """Nodes of both pools, as while the update runs; by the names that they have in Azure."""
    old, new = names(lab)
    lab.plane.add([*pool(old, 3, zones=("1", "2", "3")), *pool(new, 3, zones=("1", "2", "3"))])
    yield old, new
    for node in lab.api.items("/api/v1/nodes"):
        if node["metadata"]["labels"]["agentpool"] in (old, new):
            lab.api.request("DELETE", f"/api/v1/nodes/{node['metadata']['name']}")


def where(lab):
    """Pools that the pods of `web` are on."""
    labels = {
        it["metadata"]["name"]: it["metadata"]["labels"]["agentpool"]
        for it in lab.api.items("/api/v1/nodes")
    }
    return {labels[it["spec"]["nodeName"]] for it in lab.pods("web")}


def test_pods_go_over_to_the_new_pool_and_none_is_missed_on_the_way(lab, pools):
    old, new = pools
    lab.run(WEB, OLD)
    lab.wait()
    assert where(lab) == {old}

    with Watch(lab.api, lab.namespace) as seen:
        lab.run(WEB, NEW)
        lab.wait()

    assert where(lab) == {new}
    assert seen.least >= 3


def test_what_azure_changes_in_place_moves_no_pod(lab, pools):
    old, _ = pools
    lab.run(WEB, OLD)
    lab.wait()
    before = {it["metadata"]["uid"] for it in lab.pods("web")}

    lab.run(WEB, {"nodePools": {"wg1": {"blueGreen": True, "max": 9, "labels": {"a": "b"}}}})
    lab.wait()

    assert where(lab) == {old}
    assert {it["metadata"]["uid"] for it in lab.pods("web")} == before


@pytest.mark.usefixtures("pools")
def test_pods_that_named_the_key_would_not_go_over(lab, monkeypatch):
    monkeypatch.setattr("manifests.placement.pool_name", lambda _settings, key: key)
    lab.run(WEB, NEW)
    lab.wait()
    assert where(lab) == {"wg1"}
