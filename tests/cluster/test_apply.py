"""What `./aks render` writes, applied to a real API server: accepted, applied again without effect, deleted."""

import copy
import urllib.parse

import pytest

from tests.cluster.control_plane.client import ApiError

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


def delete(api, manifest):
    """Delete an object; one that is gone with its owner or its namespace is fine, too."""
    try:
        api.request("DELETE", f"{api.path(manifest)}?propagationPolicy=Background")
    except ApiError as error:
        if error.code != 404:
            raise


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

    for it in reversed(spare.manifests):
        delete(api, it)
    for it in api.items("/api/v1/persistentvolumes"):  # the cloud's part
        api.request("DELETE", api.path({"apiVersion": "v1", "kind": "PersistentVolume", **it}))
    left = {}

    def gone():
        left.clear()
        left.update(objects(api))
        return not {*left} - {*before}

    try:
        spare.plane.wait_for("deletion", gone, 60)
    finally:
        print([title for uid, title in left.items() if uid not in before])


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
