"""What quotas count on a live API server, held against our own arithmetic."""

from dataclasses import replace
from itertools import count

from review.analyses.capacity import POD_RESOURCES, capacity
from review.analyses.objects import BY_CONTROLLERS, CLASS, KNOWN, count_name
from review.analyses.pods import kubernetes_objects
from review.plan import Resource
from settings.quantity import amount
from tests.cluster.control_plane.client import MERGE
from tests.cluster.control_plane.errors import ControlPlaneError
from tests.cluster.crds import ALL as CRDS
from tests.cluster.estate import apply

NUDGED = "count/leases.coordination.k8s.io"
"""A bound that no test has, to be changed."""

POLLS_A_NUDGE = 20
_NUDGES = count(1_000_000)

WIDE = "wide"
"""Name of a quota that counts every name our arithmetic has, and refuses nothing."""

CUSTOM = {f"count/{it['metadata']['name']}" for it in CRDS}
"""The controller of quotas finds new kinds after up to 30 s, and counts what was there already at its next sync."""

CLASSES = ("managed-csi-premium", "gold")


def used(estate, namespace, quota="quota"):
    path = f"/api/v1/namespaces/{namespace}/resourcequotas/{quota}"
    found = estate.api.get(path)["status"].get("used", {})
    return {name: amount(text) for name, text in found.items()}


def count_anew(estate, namespace, quota="quota"):
    """Have the controller count all that is there now: it does on a change of what is bounded, else after five minutes.

    Its first count may come before kube-root-ca.crt, or before pods that nobody charged since the quota had no status.
    """
    path = f"/api/v1/namespaces/{namespace}/resourcequotas/{quota}"
    hard = {NUDGED: str(next(_NUDGES))}
    estate.api.request("PATCH", path, {"spec": {"hard": hard}}, MERGE)


def wait_until_counted(estate, namespace, wanted, seconds=40, quota="quota"):
    """Poll until `status.used` is `wanted` for its names, and have it counted anew now and then."""
    polls = count()

    def same():
        if next(polls) % POLLS_A_NUDGE == POLLS_A_NUDGE - 1:
            count_anew(estate, namespace, quota)
        now = used(estate, namespace, quota)
        return all(now.get(name) == it for name, it in wanted.items())

    estate.plane.wait_for(f"{wanted} of the quota {quota}", same, seconds)


def computed(plan, moment):
    """Namespace and resource of every row that our arithmetic has, with the amount."""
    return {(it.namespace, it.resource): getattr(it, moment) for it in capacity(plan).quotas}


def count_widely(estate, plan):
    """Apply the wide quotas of a plan, and wait until each counts: what comes before may be counted late."""
    for _, it in kubernetes_objects(plan, "ResourceQuota"):
        if it["metadata"]["name"] == WIDE:
            apply(estate.api, it)
            at = it["metadata"]["namespace"], WIDE
            estate.plane.wait_for("the wide quota", lambda at=at: used(estate, *at), 20)


def difference(estate, moment, quota="quota", plan=None):
    """Namespace and resource where the API's count is not ours, or one of the two has none; with both."""
    plan = plan or estate.plan
    ours = computed(plan, moment)
    theirs = {
        (namespace, name): count
        for namespace in {it.namespace for it in capacity(plan).quotas}
        for name, count in used(estate, namespace, quota).items()
    }
    return {
        at: (theirs.get(at), ours.get(at))
        for at in {*ours, *theirs}
        if theirs.get(at) != ours.get(at)
    }


def as_plan(manifests, like):
    """A plan of these objects on the node pools of the plan `like`."""
    rows = [
        Resource(urn=f"{index}", type="kubernetes:any:Any", name="any", inputs=it)
        for index, it in enumerate(manifests)
    ]
    return replace(like, resources=tuple(rows))


def wide(manifests, namespace):
    """A quota of every name that we know or that these objects have."""
    inside = [it for it in manifests if "namespace" in it["metadata"]]
    names = {*POD_RESOURCES, *KNOWN, *map(count_name, inside)} - BY_CONTROLLERS - CUSTOM
    names |= {
        f"{it}{CLASS}{name}"
        for it in CLASSES
        for name in ("requests.storage", "persistentvolumeclaims")
    }
    return {
        "apiVersion": "v1",
        "kind": "ResourceQuota",
        "metadata": {"name": WIDE, "namespace": namespace},
        "spec": {"hard": dict.fromkeys(sorted(names), "1P")},
    }


def agree(estate, moment, *quota_and_plan):
    """Wait until both agree; a cron job may run just now."""
    try:
        estate.plane.wait_for(moment, lambda: not difference(estate, moment, *quota_and_plan), 40)
    except ControlPlaneError:
        found = difference(estate, moment, *quota_and_plan)
        assert not found, f"{moment}, the API's count and ours: {found}"
