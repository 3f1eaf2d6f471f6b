"""Cases of the rules of references between objects."""

from tests.policy.case import ABSENT, bad, good, unclear

WEB, SERVICE = "Deployment shop/web", "Service shop/web"
CHART = {
    "type": "kubernetes:helm.sh/v3:Release",
    "name": "shop/redis",
    "inputs": {"chart": "redis", "namespace": "shop"},
}

CASES = [
    bad(
        "service-selects-nothing",
        SERVICE,
        {'spec.selector["app.kubernetes.io/name"]': "wep"},
        "spec.selector",
    ),
    bad("service-selects-nothing", WEB, {"metadata.namespace": "other"}, "spec.selector"),
    good("service-selects-nothing", SERVICE, {"spec.selector": None}),
    unclear(
        "service-selects-nothing",
        SERVICE,
        {'spec.selector["app.kubernetes.io/name"]': "cache"},
        more=(CHART,),
    ),
]

CONTAINER = "spec.template.spec.containers[web]"

CASES += [
    bad("probe-port", WEB, {f"{CONTAINER}.livenessProbe.httpGet.port": "metrics"}),
    good("probe-port", WEB, {f"{CONTAINER}.livenessProbe.httpGet.port": 9090}),
    good("probe-port", WEB, {f"{CONTAINER}.livenessProbe.httpGet.port": "9090"}),
]

LABELS = "spec.template.metadata.labels"
NAME = '["app.kubernetes.io/name"]'

CASES += [
    bad("rollout-selector", WEB, {f"{LABELS}{NAME}": "wep"}, "spec.template.spec"),
    bad("rollout-selector", WEB, {"spec.selector": ABSENT}, "spec.template.spec"),
    good("rollout-selector", WEB, {"spec.selector.matchLabels": {"env": "test"}}),
    bad(
        "rollout-selector-shared",
        WEB,
        {"spec.selector.matchLabels": {"env": "test"}},
        "spec.selector",
    ),
    bad(
        "rollout-selector-shared",
        "Deployment shop/api",
        {f"{LABELS}{NAME}": "web"},
        "spec.selector",
    ),
    good("rollout-selector-shared", "Job shop/tests", {f"{LABELS}{NAME}": "web"}),
]
