"""Rollouts in a copy of a namespace: watched, stopped by a bad image, taken back, and only where something changed."""

import copy

import pytest

from manifests.estate import groups
from review.rendering import placeholders
from tests.cluster.control_plane.client import MERGE, ApiError
from tests.cluster.estate import HOLD, apply, moved, one

COURSE = "course"
REVISION = "deployment.kubernetes.io/revision"
BAD = "registry.example/never-built:0"


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
    """Those of a workload that are not on their way out: its controller counts no others."""
    space = manifest["metadata"]["namespace"]
    name = manifest["metadata"]["name"]
    return [
        it
        for it in api.items(f"/api/v1/namespaces/{space}/pods")
        if it["metadata"]["labels"]["app.kubernetes.io/name"] == name
        and "deletionTimestamp" not in it["metadata"]
    ]


def identities(api, manifest):
    return {it["metadata"]["uid"] for it in pods(api, manifest)}


class Watch:
    """`least`: the fewest ready pods of a namespace while a block ran, by every event of it.

    The server keeps the events, so they are read when the block has ended, up to one of the watch's own making.
    """

    def __init__(self, api, namespace):
        self.api, self.path = api, f"/api/v1/namespaces/{namespace}/pods"

    def __enter__(self):
        self.first = self.api.get(self.path)
        return self

    def __exit__(self, failed, *_):
        if failed:
            return
        since = self.first["metadata"]["resourceVersion"]
        mark = {"metadata": {"annotations": {"seen-from": since}}}
        own = next(it for it in self.api.items(self.path) if ready(it))
        last = self.api.request("PATCH", f"{self.path}/{own['metadata']['name']}", mark, MERGE)
        state = {it["metadata"]["uid"]: ready(it) for it in self.first["items"]}
        self.counts = [sum(state.values())]
        for event in self.api.events(self.path, since, last["metadata"]["resourceVersion"]):
            pod = event["object"]
            state[pod["metadata"]["uid"]] = event["type"] != "DELETED" and ready(pod)
            self.counts.append(sum(state.values()))
        self.least = min(self.counts)


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
    return seen.least, deployment["spec"]["replicas"]


NAMES = ("web", "public-nginx", "admin-authorization")


@pytest.mark.parametrize("name", NAMES)
def test_a_rolling_update_never_has_fewer_pods_than_replicas(prod, copied, name):
    deployment = one(copied(COURSE, name), "Deployment")
    prod.plane.wait_for("the start", lambda: settled(prod.api, deployment))

    least, replicas = roll(prod, deployment)

    assert replicas >= 3
    assert least >= replicas


def test_a_rolling_update_that_may_take_pods_away_is_seen_to_do_so(prod, copied):
    deployment = one(copied(COURSE, "web"), "Deployment")

    least, replicas = roll(prod, deployment, {"maxSurge": 0, "maxUnavailable": 2})

    assert least < replicas


