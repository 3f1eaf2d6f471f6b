"""Quotas and default limits, as the API server counts them, against our own arithmetic: at rest, at peak, beyond."""

import copy
from decimal import Decimal

import pytest

from review.analyses.capacity import capacity
from review.analyses.pods import pods_of
from settings.demand import container, defaults_of
from settings.quantity import amount
from tests.cluster.control_plane.client import MERGE
from tests.cluster.control_plane.errors import ControlPlaneError
from tests.cluster.estate import HOLD, nodes_of

LIMITED = {
    ("requests", "cpu"): "requests_cpu",
    ("requests", "memory"): "requests_memory",
    ("limits", "cpu"): "limits_cpu",
    ("limits", "memory"): "limits_memory",
}


def used(estate, namespace):
    path = f"/api/v1/namespaces/{namespace}/resourcequotas/quota"
    found = estate.api.get(path)["status"]["used"]
    return {name: amount(text) for name, text in found.items()}


def difference(estate, moment):
    """Namespace and resource where the API's count is not ours, with both."""
    found = {}
    for row in capacity(estate.plan).quotas:
        if row.namespace in estate.settings.namespaces:
            theirs = used(estate, row.namespace)[row.resource]
            ours = getattr(row, moment)
            if theirs != ours:
                found[row.namespace, row.resource] = (theirs, ours)
    return found


def agree(estate, moment):
    """Wait until both agree; a cron job may run just now."""
    try:
        estate.plane.wait_for(moment, lambda: not difference(estate, moment), 40)
    except ControlPlaneError:
        assert difference(estate, moment) == {}


def patch(estate, manifest, body, more=""):
    return estate.api.request("PATCH", estate.api.path(manifest) + more, body, MERGE)


def held():
    """A new revision of a pod template whose pods never start."""
    return {"template": {"metadata": {"annotations": HOLD}}}


def run_again(estate, manifest):
    """A run of a Job or CronJob whose pods never start."""
    spec = manifest["spec"]
    spec = copy.deepcopy(spec["jobTemplate"]["spec"] if manifest["kind"] == "CronJob" else spec)
    spec["template"]["metadata"].setdefault("annotations", {}).update(HOLD)
    name = f"{manifest['metadata']['name']}-again"
    metadata = {"name": name, "namespace": manifest["metadata"]["namespace"]}
    estate.api.apply({"apiVersion": "batch/v1", "kind": "Job", "metadata": metadata, "spec": spec})


def to_the_top(estate):
    """Every scaled workload at its maximum, every node there, and nothing else scales."""
    for it in estate.of_kind("HorizontalPodAutoscaler"):
        estate.api.request("DELETE", estate.api.path(it))
    for it in estate.of_kind("CronJob"):
        patch(estate, it, {"spec": {"suspend": True}})
    have = {it.name for it in estate.plane.nodes}
    estate.plane.add([it for it in nodes_of(estate.stack, "max") if it.name not in have])
    for it in estate.of_kind("HorizontalPodAutoscaler"):
        target, top = it["spec"]["scaleTargetRef"], it["spec"]["maxReplicas"]
        for deployment in estate.of_kind("Deployment"):
            if deployment["metadata"]["name"] == target["name"]:
                patch(estate, deployment, {"spec": {"replicas": top}}, "/scale")
    estate.plane.wait_for("the top of the scale", lambda: not estate.unavailable())


@pytest.fixture(scope="module")
def peak(spare):
    """An estate that went from rest to the peak of a rollout of everything at once, and what was seen at rest."""
    spare.apply()
    spare.wait()
    agree(spare, "rest")
    to_the_top(spare)
    for it in spare.of_kind("Deployment"):
        patch(spare, it, {"spec": held()})
    for it in spare.of_kind("Job", "CronJob"):
        run_again(spare, it)
    return spare


def test_our_totals_are_the_api_servers_at_rest_and_at_the_peak_of_a_rollout_of_everything(peak):
    agree(peak, "peak")


