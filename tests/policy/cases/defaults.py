"""Cases of what Kubernetes and Azure take where nobody says, of old names, and of what another part makes up for."""

from tests.policy.case import ABSENT, Bad, Case, bad, good, unclear
from tests.policy.cases.availability import API, SCALER
from tests.policy.cases.exposure import INGRESS, SERVICE, other
from tests.policy.cases.images import DIGEST, IMAGE, OWN
from tests.policy.cases.resources import NO_RANGE, NODE

WEB, REDIS, CLUSTER = "Deployment shop/web", "StatefulSet shop/redis", "ManagedCluster aks"
POD, STORAGE = "spec.template.spec", "StorageAccount st"
CONTAINER = f"{POD}.containers[web]"
ACCOUNT = f"{POD}.serviceAccountName"
OLD = f"{POD}.serviceAccount"

CASES: list[Case] = [
    good("pod-default-service-account", WEB, {ACCOUNT: ABSENT, OLD: "web"}),
    bad(
        "ref-service-account",
        WEB,
        {ACCOUNT: ABSENT, OLD: "wep"},
        f"{POD}.serviceAccountName",
    ),
    good("ref-service-account", WEB, {OLD: "wep"}),
    unclear("ref-service-account", WEB, {ACCOUNT: {"$unknown": True}}),
]

TOLERATIONS = f"{POD}.tolerations"

CASES += [
    good(
        "schedule-system-pool",
        WEB,
        {
            f"{POD}.nodeSelector": ABSENT,
            TOLERATIONS: [{"operator": "Exists", "effect": "NoExecute"}],
        },
    ),
    bad(
        "schedule-system-pool",
        WEB,
        {
            f"{POD}.nodeSelector": ABSENT,
            TOLERATIONS: [{"key": "CriticalAddonsOnly", "effect": "NoSchedule"}],
        },
        f"{TOLERATIONS}[0]",
    ),
]

RANGES = 'metadata.annotations["service.beta.kubernetes.io/azure-allowed-ip-ranges"]'
TAGS = 'metadata.annotations["service.beta.kubernetes.io/azure-allowed-service-tags"]'
OPEN = {"spec.type": "LoadBalancer"}

CASES += [
    bad("service-load-balancer-open", SERVICE, {**OPEN, RANGES: "198.51.100.0/26, ::/0"}, RANGES),
    bad("service-load-balancer-open", SERVICE, {**OPEN, TAGS: "Internet"}, TAGS),
    good("service-load-balancer-open", SERVICE, {**OPEN, RANGES: "198.51.100.0/26"}),
    good(
        "ingress-duplicate-path",
        INGRESS,
        {"spec.rules[0].http.paths[0].pathType": "Exact"},
        more=other("shop.example.com"),
    ),
]

OF_LIBRARY = ("docker.io/redis", "index.docker.io/redis", "index.docker.io/library/redis")

CASES += [
    *(good("image-registry", WEB, {IMAGE: f"{it}{DIGEST}"}, parameters=OWN) for it in OF_LIBRARY),
    bad("image-registry", WEB, {IMAGE: f"docker.io/team/redis{DIGEST}"}, parameters=OWN),
]

NO_REQUEST = {f"{POD}.containers[api].resources.requests.cpu": ABSENT}
SCALER_V1 = {
    "apiVersion": "autoscaling/v1",
    "kind": "HorizontalPodAutoscaler",
    "metadata": {"name": "web", "namespace": "shop"},
    "spec": {
        "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": "web"},
        "maxReplicas": 3,
        "targetCPUUtilizationPercentage": 80,
    },
}
OF_CONTAINER = {
    "type": "ContainerResource",
    "containerResource": {
        "name": "cpu",
        "container": "api",
        "target": {"type": "Utilization", "averageUtilization": 70},
    },
}
OF_ANOTHER = {
    **OF_CONTAINER,
    "containerResource": {**OF_CONTAINER["containerResource"], "container": "proxy"},
}
SCALED = {
    **SCALER_V1,
    "apiVersion": "autoscaling/v2",
    "metadata": {"name": "api-too", "namespace": "shop"},
    "spec": {
        "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": "api"},
        "maxReplicas": 3,
        "metrics": [OF_CONTAINER],
    },
}

