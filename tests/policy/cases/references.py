"""Cases of the rules of references between objects."""

from tests.policy.case import bad, good, unclear

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
