"""Cases of `settings/checks/quota.py`."""

from tests.settings.cases.common import case

CASES = [
    *(
        case("dev", f"namespaces.course.quota.{what}.{key}", "1" if key == "cpu" else "1Gi",
             "must hold what runs in course at the peak of a rollout: ")
        for what in ("requests", "limits")
        for key in ("cpu", "memory")
    ),
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
]  # fmt: skip
