"""Cases of `settings/checks/scaling.py`."""

from tests.settings.cases.common import DISK, case
from tests.settings.estate import GONE

LAB = ("dev", "namespaces.lab", {
    "quota": {"requests": {"cpu": "2"}, "limits": {"cpu": "4"}, "pods": 20},
    "limits": {"defaultRequest": {"cpu": "50m"}, "default": {"cpu": "250m"}},
})  # fmt: skip
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
    case("blob-service", "replicas", 2, "must be absent beside 'autoscale', which owns the number; got 2"),
    case("blob-service", "autoscale.min", 6, "must not exceed max (5); got 6"),
    case("blob-service", "autoscale.cpu", GONE, "must have a target: cpu, memory or both", at="autoscale"),
    case("blob-service", "autoscale.memory", 60, "is a share of the memory request, and there is none", before=(
        LAB, ("blob-service", "namespace", "lab"), ("blob-service", "resources", {"requests": {"cpu": "100m"}}))),
    case("authentication", "disruption", {}, "must have exactly one of minAvailable, maxUnavailable"),
    case("authentication", "disruption", {"minAvailable": 1, "maxUnavailable": 1}, "must have exactly one of"),
    case("authentication", "disruption", {"maxUnavailable": 0},
         "blocks every drain, and with it upgrades of the nodes; "
         "got 0", at="disruption.maxUnavailable"),
    case("authentication", "disruption", {"minAvailable": "51%"},
         "blocks every drain, and with it upgrades of the nodes: at "
         "its smallest the workload has 2; got '51%'", at="disruption.minAvailable"),
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
