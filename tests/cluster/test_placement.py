"""Every workload comes up, on its own nodes; what the scheduler and the controllers say, not our YAML."""

import copy
from collections import Counter

import pytest

from tests.cluster.control_plane.client import MERGE, ApiError

SYSTEM = "kubernetes.azure.com/mode"
ZONE = "topology.kubernetes.io/zone"


def nodes(estate):
    return {
        it["metadata"]["name"]: it["metadata"]["labels"] for it in estate.api.items("/api/v1/nodes")
    }


def misplaced(estate):
    """Pods of the catalogue that are on a node they should not be on, with the node."""
    labels, found = nodes(estate), []
    pools = {it.name: it.pool for it in estate.settings.workloads.values()}
    everywhere = {
        it.name
        for it in estate.settings.workloads.values()
        if any(rule.key is None for rule in it.tolerations)
    }
    for pod in estate.pods():
        name = pod["metadata"]["labels"]["app.kubernetes.io/name"]
        own = labels[pod["spec"]["nodeName"]]
        on_system = own[SYSTEM] == "system" and name not in everywhere
        elsewhere = pools[name] is not None and own["agentpool"] != pools[name]
        if on_system or elsewhere:
            found.append(f"{pod['metadata']['name']} on {pod['spec']['nodeName']}")
    return found


def test_every_workload_becomes_available(estate):
    kinds = ("deployments", "statefulsets", "daemonsets", "jobs")
    live = {it["metadata"]["name"] for kind in kinds for it in estate.controllers(kind)}
    catalogue = {it.name for it in estate.settings.workloads.values() if it.kind != "cronjob"}

    assert catalogue <= live
    assert estate.unavailable() == []


def test_a_workload_on_a_pool_that_does_not_exist_never_becomes_available(prod):
    deployment = copy.deepcopy(prod.of_kind("Deployment")[0])
    deployment["metadata"]["name"] = "lost"
    deployment["spec"]["template"]["metadata"]["labels"]["lost"] = "yes"
    deployment["spec"]["selector"]["matchLabels"]["lost"] = "yes"
    deployment["spec"]["template"]["spec"]["nodeSelector"] = {"agentpool": "gone"}
    prod.api.apply(deployment)

    def nowhere():
        return [
            it
            for it in prod.pods()
            if "lost" in it["metadata"]["labels"]
            and any(row.get("reason") == "Unschedulable" for row in it["status"]["conditions"])
        ]

    try:
        prod.plane.wait_for("the scheduler's verdict", nowhere)
        [missing] = prod.unavailable()
        assert "deployments lost" in missing
    finally:
        prod.api.request("DELETE", prod.api.path(deployment))
        prod.plane.wait_for("the lost pods to end", lambda: not nowhere())


def test_every_pod_sits_on_its_pool_and_none_but_the_tolerant_on_a_system_node(estate):
    assert misplaced(estate) == []


def test_a_daemonset_that_tolerates_everything_has_one_pod_on_every_node(estate):
    tolerant = {
        it.name
        for it in estate.settings.workloads.values()
        if it.kind == "daemonset" and any(rule.key is None for rule in it.tolerations)
    }
    assert tolerant
    for name in tolerant:
        on = [
            it["spec"]["nodeName"]
            for it in estate.pods()
            if it["metadata"]["labels"]["app.kubernetes.io/name"] == name
        ]
        assert sorted(on) == sorted(nodes(estate))


def test_a_pod_that_tolerates_the_system_taint_and_names_no_pool_is_noticed(prod):
    deployment = copy.deepcopy(
        next(it for it in prod.of_kind("Deployment") if it["spec"].get("replicas") == 3)
    )
    deployment["metadata"]["name"] = "stray"
    deployment["spec"]["selector"]["matchLabels"]["stray"] = "yes"
    template = deployment["spec"]["template"]
    template["metadata"]["labels"]["stray"] = "yes"
    template["spec"]["nodeSelector"] = {SYSTEM: "system"}
    template["spec"]["tolerations"] = [{"operator": "Exists"}]
    prod.api.apply(deployment)
    try:
        prod.plane.wait_for("the stray pods", lambda: not prod.unavailable())
        assert len(misplaced(prod)) == 3
    finally:
        prod.api.request("DELETE", prod.api.path(deployment))
        prod.plane.wait_for("the stray pods to end", lambda: not misplaced(prod))


