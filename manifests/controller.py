"""The object that runs the pods: one of five kinds around the same template."""

from collections.abc import Sequence
from typing import Any

from manifests import Manifest, releases
from manifests.awaiting import SKIP_AWAIT, TIMEOUT_SECONDS
from manifests.labels import selector
from manifests.names import headless
from manifests.volumes import templates
from settings.jobs import Cron, JobRun
from settings.stack import Settings
from settings.tracks import Track
from settings.workload import Workload

EXCEPTION = "aks-platform/security-exception"
"""Annotation with the level and the reason of a `security.exception`, for whoever reads the cluster or a plan."""

EXPIRES = "aks-platform/security-exception-expires"
"""Annotation with the last day of it."""

API_VERSIONS = {
    "Deployment": "apps/v1",
    "StatefulSet": "apps/v1",
    "DaemonSet": "apps/v1",
    "Job": "batch/v1",
    "CronJob": "batch/v1",
}

JOB_AWAIT_MARGIN_SECONDS = 60


def manifest(
    settings: Settings,
    workload: Workload,
    labels: dict[str, str],
    template: dict[str, Any],
    runs: Sequence[Track],
    track: Track,
) -> Manifest:
    """The controller of version `track`, one of `runs`, of `workload` around `template`, in its kind."""
    kind, spec = _BUILDERS[workload.kind](settings, workload, labels, template, track)
    metadata: dict[str, Any] = {
        "name": track.of(workload.name),
        "namespace": workload.namespace,
        "labels": {**labels},
    }
    annotations = {
        **releases.annotations(settings, workload, track, runs),
        **_annotations(workload),
    }
    if annotations:
        metadata["annotations"] = annotations
    return {"apiVersion": API_VERSIONS[kind], "kind": kind, "metadata": metadata, "spec": spec}


def _annotations(workload: Workload) -> dict[str, str]:
    found = {}
    exception = workload.security.exception
    if exception:
        found[EXCEPTION] = f"{exception.level}: {exception.reason}"
        if exception.expires:
            found[EXPIRES] = exception.expires
    if workload.kind == "job" and workload.job and workload.job.active_deadline_seconds:
        # `pulumi up` waits for a Job to complete, ten minutes unless told otherwise.
        found[TIMEOUT_SECONDS] = str(
            workload.job.active_deadline_seconds + JOB_AWAIT_MARGIN_SECONDS
        )
    if workload.kind == "job" and workload.job and workload.job.suspend:
        # The provider would wait for a completion that somebody has put off.
        found[SKIP_AWAIT] = "true"
    return found


def _replicas(workload: Workload, track: Track) -> dict[str, int]:
    """Nothing beside an autoscaler: each `up` would take back what it decided."""
    return {} if workload.autoscale and track.scales else {"replicas": track.fewest}


def _deployment(
    _: Settings, workload: Workload, __: dict[str, str], template: dict[str, Any], track: Track
) -> tuple[str, dict[str, Any]]:
    rollout = workload.rollout
    strategy: dict[str, Any] = {"type": "Recreate"}
    if workload.release.strategy != "recreate":
        bounds = {"maxSurge": rollout.max_surge, "maxUnavailable": rollout.max_unavailable}
        strategy = {"type": "RollingUpdate", "rollingUpdate": bounds}
    return "Deployment", {
        **_replicas(workload, track),
        "selector": {"matchLabels": selector(workload, track)},
        "strategy": strategy,
        "minReadySeconds": rollout.min_ready_seconds,
        "progressDeadlineSeconds": rollout.progress_deadline_seconds,
        "revisionHistoryLimit": rollout.revision_history_limit,
        "template": template,
    }


def _stateful_set(
    settings: Settings,
    workload: Workload,
    _: dict[str, str],
    template: dict[str, Any],
    track: Track,
) -> tuple[str, dict[str, Any]]:
    """It replaces pod by pod, the old one first: neither surge nor strategy applies."""
    claims = templates(settings, workload)
    return "StatefulSet", {
        "serviceName": headless(workload.name),
        **_replicas(workload, track),
        "selector": {"matchLabels": selector(workload)},
        "updateStrategy": {"type": "RollingUpdate"},
        "minReadySeconds": workload.rollout.min_ready_seconds,
        "revisionHistoryLimit": workload.rollout.revision_history_limit,
        "template": template,
        **({"volumeClaimTemplates": claims} if claims else {}),
    }


def _daemon_set(
    _: Settings, workload: Workload, __: dict[str, str], template: dict[str, Any], ___: Track
) -> tuple[str, dict[str, Any]]:
    """It never surges: a second pod on a node would hold the same folders of the host."""
    unavailable = workload.rollout.max_unavailable
    return "DaemonSet", {
        "selector": {"matchLabels": selector(workload)},
        "updateStrategy": {
            "type": "RollingUpdate",
            "rollingUpdate": {
                "maxSurge": 0,
                "maxUnavailable": 1 if unavailable in (0, "0%") else unavailable,
            },
        },
        "minReadySeconds": workload.rollout.min_ready_seconds,
        "revisionHistoryLimit": workload.rollout.revision_history_limit,
        "template": template,
    }


def _job_spec(workload: Workload, template: dict[str, Any]) -> dict[str, Any]:
    run = workload.job or JobRun()
    optional = {
        "backoffLimit": run.backoff_limit,
        "backoffLimitPerIndex": run.backoff_limit_per_index,
        "maxFailedIndexes": run.max_failed_indexes,
        "activeDeadlineSeconds": run.active_deadline_seconds,
        "ttlSecondsAfterFinished": run.ttl_seconds_after_finished,
        "successPolicy": _success_policy(run),
        "suspend": run.suspend or None,
    }
    return {
        "completions": run.runs,
        "parallelism": run.parallelism,
        "completionMode": "Indexed" if run.indexed else "NonIndexed",
        **{key: given for key, given in optional.items() if given is not None},
        "template": template,
    }


def _success_policy(run: JobRun) -> dict[str, Any] | None:
    policy = run.success_policy
    if policy is None:
        return None
    given = {
        "succeededIndexes": policy.succeeded_indexes,
        "succeededCount": policy.succeeded_count,
    }
    return {"rules": [{key: it for key, it in given.items() if it is not None}]}


def _job(
    _: Settings, workload: Workload, __: dict[str, str], template: dict[str, Any], ___: Track
) -> tuple[str, dict[str, Any]]:
    return "Job", _job_spec(workload, template)


def _cron_job(
    _: Settings, workload: Workload, labels: dict[str, str], template: dict[str, Any], __: Track
) -> tuple[str, dict[str, Any]]:
    cron: Cron | None = workload.cron
    if cron is None:
        raise ValueError(f"cronjob {workload.name} has no 'cron'")
    return "CronJob", {
        "schedule": cron.schedule,
        "timeZone": cron.time_zone,
        "concurrencyPolicy": cron.concurrency_policy,
        "startingDeadlineSeconds": cron.starting_deadline_seconds,
        "successfulJobsHistoryLimit": cron.successful_jobs_history_limit,
        "failedJobsHistoryLimit": cron.failed_jobs_history_limit,
        "suspend": cron.suspend,
        "jobTemplate": {"metadata": {"labels": {**labels}}, "spec": _job_spec(workload, template)},
    }


_BUILDERS = {
    "deployment": _deployment,
    "statefulset": _stateful_set,
    "daemonset": _daemon_set,
    "job": _job,
    "cronjob": _cron_job,
}
