"""Quotas as the API server counts them, against our own arithmetic: at rest, at peak, beyond."""

import copy
from collections import Counter
from dataclasses import replace
from decimal import Decimal

import pytest

from review.analyses.capacity import POD_RESOURCES, capacity
from review.analyses.pods import kubernetes_objects
from settings.quantity import amount
from tests.cluster.control_plane.client import MERGE, ApiError
from tests.cluster.counts import (
    WIDE,
    agree,
    as_plan,
    computed,
    count_widely,
    difference,
    used,
    wide,
)
from tests.cluster.estate import HOLD, nodes_of


def widened(estate):
    """The plan with a wide quota in each namespace; those that refuse are there, and have no rows."""
    manifests = [it for _, it in kubernetes_objects(estate.plan) if "kind" in it]
    quotas = [wide(manifests, it) for it in estate.settings.namespaces]
    for it in quotas:  # to_the_top deletes them
        del it["spec"]["hard"]["count/horizontalpodautoscalers.autoscaling"]
    manifests = [{**it, "spec": {}} if it["kind"] == "ResourceQuota" else it for it in manifests]
    return as_plan([*manifests, *quotas], estate.plan)


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
        for scaled in estate.of_kind(target["kind"]):
            if scaled["metadata"]["name"] == target["name"]:
                patch(estate, scaled, {"spec": {"replicas": top}}, "/scale")
    estate.plane.wait_for("the top of the scale", lambda: not estate.unavailable())


@pytest.fixture(scope="module")
def peak(spare):
    """An estate that went from rest to the peak of a rollout of everything at once, and what was seen at rest."""
    spare.apply()
    spare.wait()
    plan = widened(spare)
    count_widely(spare, plan)
    agree(spare, "rest")
    agree(spare, "rest", WIDE, plan)
    to_the_top(spare)
    for it in spare.of_kind("Deployment"):
        patch(spare, it, {"spec": held()})
    for it in spare.of_kind("Job", "CronJob"):
        run_again(spare, it)
    return spare


def test_our_totals_are_the_api_servers_at_rest_and_at_the_peak_of_a_rollout_of_everything(peak):
    agree(peak, "peak")


def test_every_name_that_a_quota_may_have_is_counted_as_the_api_server_does(peak):
    plan = widened(peak)

    agree(peak, "peak", WIDE, plan)

    assert capacity(plan).uncounted == ()
    some = {name for (_, name), count in computed(plan, "peak").items() if count}
    assert {"configmaps", "secrets", "services", "count/ingresses.networking.k8s.io"} <= some


def test_nothing_is_refused_at_the_peak(peak):
    agree(peak, "peak")
    refused = [
        it["message"]
        for namespace in peak.settings.namespaces
        for it in peak.api.items(f"/api/v1/namespaces/{namespace}/events")
        if it["reason"] == "FailedCreate" and "exceeded quota" in it["message"]
    ]

    assert refused == []


def with_replicas_more(estate, manifest, count=1):
    """The plan with so many replicas more of one controller, at the top of its scale."""
    metadata, rows = manifest["metadata"], []
    for row in estate.plan.resources:
        inputs = copy.deepcopy(row.inputs)
        spec, at = inputs.get("spec"), inputs.get("metadata")
        if at and inputs.get("kind") and at.get("namespace") == metadata["namespace"]:
            target = spec.get("scaleTargetRef") if spec else None
            if target and (target["kind"], target["name"]) == (manifest["kind"], metadata["name"]):
                spec["maxReplicas"] += count
            elif (inputs["kind"], at["name"]) == (manifest["kind"], metadata["name"]):
                spec["replicas"] = spec.get("replicas", 1) + count
        rows.append(replace(row, inputs=inputs))
    return replace(estate.plan, resources=tuple(rows))