def test_nothing_is_refused_at_the_peak(peak):
    agree(peak, "peak")
    refused = [
        it["message"]
        for namespace in peak.settings.namespaces
        for it in peak.api.items(f"/api/v1/namespaces/{namespace}/events")
        if it["reason"] == "FailedCreate" and "exceeded quota" in it["message"]
    ]

    assert refused == []


def room(estate, row):
    """How many more pods of a controller our arithmetic has room for, in its namespace now."""
    rows = [it for it in capacity(estate.plan).quotas if it.namespace == row.namespace]
    now = used(estate, row.namespace)
    return min(
        int(
            (it.hard - now[it.resource]) // Decimal(getattr(row.one, it.resource.replace(".", "_")))
        )
        for it in rows
        if getattr(row.one, it.resource.replace(".", "_"))
    )


def test_as_many_replicas_as_we_compute_fit_and_one_more_is_refused(peak):
    agree(peak, "peak")
    first = {row.namespace: row for row in pods_of(peak.plan) if row.kind == "Deployment"}
    row = first["course"]
    deployment = next(it for it in peak.of_kind("Deployment") if it["metadata"]["name"] == row.name)
    path = peak.api.path(deployment)

    def pods():
        own = {"app.kubernetes.io/name": row.name}.items()
        return len([it for it in peak.pods("course") if own <= it["metadata"]["labels"].items()])

    def refusals():
        return [
            it["message"]
            for it in peak.api.items("/api/v1/namespaces/course/events")
            if it["reason"] == "FailedCreate" and "exceeded quota" in it["message"]
        ]

    # A rollout is on its way: its new replica set is proportionally scaled, so pause takes no part.
    before, more = pods(), room(peak, row)
    assert more > 0
    replicas = peak.api.get(path)["spec"]["replicas"]
    patch(peak, deployment, {"spec": {"replicas": replicas + more}}, "/scale")
    peak.plane.wait_for("the pods that fit", lambda: pods() == before + more, 20)
    assert refusals() == []
    patch(peak, deployment, {"spec": {"replicas": replicas + more + 1}}, "/scale")
    peak.plane.wait_for("the refusal", refusals, 20)
    assert pods() == before + more
    patch(peak, deployment, {"spec": {"replicas": replicas}}, "/scale")
    peak.plane.wait_for("the peak again", lambda: not difference(peak, "peak"), 20)


def test_one_pod_that_is_not_ours_is_noticed(peak):
    agree(peak, "peak")
    metadata = {"name": "stranger", "namespace": "testing", "annotations": HOLD}
    job = copy.deepcopy(peak.of_kind("Job")[0])
    stranger = {"apiVersion": "v1", "kind": "Pod", "metadata": metadata}
    stranger["spec"] = {**job["spec"]["template"]["spec"], "restartPolicy": "Always"}
    peak.api.apply(stranger)
    try:
        peak.plane.wait_for("the count", lambda: difference(peak, "peak"), 10)
        assert ("testing", "pods") in difference(peak, "peak")
    finally:
        peak.api.request("DELETE", peak.api.path(stranger))


def test_the_limit_range_fills_in_what_our_arithmetic_says(estate):
    for name, tenant in estate.settings.namespaces.items():
        secure = {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}}
        pod = {
            "apiVersion": "v1",
            "kind": "Pod",
            "metadata": {"name": "bare"},
            "spec": {
                "securityContext": {
                    "runAsNonRoot": True,
                    "seccompProfile": {"type": "RuntimeDefault"},
                },
                "containers": [{"name": "bare", "image": "bare", "securityContext": secure}],
            },
        }
        path = f"/api/v1/namespaces/{name}/pods?dryRun=All"
        got = estate.api.request("POST", path, pod)["spec"]["containers"][0]["resources"]
        wanted = container({}, {}, defaults_of(tenant.limits))
        assert {(side, key): amount(got.get(side, {}).get(key, "0")) for side, key in LIMITED} == {
            at: getattr(wanted, attribute) for at, attribute in LIMITED.items()
        }
        assert any(getattr(wanted, attribute) for attribute in LIMITED.values())
