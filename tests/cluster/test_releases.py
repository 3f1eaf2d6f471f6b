"""Two versions of a workload on the live API: who is behind the one Service, and what a step, a flip and a way back do.

Objects are applied as `pulumi up` does: in the order that parts ask for, waiting for a Deployment that another part
comes after, and deleting last what is declared no more.
"""

from collections import Counter

import pytest

from manifests.estate import groups
from manifests.labels import VERSION
from review.rendering import placeholders
from settings.release_moves import shares
from settings.tracks import running
from tests.cluster.control_plane.client import ApiError
from tests.cluster.control_plane.errors import ControlPlaneError
from tests.cluster.estate import HOLD, apply

JSON_PATCH = "application/json-patch+json"
REVISION = "deployment.kubernetes.io/revision"
OLD, NEW = "1.0.0", "1.1.0"
PODS = 4


class Releases:
    """A workload `web` in a lab, and whatever stands beside it."""

    def __init__(self, lab):
        self.lab, self.api, self.before = lab, lab.api, {}

    def settings(self, release, *, beside=(), image=None, **changes):
        size = {} if "autoscale" in changes else {"replicas": PODS}
        web = {"ports": {"http": 8080}, "service": 80, "release": release, **size, **changes}
        others = {name: {"replicas": 1} for name in beside}
        stack = {"images": {"web": {"tag": OLD, **(image or {})}}}
        return self.lab.settings({"web": web, **others}, stack)

    def parts(self, settings):
        """Those of the lab's namespace, the tenant's first."""
        values = placeholders.values(placeholders.placeholders(settings), {})
        for group in groups(settings, values):
            if group.namespace == self.lab.namespace:
                yield from ((group.name, it) for it in group.parts)

    def up(self, settings, change=lambda part: part):
        """Apply as Pulumi does; `change` makes a mutant of each part, or None of one that is left out."""
        applied, made = {}, {}
        for name, part in self.parts(settings):
            part = change(part)
            if part is None:
                continue
            for role in part.after:
                self.available(made[name, role])
            apply(self.api, part.manifest)
            assert self.api.warnings == ()
            made[name, part.role] = part.manifest
            applied[self.api.path(part.manifest)] = part.manifest
        for path in [it for it in self.before if it not in applied]:
            self.api.request("DELETE", f"{path}?propagationPolicy=Background")
        self.before = applied

    def available(self, manifest):
        if manifest["kind"] == "Deployment":
            name = manifest["metadata"]["name"]
            what = f"deployments {name}:"
            self.lab.plane.wait_for(
                f"{name} to be available",
                lambda: not any(it.startswith(what) for it in self.lab.unavailable()),
            )

    def settled(self, settings, change=lambda part: part):
        self.up(settings, change)
        self.lab.wait()
        self.lab.plane.wait_for("old pods to go", lambda: self.old_are_gone(settings))

    def old_are_gone(self, settings):
        wanted = {it.of("web") for it in running(settings, settings.workloads["web"])}
        live = self.api.items(f"/apis/apps/v1/namespaces/{self.lab.namespace}/deployments")
        owners = {it["metadata"]["labels"]["app.kubernetes.io/instance"] for it in self.pods()}
        scaled = sum(
            it["spec"]["replicas"]
            for it in live
            if it["metadata"]["labels"]["app.kubernetes.io/name"] == "web"
        )
        names = {it.removeprefix(f"{self.lab.namespace}-") for it in owners}
        return names <= wanted and len(self.pods()) == scaled

    def pods(self, name="web"):
        return self.lab.pods(name)

    def identities(self, name="web"):
        return {it["metadata"]["uid"] for it in self.pods(name)}

    def deployment(self, name="web"):
        return self.api.get(f"/apis/apps/v1/namespaces/{self.lab.namespace}/deployments/{name}")

    def sets(self):
        """ReplicaSets of `web` by revision."""
        found = self.api.items(f"/apis/apps/v1/namespaces/{self.lab.namespace}/replicasets")
        return {
            it["metadata"]["annotations"][REVISION]: it
            for it in found
            if it["metadata"]["ownerReferences"][0]["name"] == "web"
        }

    def images(self):
        return {it["spec"]["containers"][0]["image"].rpartition(":")[2] for it in self.pods()}

    @property
    def slices(self):
        return f"/apis/discovery.k8s.io/v1/namespaces/{self.lab.namespace}/endpointslices"

    def served(self):
        """Ready endpoints of the Service by the version of their pod."""
        versions = {it["metadata"]["name"]: it["metadata"]["labels"][VERSION] for it in self.pods()}
        return Counter(
            versions.get(it["targetRef"]["name"], "gone")
            for slice_ in self.api.items(self.slices)
            for it in ready_endpoints(slice_)
        )

    def observed(self, settings):
        """Percent of the endpoints of each version that runs, by its name; once pods and endpoints agree."""
        image = settings.images["web"]
        runs = running(settings, settings.workloads["web"])
        self.lab.plane.wait_for("endpoints", lambda: "gone" not in self.served())
        found = self.served()
        return {
            it.name: 100 * found[image.version(it.name).tag] / found.total() for it in runs
        }, found.total()


