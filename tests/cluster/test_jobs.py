"""Batches on the live API: which case each pod mounts, what a failure costs, and what ends a job early.

The fake kubelet mounts nothing. What a kubelet would mount is worked out from the pod as the server has it: the path in
`subPathExpr`, expanded from the pod's own variables, as a key of the ConfigMap.
"""

import copy
import json
import re

import pytest

from review.rendering.stack import render
from tests.cluster.control_plane.client import MERGE, ApiError
from tests.cluster.estate import HOLD, one

CASES = ["login", "logout", "reset"]
INDEX = "batch.kubernetes.io/job-completion-index"
EXIT_CODE = "aks-platform-tests/exit-code"
FAILURES = "batch.kubernetes.io/job-index-failure-count"


def rendered(lab, job, files=(), kind="job"):
    """The objects of a workload `batch`; `files` stand below `workloads/`."""
    cron = {"cron": {"schedule": "0 4 * * *"}} if kind == "cronjob" else {}
    project = lab.project({"batch": {"kind": kind, "job": job, **cron}})
    for name, text in dict(files).items():
        path = project / "workloads" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    render(project, "lab", project / "out", "json")
    found = []
    for path in sorted((project / "out").rglob("*.json")):
        found += json.loads(path.read_text())["items"]
    own = (lab.namespace, None)
    return [
        it
        for it in found
        if it["metadata"].get("namespace") in own
        and (it["kind"] != "Namespace" or it["metadata"]["name"] == lab.namespace)
    ]


def held(manifests, **annotations):
    """With pods that start only once a test says so, and `annotations` of theirs."""
    template = one(manifests, "Job")["spec"]["template"]["metadata"]
    template["annotations"] = {**HOLD, **annotations}
    return manifests


def started(lab, job, **more):
    """Applied, with its Job."""
    return applied(lab, rendered(lab, job, **more))


def applied(lab, manifests):
    lab.apply(manifests)
    return one(manifests, "Job")


def status(lab, job):
    return lab.api.get(lab.api.path(job)).get("status", {})


def condition(lab, job, kind):
    rows = status(lab, job).get("conditions", ())
    return next((it for it in rows if it["type"] == kind and it["status"] == "True"), None)


def ended(lab, job, kind="Complete"):
    """The condition that ended a job, once it is there."""
    lab.plane.wait_for(
        f"{kind} of {job['metadata']['name']}", lambda: condition(lab, job, kind), 60
    )
    return condition(lab, job, kind)


def pods(lab):
    """Every pod of the namespace, ended ones too, by index; the oldest first."""
    found = {}
    rows = lab.api.items(f"/api/v1/namespaces/{lab.namespace}/pods")
    for it in sorted(
        rows, key=lambda it: (it["metadata"]["creationTimestamp"], it["metadata"]["name"])
    ):
        found.setdefault(int(it["metadata"]["annotations"][INDEX]), []).append(it)
    return found


def case_of(pod, config_maps):
    """What a kubelet would put in the file of the case."""
    own = pod["spec"]["containers"][0]
    variables = {}
    for it in own["env"]:
        path = it.get("valueFrom", {}).get("fieldRef", {}).get("fieldPath", "")
        if found := re.fullmatch(r"metadata\.(annotations|labels)\['(.+)'\]", path):
            variables[it["name"]] = pod["metadata"][found[1]][found[2]]
    [mount] = [it for it in own["volumeMounts"] if it["name"] == "cases"]
    [volume] = [it for it in pod["spec"]["volumes"] if it["name"] == "cases"]
    expression = mount.get("subPathExpr") or mount["subPath"]
    key = re.sub(r"\$\((\w+)\)", lambda it: variables[it[1]], expression)
    return config_maps[volume["configMap"]["name"]][key]


def mounted(lab):
    """The case of every pod, by index."""
    rows = lab.api.items(f"/api/v1/namespaces/{lab.namespace}/configmaps")
    data = {it["metadata"]["name"]: it.get("data") for it in rows}
    return {index: {case_of(it, data) for it in found} for index, found in pods(lab).items()}


def release(lab, index, code=0):
    """Let the pod of an index that is held now start, and end with `code`; once there is one."""

    def waiting():
        rows = pods(lab).get(index, ())
        return [it for it in rows if it["metadata"]["annotations"].items() >= HOLD.items()]

    lab.plane.wait_for(f"a pod of index {index}", waiting, 60)
    [pod] = waiting()
    annotations = {next(iter(HOLD)): "false", EXIT_CODE: str(code)}
    path = lab.api.path({"apiVersion": "v1", "kind": "Pod", "metadata": pod["metadata"]})
    lab.api.request("PATCH", path, {"metadata": {"annotations": annotations}}, MERGE)
    return pod


