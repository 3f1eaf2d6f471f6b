"""Pods apart, drained one at a time, scaled as they are told: one workload, one version at a time."""

import copy
import json

import pytest

from tests.cluster.control_plane.client import MERGE, ApiError
from tests.cluster.estate import one

ZONE = "topology.kubernetes.io/zone"
WORKERS = ("aks-wg1-0", "aks-wg1-1", "aks-wg1-2")
TRACKS = {"images": {"web": {"tag": "1.0.0", "tracks": {"candidate": "1.1.0"}}}}
CANARY = {"strategy": "canary", "step": 1, "steps": [50, 100]}


def places(lab, name="web"):
    """Nodes and zones that pods of a workload are on."""
    zones = {
        it["metadata"]["name"]: it["metadata"]["labels"][ZONE]
        for it in lab.api.items("/api/v1/nodes")
    }
    on = [it["spec"]["nodeName"] for it in lab.pods(name)]
    return set(on), {zones[it] for it in on}


def evict(lab, pod):
    name = pod["metadata"]["name"]
    body = {
        "apiVersion": "policy/v1",
        "kind": "Eviction",
        "metadata": {"name": name, "namespace": lab.namespace},
    }
    path = f"/api/v1/namespaces/{lab.namespace}/pods/{name}/eviction"
    lab.api.request("POST", path, body)


def ready(lab, name="web"):
    return [
        it
        for it in lab.pods(name)
        if any(
            row["type"] == "Ready" and row["status"] == "True"
            for row in it["status"].get("conditions", ())
        )
    ]


def budget(lab, name="web"):
    path = f"/apis/policy/v1/namespaces/{lab.namespace}/poddisruptionbudgets"
    return next((it for it in lab.api.items(path) if it["metadata"]["name"] == name), None)


def allowed(lab, name="web"):
    """Pods a budget counts and those it lets go now."""
    live = budget(lab, name)
    status = live.get("status", {})
    if status.get("observedGeneration") != live["metadata"]["generation"]:
        return None
    return status["expectedPods"], status["disruptionsAllowed"]


@pytest.fixture
def cordoned(lab):
    """Cordons workers, all unless told otherwise, or with `on=False` takes them back; in the end takes back all."""

    def cordon(names=WORKERS, *, on=True):
        for name in names:
            body = {"spec": {"unschedulable": on or None}}
            lab.api.request("PATCH", f"/api/v1/nodes/{name}", body, MERGE)

    yield cordon
    cordon(on=False)


def test_two_pods_of_ha_stand_on_two_nodes_in_two_zones_and_a_drain_takes_one_at_a_time(
    lab, cordoned
):
    lab.run({"web": {"availability": "ha"}})
    lab.wait()
    nodes, zones = places(lab)
    assert (len(nodes), len(zones)) == (2, 2)
    lab.plane.wait_for("the budget's count", lambda: allowed(lab) == (2, 1))

    cordoned()  # so that no successor becomes ready before the second is asked for
    first, second = lab.pods("web")
    evict(lab, first)
    with pytest.raises(ApiError, match="disruption budget"):
        evict(lab, second)
    assert [it["metadata"]["uid"] for it in ready(lab)] == [second["metadata"]["uid"]]

    # A cordoned node is no place to be apart from: the third comes back before the one of the second pod.
    both = {it["spec"]["nodeName"] for it in (first, second)}
    cordoned([it for it in WORKERS if it not in both], on=False)
    lab.plane.wait_for("its successor", lambda: len(ready(lab)) == 2)
    nodes, zones = places(lab)
    assert (len(nodes), len(zones)) == (2, 2)
    assert first["spec"]["nodeName"] not in nodes


def test_pods_of_ha_that_are_bound_to_one_node_are_noticed(lab):
    manifests = lab.render({"web": {"availability": "ha"}})
    deployment = one(manifests, "Deployment")
    deployment["spec"]["template"]["spec"]["nodeSelector"] = {"kubernetes.io/hostname": WORKERS[0]}
    lab.apply(manifests)
    lab.wait()

    assert [len(it) for it in places(lab)] == [1, 1]


def test_without_its_budget_a_drain_takes_both(lab, cordoned):
    manifests = lab.render({"web": {"availability": "ha"}})
    lab.apply([it for it in manifests if it["kind"] != "PodDisruptionBudget"])
    lab.wait()

    cordoned()
    for pod in lab.pods("web"):
        evict(lab, pod)

    assert ready(lab) == []


def test_a_single_pod_has_no_budget_and_goes_when_its_node_is_drained(lab):
    lab.run({"web": {"availability": "single"}})
    lab.wait()
    assert budget(lab) is None

    [pod] = lab.pods("web")
    evict(lab, pod)

    lab.plane.wait_for(
        "its successor",
        lambda: [it["metadata"]["uid"] for it in ready(lab)] not in ([], [pod["metadata"]["uid"]]),
    )