def ready_endpoints(slice_):
    if slice_["metadata"].get("labels", {}).get("kubernetes.io/service-name") != "web":
        return []
    return [it for it in slice_.get("endpoints") or () if it["conditions"].get("ready")]


class Watch:
    """`least`: the fewest ready endpoints of the Service while a block ran, by every event of it."""

    def __init__(self, releases):
        self.api, self.path = releases.api, releases.slices
        self.namespace = releases.lab.namespace

    def __enter__(self):
        self.first = self.api.get(self.path)
        return self

    def __exit__(self, failed, *_):
        if failed:
            return
        mark = {
            "apiVersion": "discovery.k8s.io/v1",
            "kind": "EndpointSlice",
            "metadata": {"generateName": "mark-", "namespace": self.namespace},
            "addressType": "IPv4",
            "endpoints": [],
        }
        last = self.api.request("POST", self.path, mark)["metadata"]["resourceVersion"]
        state = {it["metadata"]["name"]: len(ready_endpoints(it)) for it in self.first["items"]}
        self.counts = [sum(state.values())]
        since = self.first["metadata"]["resourceVersion"]
        for event in self.api.events(self.path, since, last):
            slice_ = event["object"]
            there = event["type"] != "DELETED"
            state[slice_["metadata"]["name"]] = len(ready_endpoints(slice_)) if there else 0
            self.counts.append(sum(state.values()))
        self.least = min(self.counts)


@pytest.fixture
def releases(lab):
    return Releases(lab)


def canary(step):
    return {"strategy": "canary", "step": step}


TRACKS = {"tracks": {"candidate": NEW}}
GREEN = {"tracks": {"green": NEW}}


def as_explained(releases, settings, change=lambda part: part):
    """Whether the endpoints of the one Service are shared out as `./aks explain` says."""
    releases.settled(settings, change)
    workload = settings.workloads["web"]
    told = shares(workload, running(settings, workload))
    expected = {name: float(it.lowest) for name, it in told.items()}

    def agree():
        found, total = releases.observed(settings)
        wanted = sum(it.fewest for it in running(settings, workload) if it.serves)
        return total == wanted and all(abs(found[it] - expected[it]) < 0.1 for it in expected)

    try:
        releases.lab.plane.wait_for("the shares", agree, 5)
    except ControlPlaneError:
        return False
    return True


@pytest.mark.parametrize("strategy", ["canary", "gray"])
def test_endpoints_are_shared_out_at_every_step_as_explained(releases, strategy):
    for step in (0, 1, 2, 3, 4, 2, 0):
        settings = releases.settings({"strategy": strategy, "step": step}, image=TRACKS)
        assert as_explained(releases, settings), (step, releases.served())


def test_endpoints_that_are_shared_out_otherwise_are_noticed(releases):
    def first_alone(part):
        if part.role == "service":
            part.manifest["spec"]["selector"] = {
                "app.kubernetes.io/instance": f"{releases.lab.namespace}-web"
            }
        return part

    settings = releases.settings(canary(2), image=TRACKS)
    assert not as_explained(releases, settings, first_alone)


