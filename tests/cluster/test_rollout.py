"""Rollouts in a copy of a namespace: watched, stopped by a bad image, taken back, and only where something changed."""

import copy
import datetime
import threading

import pytest

from manifests.estate import groups
from review.rendering import placeholders
from tests.cluster.control_plane.client import MERGE, ApiError
from tests.cluster.control_plane.errors import ControlPlaneError
from tests.cluster.estate import HOLD, apply, moved

COURSE, BATCH = "course", "business-data"
REVISION = "deployment.kubernetes.io/revision"
BAD = "registry.example/never-built:0"


@pytest.fixture
def copied(prod, namespace):
    """Applies the tenant and some workloads of a namespace of prod into a new one; what was applied."""
    made = []

    def copied(old, *names, change=lambda _: None):
        wanted = []
        for it in moved(prod.manifests, old, namespace):
            labels = it["metadata"].get("labels", {})
            if labels.get("app.kubernetes.io/name") in names or it["kind"] in (
                "Namespace",
                "LimitRange",
                "Secret",
            ):
                wanted.append(it)
        for it in wanted:
            change(it)
            apply(prod.api, it)
        made.append(wanted[0])
        return wanted

    yield copied
    for it in made:
        prod.api.request("DELETE", prod.api.path(it))


def of_kind(manifests, kind, name=None):
    return next(
        it for it in manifests if it["kind"] == kind and name in (None, it["metadata"]["name"])
    )


def settled(api, manifest):
    """Whether a Deployment has what it wants, of one revision alone."""
    live = api.get(api.path(manifest))
    status, wanted = live.get("status", {}), live["spec"]["replicas"]
    return status.get("observedGeneration") == live["metadata"][
        "generation"
    ] and wanted == status.get("availableReplicas") == status.get("updatedReplicas") == status.get(
        "replicas"
    )


def ready(pod):
    rows = pod["status"].get("conditions", ())
    return "deletionTimestamp" not in pod["metadata"] and any(
        it["type"] == "Ready" and it["status"] == "True" for it in rows
    )


def pods(api, manifest):
    space = manifest["metadata"]["namespace"]
    name = manifest["metadata"]["name"]
    found = api.items(f"/api/v1/namespaces/{space}/pods")
    return [it for it in found if it["metadata"]["labels"]["app.kubernetes.io/name"] == name]


class Watch:
    """The least number of ready pods of a namespace while a block runs, by every event that the server sends."""

    def __init__(self, api, namespace):
        self.api, self.path = api, f"/api/v1/namespaces/{namespace}/pods"
        self.done = threading.Event()

    def __enter__(self):
        first = self.api.get(self.path)
        self.pods = {it["metadata"]["uid"]: ready(it) for it in first["items"]}
        self.counts = [sum(self.pods.values())]
        version = first["metadata"]["resourceVersion"]
        self.thread = threading.Thread(target=self.follow, args=(version,))
        self.thread.start()
        return self

    def follow(self, version):
        for event in self.api.watch(self.path, version, self.done.is_set):
            pod = event["object"]
            self.pods[pod["metadata"]["uid"]] = event["type"] != "DELETED" and ready(pod)
            self.counts.append(sum(self.pods.values()))

    def __exit__(self, *_):
        self.done.set()
        stir = {"apiVersion": "v1", "kind": "Pod", "metadata": {"annotations": {"stir": "yes"}}}
        for pod in self.api.items(self.path):
            self.api.request("PATCH", f"{self.path}/{pod['metadata']['name']}", stir, MERGE)
        self.thread.join(20)


def roll(prod, deployment, strategy=None):
    """A new revision, watched to its end; the fewest ready pods and the replicas."""
    if strategy:
        deployment["spec"]["strategy"]["rollingUpdate"] = strategy
        prod.api.apply(deployment)
        prod.plane.wait_for("the start", lambda: settled(prod.api, deployment))
    deployment["spec"]["template"]["metadata"].setdefault("annotations", {})["turn"] = "next"
    with Watch(prod.api, deployment["metadata"]["namespace"]) as seen:
        prod.api.apply(deployment)
        prod.plane.wait_for("the rollout", lambda: settled(prod.api, deployment))
    assert len(seen.counts) > deployment["spec"]["replicas"]
    return min(seen.counts), deployment["spec"]["replicas"]