def test_each_version_has_a_budget_that_counts_its_own_pods(lab):
    lab.run({"web": {"replicas": 4, "release": CANARY}}, TRACKS)
    lab.wait()

    for name in ("web", "web-candidate"):
        lab.plane.wait_for(f"budget {name}", lambda name=name: allowed(lab, name) == (2, 1))
    evict(lab, lab.pods("web")[0])


def test_budgets_that_count_pods_of_both_versions_let_no_pod_go(lab):
    manifests = lab.render({"web": {"replicas": 4, "release": CANARY}}, TRACKS)
    for it in manifests:
        if it["kind"] == "PodDisruptionBudget":
            it["spec"]["selector"] = {"matchLabels": {"app.kubernetes.io/name": "web"}}
    lab.apply(manifests)
    lab.wait()
    lab.plane.wait_for("the count", lambda: allowed(lab) == (4, 1))

    with pytest.raises(ApiError, match="more than one PodDisruptionBudget"):
        evict(lab, lab.pods("web")[0])


SCALE = {
    "max": 6,
    "cpu": 150,
    "memory": 80,
    "metrics": {
        "http_requests": {"averageValue": "100"},
        "queue": {"type": "External", "value": "30", "selector": {"queue": "mail"}},
        "hits": {
            "type": "Object",
            "averageValue": "500m",
            "object": "networking.k8s.io/v1/Ingress/public",
        },
    },
    "behavior": {
        "scaleUp": {
            "stabilizationWindowSeconds": 30,
            "policies": [{"pods": 2}, {"percent": 50, "periodSeconds": 15}],
            "selectPolicy": "Min",
        },
        "scaleDown": {"selectPolicy": "Disabled"},
    },
}


def scaler(lab, name="web"):
    path = f"/apis/autoscaling/v2/namespaces/{lab.namespace}/horizontalpodautoscalers/{name}"
    return lab.api.get(path)


def verdict(lab, name="web"):
    rows = scaler(lab, name).get("status", {}).get("conditions", ())
    return {it["type"]: (it["status"], it["reason"]) for it in rows}.get("AbleToScale")


def by_text(metrics):
    """In an order of their own: the server sorts them."""
    return sorted(json.dumps(it, sort_keys=True) for it in metrics)


def test_metrics_and_speeds_come_back_as_they_were_said(lab):
    said = one(
        lab.run({"web": {"availability": "ha", "autoscale": SCALE}}), "HorizontalPodAutoscaler"
    )
    live = scaler(lab)["spec"]

    assert (live["minReplicas"], live["maxReplicas"]) == (2, 6)
    assert by_text(live["metrics"]) == by_text(said["spec"]["metrics"])
    assert live["behavior"]["scaleUp"] == said["spec"]["behavior"]["scaleUp"]
    down = live["behavior"]["scaleDown"]
    assert down["selectPolicy"] == "Disabled"
    # Kubernetes' own bounds, which the settings speak of, beside what was said.
    assert down["policies"] == [{"type": "Percent", "value": 100, "periodSeconds": 15}]


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"periodSeconds": 1801}, "periodSeconds"),
        ({"value": 0}, "value"),
        ({"type": "Replicas"}, "Unsupported value"),
    ],
)
def test_a_speed_beyond_what_the_settings_allow_is_refused_by_the_server_too(lab, change, refusal):
    manifests = lab.render({"web": {"availability": "ha", "autoscale": SCALE}})
    manifest = copy.deepcopy(one(manifests, "HorizontalPodAutoscaler"))
    manifest["spec"]["behavior"]["scaleUp"]["policies"][0].update(change)
    lab.apply([one(manifests, "Namespace")])

    with pytest.raises(ApiError, match=refusal):
        lab.apply([manifest])


SCALED = {"web": {"autoscale": {"min": 4, "max": 8, "cpu": 70}, "release": CANARY}}


def test_an_autoscaler_of_each_version_finds_its_own_deployment(lab):
    lab.run(SCALED, TRACKS)

    for name in ("web", "web-candidate"):

        def able(name=name):
            return (verdict(lab, name) or ("",))[0] == "True"

        lab.plane.wait_for(f"a verdict of {name}", able, 30)
        spec = scaler(lab, name)["spec"]
        assert spec["scaleTargetRef"]["name"] == name
        assert (spec["minReplicas"], spec["maxReplicas"]) == (2, 4)


def test_an_autoscaler_of_a_version_that_is_not_there_is_not_able_to_scale(lab):
    manifests = lab.render(SCALED, TRACKS)
    manifests.remove(one(manifests, "Deployment", "web-candidate"))
    lab.apply(manifests)

    lab.plane.wait_for(
        "a verdict", lambda: verdict(lab, "web-candidate") == ("False", "FailedGetScale"), 30
    )
