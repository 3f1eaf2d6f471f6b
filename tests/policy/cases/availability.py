"""Cases of the rules of probes, rollouts, disruptions, placing and batch."""

from tests.policy.case import ABSENT, bad, good, unclear

WEB, SERVICE = "Deployment shop/web", "Service shop/web"
POD = "spec.template.spec"
CONTAINER = f"{POD}.containers[web]"
READINESS, LIVENESS = f"{CONTAINER}.readinessProbe", f"{CONTAINER}.livenessProbe"
STARTUP = f"{CONTAINER}.startupProbe"

CASES = [
    bad("probe-readiness-missing", WEB, {READINESS: ABSENT}),
    bad(
        "probe-readiness-missing",
        WEB,
        {READINESS: ABSENT, f"{CONTAINER}.ports": ABSENT},
        f"{POD}.containers",
    ),
    good("probe-readiness-missing", WEB, {READINESS: ABSENT}, without=(SERVICE,)),
    good(
        "probe-readiness-missing",
        WEB,
        {f"{POD}.containers[+]": {"name": "metrics", "image": "metrics:1"}},
    ),
    good("probe-readiness-missing", SERVICE, {"spec.publishNotReadyAddresses": True}),
    bad(
        "probe-liveness-equals-readiness",
        WEB,
        {f"{LIVENESS}.httpGet.path": "/ready"},
        LIVENESS,
    ),
    good(
        "probe-liveness-equals-readiness",
        WEB,
        {f"{LIVENESS}.httpGet.path": "/ready", f"{LIVENESS}.failureThreshold": 10},
    ),
    unclear("probe-liveness-equals-readiness", WEB, {f"{LIVENESS}.httpGet": {"$unknown": True}}),
    bad("probe-liveness-without-startup", WEB, {f"{LIVENESS}.periodSeconds": 5}, LIVENESS),
    good(
        "probe-liveness-without-startup",
        WEB,
        {f"{LIVENESS}.periodSeconds": 5, f"{LIVENESS}.initialDelaySeconds": 20},
    ),
    good(
        "probe-liveness-without-startup",
        WEB,
        {f"{LIVENESS}.periodSeconds": 5, f"{STARTUP}.tcpSocket.port": 8080},
    ),
    bad("probe-initial-delay", WEB, {f"{READINESS}.initialDelaySeconds": 60}),
    good("probe-initial-delay", WEB, {f"{READINESS}.initialDelaySeconds": 10}),
    bad(
        "probe-exec-timeout",
        WEB,
        {READINESS: {"exec": {"command": ["redis-cli", "ping"]}}},
        f"{READINESS}.timeoutSeconds",
    ),
    good(
        "probe-exec-timeout",
        WEB,
        {f"{READINESS}.exec.command": ["redis-cli"], f"{READINESS}.timeoutSeconds": 2},
    ),
    bad("probe-timeout-above-period", WEB, {f"{READINESS}.timeoutSeconds": 15}),
    good("probe-timeout-above-period", WEB, {f"{READINESS}.timeoutSeconds": 10}),
]
