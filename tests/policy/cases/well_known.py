"""Cases that manifests of well-known projects, and the fixtures of other linters, showed."""

from tests.policy.case import ABSENT, bad, good, unclear
from tests.policy.cases.references import ELSEWHERE

WEB, REDIS = "Deployment shop/web", "StatefulSet shop/redis"
SERVICE, BUDGET = "Service shop/redis", "PodDisruptionBudget shop/web"
POD = "spec.template.spec"
CONTAINER = f"{POD}.containers[web]"
POD_NAME, INDEX = "statefulset.kubernetes.io/pod-name", "apps.kubernetes.io/pod-index"


CASES = [
    good("service-selects-nothing", SERVICE, {"spec.selector": {POD_NAME: "redis-0"}}),
    good("service-selects-nothing", SERVICE, {"spec.selector": {INDEX: "0"}}),
    good("service-selects-nothing", SERVICE, {"spec.selector": {"job-name": "tests"}}),
    good(
        "service-selects-nothing",
        SERVICE,
        {"spec.selector": {"app.kubernetes.io/name": "redis", POD_NAME: "redis-2"}},
    ),
    good(
        "service-selects-nothing",
        SERVICE,
        {"spec.selector": {"batch.kubernetes.io/job-name": "report-29000000"}},
    ),
    *(
        bad("service-selects-nothing", SERVICE, {"spec.selector": labels}, "spec.selector")
        for labels in (
            {POD_NAME: "redis"},
            {POD_NAME: "redis-x"},
            {POD_NAME: "rediz-0"},
            {INDEX: "first"},
            {"job-name": "test"},
            {"job-name": "report"},
            {"app.kubernetes.io/name": "web", POD_NAME: "redis-0"},
        )
    ),
]

CASES += [
    bad("service-not-headless", SERVICE, {"spec.clusterIP": ABSENT}, "spec.serviceName"),
    bad(
        "service-not-headless",
        SERVICE,
        {'spec.selector["app.kubernetes.io/name"]': "web"},
        "spec.serviceName",
    ),
    good("service-not-headless", SERVICE, {"spec.selector": ABSENT}),
    good("service-not-headless", REDIS, {"spec.serviceName": "elsewhere"}),
    good("service-not-headless", REDIS, {"spec.serviceName": ABSENT}),
    unclear("service-not-headless", SERVICE, {"spec.clusterIP": {"$unknown": True}}),
    unclear("service-not-headless", REDIS, {"spec.template": {"$unknown": True}}),
]

CASES += [
    bad("disruption-budget-bounds", BUDGET, {"spec.maxUnavailable": ABSENT}, "spec"),
    bad("disruption-budget-bounds", BUDGET, {"spec.minAvailable": 1}),
    good(
        "disruption-budget-bounds", BUDGET, {"spec.maxUnavailable": ABSENT, "spec.minAvailable": 1}
    ),
    unclear("disruption-budget-bounds", BUDGET, {"spec.maxUnavailable": {"$unknown": True}}),
]

SPREAD = f"{POD}.topologySpreadConstraints[0]"

CASES += [
    *(
        bad("schedule-spread-valid", WEB, {f"{SPREAD}.{key}": value})
        for key, value in (
            ("maxSkew", 0),
            ("minDomains", 2),
            ("topologyKey", ""),
            ("whenUnsatisfiable", "Never"),
        )
    ),
    bad(
        "schedule-spread-valid",
        WEB,
        {f"{SPREAD}.minDomains": 0, f"{SPREAD}.whenUnsatisfiable": "DoNotSchedule"},
        f"{SPREAD}.minDomains",
    ),
    good(
        "schedule-spread-valid",
        WEB,
        {f"{SPREAD}.minDomains": 1, f"{SPREAD}.whenUnsatisfiable": "DoNotSchedule"},
    ),
    bad(
        "schedule-spread-valid",
        WEB,
        {f"{SPREAD}.maxSkew": {"$unknown": True}, f"{SPREAD}.topologyKey": ""},
        f"{SPREAD}.topologyKey",
    ),
]

PORTS = f"{CONTAINER}.ports"

