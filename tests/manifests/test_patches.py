"""Patches: what they change, what they leave, and what they refuse. The API server's own answers: tests/cluster."""

import shutil

import pytest
from kubernetes_validate.utils import all_versions

from manifests import Part
from manifests.patched_estate import refuse
from manifests.patches import MERGE_KEYS, PATCHED, PatchError, patched
from settings.faults import SettingsError
from settings.load import load
from tests.manifests.samples import controller_of, parts_of, pod_of, web
from tests.manifests.schema import definitions, faults
from tests.settings.estate import ROOT, changed

REASON = "no setting has this field"


def patch(merge, name="Deployment"):
    return {name: {"reason": REASON, "merge": merge}}


def pod(merge):
    return patch({"spec": {"template": {"spec": merge}}})


def test_a_field_that_no_setting_has_is_set_and_the_rest_stays():
    plain, found = pod_of(web()), pod_of(web(patch=pod({"hostname": "one"})))
    assert found == {**plain, "hostname": "one"}


def test_the_reason_is_on_the_patched_object_alone():
    parts = parts_of(web(patch=pod({"hostname": "one"})))
    reasons = {role: it.manifest["metadata"].get("annotations", {}) for role, it in parts.items()}
    assert [role for role, it in reasons.items() if PATCHED in it] == ["deployment"]
    assert reasons["deployment"][PATCHED] == REASON


def test_a_container_is_met_by_its_name_and_a_new_one_is_added():
    merge = {"containers": [{"name": "web", "stdin": True}, {"name": "more", "image": "x"}]}
    plain, found = pod_of(web()), pod_of(web(patch=pod(merge)))
    assert sorted(it["name"] for it in found["containers"]) == ["more", "web"]
    [own] = [it for it in found["containers"] if it["name"] == "web"]
    assert own == {**plain["containers"][0], "stdin": True}


def test_null_removes_a_field_and_a_directive_an_item():
    env = {"A": "1", "B": "2"}
    merge = {"containers": [{"name": "web", "env": [{"name": "A", "$patch": "delete"}],
                             "resources": None}]}  # fmt: skip
    [found] = pod_of(web(env=env, patch=pod(merge)))["containers"]
    assert [it["name"] for it in found["env"]] == ["B"]
    assert "resources" not in found


def test_a_list_without_a_merge_key_is_replaced():
    merge = {"containers": [{"name": "web", "args": ["c"]}]}
    [found] = pod_of(web(args=["a", "b"], patch=pod(merge)))["containers"]
    assert found["args"] == ["c"]


def test_one_of_several_of_a_kind_is_named():
    config = {"env": {"A": "b"}, "files": {"c": "d"}, "mountPath": "/etc/web"}
    subject = web(config=config, patch=patch({"metadata": {"labels": {"x": "y"}}}, "ConfigMap"))
    with pytest.raises(PatchError, match="is one of 2 of this workload") as caught:
        parts_of(subject)
    assert caught.value.remedy == "name it: ConfigMap/config-env, ConfigMap/config-files"
    for role in ("config-env", "config-files"):
        given = patch({"metadata": {"labels": {"x": "y"}}}, f"ConfigMap/{role}")
        parts = parts_of(web(config=config, patch=given)).values()
        marked = [it.role for it in parts if "x" in it.manifest["metadata"]["labels"]]
        assert marked == [role]


def test_a_secret_is_named_without_its_hash():
    given = patch({"metadata": {"labels": {"x": "y"}}}, "Secret/secret-pin")
    secrets = {name: {"mountPath": "/mnt/own"} for name in ("PIN", "TOKEN")}
    parts = parts_of(web(secrets=secrets, patch=given)).values()
    assert [it.role for it in parts if "x" in it.manifest["metadata"]["labels"]] == ["secret-PIN"]


def test_several_patches_of_one_object_are_applied_one_after_the_other():
    given = {
        **patch({"spec": {"paused": True}}),
        **patch({"spec": {"paused": None}}, "Deployment/web"),
    }
    assert "paused" not in controller_of(web(patch=given))["spec"]


@pytest.mark.parametrize(
    ("name", "near"),
    [("Deploymnt", "did you mean 'Deployment'?"), ("Deployment/wbe", "did you mean 'Deployment'?"),
     ("Gateway", "name one of them, or remove the patch")],
)  # fmt: skip
def test_an_object_that_is_not_there_is_answered_with_those_that_are(name, near):
    with pytest.raises(PatchError) as caught:
        parts_of(web(patch=patch({"spec": {}}, name)))
    assert caught.value.path == ("patch", name)
    assert "Deployment" in caught.value.rule
    assert caught.value.remedy == near


@pytest.mark.parametrize(
    ("merge", "where", "rule"),
    [
        ({"containers": [{"image": "x"}]}, ("containers", 0), "must have a 'name'"),
        ({"containers": ["x"]}, ("containers", 0), "must be a map"),
        ({"containers": [{"name": "web", "$patch": "merge"}]}, ("containers", 0, "$patch"), "'replace' or 'delete'"),
        ({"securityContext": {"$patch": "x"}}, ("securityContext", "$patch"), "'replace' or 'delete'"),
        ({"dnsConfig": {"$patch": "x"}}, ("dnsConfig", "$patch"), "'replace' or 'delete'"),
        ({"$setElementOrder/containers": []}, ("$setElementOrder/containers",), "not known here"),
    ],
)  # fmt: skip
def test_what_cannot_be_merged_is_told_with_its_place(merge, where, rule):
    with pytest.raises(PatchError) as caught:
        parts_of(web(patch=pod(merge)))
    path = ("patch", "Deployment", "merge", "spec", "template", "spec", *where)
    assert caught.value.path == path
    assert rule in caught.value.rule
    assert caught.value.remedy


