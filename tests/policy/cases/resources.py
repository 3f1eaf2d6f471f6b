"""Cases of the rules of what pods ask for."""

from tests.policy.case import ABSENT, bad, good, unclear

WEB, RANGE = "Deployment shop/web", "LimitRange shop/limits"
POD = "spec.template.spec"
CONTAINER = f"{POD}.containers[web]"
REQUESTS, LIMITS = f"{CONTAINER}.resources.requests", f"{CONTAINER}.resources.limits"
VOLUME = f"{POD}.volumes[+]"
NO_RANGE = {"without": (RANGE,)}
DEFAULTS = (
    {
        "apiVersion": "v1",
        "kind": "LimitRange",
        "metadata": {"name": "limits", "namespace": "shop"},
        "spec": {
            "limits": [
                {
                    "type": "Container",
                    "default": {"cpu": "1", "memory": "1Gi", "ephemeral-storage": "1Gi"},
                }
            ]
        },
    },
)
SCRATCH = {"name": "scratch", "emptyDir": {}}
NODE = {"cpu": "3860m", "memory": "12Gi"}

CASES = [
    bad("container-cpu-request", WEB, {f"{REQUESTS}.cpu": ABSENT}, **NO_RANGE),
    bad(
        "container-cpu-request",
        WEB,
        {f"{POD}.initContainers[+]": {"name": "init"}},
        f"{POD}.initContainers[init].resources.requests.cpu",
        **NO_RANGE,
    ),
    good("container-cpu-request", WEB, {f"{REQUESTS}.cpu": ABSENT}, more=DEFAULTS),
    good(
        "container-cpu-request",
        WEB,
        {f"{REQUESTS}.cpu": ABSENT, f"{LIMITS}.cpu": "1"},
        **NO_RANGE,
    ),
    unclear("container-cpu-request", WEB, {f"{REQUESTS}": {"$unknown": True}}, **NO_RANGE),
    bad(
        "container-memory-request",
        WEB,
        {f"{REQUESTS}.memory": ABSENT, f"{LIMITS}.memory": ABSENT},
        f"{REQUESTS}.memory",
        **NO_RANGE,
    ),
    good("container-memory-request", WEB, {f"{REQUESTS}.memory": ABSENT}),
    bad("container-memory-limit", WEB, {f"{LIMITS}.memory": ABSENT}, **NO_RANGE),
    good("container-memory-limit", WEB, {f"{LIMITS}.memory": ABSENT}, more=DEFAULTS),
    bad("container-limit-below-request", WEB, {f"{LIMITS}.memory": "64Mi"}),
    bad(
        "container-limit-below-request",
        WEB,
        {f"{LIMITS}.cpu": "0.05"},
    ),
    good("container-limit-below-request", WEB, {f"{LIMITS}.memory": "134217728"}),
    bad("container-quantity-malformed", WEB, {f"{REQUESTS}.cpu": "100m "}),
    bad("container-quantity-malformed", WEB, {f"{LIMITS}.memory": "-1Gi"}),
    good("container-quantity-malformed", WEB, {f"{REQUESTS}.cpu": 0.5}),
    bad(
        "container-ephemeral-storage",
        WEB,
        {VOLUME: SCRATCH},
        f"{POD}.volumes[scratch].emptyDir.sizeLimit",
    ),
    bad(
        "container-ephemeral-storage",
        WEB,
        {f"{CONTAINER}.securityContext.readOnlyRootFilesystem": False},
        f"{LIMITS}.ephemeral-storage",
    ),
    good("container-ephemeral-storage", WEB, {VOLUME: SCRATCH}, more=DEFAULTS),
    good(
        "container-ephemeral-storage",
        WEB,
        {VOLUME: {"name": "tmp", "emptyDir": {"sizeLimit": "64Mi"}}},
    ),
    bad("container-cpu-limit", WEB, {f"{LIMITS}.cpu": "5"}, parameters={"maximum": "4"}),
    good("container-cpu-limit", WEB, {f"{LIMITS}.cpu": "4000m"}, parameters={"maximum": "4"}),
    good("container-cpu-limit", WEB, {f"{LIMITS}.cpu": "5"}),
    bad("container-exceeds-node", WEB, {f"{REQUESTS}.cpu": "4"}, POD, parameters=NODE),
    bad("container-exceeds-node", WEB, {f"{REQUESTS}.memory": "16Gi"}, POD, parameters=NODE),
    good("container-exceeds-node", WEB, {f"{REQUESTS}.cpu": "3860m"}, parameters=NODE),
]

QUOTA = "ResourceQuota shop/quota"
HARD = "spec.hard"

CASES += [
    bad(
        "quota-impossible",
        QUOTA,
        {f"{HARD}.pods": "0"},
        ",".join(["spec.jobTemplate.spec.template.spec", *[POD] * 4]),
    ),
    bad("quota-impossible", WEB, {f"{REQUESTS}.cpu": "5"}, POD),
    bad("quota-impossible", WEB, {f"{LIMITS}.memory": "17Gi"}, POD),
    bad(
        "quota-impossible",
        WEB,
        {f"{REQUESTS}.cpu": "200m"},
        POD,
        more=(
            {
                "apiVersion": "v1",
                "kind": "ResourceQuota",
                "metadata": {"name": "small", "namespace": "shop"},
                "spec": {"hard": {"requests.cpu": "150m"}},
            },
        ),
    ),
    bad(
        "quota-impossible",
        WEB,
        {f"{POD}.initContainers[+]": {"name": "a", "resources": {"requests": {"cpu": "8"}}}},
        POD,
    ),
    good("quota-impossible", WEB, {f"{REQUESTS}.cpu": "4"}),
    good("quota-impossible", QUOTA, {f"{HARD}.pods": "0", "spec.scopes": ["BestEffort"]}),
    unclear("quota-impossible", WEB, {f"{REQUESTS}.cpu": {"$unknown": True}}),
    bad("quota-needs-amounts", WEB, {f"{LIMITS}.memory": ABSENT}, **NO_RANGE),
    bad("quota-needs-amounts", WEB, {f"{REQUESTS}.cpu": ABSENT}, **NO_RANGE),
    good("quota-needs-amounts", WEB, {f"{REQUESTS}.cpu": ABSENT}),
    good(
        "quota-needs-amounts",
        WEB,
        {f"{REQUESTS}.cpu": ABSENT},
        without=(RANGE, QUOTA),
    ),
    bad("limit-range-exceeded", WEB, {f"{LIMITS}.memory": "5Gi"}),
    bad("limit-range-exceeded", WEB, {f"{REQUESTS}.cpu": "5m"}),
    good("limit-range-exceeded", WEB, {f"{LIMITS}.memory": "4Gi"}),
    unclear("limit-range-exceeded", WEB, {f"{LIMITS}.memory": {"$unknown": True}}),
]