CASES += [
    bad(
        "autoscaler-requests",
        WEB,
        {f"{CONTAINER}.resources.requests.cpu": ABSENT},
        "spec.metrics",
        more=(SCALER_V1,),
        **NO_RANGE,
    ),
    bad(
        "autoscaler-requests",
        API,
        NO_REQUEST,
        "spec.metrics[0].containerResource",
        more=(SCALED,),
        without=("LimitRange shop/limits", SCALER),
    ),
    good(
        "autoscaler-requests",
        API,
        NO_REQUEST,
        more=({**SCALED, "spec": {**SCALED["spec"], "metrics": [OF_ANOTHER]}},),
        without=("LimitRange shop/limits", SCALER),
    ),
]

WHOLE = {"requests": {"cpu": "250m", "memory": "256Mi"}, "limits": {"memory": "512Mi"}}
SILENT = {f"{CONTAINER}.resources": {}, f"{POD}.resources": WHOLE}
HUGE = {f"{POD}.resources": {"limits": {"memory": "20Gi"}}}

CASES += [
    *(
        good(f"container-{it}", WEB, SILENT, **NO_RANGE)
        for it in ("cpu-request", "memory-request", "memory-limit")
    ),
    good("quota-needs-amounts", WEB, {**SILENT, f"{POD}.resources.limits.cpu": "1"}, **NO_RANGE),
    bad("container-exceeds-node", WEB, HUGE, POD, parameters=NODE),
    good(
        "container-exceeds-node",
        WEB,
        {f"{CONTAINER}.resources.requests.memory": "13Gi", f"{POD}.resources": WHOLE},
        parameters=NODE,
    ),
    bad(
        "quota-impossible",
        WEB,
        {f"{POD}.resources": {"limits": {"memory": "99Gi"}}},
        f"{POD},{POD}",
    ),
]

CLAIM = {"name": "data", "persistentVolumeClaim": {"claimName": "data-redis-0"}}
SECRET = {"name": "tls", "secret": {"secretName": "web-tls"}}


def maker(kind: str, group: str, spec: dict[str, object], name: str = "web-tls") -> Case:
    """A pod with a Secret that another object of the stack stands for."""
    held = {
        "apiVersion": f"{group}/v1",
        "kind": kind,
        "metadata": {"name": name, "namespace": "shop"},
        "spec": spec,
    }
    return good("ref-secret", WEB, {f"{POD}.volumes[+]": SECRET}, more=(held,))


CASES += [
    good("ref-claim", WEB, {f"{POD}.volumes[+]": CLAIM}),
    *(
        bad(
            "ref-claim",
            WEB,
            {f"{POD}.volumes[+]": {**CLAIM, "persistentVolumeClaim": {"claimName": name}}},
            f"{POD}.volumes[data].persistentVolumeClaim.claimName",
        )
        for name in ("data-redis-x", "date-redis-0", "data-redi-0")
    ),
    maker("Certificate", "cert-manager.io", {"secretName": "web-tls"}, "web"),
    maker("ExternalSecret", "external-secrets.io", {"target": {"name": "web-tls"}}, "web"),
    maker("SealedSecret", "bitnami.com", {"encryptedData": {}}),
    good(
        "service-selects-nothing",
        SERVICE,
        {"spec.type": "ExternalName", "spec.selector": {"a": "b"}},
    ),
    good("aks-node-os-channel", CLUSTER, {"autoUpgradeProfile.nodeOSUpgradeChannel": ABSENT}),
    bad("aks-node-os-channel", CLUSTER, {"autoUpgradeProfile.nodeOSUpgradeChannel": "None"}),
    good(
        "azure-location",
        STORAGE,
        {"location": "West Europe"},
        parameters={"allowed": ["westeurope"]},
    ),
    good(
        "azure-location",
        STORAGE,
        {"location": "westeurope"},
        parameters={"allowed": ["West Europe"]},
    ),
    good("aks-azure-policy", CLUSTER, {"addonProfiles": {"azurePolicy": {"enabled": True}}}),
    Bad(
        "azure-nsg-open",
        "SecurityRule ssh",
        {"sourceAddressPrefix": "::/0"},
        more=(
            {
                "type": "azure-native:network:SecurityRule",
                "name": "ssh",
                "inputs": {
                    "access": "Allow",
                    "direction": "Inbound",
                    "sourceAddressPrefix": "198.51.100.0/26",
                    "destinationPortRange": "22",
                },
            },
        ),
    ),
]