def test_a_custom_resource_has_its_lists_replaced_and_takes_no_directives():
    manifest = {
        "apiVersion": "example.com/v1",
        "kind": "Thing",
        "metadata": {"name": "a", "namespace": "b", "labels": {}},
        "spec": {"containers": [{"name": "x"}], "keep": 1},
    }
    merge = {"spec": {"containers": [{"name": "y"}]}}
    [found] = patched(web(patch=patch(merge, "Thing")), [Part("thing", manifest)])
    assert found.manifest["spec"] == {"containers": [{"name": "y"}], "keep": 1}
    merge = {"spec": {"inner": {"$patch": "replace"}}}
    with pytest.raises(PatchError, match="is for kinds of Kubernetes itself"):
        patched(web(patch=patch(merge, "Thing")), [Part("thing", manifest)])


def test_a_leaf_that_only_the_engine_knows_is_placed_and_never_looked_at():
    leaf = object()
    manifest = {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {"name": leaf, "namespace": "b", "labels": {}},
        "type": "Opaque",
    }
    [found] = patched(web(patch=patch({"type": "x/y"}, "Secret")), [Part("secret", manifest)])
    assert found.manifest["metadata"]["name"] is leaf
    assert manifest["type"] == "Opaque"


def test_nothing_of_the_settings_or_of_another_object_is_changed():
    subject = web(
        patch=pod({"containers": [{"name": "web", "env": [{"name": "A", "value": "1"}]}]})
    )
    before = subject.model_dump()
    first = parts_of(subject)
    assert parts_of(subject) == first
    assert subject.model_dump() == before


def test_the_schema_speaks_of_the_patched_object():
    assert faults(controller_of(web(patch=pod({"hostname": "one"})))) == []
    assert faults(controller_of(web(patch=pod({"hostnme": "one"}))))


KINDS = ("Deployment", "StatefulSet", "DaemonSet", "Job", "CronJob", "Service", "ServiceAccount", "ConfigMap", "Secret",
         "PersistentVolumeClaim", "NetworkPolicy", "HorizontalPodAutoscaler", "PodDisruptionBudget", "Ingress",
         "Role", "RoleBinding")  # fmt: skip
MINORS = sorted({it.rpartition(".")[0] for it in all_versions()})


def merge_keys(minor):
    """(field above, field) -> merge key, None for a list that is replaced; of every list in the kinds."""
    known = definitions(minor)[1]["$defs"]
    found, seen = {}, set()

    def walk(name, owner):
        if (name, owner) in seen:
            return
        seen.add((name, owner))
        for field, schema in known[name].get("properties", {}).items():
            if field == "status":
                continue
            inner = schema.get("items", schema)
            if "items" in schema:
                merges = "merge" in schema.get("x-kubernetes-patch-strategy", "")
                key = schema.get("x-kubernetes-patch-merge-key", "") if merges else None
                found.setdefault((owner, field), set()).add(key)
            refs = [inner, *inner.get("oneOf", ()), *inner.get("allOf", ())]
            for it in refs:
                if "$ref" in it:
                    walk(it["$ref"].rpartition("/")[2], field)

    for name in known:
        kind = name.rpartition(".")[2]
        if kind in KINDS and ".api." in name:
            walk(name, kind)
    return found


@pytest.mark.parametrize("minor", MINORS)
def test_lists_are_merged_by_the_keys_of_the_apis_own_schemas(minor):
    found = merge_keys(minor)
    assert len(found) > 50
    assert {it: keys for it, keys in found.items() if len(keys) > 1} == {}
    assert {it: key for it, [key] in found.items() if key is not None}.items() <= MERGE_KEYS.items()
    wrong = {it for it, [key] in found.items() if key is None and it in MERGE_KEYS}
    assert wrong == set()


def test_every_merge_key_is_of_some_version():
    everywhere = {
        it for minor in MINORS for it, keys in merge_keys(minor).items() if keys != {None}
    }
    assert set(MERGE_KEYS) <= everywhere


def test_a_patch_that_meets_nothing_is_a_fault_with_file_and_line(tmp_path):
    given = {"Deploymnt": {"reason": REASON, "merge": {"spec": {"paused": True}}}}
    shutil.copytree(ROOT / "workloads", tmp_path / "workloads")
    shutil.copy(ROOT / "Pulumi.dev.yaml", tmp_path)
    texts = changed(("web", "patch", given))
    (tmp_path / "workloads/web.yaml").write_text(texts["workloads/web.yaml"])
    settings = load(tmp_path, "dev")
    with pytest.raises(SettingsError) as caught:
        refuse(tmp_path, "dev", settings)
    [fault] = caught.value.faults
    line = texts["workloads/web.yaml"].splitlines().index("  Deploymnt:") + 1
    assert (fault.file, fault.line, fault.key) == ("workloads/web.yaml", line, "patch.Deploymnt")
    assert fault.remedy == "did you mean 'Deployment'?"


def test_without_a_patch_nothing_is_read_again(tmp_path):
    refuse(tmp_path / "nowhere", "dev", load(ROOT, "dev"))
