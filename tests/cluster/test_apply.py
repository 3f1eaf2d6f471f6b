"""What `./aks render` writes, applied to a real API server: accepted, applied again without effect, deleted."""

import contextlib
import copy
import urllib.parse

import pytest

from tests.cluster.control_plane.client import ApiError
from tests.cluster.control_plane.errors import ControlPlaneError

MOMENTARY = {"componentstatuses", "events", "leases", "endpointslices", "endpoints"}
"""What the control plane itself writes at any time."""


def objects(api):
    """UID and title of every object in the cluster that is not momentary, nor a node's."""
    groups = [("/api/v1", api.get("/api/v1"))]
    for group in api.get("/apis")["groups"]:
        version = group["preferredVersion"]["groupVersion"]
        groups.append((f"/apis/{version}", api.get(f"/apis/{version}")))
    found = {}
    for base, answer in groups:
        for resource in answer["resources"]:
            name = resource["name"]
            if "/" in name or name in MOMENTARY or "list" not in resource["verbs"]:
                continue
            for it in api.items(f"{base}/{name}"):
                metadata = it["metadata"]
                found[metadata["uid"]] = (
                    f"{resource['kind']} {metadata.get('namespace', '')}/{metadata['name']}"
                )
    return found


def versions(estate):
    return {
        estate.api.path(it): estate.api.get(estate.api.path(it))["metadata"]["resourceVersion"]
        for it in estate.manifests
    }


def remove(api, manifests, propagation="Background"):
    """Delete objects, the last first; one that is gone with its owner or its namespace is fine, too."""
    for it in reversed(manifests):
        try:
            api.request("DELETE", f"{api.path(it)}?propagationPolicy={propagation}")
        except ApiError as error:
            if error.code != 404:
                raise


def left(api, before):
    """Titles of what is there and was not `before`."""
    return sorted(title for uid, title in objects(api).items() if uid not in before)


def moved(estate):
    """Objects whose resource version a second apply changes; a controller that writes meanwhile gets a second go."""
    found = []
    for _ in range(4):
        before = versions(estate)
        for it in estate.manifests:
            estate.api.apply(it)
        after = versions(estate)
        found = [path for path, version in before.items() if after[path] != version]
        if not found:
            break
    return found


def test_an_estate_is_accepted_whole_applied_again_without_effect_and_deleted_without_trace(spare):
    api = spare.api
    before = objects(api)

    spare.apply()
    spare.wait()

    made = {*objects(api).values()} - {*before.values()}
    assert len(made) > len(spare.manifests)
    assert moved(spare) == []

    remove(api, spare.manifests)
    for it in api.items("/api/v1/persistentvolumes"):  # the cloud's part
        api.request("DELETE", api.path({"apiVersion": "v1", "kind": "PersistentVolume", **it}))
    with contextlib.suppress(ControlPlaneError):  # what is left says more than that time is up
        spare.plane.wait_for("deletion", lambda: not left(api, before), 60)
    assert left(api, before) == []


def held(manifest):
    """Something that nobody does is to be done before the object may go."""
    manifest["metadata"]["finalizers"] = ["tests.aks-platform/never"]


@pytest.mark.parametrize("spare", ["local"], indirect=True)
@pytest.mark.parametrize(
    ("kind", "change", "propagation", "stays"),
    [
        ("ConfigMap", held, "Background", "ConfigMap default/"),
        ("Deployment", lambda _: None, "Orphan", "ReplicaSet default/"),
    ],
)
def test_what_deletion_leaves_is_noticed(spare, kind, change, propagation, stays):
    api = spare.api
    manifest = copy.deepcopy(spare.of_kind(kind)[0])
    manifest["metadata"]["namespace"] = "default"
    change(manifest)
    before = objects(api)
    api.apply(manifest)
    spare.plane.wait_for("what stays", lambda: any(stays in it for it in left(api, before)))

    remove(api, [manifest], propagation)

    spare.plane.wait_for("deletion", lambda: len(left(api, before)) == 1)
    [title] = left(api, before)
    assert title.startswith(stays)
    if kind == "Deployment":
        api.request("DELETE", f"/apis/apps/v1/namespaces/default/replicasets/{title.split('/')[1]}")
    else:
        del manifest["metadata"]["finalizers"]
        api.apply(manifest)
    spare.plane.wait_for("its end", lambda: not left(api, before))


def test_a_changed_object_moves_when_applied_again(prod):
    labels = {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": "it"},
        "data": {"a": "1"},
    }
    labels["metadata"]["namespace"] = "default"
    first = prod.api.apply(labels)
    labels["data"] = {"a": "2"}

    second = prod.api.apply(labels)

    assert first["metadata"]["resourceVersion"] != second["metadata"]["resourceVersion"]
    prod.api.request("DELETE", prod.api.path(labels))


def test_an_unknown_field_is_refused_in_every_kind(estate):
    for manifest in {it["kind"]: it for it in estate.manifests}.values():
        wrong = copy.deepcopy(manifest)
        wrong.setdefault("spec", {})["replica"] = 3
        with pytest.raises(ApiError, match=r"unknown field|field not declared|\.spec"):
            estate.api.apply(wrong)


def test_a_field_that_somebody_else_owns_is_a_conflict_not_an_overwrite(prod):
    original = prod.of_kind("Deployment")[0]
    theirs = {key: original[key] for key in ("apiVersion", "kind", "metadata")}
    theirs = {**theirs, "spec": {"minReadySeconds": 7}}
    query = urllib.parse.urlencode({"fieldManager": "hand", "force": "true"})
    prod.api.request(
        "PATCH", f"{prod.api.path(original)}?{query}", theirs, "application/apply-patch+yaml"
    )
    try:
        with pytest.raises(ApiError) as refused:
            prod.api.apply(original)
        assert refused.value.code == 409
        assert "hand" in refused.value.message
    finally:
        prod.api.apply(original, force=True)
        prod.wait()