CASES += [
    *(
        bad("port-valid", WEB, {f"{PORTS}[+]": {"containerPort": 81, "name": name}}, path)
        for name, path in (
            ("a-name-too-long-x", f"{PORTS}[a-name-too-long-x].name"),
            ("8080", f"{PORTS}[8080].name"),
            ("-admin", f"{PORTS}[-admin].name"),
            ("a--b", f"{PORTS}[a--b].name"),
            ("Admin", f"{PORTS}[Admin].name"),
            ("http", PORTS),
        )
    ),
    *(
        bad("port-valid", WEB, {f"{PORTS}[+]": port}, f"{PORTS}[admin].{key}")
        for key, port in (
            ("containerPort", {"name": "admin", "containerPort": 0}),
            ("containerPort", {"name": "admin", "containerPort": 65536}),
            ("hostPort", {"name": "admin", "containerPort": 81, "hostPort": -1}),
        )
    ),
    *(
        good("port-valid", WEB, {f"{PORTS}[+]": port})
        for port in (
            {"containerPort": 1},
            {"containerPort": 65535, "hostPort": 0},
            {"containerPort": 81, "name": "a-name-of-15-ch"},
            {"containerPort": 81, "name": "9-a"},
            {"containerPort": 81, "name": ""},
        )
    ),
]

CASES += [
    *(
        good(
            "secret-in-env",
            WEB,
            {f"{CONTAINER}.env[+]": {"name": "GOOGLE_APPLICATION_CREDENTIALS", "value": value}},
        )
        for value in ("/credentials/cloud", "/var/run/secrets/key.json", "/etc/keys/")
    ),
    *(
        bad(
            "secret-in-env",
            WEB,
            {f"{CONTAINER}.env[+]": {"name": "DB_PASSWORD", "value": value}},
            f"{CONTAINER}.env[DB_PASSWORD].value",
        )
        for value in ("/hunter2", "/9j/4AAQSk", "a/b/c", "/a//b")
    ),
]

SYSTEM = {"metadata.namespace": "kube-system"}

CASES += [
    unclear("service-selects-nothing", "Service shop/web", SYSTEM),
    unclear("service-selects-nothing", "Service shop/web", SYSTEM, **ELSEWHERE),
    unclear("ref-headless-service", REDIS, SYSTEM),
    unclear("ref-budget-selector", BUDGET, SYSTEM),
]

ROLLOUT = {
    "apiVersion": "argoproj.io/v1alpha1",
    "kind": "Rollout",
    "metadata": {"name": "edge", "namespace": "shop"},
}
ABROAD = {**ROLLOUT, "metadata": {"name": "edge", "namespace": "other"}}
NOBODY = {"spec.selector": {"app.kubernetes.io/name": "edge"}}

CASES += [
    unclear("service-selects-nothing", "Service shop/web", NOBODY, more=(ROLLOUT,)),
    unclear(
        "ref-budget-selector", BUDGET, {"spec.selector.matchLabels": {"a": "b"}}, more=(ROLLOUT,)
    ),
    bad("service-selects-nothing", "Service shop/web", NOBODY, more=(ABROAD,)),
    *(
        good(
            "secret-in-env", WEB, {f"{CONTAINER}.env[+]": {"name": name, "value": "etcd-cluster-1"}}
        )
        for name in ("ETCD_INITIAL_CLUSTER_TOKEN", "INITIAL_CLUSTER_TOKEN")
    ),
    good(
        "secret-in-arguments",
        WEB,
        {f"{CONTAINER}.args": ["--initial-cluster-token=etcd-cluster-1"]},
    ),
    bad(
        "secret-in-env",
        WEB,
        {f"{CONTAINER}.env[+]": {"name": "CLUSTER_TOKEN", "value": "etcd-cluster-1"}},
        f"{CONTAINER}.env[CLUSTER_TOKEN].value",
    ),
]

TARGET = "spec.ports[http].targetPort"
SIDECAR = {"name": "helper", "ports": [{"name": "http", "containerPort": 81}]}
BARE = {f"{CONTAINER}.ports": []}

CASES += [
    bad("ref-service-port", "Service shop/web", {"spec.ports[http].protocol": "UDP"}, TARGET),
    good("ref-service-port", "Service shop/web", {"spec.ports[http].protocol": "TCP"}),
    bad("ref-service-port", WEB, {f"{CONTAINER}.ports[http].protocol": "UDP"}, TARGET),
    good(
        "ref-service-port",
        WEB,
        {**BARE, f"{POD}.initContainers": [{**SIDECAR, "restartPolicy": "Always"}]},
    ),
    bad("ref-service-port", WEB, BARE, TARGET),
    unclear("ref-service-port", WEB, {f"{CONTAINER}.ports[http].protocol": {"$unknown": True}}),
]