def test_a_running_deployment_takes_up_a_strategy_and_keeps_its_pods(releases):
    releases.settled(releases.settings("rolling"))
    before, pods = releases.deployment(), releases.identities()

    for release in (canary(0), {"strategy": "gray", "step": 1}, {"strategy": "blueGreen"}):
        releases.settled(releases.settings(release, image=TRACKS if "step" in release else None))

        after = releases.deployment()
        assert after["metadata"]["uid"] == before["metadata"]["uid"]
        assert after["metadata"]["annotations"][REVISION] == "1"
        assert pods <= releases.identities()


def test_a_canary_takes_pods_and_gives_them_back_without_starting_others_anew(releases):
    releases.settled(releases.settings(canary(0)))
    pods = releases.identities()

    releases.settled(releases.settings(canary(2), image=TRACKS))

    assert len(pods & releases.identities()) == PODS - 1
    assert releases.images() == {OLD, NEW}
    releases.settled(releases.settings(canary(0)))
    assert releases.images() == {OLD}


def flip(releases, change=lambda part: part):
    """From blue alone to green in one go, watched; the fewest ready endpoints meanwhile."""
    releases.settled(releases.settings({"strategy": "blueGreen"}))
    releases.lab.plane.wait_for("endpoints", lambda: releases.served() == {OLD: PODS})
    with Watch(releases) as seen:
        settings = releases.settings({"strategy": "blueGreen", "active": "green"}, image=GREEN)
        releases.up(settings, change)
        wanted = {} if change is not_waiting else {NEW: PODS}
        releases.lab.plane.wait_for("the flip", lambda: releases.served() == wanted)
    return seen.least


def not_waiting(part):
    """A mutant: no part waits for another, and pods of the second version are not ready yet."""
    labels = part.manifest["metadata"]["labels"]
    if part.manifest["kind"] == "Deployment" and "aks-platform/track" in labels:
        part.manifest["spec"]["template"]["metadata"]["annotations"] = HOLD
    return part._replace(after=())


def test_green_takes_over_without_a_moment_without_a_ready_endpoint(releases):
    assert flip(releases) >= PODS


def test_a_flip_before_green_is_ready_is_noticed(releases):
    assert flip(releases, not_waiting) == 0


def test_a_flip_and_the_flip_back_move_no_pod(releases):
    def settings(active):
        return releases.settings({"strategy": "blueGreen", "active": active}, image=GREEN)

    releases.settled(settings("blue"))
    pods = releases.identities()
    for active, version in (("green", NEW), ("blue", OLD)):
        with Watch(releases) as seen:
            releases.up(settings(active))
            releases.lab.plane.wait_for(
                "the flip", lambda version=version: releases.served() == {version: PODS}
            )
        assert seen.least >= PODS
        assert releases.identities() == pods
    releases.settled(releases.settings({"strategy": "blueGreen"}))
    assert releases.images() == {OLD}


def jump(releases, strategy, change=lambda part: part):
    """From no candidate to 100 % at once, and back; the fewest ready endpoints meanwhile."""
    releases.settled(releases.settings({"strategy": strategy}))
    releases.lab.plane.wait_for("endpoints", lambda: releases.served() == {OLD: PODS})
    with Watch(releases) as seen:
        releases.up(releases.settings({"strategy": strategy, "step": 4}, image=TRACKS), change)
        wanted = {} if change is not_waiting else {NEW: PODS}
        releases.lab.plane.wait_for("the step", lambda: releases.served() == wanted)
    return seen.least


@pytest.mark.parametrize("strategy", ["canary", "gray"])
def test_all_requests_go_to_a_candidate_whose_pods_are_ready(releases, strategy):
    assert jump(releases, strategy) >= PODS


@pytest.mark.parametrize("strategy", ["canary", "gray"])
def test_requests_that_go_to_a_candidate_that_is_not_ready_are_noticed(releases, strategy):
    assert jump(releases, strategy, not_waiting) == 0


def undo(releases, revision):
    """What `kubectl rollout undo --to-revision` sends: template and annotations, as manager `kubectl`."""
    template = releases.sets()[revision]["spec"]["template"]
    del template["metadata"]["labels"]["pod-template-hash"]
    kept = {REVISION: releases.deployment()["metadata"]["annotations"][REVISION]}
    patch = [
        {"op": "replace", "path": "/spec/template", "value": template},
        {"op": "replace", "path": "/metadata/annotations", "value": kept},
    ]
    path = f"/apis/apps/v1/namespaces/{releases.lab.namespace}/deployments/web"
    releases.api.request("PATCH", f"{path}?fieldManager=kubectl", patch, JSON_PATCH)
    releases.lab.wait()


