"""What the diff of plans takes for the same, against a real API server: it stores the same, however it is written."""

import copy

import pytest

from review.diff import defaults
from review.diff.shapes import KubernetesShape, of_kind
from review.diff.walk import differences, normal
from review.kubernetes_schemas import _definitions
from tests.cluster.diff_samples import SAMPLES, SPACE
from tests.cluster.estate import rendered

NAMES = [f"{kind}-{number}" for number, (_, kind, _) in enumerate(SAMPLES)]
HANDED_OUT = {
    "metadata": (
        "annotations",
        "creationTimestamp",
        "finalizers",
        "generation",
        "managedFields",
        "resourceVersion",
        "uid",
    ),
    "spec": ("clusterIP", "clusterIPs", "ipFamilies", "healthCheckNodePort"),
}
"""What the server writes into an object of its own accord, where the object says nothing."""

GIVEN_TO_JOBS = ("controller-uid", "job-name")
GENERATION = "deprecated.daemonset.template.generation"
ELSEWHERE = {("core.EphemeralContainer", it) for it in defaults.ALWAYS["core.EphemeralContainer"]}
"""Only a running pod takes one; its fields are those of a container."""


WIDE = ("PersistentVolume", "StorageClass", "PriorityClass")
"""Kinds without a namespace, and those that end in `Configuration`."""


def whole(number):
    api_version, kind, body = SAMPLES[number]
    wide = kind in WIDE or kind.endswith("Configuration")
    metadata = {"name": "a"} if wide else {"name": "a", "namespace": SPACE}
    return copy.deepcopy({"apiVersion": api_version, "kind": kind, "metadata": metadata, **body})


@pytest.fixture(scope="module")
def api(lab_estate):
    server = lab_estate.api
    space = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": SPACE}}
    server.request("POST", "/api/v1/namespaces", space)
    account = {
        "apiVersion": "v1",
        "kind": "ServiceAccount",
        "metadata": {"name": "a", "namespace": SPACE},
    }
    server.request("POST", f"/api/v1/namespaces/{SPACE}/serviceaccounts", account)
    yield server
    server.request("DELETE", f"/api/v1/namespaces/{SPACE}")


def stored(api, manifest):
    """As the server would keep it, without what it hands out."""
    query = "?dryRun=All&fieldValidation=Strict"
    found = api.request("POST", f"{api.path(manifest).rpartition('/')[0]}{query}", manifest)
    for part, keys in HANDED_OUT.items():
        mine, theirs = manifest.get(part, {}), found.get(part, {})
        for key in keys:
            if key not in mine:
                theirs.pop(key, None)
    found.pop("status", None)
    found["metadata"].get("annotations", {}).pop(GENERATION, None)
    sent = manifest.get("spec", {}).get("ports") or ()
    for mine, theirs in zip(sent, found.get("spec", {}).get("ports") or (), strict=False):
        if "nodePort" not in mine:
            theirs.pop("nodePort", None)
    if manifest["kind"] == "Job":
        found["spec"].pop("selector", None)
        for it in (found["metadata"], found["spec"]["template"]["metadata"]):
            labels = it.pop("labels", {}).items()
            if kept := {key: value for key, value in labels if not key.endswith(GIVEN_TO_JOBS)}:
                it["labels"] = kept
    return found


def shape_of(manifest):
    return of_kind(manifest["apiVersion"], manifest["kind"])


def written_out(value, shape, filled):
    """With every default of the tables; which ones is added to `filled`."""
    if isinstance(value, dict):
        full = shape.filled(value)
        if isinstance(shape, KubernetesShape):
            filled |= {(shape.name, key) for key in full if key not in value}
        return {key: written_out(it, shape.field(key), filled) for key, it in full.items()}
    if isinstance(value, list):
        return [written_out(it, shape.item(), filled) for it in value]
    return value


@pytest.mark.parametrize("number", range(len(SAMPLES)), ids=NAMES)
def test_a_default_that_is_written_out_is_stored_as_if_it_were_not(api, number):
    manifest = whole(number)
    out = written_out(manifest, shape_of(manifest), set())
    if manifest["kind"] == "CronJob":
        # The server fills in no job of a CronJob, but every one that comes of it.
        kept, job = manifest["spec"]["jobTemplate"]["spec"], out["spec"]["jobTemplate"]["spec"]
        out["spec"]["jobTemplate"]["spec"] = {key: job[key] for key in kept}

    assert out != manifest
    assert stored(api, out) == stored(api, manifest)


@pytest.mark.parametrize("number", range(len(SAMPLES)), ids=NAMES)
def test_what_the_server_stores_is_the_same_as_what_was_sent(api, number):
    manifest = whole(number)
    answer = stored(api, manifest)
    shape = shape_of(manifest)

    assert [
        (it.path, it.old, it.new)
        for it in differences(manifest, answer, shape)
        if not injected(manifest, it.path)
    ] == []
    if manifest["kind"] != "Pod":
        assert normal(manifest, shape) == normal(answer, shape)


def injected(manifest, path):
    """What admission puts into a Pod: its token, its tolerations, its priority, and more of its own defaults."""
    return manifest["kind"] == "Pod" and path.startswith("spec.")


def test_every_default_of_the_tables_is_tried():
    filled = set(ELSEWHERE)
    for number in range(len(SAMPLES)):
        manifest = whole(number)
        written_out(manifest, shape_of(manifest), filled)

    table = {(name, key) for name, fields in defaults.ALWAYS.items() for key in fields}
    assert table - filled == set()