def huddled(estate):
    """Deployments that have two pods more in one zone than in another, with what each zone has."""
    labels, found = nodes(estate), {}
    zones = {it[ZONE] for it in labels.values()}
    assert len(zones) == 3
    for deployment in estate.controllers("deployments"):
        name = deployment["metadata"]["name"]
        at = Counter(dict.fromkeys(zones, 0))
        at.update(
            labels[it["spec"]["nodeName"]][ZONE]
            for it in estate.pods()
            if it["metadata"]["labels"]["app.kubernetes.io/name"] == name
        )
        if max(at.values()) - min(at.values()) > 1:
            found[name] = sorted(at.values())
    return found


def test_replicas_are_spread_over_the_zones(prod):
    assert huddled(prod) == {}


def test_replicas_that_are_all_in_one_zone_are_noticed(prod):
    deployment = copy.deepcopy(
        next(it for it in prod.of_kind("Deployment") if it["spec"].get("replicas") == 3)
    )
    own = {"app.kubernetes.io/name": "huddled"}
    deployment["metadata"]["name"] = "huddled"
    deployment["spec"]["selector"]["matchLabels"] |= own
    template = deployment["spec"]["template"]
    template["metadata"]["labels"] |= own
    template["spec"]["nodeSelector"][ZONE] = nodes(prod)["aks-wg1-0"][ZONE]
    prod.api.apply(deployment)
    try:
        prod.plane.wait_for("the pods in one zone", lambda: not prod.unavailable())
        assert huddled(prod) == {"huddled": [0, 0, 3]}
    finally:
        prod.api.request("DELETE", prod.api.path(deployment))
        prod.plane.wait_for("their end", lambda: "huddled" not in names(prod))


def names(estate):
    return {it["metadata"]["labels"]["app.kubernetes.io/name"] for it in estate.pods()}


def test_a_job_with_indexes_completes_every_one(estate):
    jobs = {
        it.name: it.job
        for it in estate.settings.workloads.values()
        if it.job and it.job.indexed and it.kind == "job"
    }
    assert jobs
    for live in estate.controllers("jobs"):
        if job := jobs.get(live["metadata"]["name"]):
            assert live["status"]["succeeded"] == job.runs > 1
            assert live["status"]["completedIndexes"] == f"0-{job.runs - 1}"


def test_an_index_that_always_fails_is_not_completed(prod):
    job = copy.deepcopy(prod.of_kind("Job")[0])
    job["metadata"]["name"] = "failing"
    job["spec"]["backoffLimitPerIndex"] = 0
    job["spec"]["template"]["metadata"]["annotations"] = {"aks-platform-tests/exit-code": "3"}
    prod.api.apply(job)
    path = prod.api.path(job)
    try:
        prod.plane.wait_for(
            "the job to fail", lambda: prod.api.get(path)["status"].get("failedIndexes")
        )
        assert not prod.api.get(path)["status"].get("completedIndexes")
    finally:
        prod.api.request("DELETE", f"{path}?propagationPolicy=Background")


def conditions(api, scaler):
    found = api.get(api.path(scaler)).get("status", {}).get("conditions", ())
    return {it["type"]: (it["status"], it["reason"]) for it in found}


def test_every_autoscaler_finds_what_it_scales_and_keeps_its_minimum(estate):
    scalers = estate.of_kind("HorizontalPodAutoscaler")
    assert scalers
    for it in scalers:
        estate.plane.wait_for("a verdict", lambda it=it: conditions(estate.api, it))
        assert conditions(estate.api, it)["AbleToScale"][0] == "True"
        target = it["spec"]["scaleTargetRef"]
        path = (
            f"/apis/apps/v1/namespaces/{it['metadata']['namespace']}/deployments/{target['name']}"
        )
        assert estate.api.get(path)["status"]["availableReplicas"] >= it["spec"]["minReplicas"]


def test_an_autoscaler_of_something_that_is_not_there_is_not_able_to_scale(prod):
    scaler = copy.deepcopy(prod.of_kind("HorizontalPodAutoscaler")[0])
    scaler["metadata"]["name"] = "lost"
    scaler["spec"]["scaleTargetRef"]["name"] = "nobody"
    prod.api.apply(scaler)
    try:
        prod.plane.wait_for("a verdict", lambda: conditions(prod.api, scaler))
        assert conditions(prod.api, scaler)["AbleToScale"] == ("False", "FailedGetScale")
    finally:
        prod.api.request("DELETE", prod.api.path(scaler))


