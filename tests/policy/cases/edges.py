"""Cases at the edges of rules about pods and clusters: one more or less, several at once, a guard that stands alone."""

from tests.policy.case import ABSENT, Case, bad, good, unclear
from tests.policy.cases.availability import API, CRON, SCALER
from tests.policy.cases.exposure import INGRESS, SERVICE
from tests.policy.cases.references import BACKEND
from tests.policy.cases.resources import NO_RANGE, QUOTA

WEB, POD = "Deployment shop/web", "spec.template.spec"
CONTAINER, UNKNOWN = f"{POD}.containers[web]", {"$unknown": True}
CLUSTER, WORK = "ManagedCluster aks", "AgentPool work"
SURGE = "upgradeSettings.maxSurge"
OLD_LTS = {"kubernetesVersion": "1.29.1", "supportPlan": "AKSLongTermSupport"}

CASES: list[Case] = [
    good("cronjob-history", CRON, {"spec.successfulJobsHistoryLimit": 10}),
    bad("cronjob-history", CRON, {"spec.successfulJobsHistoryLimit": 11}),
    *(bad("pool-upgrade", WORK, {SURGE: it}) for it in ("0", "1", 0, 1)),
    *(good("pool-upgrade", WORK, {SURGE: it}) for it in (2, "2", "10%")),
    *(good("aks-version", CLUSTER, {"kubernetesVersion": it}) for it in ("", None, 5)),
    bad(
        "aks-version",
        "ManagedCluster old",
        {"kubernetesVersion": "1.29"},
        more=(
            {
                "type": "azure-native:containerservice:ManagedCluster",
                "name": "old",
                "inputs": {**OLD_LTS, "kubernetesVersion": "1.36"},
            },
        ),
    ),
]

CSI = {
    "name": "v",
    "csi": {"driver": "disk.csi.azure.com", "volumeAttributes": {"secretProviderClass": "nobody"}},
}

CASES += [
    good("ref-secret-provider-class", WEB, {f"{POD}.volumes[+]": CSI}),
    good(
        "ref-secret-provider-class",
        WEB,
        {f"{POD}.volumes[+]": {"name": "v", "csi": {"driver": "secrets-store.csi.k8s.io"}}},
    ),
    good(
        "pod-token-automount",
        WEB,
        {f"{POD}.automountServiceAccountToken": True, f"{POD}.serviceAccountName": "nobody"},
    ),
]

PORTS = [{"name": "http", "port": 80}, {"name": "admin", "port": 9000}]

CASES += [
    good("ref-ingress-backend", SERVICE, {"spec.type": "ExternalName", "spec.ports": ABSENT}),
    good("ref-ingress-backend", SERVICE, {"spec.ports": PORTS}),
    good(
        "ref-volume-mount",
        WEB,
        {
            f"{POD}.volumes": [{"name": "a", "emptyDir": {}}, {"name": "b", "emptyDir": {}}],
            f"{CONTAINER}.volumeMounts": [{"name": "b", "mountPath": "/b"}],
        },
    ),
    bad(
        "ref-volume-mount",
        WEB,
        {f"{CONTAINER}.volumeMounts": [{"name": "c", "mountPath": "/c"}]},
        f"{CONTAINER}.volumeMounts[c].name",
    ),
    good(
        "probe-port",
        WEB,
        {
            f"{CONTAINER}.ports": [
                {"name": "http", "containerPort": 8080},
                {"name": "admin", "containerPort": 9000},
            ]
        },
    ),
]


def quota(name: str, hard: object, **spec: object) -> dict[str, object]:
    """A quota more in the namespace."""
    return {
        "apiVersion": "v1",
        "kind": "ResourceQuota",
        "metadata": {"name": name, "namespace": "shop"},
        "spec": {"hard": hard, **spec},
    }


TERMINATING = {
    "scopeSelector": {"matchExpressions": [{"scopeName": "Terminating", "operator": "Exists"}]}
}
NOTHING = {"requests.cpu": "1m"}

CASES += [
    good("quota-impossible", WEB, {}, more=(quota("ended", NOTHING, **TERMINATING),)),
    good(
        "quota-impossible", WEB, {}, more=(quota("odd", {"requests.cpu": "many", "services": "0"}),)
    ),
    unclear("quota-impossible", QUOTA, {"spec.hard": UNKNOWN}),
    unclear(
        "quota-impossible", QUOTA, {"spec.hard": UNKNOWN}, more=(quota("wide", {"pods": "90"}),)
    ),
    good(
        "quota-needs-amounts",
        WEB,
        {f"{CONTAINER}.resources": {}},
        more=(quota("ended", {"cpu": "9"}, **TERMINATING),),
        without=(QUOTA, "LimitRange shop/limits"),
    ),
]

PROBES = {
    f"{CONTAINER}.startupProbe": {
        "periodSeconds": 10,
        "failureThreshold": 20,
        "initialDelaySeconds": 30,
    },
    f"{CONTAINER}.readinessProbe.initialDelaySeconds": 60,
}