def one_replica(estate, manifest):
    """What one replica more adds, by resource of its namespace's quota; what it does not need is left out."""
    namespace = manifest["metadata"]["namespace"]
    before, after = (
        computed(plan, "peak") for plan in (estate.plan, with_replicas_more(estate, manifest))
    )
    return {
        name: after[at, name] - count
        for (at, name), count in before.items()
        if at == namespace and after[at, name] != count
    }


def scalable(estate):
    return estate.of_kind("Deployment", "StatefulSet")


def own_pods(estate, manifest):
    metadata = manifest["metadata"]
    own = {"app.kubernetes.io/name": metadata["labels"]["app.kubernetes.io/name"]}.items()
    found = estate.pods(metadata["namespace"])
    return len([it for it in found if own <= it["metadata"]["labels"].items()])


def refusals(estate, manifest):
    """Refusals by the quota of a controller's pods and claims, with how often each was told."""
    kind, metadata = manifest["kind"], manifest["metadata"]
    found = Counter()
    for it in estate.api.items(f"/api/v1/namespaces/{metadata['namespace']}/events"):
        name = it["involvedObject"]["name"]
        owner = name.rpartition("-")[0] if kind == "Deployment" else name
        if (it["reason"], owner) == ("FailedCreate", metadata["name"]):
            found[it["metadata"]["name"], it["message"]] = it.get("count", 1)
    return Counter({at: count for at, count in found.items() if "exceeded quota" in at[1]})


def scaled(estate, manifest, more):
    """Scale a controller; the replicas it had."""
    replicas = estate.api.get(estate.api.path(manifest))["spec"]["replicas"]
    patch(estate, manifest, {"spec": {"replicas": replicas + more}}, "/scale")
    return replicas


def back(estate, manifest, replicas):
    """The peak again; claims of replicas that went stay, until somebody deletes them."""
    patch(estate, manifest, {"spec": {"replicas": replicas}}, "/scale")
    metadata = manifest["metadata"]
    for template in manifest["spec"].get("volumeClaimTemplates", ()):
        path = f"/api/v1/namespaces/{metadata['namespace']}/persistentvolumeclaims"
        name = f"{template['metadata']['name']}-{metadata['name']}-{replicas}"
        if name in {it["metadata"]["name"] for it in estate.api.items(path)}:
            estate.api.request("DELETE", f"{path}/{name}")
    agree(estate, "peak")


def one_more(estate, manifest):
    """What becomes of one replica more: `made` or `refused`. Back at the peak afterwards."""
    pods, told = own_pods(estate, manifest), refusals(estate, manifest)
    replicas = scaled(estate, manifest, 1)
    seen = []

    def outcome():
        if refusals(estate, manifest) != told:
            seen.append("refused")
        elif own_pods(estate, manifest) > pods:
            seen.append("made")
        return seen

    estate.plane.wait_for(f"one more {manifest['metadata']['name']}", outcome, 20)
    back(estate, manifest, replicas)
    return seen[-1]


def hold_to(estate, namespace, hard):
    """Set a quota and wait until it is what admission goes by."""
    path = f"/api/v1/namespaces/{namespace}/resourcequotas/quota"
    wanted = {name: f"{count:f}" for name, count in hard.items()}
    estate.api.request("PATCH", path, {"spec": {"hard": wanted}}, MERGE)
    now = used(estate, namespace)
    has_room = all(now[name] < count for name, count in hard.items() if name in POD_RESOURCES)
    [template, *_] = [
        it["spec"]["template"]
        for it in scalable(estate)
        if it["metadata"]["namespace"] == namespace
    ]
    probe = {**template, "apiVersion": "v1", "kind": "Pod"}
    probe["metadata"] = {"name": "probe", "labels": template["metadata"]["labels"]}

    def accepted():
        try:
            estate.api.request("POST", f"/api/v1/namespaces/{namespace}/pods?dryRun=All", probe)
        except ApiError as error:
            if "exceeded quota" in error.message:
                return False
            raise
        return True

    def holds():
        status = estate.api.get(path)["status"]["hard"]
        same = {name: amount(text) for name, text in status.items()} == hard
        return same and accepted() == has_room

    estate.plane.wait_for(f"the quota of {namespace}", holds, 20)