@pytest.mark.parametrize(
    ("cases", "files"),
    [
        (CASES, {}),
        ("cases/batch.txt", {"cases/batch.txt": "# three\nlogin\n\n logout\nreset\n"}),
        ({"list": CASES, "mountPath": "/cases/mine.txt"}, {}),
    ],
    ids=["list", "file", "path"],
)
def test_every_index_completes_and_mounts_its_own_case(lab, cases, files):
    job = started(lab, {"cases": cases, "parallelism": 3}, files=files)
    ended(lab, job)

    assert status(lab, job)["completedIndexes"] == "0-2"
    assert mounted(lab) == {index: {case} for index, case in enumerate(CASES)}


def test_a_count_gives_every_pod_its_index(lab):
    job = started(lab, {"cases": 4, "parallelism": 2})
    ended(lab, job)

    assert status(lab, job)["completedIndexes"] == "0-3"
    assert sorted(pods(lab)) == [0, 1, 2, 3]


def test_a_path_that_is_not_of_the_index_is_noticed(lab):
    manifests = rendered(lab, {"cases": CASES, "parallelism": 3})
    own = one(manifests, "Job")["spec"]["template"]["spec"]["containers"][0]
    [mount] = [it for it in own["volumeMounts"] if it["name"] == "cases"]
    mount["subPath"] = "0"
    del mount["subPathExpr"]
    ended(lab, applied(lab, manifests))

    assert mounted(lab) == {index: {"login"} for index in range(3)}


def test_the_job_controller_keeps_the_variable_that_is_there_and_adds_one_where_none_is(lab):
    manifests = rendered(lab, {"cases": CASES, "parallelism": 3})
    bare = copy.deepcopy(manifests)
    job = one(bare, "Job")
    job["metadata"]["name"] = "bare"
    del job["spec"]["template"]["spec"]["containers"][0]["env"]
    for it in (applied(lab, manifests), applied(lab, bare)):
        ended(lab, it)

    given = one(manifests, "Job")["spec"]["template"]["spec"]["containers"][0]["env"]
    found = {"batch": [], "bare": []}
    for it in (pod for rows in pods(lab).values() for pod in rows):
        env = it["spec"]["containers"][0]["env"]
        assert [row["name"] for row in env] == ["JOB_COMPLETION_INDEX"]
        found[it["metadata"]["labels"]["job-name"]].append(env[0])
    # The server adds the version of the field.
    assert {it["valueFrom"]["fieldRef"]["fieldPath"] for it in found["batch"]} == {
        given[0]["valueFrom"]["fieldRef"]["fieldPath"]
    }
    assert len(found["batch"]) == len(found["bare"]) == 3
    assert mounted(lab) == {index: {case} for index, case in enumerate(CASES)}


def test_an_index_that_fails_is_tried_again_by_itself_and_the_others_complete(lab):
    manifests = rendered(lab, {"cases": CASES, "parallelism": 3, "backoffLimitPerIndex": 1})
    job = applied(lab, held(manifests))
    release(lab, 0)
    release(lab, 2)
    first, second = release(lab, 1, 3), release(lab, 1, 3)
    ended(lab, job, "Failed")

    assert status(lab, job)["failedIndexes"] == "1"
    assert status(lab, job)["completedIndexes"] == "0,2"
    assert [it["metadata"]["annotations"][FAILURES] for it in (first, second)] == ["0", "1"]
    assert {index: len(rows) for index, rows in pods(lab).items()} == {0: 1, 1: 2, 2: 1}
    assert mounted(lab)[1] == {"logout"}


def test_without_retries_an_index_fails_at_once(lab):
    manifests = rendered(lab, {"cases": CASES, "parallelism": 3, "backoffLimitPerIndex": 0})
    job = applied(lab, held(manifests))
    release(lab, 1, 3)
    release(lab, 0)
    release(lab, 2)
    ended(lab, job, "Failed")

    assert {index: len(rows) for index, rows in pods(lab).items()} == {0: 1, 1: 1, 2: 1}


@pytest.mark.parametrize(
    ("most", "reason"), [(0, "MaxFailedIndexesExceeded"), (1, "FailedIndexes")]
)
def test_more_failed_indexes_than_may_be_end_the_job(lab, most, reason):
    given = {"cases": CASES, "parallelism": 3, "backoffLimitPerIndex": 0, "maxFailedIndexes": most}
    job = applied(lab, held(rendered(lab, given)))
    release(lab, 1, 3)
    if most:
        release(lab, 0)
        release(lab, 2)

    assert ended(lab, job, "Failed")["reason"] == reason


@pytest.mark.parametrize(
    "policy", [{"succeededIndexes": "1"}, {"succeededCount": 1}, {"succeededIndexes": "1-2", "succeededCount": 1}]
)  # fmt: skip
def test_a_success_policy_ends_the_job_before_the_other_cases(lab, policy):
    given = {"cases": CASES, "parallelism": 3, "successPolicy": policy}
    job = applied(lab, held(rendered(lab, given)))
    release(lab, 1)

    assert ended(lab, job, "SuccessCriteriaMet")["reason"] == "SuccessPolicy"
    ended(lab, job)
    assert status(lab, job)["completedIndexes"] == "1"