CASES += [
    *(
        kind(
            "rollout-deadline",
            WEB,
            {**PROBES, "spec.minReadySeconds": 10, "spec.progressDeadlineSeconds": seconds},
            *path,
        )
        for kind, seconds, path in ((good, 301, ()),)
    ),
    bad(
        "rollout-deadline",
        "Deployment shop/slow",
        {"spec.progressDeadlineSeconds": 300},
        more=(
            {
                "apiVersion": "apps/v1",
                "kind": "Deployment",
                "metadata": {"name": "slow", "namespace": "shop"},
                "spec": {
                    "minReadySeconds": 10,
                    "progressDeadlineSeconds": 301,
                    "template": {
                        "spec": {
                            "containers": [
                                {
                                    "name": "slow",
                                    "startupProbe": PROBES[f"{CONTAINER}.startupProbe"],
                                    "readinessProbe": {"initialDelaySeconds": 60},
                                }
                            ]
                        }
                    },
                },
            },
        ),
    ),
    good(
        "rollout-deadline",
        WEB,
        {"spec.minReadySeconds": 599},
    ),
    bad("rollout-deadline", WEB, {"spec.minReadySeconds": 600}, "spec.progressDeadlineSeconds"),
    bad("rollout-deadline", WEB, {"spec.progressDeadlineSeconds": 0}),
    good("rollout-deadline", WEB, {"spec.progressDeadlineSeconds": 1}),
    unclear("rollout-deadline", WEB, {f"{POD}.containers": UNKNOWN}),
    good("schedule-spread", WEB, {"spec.replicas": 1, f"{POD}.topologySpreadConstraints": ABSENT}),
    bad(
        "schedule-spread",
        "Deployment shop/two",
        {"spec.replicas": 2},
        f"{POD}.topologySpreadConstraints",
        more=(
            {
                "apiVersion": "apps/v1",
                "kind": "Deployment",
                "metadata": {"name": "two", "namespace": "shop"},
                "spec": {"replicas": 1, "template": {"spec": {}}},
            },
        ),
    ),
]

SCRATCH = {"name": "scratch", "emptyDir": {}}
DISK = {"limits": {"ephemeral-storage": "1Gi"}}

CASES += [
    good(
        "container-ephemeral-storage",
        WEB,
        {f"{POD}.volumes[+]": {"name": "m", "emptyDir": {"medium": "Memory"}}},
    ),
    bad(
        "container-ephemeral-storage",
        WEB,
        {
            f"{POD}.volumes[+]": SCRATCH,
        },
        f"{POD}.volumes[scratch].emptyDir.sizeLimit",
        more=(),
    ),
    good(
        "container-ephemeral-storage",
        WEB,
        {
            f"{POD}.os": {"name": "windows"},
            f"{CONTAINER}.securityContext.readOnlyRootFilesystem": ABSENT,
        },
    ),
    good(
        "container-ephemeral-storage",
        WEB,
        {
            f"{CONTAINER}.resources": DISK,
            f"{CONTAINER}.securityContext.readOnlyRootFilesystem": ABSENT,
        },
    ),
    good(
        "container-ephemeral-storage",
        WEB,
        {f"{CONTAINER}.resources": DISK, f"{POD}.volumes[+]": SCRATCH},
    ),
]

ARGS, COMMAND = f"{CONTAINER}.args", f"{CONTAINER}.command"

CASES += [
    *(
        good("secret-in-arguments", WEB, {ARGS: it})
        for it in (
            ["--verbose", "plain-text"],
            ["--mode=plain-text"],
            ["--token", "--other", "plain-text"],
            ["--token=true"],
            ["--token", "true"],
            ["--token", 5],
            ["plain-text", "--token"],
            ["--url=none", "--retries", "12"],
            ["--token", "--file", "--password=$(A)"],
        )
    ),
    bad(
        "secret-in-arguments",
        WEB,
        {COMMAND: [UNKNOWN], ARGS: ["--token", "plain-text"]},
        f"{ARGS}[1]",
    ),
    bad("secret-in-arguments", WEB, {ARGS: ["--url=redis://:hunter2@redis:6379/0"]}, f"{ARGS}[0]"),
    bad(
        "secret-in-arguments", WEB, {ARGS: ["--port", "80", "--token", "plain-text"]}, f"{ARGS}[3]"
    ),
]

TOLERATIONS = f"{POD}.tolerations"

CASES += [
    good(
        "schedule-system-pool",
        WEB,
        {"metadata.namespace": "kube-system", f"{POD}.nodeSelector": {"agentpool": "system"}},
    ),
    bad(
        "schedule-system-pool",
        WEB,
        {f"{POD}.nodeSelector": {"kubernetes.azure.com/mode": "system"}},
    ),
    bad(
        "schedule-system-pool",
        WEB,
        {f"{POD}.nodeSelector": {"kubernetes.azure.com/agentpool": "system"}},
    ),
    good(
        "schedule-system-pool",
        WEB,
        {
            f"{POD}.nodeSelector": {"kubernetes.azure.com/mode": "user"},
            TOLERATIONS: [{"operator": "Exists"}],
        },
    ),
    *(
        good("schedule-system-pool", WEB, {f"{POD}.nodeSelector": ABSENT, TOLERATIONS: [it]})
        for it in (
            {"key": "sku", "operator": "Exists"},
            {"operator": "Equal"},
            {"key": "sku", "operator": "Equal", "value": "gpu"},
        )
    ),
]