def test_another_value_than_the_default_is_stored_otherwise(api):
    """Or the tests above would pass whatever the tables say."""
    manifest = whole(0)
    for path, value in (
        (("replicas",), 2),
        (("template", "spec", "terminationGracePeriodSeconds"), 31),
        (("template", "spec", "containers", 0, "imagePullPolicy"), "Always"),
        (("template", "spec", "containers", 0, "livenessProbe", "periodSeconds"), 11),
        (("template", "spec", "volumes", 0, "configMap", "defaultMode"), 421),
    ):
        other = copy.deepcopy(manifest)
        at = other["spec"]
        for key in path[:-1]:
            at = at[key]
        at[path[-1]] = value
        assert stored(api, other) != stored(api, manifest)
        assert list(differences(manifest, other, shape_of(manifest))) != []


def test_the_estate_is_stored_as_it_was_rendered(api, tmp_path):
    tried = 0
    for it in rendered("prod", tmp_path / "out"):
        if not isinstance(shape_of(it), KubernetesShape) or it["kind"] == "Namespace":
            continue
        manifest = copy.deepcopy(it)
        if "namespace" in manifest["metadata"]:
            manifest["metadata"]["namespace"] = SPACE
        manifest["metadata"]["name"] += "-it"
        if "stringData" in manifest:
            continue
        answer = stored(api, manifest)
        found = list(differences(manifest, answer, shape_of(manifest)))
        assert found == [], (manifest["kind"], manifest["metadata"]["name"])
        tried += 1
    assert tried > 80


def test_lists_are_merged_by_the_keys_that_this_server_tells(api):
    version = api.get("/version")
    theirs = {}
    for path in ("api/v1", "apis/apps/v1", "apis/batch/v1", "apis/networking.k8s.io/v1"):
        theirs |= api.get(f"/openapi/v3/{path}")["components"]["schemas"]
    ours = _definitions(f"{version['major']}.{version['minor']}")
    keys = ("x-kubernetes-list-type", "x-kubernetes-list-map-keys", "x-kubernetes-patch-merge-key")
    compared = 0
    for name, schema in theirs.items():
        for field, it in schema.get("properties", {}).items():
            if name in ours and it.get("type") == "array":
                mine = ours[name]["properties"][field]
                assert [mine.get(key) for key in keys] == [it.get(key) for key in keys], (
                    name,
                    field,
                )
                compared += 1
    assert compared > 150


def revisions(api, kind, name):
    """What a controller keeps for each template that it had."""
    plural = "replicasets" if kind == "Deployment" else "controllerrevisions"
    path = f"/apis/apps/v1/namespaces/{SPACE}/{plural}"
    return [it for it in api.items(path) if it["metadata"]["ownerReferences"][0]["name"] == name]


TOLERATIONS = [
    {"key": "a", "operator": "Exists", "effect": "NoSchedule"},
    {"key": "b", "operator": "Exists", "effect": "NoSchedule"},
]


@pytest.mark.parametrize(
    ("name", "kind", "before", "after", "rolls"),
    [
        ("tolerations", "Deployment", {"tolerations": TOLERATIONS}, {"tolerations": TOLERATIONS[::-1]}, True),
        ("volumes", "Deployment", {"volumes": [{"name": "a", "emptyDir": {}}, {"name": "b", "emptyDir": {}}]},
         {"volumes": [{"name": "b", "emptyDir": {}}, {"name": "a", "emptyDir": {}}]}, True),
        ("limits", "Deployment", {"memory": "2Gi"}, {"memory": "2048Mi"}, False),
        ("bytes", "Deployment", {"memory": "1Gi"}, {"memory": "1073741824"}, False),
        ("set-limits", "StatefulSet", {"memory": "2Gi"}, {"memory": "2048Mi"}, False),
        ("set-bytes", "StatefulSet", {"memory": "1Gi"}, {"memory": "1073741824"}, True),
        ("set-default", "StatefulSet", {}, {"terminationGracePeriodSeconds": 30}, False),
        ("default", "Deployment", {}, {"terminationGracePeriodSeconds": 30}, False),
    ],
)  # fmt: skip
def test_what_is_told_of_the_template_of_pods_is_what_makes_new_ones(
    api, lab_estate, name, kind, before, after, rolls
):
    def controlled(spec):
        spec = dict(spec)
        memory = spec.pop("memory", "1Gi")
        container = {
            "name": "a",
            "image": "registry.example/a:1",
            "resources": {"limits": {"memory": memory}},
        }
        pods = {
            "metadata": {"labels": {"app": name}},
            "spec": {"containers": [container], **spec},
        }
        return {
            "apiVersion": "apps/v1",
            "kind": kind,
            "metadata": {"name": name, "namespace": SPACE},
            "spec": {"replicas": 0, "selector": {"matchLabels": {"app": name}}, "template": pods},
        }

    def observed():
        it = api.get(api.path(controlled(before)))
        return it.get("status", {}).get("observedGeneration") == it["metadata"]["generation"]

    for spec in (before, after):
        api.apply(controlled(spec))
        lab_estate.plane.wait_for(f"{name} to be observed", observed, 30)

    lab_estate.plane.wait_for(f"a revision of {name}", lambda: revisions(api, kind, name), 30)
    assert len(revisions(api, kind, name)) == (2 if rolls else 1)
    told = list(differences(controlled(before), controlled(after), of_kind("apps/v1", kind)))
    assert bool(told) is rolls