def test_an_index_that_the_policy_does_not_name_ends_nothing(lab):
    given = {"cases": CASES, "parallelism": 3, "successPolicy": {"succeededIndexes": "0"}}
    job = applied(lab, held(rendered(lab, given)))
    release(lab, 1)
    lab.plane.wait_for("index 1", lambda: status(lab, job).get("completedIndexes") == "1", 30)

    assert not condition(lab, job, "SuccessCriteriaMet")


def test_a_suspended_job_has_no_pod_until_it_goes_on(lab):
    given = {"cases": CASES, "parallelism": 3}
    job = started(lab, {**given, "suspend": True})
    ended(lab, job, "Suspended")
    assert pods(lab) == {}

    lab.apply(rendered(lab, given))
    ended(lab, job)
    assert sorted(pods(lab)) == [0, 1, 2]


def test_a_finished_job_goes_after_its_time_with_its_pods(lab):
    kept = rendered(lab, {"cases": 1})
    one(kept, "Job")["metadata"]["name"] = "kept"
    stays = applied(lab, kept)
    job = started(lab, {"cases": CASES, "parallelism": 3, "ttlSecondsAfterFinished": 1})
    ended(lab, stays)

    def gone():
        rows = lab.api.items(f"/api/v1/namespaces/{lab.namespace}/pods")
        jobs = lab.api.items(f"/apis/batch/v1/namespaces/{lab.namespace}/jobs")
        return {it["metadata"]["labels"]["job-name"] for it in rows} | {
            it["metadata"]["name"] for it in jobs
        } == {"kept"}

    lab.plane.wait_for(f"the end of {job['metadata']['name']}", gone, 60)


def test_a_job_past_its_deadline_is_ended(lab):
    given = {"cases": CASES, "parallelism": 3, "activeDeadlineSeconds": 2}
    job = applied(lab, held(rendered(lab, given)))

    assert ended(lab, job, "Failed")["reason"] == "DeadlineExceeded"


def test_a_run_of_a_cron_job_mounts_its_cases(lab):
    manifests = rendered(lab, {"cases": CASES, "parallelism": 3}, kind="cronjob")
    lab.apply(manifests)
    cron = one(manifests, "CronJob")
    run = {
        "apiVersion": "batch/v1",
        "kind": "Job",
        "metadata": {"name": "by-hand", "namespace": lab.namespace},
        "spec": cron["spec"]["jobTemplate"]["spec"],
    }
    lab.apply([run])
    ended(lab, run)

    assert mounted(lab) == {index: {case} for index, case in enumerate(CASES)}


@pytest.mark.parametrize(
    "changed",
    [
        {"activeDeadlineSeconds": 600},
        {"maxFailedIndexes": 1},
        {"ttlSecondsAfterFinished": 600},
        {"suspend": False},
    ],
    ids=str,
)
def test_what_is_no_part_of_its_work_is_changed_in_the_job_that_is_there(lab, changed):
    given = {"cases": CASES, "backoffLimitPerIndex": 0, "maxFailedIndexes": 2, "suspend": True}
    job = started(lab, given)
    before = lab.api.get(lab.api.path(job))["metadata"]["uid"]
    lab.apply(rendered(lab, {**given, **changed}))

    assert lab.api.get(lab.api.path(job))["metadata"]["uid"] == before


@pytest.mark.parametrize(
    "changed",
    [{"cases": ["login"]}, {"successPolicy": {"succeededCount": 2}}, {"backoffLimitPerIndex": 2}],
    ids=str,
)
def test_a_job_cannot_be_changed_which_is_why_pulumi_replaces_it(lab, changed):
    given = {"cases": CASES, "backoffLimitPerIndex": 1, "successPolicy": {"succeededCount": 1}}
    started(lab, given)

    with pytest.raises(ApiError, match="field is immutable"):
        lab.apply(rendered(lab, {**given, **changed}))


def test_the_largest_batch_fits_and_the_bound_of_a_config_map_is_where_we_say(lab):
    rows = [f"{index:05d}".ljust(91, "x") for index in range(10_000)]
    given = {"cases": "cases/all.txt", "suspend": True}
    manifests = rendered(lab, given, files={"cases/all.txt": "\n".join(rows)})
    lab.apply(manifests)
    config_map = next(
        it for it in manifests if it["kind"] == "ConfigMap" and "-cases-" in it["metadata"]["name"]
    )
    assert len(config_map["data"]) == 10_000
    assert one(manifests, "Job")["spec"]["completions"] == 10_000

    config_map["metadata"]["name"] = "too-large"
    config_map["data"] = {"0": "x" * (1024 * 1024 + 1)}
    with pytest.raises(ApiError, match="may not be more than 1048576 bytes"):
        lab.apply([config_map])
