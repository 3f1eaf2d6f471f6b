"""Cases of `settings/checks/scaling.py`."""

from tests.settings.cases.common import DISK, case
from tests.settings.estate import GONE

ONE_DISK = ("dev", "namespaces.course.quota.persistentVolumeClaims", 1)
CASES = [
    case("business-data-sync", "replicas", 1, "goes with deployment and statefulset only; remove it or change 'kind: "
         "cronjob'"),
    case("business-data-sync", "autoscale", {"min": 1, "max": 2, "cpu": 70},
         "goes with deployment and statefulset only"),
    case("log-agent", "disruption", {"maxUnavailable": 1}, "goes with deployment and statefulset only"),
    case("web", "job", {}, "goes with job and cronjob only"),
    case("web", "cron", {"schedule": "@daily"}, "goes with cronjob only"),
    case("business-data-sync", "cron", GONE, "is required for a cronjob"),
    case("authentication", "rollout.maxSurge", 0, "must not be 0 together with maxUnavailable"),
    case("web", "volumes.data", DISK, "must be recreate for a deployment with a disk", at="release",
         before=(ONE_DISK,)),
    case("web", "rollout", {"minReadySeconds": 600}, "must exceed minReadySeconds (600); got 600",
         at="rollout.progressDeadlineSeconds"),
    case("authentication", "volumes.data", DISK, "can be held by one pod only", at="volumes.data.disk",
         before=(ONE_DISK, ("authentication", "release", "recreate"))),
    case("log-agent", "volumes.data", DISK, "can be held by one pod only", at="volumes.data.disk",
         before=(("dev", "namespaces.logging.quota.persistentVolumeClaims", 1),)),
]  # fmt: skip