def rolled(releases, *versions, **changes):
    """`web` rolled through `versions`; the settings of the last."""
    for version in versions:
        settings = releases.settings("rolling", image={"tag": version}, **changes)
        releases.settled(settings)
    return settings


def test_a_rolling_release_keeps_its_revisions_up_to_the_limit(releases):
    rolled(releases, "1", "2", "3", "4", rollout={"revisionHistoryLimit": 2})

    def kept():
        return {key: it["metadata"]["labels"][VERSION] for key, it in releases.sets().items()}

    releases.lab.plane.wait_for("old revisions to go", lambda: len(kept()) == 3)
    assert kept() == {"2": "2", "3": "3", "4": "4"}


def test_an_undo_by_revision_is_a_conflict_for_the_next_change_and_not_for_the_same_as_a_rollback(
    releases,
):
    declared = rolled(releases, OLD, NEW)
    first = releases.sets()["1"]["metadata"]["uid"]

    undo(releases, "1")

    assert releases.images() == {OLD}
    assert releases.sets()["3"]["metadata"]["uid"] == first
    for settings in (declared, releases.settings("rolling", image={"tag": "1.2.0"})):
        with pytest.raises(ApiError, match=r'conflicts? with "kubectl"'):
            releases.up(settings)
    pods = releases.identities()
    back = releases.settings("rolling", image={"tag": NEW, "rollback": OLD})
    releases.settled(back)
    assert releases.identities() == pods
    deployment = next(it.manifest for _, it in releases.parts(declared) if it.role == "deployment")
    releases.api.apply(deployment, force=True)
    releases.lab.wait()
    assert releases.images() == {NEW}


def test_the_rollback_of_an_image_returns_to_the_revision_before_and_touches_no_other_pod(releases):
    beside = ("other",)
    releases.settled(releases.settings("rolling", image={"tag": OLD}, beside=beside))
    first = releases.sets()["1"]["metadata"]["uid"]
    releases.settled(releases.settings("rolling", image={"tag": NEW}, beside=beside))
    assert releases.images() == {NEW}
    others = releases.identities("other")

    rollback = {"tag": NEW, "rollback": OLD}
    releases.settled(releases.settings("rolling", image=rollback, beside=beside))

    assert releases.images() == {OLD}
    assert releases.sets()["3"]["metadata"]["uid"] == first
    assert releases.identities("other") == others
    releases.settled(releases.settings("rolling", image={"tag": NEW}, beside=beside))
    assert releases.images() == {NEW}


SCALED = {"min": PODS, "max": 10, "cpu": 70}


def scaled(releases, name, number):
    releases.lab.plane.wait_for(
        f"{name} at {number}", lambda: releases.deployment(name)["spec"]["replicas"] == number
    )


def test_each_version_has_an_autoscaler_of_its_share_until_it_has_no_pod(releases):
    def settings(step):
        return releases.settings(canary(step), image=TRACKS, autoscale=SCALED)

    releases.up(settings(3))
    for name in ("web", "web-candidate"):
        scaled(releases, name, PODS // 2)
    releases.up(settings(4))
    scaled(releases, "web", 0)
    scaled(releases, "web-candidate", PODS)
    scalers = f"/apis/autoscaling/v2/namespaces/{releases.lab.namespace}/horizontalpodautoscalers"
    assert {it["metadata"]["name"] for it in releases.api.items(scalers)} == {"web-candidate"}
    releases.up(settings(0))
    scaled(releases, "web", PODS)


def test_each_version_has_a_disruption_budget_of_its_own_pods(releases):
    releases.settled(releases.settings(canary(3), image=TRACKS))
    path = f"/apis/policy/v1/namespaces/{releases.lab.namespace}/poddisruptionbudgets"

    def seen():
        return {
            it["metadata"]["name"]: (
                it["status"].get("expectedPods"),
                it["status"].get("currentHealthy"),
            )
            for it in releases.api.items(path)
        }

    expected = dict.fromkeys(("web", "web-candidate"), (PODS // 2, PODS // 2))
    releases.lab.plane.wait_for("the budgets", lambda: seen() == expected)