def budgets(estate):
    return estate.of_kind("PodDisruptionBudget")


def counted(estate, budget):
    """Pods that a budget counts, and those that its workload has; nothing until it has counted."""
    live = estate.api.get(estate.api.path(budget))
    status = live.get("status", {})
    if status.get("observedGeneration") != live["metadata"]["generation"]:
        return ()
    if status["expectedPods"] != status["currentHealthy"]:
        return ()
    own = [
        pod
        for pod in estate.pods(budget["metadata"]["namespace"])
        if pod["metadata"]["labels"]["app.kubernetes.io/name"] == budget["metadata"]["name"]
    ]
    return (status["expectedPods"], len(own)) if own else ()


def test_every_disruption_budget_counts_exactly_the_pods_of_its_workload(prod):
    assert budgets(prod)
    for it in budgets(prod):

        def agrees(it=it):
            found = counted(prod, it)
            return found and found[0] == found[1]

        prod.plane.wait_for(f"budget {it['metadata']['name']}", agrees)


def test_a_disruption_budget_that_counts_other_pods_too_is_noticed(prod, copied):
    def loosen(it):
        if it["kind"] == "PodDisruptionBudget":
            it["spec"]["selector"] = {}  # every pod of the namespace

    # The other one has no budget: of two that select a pod, its events wake one, chosen arbitrarily.
    made = copied("course", "web", "web-feature-login", change=loosen)
    [budget] = [it for it in made if it["kind"] == "PodDisruptionBudget"]
    replicas = {
        it["metadata"]["name"]: it["spec"]["replicas"] for it in made if it["kind"] == "Deployment"
    }
    pods = sum(replicas.values())

    prod.plane.wait_for("all of them", lambda: counted(prod, budget)[:1] == (pods,))

    assert counted(prod, budget) == (pods, replicas["web"])


def test_an_eviction_that_the_budget_allows_is_done_and_one_that_it_forbids_is_refused(prod):
    budget = next(it for it in budgets(prod) if "maxUnavailable" in it["spec"])
    namespace, name = budget["metadata"]["namespace"], budget["metadata"]["name"]
    path = prod.api.path(budget)

    def status():
        return prod.api.get(path)["status"]

    def evict():
        pod = next(
            it
            for it in prod.pods(namespace)
            if it["metadata"]["labels"]["app.kubernetes.io/name"] == name
            and any(
                row["type"] == "Ready" and row["status"] == "True"
                for row in it["status"]["conditions"]
            )
        )
        own = f"/api/v1/namespaces/{namespace}/pods/{pod['metadata']['name']}"
        body = {
            "apiVersion": "policy/v1",
            "kind": "Eviction",
            "metadata": {"name": pod["metadata"]["name"], "namespace": namespace},
        }
        prod.api.request("POST", f"{own}/eviction", body)
        return own

    prod.plane.wait_for("room to disrupt", lambda: status()["disruptionsAllowed"] == 1)
    deployment = prod.api.path(
        next(it for it in prod.of_kind("Deployment") if it["metadata"]["name"] == name)
    )
    hold = {"spec": {"paused": True}}
    prod.api.request("PATCH", deployment, hold, MERGE)
    try:
        # One pod not ready, as a kubelet would say: the budget is used up.
        pod = next(
            it
            for it in prod.pods(namespace)
            if it["metadata"]["labels"]["app.kubernetes.io/name"] == name
        )
        ill = [
            {**it, "status": "False"} if it["type"] == "Ready" else it
            for it in pod["status"]["conditions"]
        ]
        own = f"/api/v1/namespaces/{namespace}/pods/{pod['metadata']['name']}"
        prod.api.request("PATCH", f"{own}/status", {"status": {"conditions": ill}}, MERGE)
        prod.plane.wait_for("no room", lambda: status()["disruptionsAllowed"] == 0)
        with pytest.raises(ApiError, match="disruption budget") as refused:
            evict()
        assert refused.value.code == 429
        prod.api.request("DELETE", own)
        prod.plane.wait_for("room again", lambda: status()["disruptionsAllowed"] == 1)
        evict()
    finally:
        prod.api.request("PATCH", deployment, {"spec": {"paused": None}}, MERGE)
        prod.wait()
