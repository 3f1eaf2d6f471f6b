"""Five kinds around one template."""

import pytest

from tests.manifests.samples import controller_of, of_kind, parts_of, web


@pytest.mark.parametrize(
    ("kind", "api_version", "name"),
    [
        ("deployment", "apps/v1", "Deployment"),
        ("statefulset", "apps/v1", "StatefulSet"),
        ("daemonset", "apps/v1", "DaemonSet"),
        ("job", "batch/v1", "Job"),
        ("cronjob", "batch/v1", "CronJob"),
    ],
)
def test_each_kind_has_its_controller_named_like_the_workload(kind, api_version, name):
    manifest = controller_of(of_kind(kind))
    assert (manifest["apiVersion"], manifest["kind"], manifest["metadata"]["name"]) == (
        api_version,
        name,
        "web",
    )


@pytest.mark.parametrize(("replicas", "expected"), [(None, 1), (0, 0), (3, 3)])
@pytest.mark.parametrize("kind", ["deployment", "statefulset"])
def test_replicas_are_one_unless_said(kind, replicas, expected):
    assert controller_of(of_kind(kind, replicas=replicas))["spec"]["replicas"] == expected


@pytest.mark.parametrize("kind", ["deployment", "statefulset"])
def test_an_autoscaler_owns_the_number_of_replicas(kind):
    assert (
        "replicas"
        not in controller_of(of_kind(kind, autoscale={"min": 2, "max": 5, "cpu": 70}))["spec"]
    )


def test_a_rollout_is_passed_on():
    rollout = {
        "maxSurge": "25%",
        "maxUnavailable": 0,
        "minReadySeconds": 5,
        "progressDeadlineSeconds": 300,
        "revisionHistoryLimit": 5,
    }
    spec = controller_of(web(rollout=rollout))["spec"]
    assert spec["strategy"] == {
        "type": "RollingUpdate",
        "rollingUpdate": {"maxSurge": "25%", "maxUnavailable": 0},
    }
    assert (
        spec["minReadySeconds"],
        spec["progressDeadlineSeconds"],
        spec["revisionHistoryLimit"],
    ) == (5, 300, 5)


def test_recreate_takes_no_surge():
    assert controller_of(web(release={"strategy": "recreate"}))["spec"]["strategy"] == {
        "type": "Recreate"
    }


def test_a_statefulset_names_its_headless_service_which_never_changes():
    parts = parts_of(of_kind("statefulset"))
    headless = parts["service-headless"].manifest
    assert (
        parts["statefulset"].manifest["spec"]["serviceName"]
        == headless["metadata"]["name"]
        == "web-headless"
    )


@pytest.mark.parametrize(
    ("given", "expected"),
    [({}, 1), ({"maxUnavailable": "0%"}, 1), ({"maxUnavailable": "20%"}, "20%")],
)
def test_a_daemonset_replaces_node_by_node_without_a_second_pod(given, expected):
    update = controller_of(of_kind("daemonset", rollout=given))["spec"]["updateStrategy"]
    assert update["rollingUpdate"] == {"maxSurge": 0, "maxUnavailable": expected}


def test_an_indexed_job_retries_each_index_by_itself():
    job = {
        "completions": 6,
        "parallelism": 3,
        "completionMode": "Indexed",
        "backoffLimitPerIndex": 2,
        "maxFailedIndexes": 2,
        "activeDeadlineSeconds": 1800,
    }
    spec = controller_of(of_kind("job", job=job))["spec"]
    assert {key: spec[key] for key in job} == job
    assert "backoffLimit" not in spec


def test_a_job_that_says_nothing_runs_once():
    spec = controller_of(of_kind("job"))["spec"]
    assert (spec["completions"], spec["parallelism"], spec["completionMode"]) == (
        1,
        1,
        "NonIndexed",
    )


def test_an_up_waits_for_a_job_as_long_as_the_job_may_take():
    annotations = controller_of(of_kind("job", job={"activeDeadlineSeconds": 1800}))["metadata"][
        "annotations"
    ]
    assert annotations == {"pulumi.com/timeoutSeconds": "1860"}


def test_a_job_has_no_selector_of_its_own_for_kubernetes_makes_one():
    assert "selector" not in controller_of(of_kind("job"))["spec"]


def test_a_cronjob_runs_when_told_in_its_time_zone_and_never_twice_at_once():
    spec = controller_of(of_kind("cronjob"))["spec"]
    assert (spec["schedule"], spec["timeZone"], spec["concurrencyPolicy"]) == (
        "*/5 * * * *",
        "Etc/UTC",
        "Forbid",
    )
    assert (spec["startingDeadlineSeconds"], spec["suspend"]) == (120, False)
    assert (spec["successfulJobsHistoryLimit"], spec["failedJobsHistoryLimit"]) == (3, 3)


def test_each_run_of_a_cronjob_is_the_job_described():
    run = controller_of(of_kind("cronjob", job={"backoffLimit": 3, "activeDeadlineSeconds": 240}))[
        "spec"
    ]["jobTemplate"]
    assert (run["spec"]["backoffLimit"], run["spec"]["activeDeadlineSeconds"]) == (3, 240)
    assert run["metadata"]["labels"]["app"] == "web"


def test_a_cronjob_without_a_schedule_is_an_error_that_names_it():
    with pytest.raises(ValueError, match="web has no 'cron'"):
        controller_of(web(kind="cronjob"))


@pytest.mark.parametrize("kind", ["deployment", "statefulset", "daemonset", "job", "cronjob"])
def test_the_controller_comes_after_everything_its_pods_need(kind):
    subject = of_kind(
        kind,
        uses=["internet:443"],
        config={"env": {"A": "1"}},
        secrets={"A": {"vault": "shop-kv", "mountPath": "/a"}},
        volumes={"data": {"mountPath": "/data", "disk": {"size": "1Gi"}}},
    )
    claim = set() if kind == "statefulset" else {"claim-data"}
    needed = {"service-account", "config-env", "vault-shop-kv", "network-egress", *claim}
    assert needed <= set(parts_of(subject)[kind].after)


def test_the_controller_does_not_wait_for_a_service_which_itself_waits_for_pods():
    assert not {"service", "service-headless"} & set(
        parts_of(of_kind("statefulset"))["statefulset"].after
    )
