"""Cases of the rules of references between objects."""

from policy.kinds import WORKLOADS
from tests.policy.bases import KUBERNETES
from tests.policy.case import ABSENT, bad, good, unclear

WEB, SERVICE = "Deployment shop/web", "Service shop/web"
CHART = {
    "type": "kubernetes:helm.sh/v3:Release",
    "name": "shop/redis",
    "inputs": {"chart": "redis", "namespace": "shop"},
}

NO_SUCH = {'spec.selector["app.kubernetes.io/name"]': "wep"}

CASES = [
    bad("service-selects-nothing", SERVICE, NO_SUCH, "spec.selector"),
    bad("service-selects-nothing", WEB, {"metadata.namespace": "other"}, "spec.selector"),
    good("service-selects-nothing", SERVICE, {"spec.selector": None}),
    unclear(
        "service-selects-nothing",
        SERVICE,
        {'spec.selector["app.kubernetes.io/name"]': "cache"},
        more=(CHART,),
    ),
    bad(
        "service-selects-nothing",
        SERVICE,
        {"metadata.namespace": "other"},
        "spec.selector",
        complete=False,
    ),
    unclear(
        "service-selects-nothing",
        SERVICE,
        {"metadata.namespace": "other", **NO_SUCH},
        complete=False,
    ),
    bad("service-selects-nothing", SERVICE, NO_SUCH, "spec.selector", complete=False),
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

API, INGRESS, BUDGET = "Deployment shop/api", "Ingress shop/web", "PodDisruptionBudget shop/web"
SCALER, REDIS, CLAIM = (
    "HorizontalPodAutoscaler shop/api",
    "StatefulSet shop/redis",
    "PersistentVolumeClaim shop/files",
)
POLICY, TO_REDIS = "NetworkPolicy shop/redis", "NetworkPolicy shop/web"
BINDING = "RoleBinding shop/viewer"
POD = "spec.template.spec"
BACKEND = "spec.rules[0].http.paths[0].backend.service"
PEER = "spec.ingress[0].from[0]"
ELSEWHERE = {"complete": False}
OF_REDIS = {"matchLabels": {"app.kubernetes.io/instance": "cache"}}
CACHE = ({**CHART, "inputs": {"name": "cache", "namespace": "shop"}},)


def variable(kind: str, name: str, key: str) -> dict:
    return {"name": "LEVEL", "valueFrom": {f"{kind}KeyRef": {"name": name, "key": key}}}


def volume(**source: dict) -> dict:
    return {"name": "files", **source}


CASES += [
    bad("ref-service-port", SERVICE, {"spec.ports[http].targetPort": "https"}),
    bad(
        "ref-service-port",
        WEB,
        {f"{CONTAINER}.ports[http].name": "web"},
        "spec.ports[http].targetPort",
    ),
    good("ref-service-port", SERVICE, {"spec.ports[http].targetPort": 9090}),
    good("ref-service-port", SERVICE, {"spec.ports[http].targetPort": "x", "spec.selector": None}),
    bad(
        "ref-autoscaler-target",
        SCALER,
        {"spec.scaleTargetRef.name": "apj"},
        "spec.scaleTargetRef",
    ),
    bad(
        "ref-autoscaler-target",
        SCALER,
        {"metadata.namespace": "other"},
        "spec.scaleTargetRef",
    ),
    unclear(
        "ref-autoscaler-target",
        SCALER,
        {"spec.scaleTargetRef": {"apiVersion": "argoproj.io/v1", "kind": "Rollout", "name": "api"}},
    ),
    unclear("ref-autoscaler-target", SCALER, {"spec.scaleTargetRef.name": "cache"}, more=(CHART,)),
    bad(
        "ref-budget-selector",
        BUDGET,
        {"spec.selector.matchLabels": {"app": "web"}},
        "spec.selector",
    ),
    good(
        "ref-autoscaler-target",
        SCALER,
        {"spec.scaleTargetRef": {"kind": "StatefulSet", "name": "redis"}},
    ),
    bad("ref-budget-selector", BUDGET, {"spec.selector": ABSENT}),
    good("ref-budget-selector", BUDGET, {"spec.selector": {}}),
    unclear("ref-budget-selector", WEB, {"spec.template.metadata.labels": {"$unknown": True}}),
    bad("ref-ingress-backend", INGRESS, {f"{BACKEND}.name": "wep"}),
    bad(
        "ref-ingress-backend",
        INGRESS,
        {f"{BACKEND}.port.number": 8080},
        f"{BACKEND}.port",
    ),
    bad(
        "ref-ingress-backend",
        INGRESS,
        {"spec.defaultBackend.service": {"name": "wep", "port": {"name": "http"}}},
        "spec.defaultBackend.service.name",
    ),
    bad(
        "ref-ingress-backend",
        "Service shop/web",
        {"metadata.namespace": "other"},
        f"{BACKEND}.name",
    ),
    good("ref-ingress-backend", INGRESS, {f"{BACKEND}.port": {"name": "http"}}),
    unclear("ref-ingress-backend", INGRESS, {f"{BACKEND}.name": "cache"}, more=(CHART,)),
    bad(
        "ref-policy-selector",
        POLICY,
        {"spec.podSelector.matchLabels": {"app": "redis"}},
        "spec.podSelector",
    ),
    good("ref-policy-selector", POLICY, {"spec.podSelector": {}}),
    good("ref-policy-selector", POLICY, {"spec.podSelector": OF_REDIS}, more=CACHE),
    unclear(
        "ref-policy-selector",
        POLICY,
        {"spec.podSelector.matchLabels": {"app": "redis"}},
        more=CACHE,
    ),
    bad(
        "ref-policy-peer",
        POLICY,
        {f"{PEER}.podSelector.matchLabels": {"app": "web"}},
        f"{PEER}.podSelector",
    ),
    bad(
        "ref-policy-peer",
        POLICY,
        {f"{PEER}.namespaceSelector.matchLabels": {"kubernetes.io/metadata.name": "shops"}},
        f"{PEER}.namespaceSelector",
    ),
    bad(
        "ref-policy-peer",
        POLICY,
        {f"{PEER}.namespaceSelector.matchLabels": {"team": "shop"}},
        f"{PEER}.namespaceSelector",
    ),
    good(
        "ref-policy-peer",
        POLICY,
        {f"{PEER}.namespaceSelector.matchLabels": {"kubernetes.io/metadata.name": "shop"}},
    ),
    good(
        "ref-policy-peer",
        POLICY,
        {
            PEER: {
                "namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "kube-system"}}
            }
        },
    ),
    good("ref-policy-peer", POLICY, {PEER: {"ipBlock": {"cidr": "10.0.0.0/8"}}}),
    good(
        "ref-policy-peer",
        POLICY,
        {f"{PEER}.namespaceSelector.matchLabels": {"kubernetes.io/metadata.name": "edge"}},
        parameters={"outside": ["edge"]},
    ),
    good("ref-policy-peer", POLICY, {f"{PEER}.podSelector": OF_REDIS}, more=CACHE),
    unclear(
        "ref-policy-peer",
        POLICY,
        {f"{PEER}.namespaceSelector.matchLabels": {"kubernetes.io/metadata.name": "shops"}},
        **ELSEWHERE,
    ),
    bad(
        "ref-config-map",
        WEB,
        {f"{CONTAINER}.env[+]": variable("configMap", "wep", "LOG_LEVEL")},
        f"{CONTAINER}.env[LEVEL].valueFrom.configMapKeyRef",
    ),
    bad(
        "ref-config-map",
        WEB,
        {f"{CONTAINER}.env[+]": variable("configMap", "web", "LEVEL")},
        f"{CONTAINER}.env[LEVEL].valueFrom.configMapKeyRef",
    ),
    bad(
        "ref-config-map",
        WEB,
        {f"{CONTAINER}.envFrom[+]": {"configMapRef": {"name": "wep"}}},
        f"{CONTAINER}.envFrom[0].configMapRef",
    ),
    bad(
        "ref-config-map",
        WEB,
        {f"{POD}.volumes[+]": volume(configMap={"name": "web", "items": [{"key": "a"}]})},
        f"{POD}.volumes[files].configMap",
    ),
    bad(
        "ref-config-map",
        WEB,
        {f"{POD}.volumes[+]": volume(projected={"sources": [{"configMap": {"name": "b"}}]})},
        f"{POD}.volumes[files].projected.sources[0].configMap",
    ),
    bad(
        "ref-config-map",
        "ConfigMap shop/web",
        {"metadata.namespace": "other"},
        "spec.containers[web].envFrom[0].configMapRef",
        more=(
            {
                "apiVersion": "v1",
                "kind": "Pod",
                "metadata": {"name": "one", "namespace": "shop"},
                "spec": {
                    "containers": [{"name": "web", "envFrom": [{"configMapRef": {"name": "web"}}]}]
                },
            },
        ),
    ),
    good("ref-config-map", WEB, {f"{CONTAINER}.env[+]": variable("configMap", "web", "LOG_LEVEL")}),
    good(
        "ref-config-map",
        WEB,
        {f"{CONTAINER}.envFrom[+]": {"configMapRef": {"name": "wep", "optional": True}}},
    ),
    good(
        "ref-config-map",
        WEB,
        {f"{POD}.volumes[+]": volume(configMap={"name": "kube-root-ca.crt"})},
    ),
    unclear(
        "ref-config-map",
        WEB,
        {f"{CONTAINER}.envFrom[+]": {"configMapRef": {"name": "cache"}}},
        more=(CHART,),
    ),
    bad(
        "ref-secret",
        WEB,
        {f"{CONTAINER}.env[+]": variable("secret", "web", "PASSWORD")},
        f"{CONTAINER}.env[LEVEL].valueFrom.secretKeyRef",
    ),
    good("ref-secret", WEB, {f"{CONTAINER}.env[+]": variable("secret", "web", "DB_PASSWORD")}),
    good("ref-secret", WEB, {f"{POD}.volumes[+]": volume(secret={"secretName": "web"})}),
    good(
        "ref-secret",
        "SecretProviderClass shop/web",
        {"spec.secretObjects": [{"secretName": "db", "type": "Opaque"}]},
        more=(
            {
                "apiVersion": "v1",
                "kind": "Pod",
                "metadata": {"name": "one", "namespace": "shop"},
                "spec": {"containers": [{"name": "a", "envFrom": [{"secretRef": {"name": "db"}}]}]},
            },
        ),
    ),
    unclear("ref-secret", WEB, {f"{CONTAINER}.envFrom[+]": {"secretRef": {"name": "db"}}}),
    unclear(
        "ref-secret",
        "Secret shop/web",
        {"stringData": {"$secret": True}},
        more=(
            {
                "apiVersion": "v1",
                "kind": "Pod",
                "metadata": {"name": "one", "namespace": "shop"},
                "spec": {"containers": [{"name": "a", "env": [variable("secret", "web", "A")]}]},
            },
        ),
    ),
    bad("ref-service-account", WEB, {f"{POD}.serviceAccountName": "wep"}),
    good("ref-service-account", WEB, {f"{POD}.serviceAccountName": "default"}),
    unclear("ref-service-account", WEB, {f"{POD}.serviceAccountName": "cache"}, more=(CHART,)),
    bad(
        "ref-claim",
        WEB,
        {f"{POD}.volumes[+]": volume(persistentVolumeClaim={"claimName": "data"})},
        f"{POD}.volumes[files].persistentVolumeClaim.claimName",
    ),
    good(
        "ref-claim",
        WEB,
        {f"{POD}.volumes[+]": volume(persistentVolumeClaim={"claimName": "files"})},
    ),
    bad(
        "ref-volume-mount",
        WEB,
        {f"{CONTAINER}.volumeMounts[+]": {"name": "tmp", "mountPath": "/tmp"}},
        f"{CONTAINER}.volumeMounts[tmp].name",
    ),
    good(
        "ref-volume-mount",
        REDIS,
        {f"{POD}.containers[redis].volumeMounts[+]": {"name": "data", "mountPath": "/data"}},
    ),
    bad("ref-priority-class", WEB, {f"{POD}.priorityClassName": "bussiness"}),
    good("ref-priority-class", WEB, {f"{POD}.priorityClassName": "business"}),
    good("ref-priority-class", WEB, {f"{POD}.priorityClassName": "system-node-critical"}),
    unclear("ref-priority-class", WEB, {f"{POD}.priorityClassName": "other"}, **ELSEWHERE),
    bad("ref-ingress-class", INGRESS, {"spec.ingressClassName": "ngnix"}),
    good(
        "ref-ingress-class",
        INGRESS,
        {"spec.ingressClassName": "webapprouting.kubernetes.azure.com"},
    ),
    good(
        "ref-ingress-class",
        INGRESS,
        {"spec.ingressClassName": "edge"},
        more=(
            {
                **CHART,
                "inputs": {"values": {"controller": {"ingressClass": {"name": "edge"}}}},
            },
        ),
    ),
    unclear("ref-ingress-class", INGRESS, {"spec.ingressClassName": "edge"}, more=(CHART,)),
    bad("ref-role", BINDING, {"roleRef.name": "viewers"}, "roleRef"),
    bad("ref-role", BINDING, {"roleRef.kind": "ClusterRole"}, "roleRef"),
    good("ref-role", BINDING, {"roleRef": {"kind": "ClusterRole", "name": "view"}}),
    unclear(
        "ref-role",
        BINDING,
        {"roleRef": {"kind": "ClusterRole", "name": "other"}},
        **ELSEWHERE,
    ),
    bad("ref-role-subject", BINDING, {"subjects[web].name": "wep"}, "subjects[wep]"),
    good("ref-role-subject", BINDING, {"subjects[web].name": "default"}),
    unclear("ref-role-subject", BINDING, {"subjects[web].namespace": "other"}),
    bad("ref-storage-class", CLAIM, {"spec.storageClassName": "managed-cis"}),
    good("ref-storage-class", CLAIM, {"spec.storageClassName": "retained"}),
    good("ref-storage-class", CLAIM, {"spec.storageClassName": ""}),
    bad("ref-headless-service", REDIS, {"spec.serviceName": "redis-headless"}),
    good("ref-headless-service", REDIS, {"spec.serviceName": ""}),
    bad(
        "ref-secret-provider-class",
        WEB,
        {
            f"{POD}.volumes[+]": volume(
                csi={
                    "driver": "secrets-store.csi.k8s.io",
                    "volumeAttributes": {"secretProviderClass": "vault"},
                }
            )
        },
        f"{POD}.volumes[files].csi.volumeAttributes.secretProviderClass",
    ),
    good(
        "ref-secret-provider-class",
        WEB,
        {
            f"{POD}.volumes[+]": volume(
                csi={
                    "driver": "secrets-store.csi.k8s.io",
                    "volumeAttributes": {"secretProviderClass": "web"},
                }
            )
        },
    ),
    bad(
        "workload-identity-account",
        WEB,
        {f'{LABELS}["azure.workload.identity/use"]': "true"},
        f"{POD}.serviceAccountName",
    ),
    good(
        "workload-identity-account",
        "ServiceAccount shop/web",
        {'metadata.annotations["azure.workload.identity/client-id"]': {"$unknown": True}},
        more=(
            {
                "apiVersion": "v1",
                "kind": "Pod",
                "metadata": {
                    "name": "one",
                    "namespace": "shop",
                    "labels": {"azure.workload.identity/use": "true"},
                },
                "spec": {"serviceAccountName": "web", "containers": [{"name": "web"}]},
            },
        ),
    ),
]

LONE = {"without": tuple(it for it in KUBERNETES if it.startswith("Service shop/")), **ELSEWHERE}
NO_PODS = {"without": tuple(it for it in KUBERNETES if it.split()[0] in WORKLOADS), **ELSEWHERE}

CASES += [
    unclear("ref-ingress-backend", INGRESS, {}, **LONE),
    unclear("ref-headless-service", REDIS, {}, **LONE),
    unclear("ref-budget-selector", BUDGET, {}, **NO_PODS),
    unclear("ref-policy-selector", POLICY, {}, **NO_PODS),
    unclear("ref-policy-peer", POLICY, {}, **NO_PODS),
    bad("ref-ingress-backend", INGRESS, {f"{BACKEND}.name": "wep"}, **ELSEWHERE),
]
