"""A batch of cases: one ConfigMap named by its content, one key a pod."""

import pytest

from tests.manifests.samples import controller_of, of_kind, parts_of, pod_of
from tests.manifests.schema import faults

LISTED = {"cases": {"list": ["login", "logout", "reset"]}}


def job(kind="job", **given):
    return of_kind(kind, job={**LISTED, **given}, ports={}, service=None)


def config_map(subject):
    return parts_of(subject)["cases"].manifest


def mounts(pod):
    return [it for it in pod["containers"][0].get("volumeMounts", ()) if it["name"] == "cases"]


def test_every_case_is_a_key_of_its_index():
    assert config_map(job())["data"] == {"0": "login", "1": "logout", "2": "reset"}


def test_the_cases_can_never_change_under_a_pod():
    assert config_map(job())["immutable"] is True


def test_other_cases_and_another_order_are_another_config_map():
    names = {
        config_map(job(cases={"list": listed}))["metadata"]["name"]
        for listed in (["a", "b"], ["b", "a"], ["a", "b", "c"], ["a", "b"])
    }
    assert len(names) == 3


def test_a_pod_mounts_the_key_of_its_own_index_as_one_file():
    assert mounts(pod_of(job())) == [
        {
            "name": "cases",
            "mountPath": "/etc/case",
            "subPathExpr": "$(JOB_COMPLETION_INDEX)",
            "readOnly": True,
        }
    ]
    pod = pod_of(job(cases={**LISTED["cases"], "mountPath": "/cases/mine.txt"}))
    assert mounts(pod)[0]["mountPath"] == "/cases/mine.txt"


def test_the_index_in_the_path_is_that_of_the_pods_annotation():
    [variable] = pod_of(job())["containers"][0]["env"]
    path = "metadata.annotations['batch.kubernetes.io/job-completion-index']"
    assert variable == {
        "name": "JOB_COMPLETION_INDEX",
        "valueFrom": {"fieldRef": {"fieldPath": path}},
    }


def test_the_pods_volume_is_the_config_map_of_its_cases():
    subject = job()
    [volume] = [it for it in pod_of(subject)["volumes"] if it["name"] == "cases"]
    assert volume["configMap"] == {"name": config_map(subject)["metadata"]["name"]}


def test_the_job_comes_after_its_cases():
    assert "cases" in parts_of(job())["job"].after


@pytest.mark.parametrize("kind", ["job", "cronjob"])
def test_a_batch_is_indexed_and_has_a_completion_a_case(kind):
    spec = controller_of(job(kind))["spec"]
    spec = spec.get("jobTemplate", {}).get("spec", spec)
    assert (spec["completionMode"], spec["completions"]) == ("Indexed", 3)
    assert faults(controller_of(job(kind))) == []
    assert faults(config_map(job(kind))) == []


def test_a_count_needs_no_config_map():
    subject = job(cases=5)
    assert "cases" not in parts_of(subject)
    assert mounts(pod_of(subject)) == []
    assert controller_of(subject)["spec"]["completions"] == 5


@pytest.mark.parametrize(
    ("given", "wire"),
    [
        ({"ttlSecondsAfterFinished": 0}, {"ttlSecondsAfterFinished": 0}),
        ({"suspend": True}, {"suspend": True}),
        ({"maxFailedIndexes": 0, "backoffLimitPerIndex": 0}, {"maxFailedIndexes": 0}),
        (
            {"successPolicy": {"succeededIndexes": "0-1", "succeededCount": 1}},
            {"successPolicy": {"rules": [{"succeededIndexes": "0-1", "succeededCount": 1}]}},
        ),
        (
            {"successPolicy": {"succeededCount": 2}},
            {"successPolicy": {"rules": [{"succeededCount": 2}]}},
        ),
    ],
)
def test_what_is_said_of_the_life_of_a_job_is_in_its_spec(given, wire):
    manifest = controller_of(job(**given))
    assert manifest["spec"] | wire == manifest["spec"]
    assert faults(manifest) == []


def test_what_is_not_said_of_a_job_is_left_to_kubernetes():
    assert set(controller_of(job())["spec"]) == {
        "completions",
        "parallelism",
        "completionMode",
        "template",
    }


def test_nobody_waits_for_a_job_that_is_suspended():
    annotations = controller_of(job(suspend=True))["metadata"]["annotations"]
    assert annotations == {"pulumi.com/skipAwait": "true"}
    assert "annotations" not in controller_of(job())["metadata"]