def surge_of(deployment):
    """Pods beyond its replicas that a Deployment may have: a percentage is rounded up."""
    surge = deployment["spec"]["strategy"]["rollingUpdate"]["maxSurge"]
    if isinstance(surge, int):
        return surge
    return -(-int(surge.rstrip("%")) * deployment["spec"]["replicas"] // 100)


@pytest.fixture
def web(prod, copied):
    """A Deployment that runs, and whose controller gives up a rollout after 2 s without progress."""

    def impatient(it):
        if it["kind"] == "Deployment":
            it["spec"]["progressDeadlineSeconds"] = 2

    deployment = one(copied(COURSE, "web", change=impatient), "Deployment")
    prod.plane.wait_for("the start", lambda: settled(prod.api, deployment))
    return deployment


def with_image(deployment, image, annotations):
    found = copy.deepcopy(deployment)
    template = found["spec"]["template"]
    template["spec"]["containers"][0]["image"] = image
    template["metadata"]["annotations"] = annotations
    return found


def given_up(api, manifest):
    """Whether the controller calls the rollout stuck, and each of its replica sets has what it is to have."""
    live = api.get(api.path(manifest))
    status = live["status"]
    verdict = any(
        it["type"] == "Progressing" and it.get("reason") == "ProgressDeadlineExceeded"
        for it in status["conditions"]
    )
    space, name = live["metadata"]["namespace"], live["metadata"]["name"]
    sets = [
        it
        for it in api.items(f"/apis/apps/v1/namespaces/{space}/replicasets")
        if it["metadata"]["ownerReferences"][0]["name"] == name
    ]
    return (
        verdict
        and status["observedGeneration"] == live["metadata"]["generation"]
        and status["replicas"] == len(pods(api, manifest))
        and all(
            it["status"].get("observedGeneration") == it["metadata"]["generation"]
            and it["status"]["replicas"] == it["spec"]["replicas"]
            for it in sets
        )
    )


def beyond_the_surge(prod, deployment, strategy=None):
    """What a rollout of an image that never starts did, more than adding the pods of the surge of `deployment`."""
    bad = with_image(deployment, BAD, HOLD)
    bad["spec"]["strategy"]["rollingUpdate"] |= strategy or {}
    with Watch(prod.api, deployment["metadata"]["namespace"]) as seen:
        prod.api.apply(bad)
        prod.plane.wait_for("the end of patience", lambda: given_up(prod.api, deployment))
    status = prod.api.get(prod.api.path(deployment))["status"]
    replicas, surge = deployment["spec"]["replicas"], surge_of(deployment)
    wanted = {"fewest ready": replicas, "available": replicas, "updated": surge}
    found = {
        "fewest ready": seen.least,
        "available": status.get("availableReplicas", 0),
        "updated": status["updatedReplicas"],
    }
    return {key: number for key, number in found.items() if number != wanted[key]}


def strangers(prod, deployment, before):
    """Pods that run when a rollback to `deployment` is done and are not the ones of `before`."""
    prod.api.apply(deployment)
    prod.plane.wait_for("the rollback", lambda: settled(prod.api, deployment))
    return identities(prod.api, deployment) ^ before


def test_a_bad_image_stops_at_the_surge_and_rollback_returns_to_the_pods_before(prod, web):
    before = identities(prod.api, web)

    assert beyond_the_surge(prod, web) == {}
    assert strangers(prod, web, before) == set()


@pytest.mark.parametrize(
    ("strategy", "noticed"),
    [
        ({"maxSurge": "100%"}, {"updated"}),
        ({"maxUnavailable": 1}, {"fewest ready", "available", "updated"}),
    ],
)
def test_a_bad_image_that_goes_beyond_the_surge_is_noticed(prod, web, strategy, noticed):
    assert {*beyond_the_surge(prod, web, strategy)} == noticed


def test_a_rollback_to_something_else_than_the_revision_before_is_noticed(prod, web):
    before = identities(prod.api, web)
    beyond_the_surge(prod, web)
    another = with_image(web, "registry.example/another:1", {})

    found = strangers(prod, another, before)

    assert len(found) == 2 * web["spec"]["replicas"]


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


READER = "admin-authorization"
BESIDE = ("blob-service", "web", "public-nginx")


def rolled(prod, made, again):
    """Workloads of `made` with another revision, and those with another pod, once `again` is applied beside it."""
    deployments = [it for it in made if it["kind"] == "Deployment"]
    for it in deployments:
        prod.plane.wait_for("the start", lambda it=it: settled(prod.api, it))
    before = revisions(prod, made)
    first = {it["metadata"]["name"]: identities(prod.api, it) for it in deployments}
    wanted = {(it["kind"], it["metadata"]["name"]) for it in made}
    for it in again:
        name = it["metadata"]["name"]
        if (it["kind"], name) in wanted or name.startswith(READER):
            apply(prod.api, it)
    for it in deployments:
        prod.plane.wait_for("the rollout", lambda it=it: settled(prod.api, it))
    after = revisions(prod, made)
    gone = {
        it["metadata"]["name"]
        for it in deployments
        if first[it["metadata"]["name"]] - identities(prod.api, it)
    }
    return {name for name in after if after[name] != before[name]}, gone


def test_a_config_change_rolls_its_readers_and_nobody_else(prod, copied, namespace):
    made = copied(COURSE, READER, *BESIDE)

    assert rolled(prod, made, changed(prod, READER, namespace)) == ({READER}, {READER})


def read_too(again):
    """`web` reads the ConfigMap that is another's."""
    source = one(again, "Deployment", READER)["spec"]["template"]["spec"]["containers"][0]
    spec = one(again, "Deployment", "web")["spec"]["template"]["spec"]
    spec["containers"][0]["envFrom"] = source["envFrom"]


def stamped(again):
    """`web` carries what changes with another's configuration."""
    [name] = {
        it["metadata"]["name"]
        for it in again
        if it["kind"] == "ConfigMap" and it["metadata"]["name"].startswith(f"{READER}-")
    }
    template = one(again, "Deployment", "web")["spec"]["template"]
    template["metadata"].setdefault("annotations", {})["config"] = name


@pytest.mark.parametrize("mutate", [read_too, stamped])
def test_a_config_change_that_rolls_somebody_else_is_noticed(prod, copied, namespace, mutate):
    made = copied(COURSE, READER, *BESIDE)
    again = changed(prod, READER, namespace)
    mutate(again)

    assert rolled(prod, made, again) == ({READER, "web"}, {READER, "web"})


def test_a_config_change_that_nobody_reads_is_noticed(prod, copied, namespace):
    made = copied(COURSE, READER, *BESIDE)
    again = [it for it in changed(prod, READER, namespace) if it["kind"] == "ConfigMap"]

    assert rolled(prod, made, again) == (set(), set())


def test_an_immutable_selector_cannot_be_changed_by_applying(prod, copied):
    deployment = one(copied(COURSE, "web"), "Deployment")
    deployment["spec"]["selector"]["matchLabels"]["more"] = "yes"
    deployment["spec"]["template"]["metadata"]["labels"]["more"] = "yes"

    with pytest.raises(ApiError, match="immutable"):
        prod.api.apply(deployment)