@pytest.fixture
def at_the_peak(peak):
    """Sets every quota of scalable workloads to exactly our peak, and `more`; a test ends with what the stack has."""
    shipped = {
        it["metadata"]["namespace"]: {
            name: amount(text) for name, text in it["spec"]["hard"].items()
        }
        for it in peak.of_kind("ResourceQuota")
    }
    touched = {it["metadata"]["namespace"] for it in scalable(peak)}

    def hold(more):
        agree(peak, "peak")
        for namespace in touched:
            hard = {
                name: count + more(namespace, name)
                for (at, name), count in computed(peak.plan, "peak").items()
                if at == namespace
            }
            hold_to(peak, namespace, hard)

    yield hold
    for namespace in touched:
        hold_to(peak, namespace, shipped[namespace])


def test_one_replica_above_the_computed_maximum_is_refused_whichever_workload_it_is_of(
    peak, at_the_peak
):
    at_the_peak(lambda _namespace, _name: Decimal(0))

    found = {it["metadata"]["name"]: one_more(peak, it) for it in scalable(peak)}

    assert len(found) > 1
    assert found == dict.fromkeys(found, "refused")


def test_a_quota_with_room_for_one_replica_more_refuses_none(peak, at_the_peak):
    def room_for_any(namespace, name):
        return max(
            one_replica(peak, it).get(name, Decimal(0))
            for it in scalable(peak)
            if it["metadata"]["namespace"] == namespace
        )

    at_the_peak(room_for_any)

    found = {it["metadata"]["name"]: one_more(peak, it) for it in scalable(peak)}

    assert found == dict.fromkeys(found, "made")


def test_as_many_replicas_as_we_compute_fit_in_the_quota_of_the_stack_and_one_more_is_refused(peak):
    agree(peak, "peak")
    deployment = peak.of_kind("Deployment")[0]
    namespace, one = deployment["metadata"]["namespace"], one_replica(peak, deployment)
    rows = [it for it in capacity(peak.plan).quotas if it.namespace == namespace]
    more = min(int((it.hard - it.peak) // one[it.resource]) for it in rows if it.resource in one)
    before, told = own_pods(peak, deployment), refusals(peak, deployment)
    assert more > 0

    # A rollout is on its way: its replica sets are scaled in proportion, so pause takes no part.
    replicas = scaled(peak, deployment, more)
    peak.plane.wait_for(
        "the pods that fit", lambda: own_pods(peak, deployment) == before + more, 20
    )
    assert refusals(peak, deployment) == told
    scaled(peak, deployment, 1)
    peak.plane.wait_for("the refusal", lambda: refusals(peak, deployment) != told, 20)
    assert own_pods(peak, deployment) == before + more
    back(peak, deployment, replicas)


def test_a_row_that_we_do_not_compute_is_noticed(peak):
    agree(peak, "peak")
    path = "/api/v1/namespaces/testing/resourcequotas/quota"
    peak.api.request("PATCH", path, {"spec": {"hard": {"count/pods": "99"}}}, MERGE)
    try:
        peak.plane.wait_for("the row", lambda: difference(peak, "peak"), 10)
        assert {*difference(peak, "peak")} == {("testing", "count/pods")}
    finally:
        peak.api.request("PATCH", path, {"spec": {"hard": {"count/pods": None}}}, MERGE)
        agree(peak, "peak")


def test_an_object_that_our_plan_lacks_is_noticed(peak):
    agree(peak, "peak")
    without = [
        it for it in peak.plan.resources if it.inputs.get("spec", {}).get("type") != "NodePort"
    ]
    found = difference(peak, "peak", plan=replace(peak.plan, resources=tuple(without)))

    assert found == {("course", "services.nodeports"): (1, 0)}


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
