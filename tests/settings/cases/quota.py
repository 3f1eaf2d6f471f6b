"""Cases of `settings/checks/quota.py`."""

from tests.settings.cases.common import PLENTY, case

URGENT = (
    ("dev", "priorityClasses", {"urgent": {"value": 1000, "description": "what people wait for"}}),
    ("blob-service", "priorityClass", "urgent"),
)
LIMITS = "namespaces.testing.limits"
OWN = ("regression-tests", "resources")
CASES = [
    *(
        case("dev", f"namespaces.course.quota.{what}.{key}", "1" if key == "cpu" else "1Gi",
             "must hold what runs in course at the peak of a rollout: ")
        for what in ("requests", "limits")
        for key in ("cpu", "memory")
    ),
    case("dev", "namespaces.course.quota.requests.cpu", "1",
         "at the peak of a rollout: 2750m; got '1'; raise it to 2750m, or lower replicas or resources"),
    case("dev", "namespaces.course.quota.requests.cpu", "3",
         "raise it to 3500m, lower rollout.maxSurge of blob-service from 4 to 2, or lower replicas",
         before=(("blob-service", "rollout.maxSurge", 4),)),
    case("dev", "namespaces.course.quota.pods", 21,
         "raise it to 22, lower rollout.maxSurge of blob-service from 4 to 3",
         before=(("blob-service", "rollout.maxSurge", 4),)),
    case("dev", "namespaces.course.quota.priorities", {"urgent": {"pods": 3}},
         "must hold what runs in course with priorityClass urgent at the peak of a rollout: 6; got 3; raise it to 6",
         at="namespaces.course.quota.priorities.urgent.pods", before=URGENT),
    case("dev", "namespaces.course.quota.priorities", {"urgent": {"requests": {"cpu": "1"}}},
         "with priorityClass urgent at the peak of a rollout: 1500m; got '1'",
         at="namespaces.course.quota.priorities.urgent.requests.cpu", before=URGENT),
    case("dev", "namespaces.course.quota.priorities", {"urgnt": {"pods": 9}},
         "must be a key in 'priorityClasses' of the stack; got 'urgnt'; did you mean 'urgent'?",
         at="namespaces.course.quota.priorities.urgnt", before=URGENT),
    case("dev", "namespaces.course.quota.priorities", {"urgent": {}}, "bounds nothing; add requests",
         at="namespaces.course.quota.priorities.urgent", before=URGENT),
    case("dev", "namespaces.course.quota.counts", {"configmap": 20},
         "must be the plural of a resource in a namespace, with its group; got 'configmap'; did you mean 'configmaps'?",
         at="namespaces.course.quota.counts.configmap"),
    case("dev", "namespaces.course.quota.pods", 3, "must hold what runs in course at the peak of a rollout: "),
    case("dev", "namespaces.course.quota.nodePorts", 0, "must hold what course has: 1; got 0; raise it"),
    case("prod", "namespaces.course.quota.persistentVolumeClaims", 0, "must hold what course has: 1; got 0"),
    case("web", "service.type", "LoadBalancer", "must hold what course has: 1; got 0",
         at=("dev", "namespaces.course.quota.loadBalancers"),
         before=(("dev", "namespaces.course.quota.nodePorts", 2),)),
    case("dev", "namespaces.course.quota.nodePorts", 2, "must hold what course has: 3; got 2", before=(
        ("web", "ports", {"http": 8080, "stats": 9100}), ("web", "service", {"type": "NodePort", "ports": {
            "http": 80, "stats": 9100}}), ("dev", "namespaces.course.quota.nodePorts", 3))),
    case("dev", "namespaces.testing.limits", {"default": {"cpu": "2", "memory": "1Gi"}, "max": {"cpu": "1"}},
         "must not exceed the maximum '1'; got '2'", at="namespaces.testing.limits.default.cpu"),
    case("dev", "namespaces.testing.limits", {"defaultRequest": {"cpu": "1"}},
         "must not exceed the default limit '250m'; got '1'", at="namespaces.testing.limits.defaultRequest.cpu"),
    case("web", "resources.requests.cpu", "300m", "must not exceed its limit '250m'; got '300m'"),
    case("web", "resources", {"requests": {"cpu": "300m"}}, "must not exceed the namespace's default limit '250m'",
         at="resources.requests.cpu"),
    case("dev", "namespaces.testing.limits", {"max": {"cpu": "400m"}},
         "must not exceed the namespace's maximum '400m'; got "
         "'500m'", at=("regression-tests", "resources.limits.cpu")),
    case("dev", "namespaces.testing.limits", {"default": {"cpu": "250m"}},
         "is required: the quota of testing counts it and "
         "no default fills it in", at=("regression-tests", "resources.limits.memory"),
         before=(("regression-tests", "resources", {"requests": {"cpu": "100m", "memory": "64Mi"}}),)),
    case("dev", LIMITS, {"min": {"cpu": "60m"}}, "must not be below the minimum '60m'; got '50m'",
         at=f"{LIMITS}.defaultRequest.cpu"),
    case("dev", LIMITS, {"min": {"cpu": "20m"}, "default": {"cpu": "10m"}, "defaultRequest": {}},
         "must not be below the minimum '20m'; got '10m'", at=f"{LIMITS}.default.cpu"),
    case("dev", "namespaces.spare.limits", {"min": {"cpu": "3"}, "max": {"cpu": "2"}, "default": {}, "defaultRequest":
         {}}, "must not exceed the maximum '2'; got '3'", at="namespaces.spare.limits.min.cpu",
         before=(("dev", "namespaces.spare", {"quota": PLENTY}),)),
    case("dev", LIMITS, {"maxLimitRequestRatio": {"cpu": 4}}, "must allow the defaults: 250m is more than 4 times 50m",
         at=f"{LIMITS}.maxLimitRequestRatio.cpu"),
    case("dev", LIMITS, {"min": {"cpu": "100m"}, "max": {"cpu": "500m"}, "defaultRequest": {"cpu": "100m"},
                         "maxLimitRequestRatio": {"cpu": 6}},
         "must not exceed maximum by minimum, 500m by 100m; got 6", at=f"{LIMITS}.maxLimitRequestRatio.cpu"),
    case("dev", LIMITS, {"persistentVolumeClaim": {"min": "2Gi", "max": "1Gi"}}, "must not exceed the maximum '1Gi'",
         at=f"{LIMITS}.persistentVolumeClaim.min"),
    case("dev", LIMITS, {"min": {"memory": "300Mi"}, "default": {"memory": "300Mi"}, "defaultRequest": {}},
         "must not be below the namespace's minimum '300Mi'; got '256Mi'; raise it to 300Mi",
         at=(OWN[0], "resources.requests.memory")),
    case("dev", LIMITS, {"maxLimitRequestRatio": {"cpu": 2}, "default": {}},
         "must not be over 2 times the request '200m', the namespace's ratio; got '500m'",
         at=(OWN[0], "resources.limits.cpu")),
    case("prod", "namespaces.course.limits", {"persistentVolumeClaim": {"min": "20Gi"}},
         "must not be below the namespace's minimum '20Gi'; got '8Gi'; raise it to 20Gi",
         at=("redis", "volumes.data.disk.size")),
    case("prod", "namespaces.course.limits", {"persistentVolumeClaim": {"max": "1Gi"}},
         "must not exceed the namespace's maximum '1Gi'; got '8Gi'", at=("redis", "volumes.data.disk.size")),
]  # fmt: skip