WITHOUT_CPU = {f"{POD}.containers[api].resources.requests.cpu": ABSENT}

CASES += [
    good("autoscaler-requests", API, {**WITHOUT_CPU, f"{POD}.containers": []}, **NO_RANGE),
    good("autoscaler-requests", SCALER, {"spec.scaleTargetRef.name": "nobody"}),
    unclear("autoscaler-requests", API, {f"{POD}.containers": UNKNOWN}, **NO_RANGE),
    good("autoscaler-requests", SCALER, {"spec.metrics[0].resource.name": ABSENT}, **NO_RANGE),
    good("probe-liveness-without-startup", WEB, {f"{CONTAINER}.livenessProbe": ABSENT}),
    good("label-value", WEB, {"metadata.labels.x": None}),
    unclear("label-value", WEB, {f"{POD.removesuffix('.spec')}": UNKNOWN}),
    bad("ref-ingress-backend", INGRESS, {f"{BACKEND}.port": {"name": "https"}}),
]


def deployment(container: dict[str, object], **spec: object) -> dict[str, object]:
    """A Deployment more, of one container and what else its pods have."""
    pods = {"containers": [{"name": "more", **container}], **spec}
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "more", "namespace": "shop"},
        "spec": {"template": {"metadata": {"labels": {"app": "more"}}, "spec": pods}},
    }


MORE = "Deployment shop/more"
TWO = [{"name": "a", "emptyDir": {}}, {"name": "b", "emptyDir": {}}]
BOUNDED = {"name": "bounded", "resources": DISK}

CASES += [
    bad(
        "ref-volume-mount",
        MORE,
        {f"{POD}.containers[more].volumeMounts": [{"name": "c", "mountPath": "/c"}]},
        f"{POD}.containers[more].volumeMounts[c].name",
        more=(deployment({}, volumes=TWO),),
    ),
    bad(
        "container-ephemeral-storage",
        MORE,
        {f"{POD}.volumes": [SCRATCH]},
        f"{POD}.volumes[scratch].emptyDir.sizeLimit",
        more=(
            {
                **deployment({}),
                "spec": {
                    "template": {
                        "spec": {
                            "containers": [
                                BOUNDED,
                                {
                                    "name": "more",
                                    "securityContext": {"readOnlyRootFilesystem": True},
                                },
                            ]
                        }
                    }
                },
            },
        ),
    ),
    good(
        "autoscaler-requests",
        API,
        {**WITHOUT_CPU},
        more=(),
        without=("LimitRange shop/limits", SCALER),
    ),
    good("ref-claim", WEB, {f"{POD}.volumes": TWO}),
]

TARGET = "spec.metrics[0].resource.target"
BY_VALUE = {
    "apiVersion": "autoscaling/v2",
    "kind": "HorizontalPodAutoscaler",
    "metadata": {"name": "more", "namespace": "shop"},
    "spec": {
        "scaleTargetRef": {"kind": "Deployment", "name": "more"},
        "maxReplicas": 2,
        "metrics": [{"resource": {"name": "cpu", "target": {"type": "AverageValue"}}}],
    },
}
ALONE = {
    "apiVersion": "v1",
    "kind": "Pod",
    "metadata": {"name": "alone", "namespace": "shop", "labels": {"a": "b"}},
    "spec": {},
}

CASES += [
    good(
        "autoscaler-requests",
        "HorizontalPodAutoscaler shop/more",
        {TARGET: {"type": "Value"}},
        more=(BY_VALUE, deployment({})),
    ),
    bad(
        "label-value",
        "Pod shop/alone",
        {"metadata.labels.a": "b c"},
        'metadata.labels["a"]',
        more=(ALONE,),
    ),
]


CASES += [
    *(
        good("container-quantity-malformed", WEB, {f"{CONTAINER}.resources.limits.cpu": it})
        for it in ("0", None)
    ),
    good(
        "schedule-system-priority",
        WEB,
        {"metadata.namespace": "kube-system", f"{POD}.priorityClassName": "system-node-critical"},
    ),
    good(
        "rollout-unavailable",
        WEB,
        {"spec.strategy": {"type": "Recreate", "rollingUpdate": {"maxUnavailable": "100%"}}},
    ),
    good(
        "aks-diagnostics",
        CLUSTER,
        {"sku.tier": "Free"},
        more=(
            {
                "type": "azure-native:monitor:DiagnosticSetting",
                "name": "more",
                "inputs": {
                    "logs": [
                        {"category": "kube-apiserver", "enabled": True},
                        {"categoryGroup": "audit", "enabled": True},
                    ]
                },
            },
        ),
        without=("DiagnosticSetting aks",),
    ),
    good(
        "workload-identity-account",
        WEB,
        {
            f'{POD.removesuffix(".spec")}.metadata.labels["azure.workload.identity/use"]': "true",
            f"{POD}.serviceAccountName": "nobody",
        },
    ),
]