NAMES = ("web", "public-nginx", "admin-authorization")


@pytest.mark.parametrize("name", NAMES)
def test_a_rolling_update_never_has_fewer_pods_than_replicas(prod, copied, name):
    deployment = of_kind(copied(COURSE, name), "Deployment")
    prod.plane.wait_for("the start", lambda: settled(prod.api, deployment))

    least, replicas = roll(prod, deployment)

    assert replicas >= 3
    assert least >= replicas


def test_a_rolling_update_that_may_take_pods_away_is_seen_to_do_so(prod, copied):
    deployment = of_kind(copied(COURSE, "web"), "Deployment")

    least, replicas = roll(prod, deployment, {"maxSurge": 0, "maxUnavailable": 2})

    assert least < replicas


def template_hash(prod, deployment):
    """Of the replica set whose pods run now."""
    return {
        it["metadata"]["labels"]["pod-template-hash"]
        for it in pods(prod.api, deployment)
        if ready(it)
    }


def test_a_bad_image_stops_at_the_surge_and_rollback_returns_to_the_revision_before(prod, copied):
    deployment = of_kind(copied(COURSE, "web"), "Deployment")
    prod.plane.wait_for("the start", lambda: settled(prod.api, deployment))
    replicas = deployment["spec"]["replicas"]
    surge = deployment["spec"]["strategy"]["rollingUpdate"]["maxSurge"]
    before = {it["metadata"]["uid"] for it in pods(prod.api, deployment)}
    old = template_hash(prod, deployment)
    bad = copy.deepcopy(deployment)
    bad["spec"]["template"]["spec"]["containers"][0]["image"] = BAD
    bad["spec"]["template"]["metadata"]["annotations"] = HOLD
    extra = surge if isinstance(surge, int) else -(-int(surge.rstrip("%")) * replicas // 100)

    with Watch(prod.api, deployment["metadata"]["namespace"]) as seen:
        prod.api.apply(bad)
        prod.plane.wait_for(
            "the surge", lambda: len(pods(prod.api, deployment)) == replicas + extra
        )
        with pytest.raises(ControlPlaneError, match="still waiting after 3 s"):
            prod.plane.wait_for("the rollout", lambda: settled(prod.api, deployment), 3)
    status = prod.api.get(prod.api.path(deployment))["status"]
    assert (min(seen.counts), status["availableReplicas"]) == (replicas, replicas)
    assert status["updatedReplicas"] == extra

    prod.api.apply(deployment)
    prod.plane.wait_for("the rollback", lambda: settled(prod.api, deployment))

    assert template_hash(prod, deployment) == old
    assert {it["metadata"]["uid"] for it in pods(prod.api, deployment)} == before


def revisions(prod, manifests):
    found = {}
    for it in manifests:
        if it["kind"] in ("Deployment", "StatefulSet"):
            live = prod.api.get(prod.api.path(it))
            status = live.get("status", {})
            found[it["metadata"]["name"]] = status.get("updateRevision") or live["metadata"].get(
                "annotations", {}
            ).get(REVISION)
    return found


def changed(prod, name, namespace):
    """The objects of the copy with one line of the configuration of workload `name` changed in its settings."""
    settings = prod.settings
    workload = settings.workloads[name]
    env = {**workload.config.env, "LOG_LEVEL": "debug"}
    config = workload.config.model_copy(update={"env": env})
    workloads = {**settings.workloads, name: workload.model_copy(update={"config": config})}
    settings = settings.model_copy(update={"workloads": workloads})
    values = placeholders.values(placeholders.placeholders(settings), {})
    manifests = [part.manifest for group in groups(settings, values) for part in group.parts]
    return moved(manifests, COURSE, namespace)


def test_a_config_change_rolls_its_readers_and_nobody_else(prod, copied, namespace):
    names = ("admin-authorization", "blob-service", "web", "public-nginx")
    made = copied(COURSE, *names)
    deployments = [it for it in made if it["kind"] == "Deployment"]
    for it in deployments:
        prod.plane.wait_for("the start", lambda it=it: settled(prod.api, it))
    before = revisions(prod, made)
    identities = {it["metadata"]["uid"]: it for at in deployments for it in pods(prod.api, at)}

    wanted = {(it["kind"], it["metadata"]["name"]) for it in made}
    again = changed(prod, "admin-authorization", namespace)
    for it in again:
        known = (it["kind"], it["metadata"]["name"]) in wanted
        if known or it["metadata"]["name"].startswith("admin-authorization"):
            apply(prod.api, it)
    reader = of_kind(made, "Deployment", "admin-authorization")
    prod.plane.wait_for("the new revision", lambda: revisions(prod, made) != before)
    prod.plane.wait_for("the rollout", lambda: settled(prod.api, reader))

    after = revisions(prod, made)
    assert {name for name in after if after[name] != before[name]} == {"admin-authorization"}
    left = {it["metadata"]["uid"] for at in deployments for it in pods(prod.api, at)}
    gone = {
        identities[uid]["metadata"]["labels"]["app.kubernetes.io/name"]
        for uid in {*identities} - left
    }
    assert gone == {"admin-authorization"}


def due(prod, cron):
    """Let the controller believe that it last ran 90 s ago, so that a run is due now."""
    now = datetime.datetime.now(datetime.UTC) - datetime.timedelta(seconds=90)
    status = {"status": {"lastScheduleTime": now.strftime("%Y-%m-%dT%H:%M:%SZ")}}
    prod.api.request("PATCH", f"{prod.api.path(cron)}/status", status, MERGE)


def jobs(prod, namespace):
    return [
        it
        for it in prod.api.items(f"/apis/batch/v1/namespaces/{namespace}/jobs")
        if not it.get("status", {}).get("conditions")
    ]


def run_twice(prod, copied, namespace, policy=None):
    """Make a run of a cron job due, and another while the first hangs; the runs that are there then."""

    def every_minute(it):
        if it["kind"] == "CronJob":
            it["spec"]["schedule"] = "* * * * *"
            template = it["spec"]["jobTemplate"]["spec"]["template"]["metadata"]
            template.setdefault("annotations", {}).update(HOLD)
            if policy:
                it["spec"]["concurrencyPolicy"] = policy

    cron = of_kind(copied(BATCH, "business-data-sync", change=every_minute), "CronJob")
    due(prod, cron)
    prod.plane.wait_for("the first run", lambda: jobs(prod, namespace), 90)
    due(prod, cron)

    def second():
        events = prod.api.items(f"/api/v1/namespaces/{namespace}/events")
        skipped = any(it["reason"] == "JobAlreadyActive" for it in events)
        return skipped or len(jobs(prod, namespace)) > 1

    prod.plane.wait_for("the second turn", second, 90)
    return len(jobs(prod, namespace))


def test_a_cron_job_does_not_start_while_its_last_run_hangs(prod, copied, namespace):
    assert run_twice(prod, copied, namespace) == 1


def test_a_cron_job_that_may_overlap_is_seen_to_do_so(prod, copied, namespace):
    assert run_twice(prod, copied, namespace, "Allow") == 2


def test_an_immutable_selector_cannot_be_changed_by_applying(prod, copied):
    deployment = of_kind(copied(COURSE, "web"), "Deployment")
    deployment["spec"]["selector"]["matchLabels"]["more"] = "yes"
    deployment["spec"]["template"]["metadata"]["labels"]["more"] = "yes"

    with pytest.raises(ApiError, match="immutable"):
        prod.api.apply(deployment)
