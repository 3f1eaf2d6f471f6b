"""What the API server fills in where an object says nothing: written out, it is no change.

From the `defaults.go` of each API group (https://github.com/kubernetes/kubernetes/tree/master/pkg/apis), and from
fields that have no way to tell their zero from nothing. Only what the API server itself fills in is here. What a
kubelet or a controller takes for granted, such as `privileged: false` or `operator: Equal`, is kept as written,
and writing it out in the template of a Deployment makes new pods; a value from the cluster's own objects, such as the
default StorageClass, no plan can tell. Of the jobs of a CronJob the API server fills in nothing but pods; each job that
comes of it gets the rest.

Every row is tried by `tests/cluster/test_diff_oracle.py`.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from review.plan import UNKNOWN

_NOTHING: Final[Mapping[str, Any]] = {}
_RBAC: Final = "rbac.authorization.k8s.io"
_WEBHOOK: Final[Mapping[str, Any]] = {
    "failurePolicy": "Fail",
    "matchPolicy": "Equivalent",
    "namespaceSelector": {},
    "objectSelector": {},
    "timeoutSeconds": 10,
}
_CONTAINER: Final[Mapping[str, Any]] = {
    "resources": {},
    "stdin": False,
    "stdinOnce": False,
    "terminationMessagePath": "/dev/termination-log",
    "terminationMessagePolicy": "File",
    "tty": False,
    "workingDir": "",
}
_HPA_UP: Final = (
    {"type": "Pods", "value": 4, "periodSeconds": 15},
    {"type": "Percent", "value": 100, "periodSeconds": 15},
)

ALWAYS: Final[Mapping[str, Mapping[str, Any]]] = {
    "meta.ObjectMeta": {"generateName": ""},
    "core.Container": _CONTAINER,
    "core.EphemeralContainer": _CONTAINER,
    "core.ContainerPort": {"hostIP": "", "hostPort": 0, "name": "", "protocol": "TCP"},
    "core.EnvVar": {"value": ""},
    "core.ObjectFieldSelector": {"apiVersion": "v1"},
    "core.ResourceFieldSelector": {"divisor": "0"},
    "core.HTTPGetAction": {"host": "", "path": "/", "scheme": "HTTP"},
    "core.TCPSocketAction": {"host": ""},
    "core.GRPCAction": {"service": ""},
    "core.Probe": {
        "failureThreshold": 3,
        "initialDelaySeconds": 0,
        "periodSeconds": 10,
        "successThreshold": 1,
        "timeoutSeconds": 1,
    },
    "core.PodSpec": {
        "dnsPolicy": "ClusterFirst",
        "hostIPC": False,
        "hostNetwork": False,
        "hostPID": False,
        "hostname": "",
        "nodeName": "",
        "priorityClassName": "",
        "restartPolicy": "Always",
        "schedulerName": "default-scheduler",
        "securityContext": {},
        "subdomain": "",
        "terminationGracePeriodSeconds": 30,
    },
    "core.PodTemplateSpec": {"metadata": {}},
    "core.ConfigMapVolumeSource": {"defaultMode": 420},
    "core.DownwardAPIVolumeSource": {"defaultMode": 420},
    "core.ProjectedVolumeSource": {"defaultMode": 420},
    "core.SecretVolumeSource": {"defaultMode": 420},
    "core.EmptyDirVolumeSource": {"medium": ""},
    "core.HostPathVolumeSource": {"type": ""},
    "core.PersistentVolumeClaimVolumeSource": {"readOnly": False},
    "core.ServiceAccountTokenProjection": {"audience": "", "expirationSeconds": 3600},
    "core.VolumeMount": {"readOnly": False, "subPath": "", "subPathExpr": ""},
    "core.PersistentVolumeClaim": {
        "apiVersion": "v1",
        "kind": "PersistentVolumeClaim",
        "status": {"phase": "Pending"},
    },
    "core.PersistentVolumeClaimSpec": {"volumeMode": "Filesystem", "volumeName": ""},
    "core.PersistentVolumeSpec": {
        "persistentVolumeReclaimPolicy": "Retain",
        "volumeMode": "Filesystem",
    },
    "core.Secret": {"type": "Opaque"},
    "core.ServiceSpec": {
        "publishNotReadyAddresses": False,
        "sessionAffinity": "None",
        "type": "ClusterIP",
    },
    "core.ServicePort": {"name": "", "protocol": "TCP"},
    "core.ClientIPConfig": {"timeoutSeconds": 10800},
    "apps.DeploymentSpec": {
        "minReadySeconds": 0,
        "paused": False,
        "progressDeadlineSeconds": 600,
        "replicas": 1,
        "revisionHistoryLimit": 10,
        "strategy": {},
    },
    "apps.DeploymentStrategy": {"type": "RollingUpdate"},
    "apps.RollingUpdateDeployment": {"maxSurge": "25%", "maxUnavailable": "25%"},
    "apps.StatefulSetSpec": {
        "minReadySeconds": 0,
        "persistentVolumeClaimRetentionPolicy": {},
        "podManagementPolicy": "OrderedReady",
        "replicas": 1,
        "revisionHistoryLimit": 10,
        "serviceName": "",
        "updateStrategy": {},
    },
    "apps.StatefulSetPersistentVolumeClaimRetentionPolicy": {
        "whenDeleted": "Retain",
        "whenScaled": "Retain",
    },
    "apps.StatefulSetUpdateStrategy": {"type": "RollingUpdate"},
    "apps.RollingUpdateStatefulSetStrategy": {"partition": 0},
    "apps.DaemonSetSpec": {"minReadySeconds": 0, "revisionHistoryLimit": 10, "updateStrategy": {}},
    "apps.DaemonSetUpdateStrategy": {"type": "RollingUpdate"},
    "apps.RollingUpdateDaemonSet": {"maxSurge": 0, "maxUnavailable": 1},
    "apps.ReplicaSetSpec": {"minReadySeconds": 0, "replicas": 1},
    "batch.JobSpec": {"completionMode": "NonIndexed", "manualSelector": False, "suspend": False},
    "batch.JobTemplateSpec": {"metadata": {}},
    "batch.PodFailurePolicyOnPodConditionsPattern": {"status": "True"},
    "batch.CronJobSpec": {
        "concurrencyPolicy": "Allow",
        "failedJobsHistoryLimit": 1,
        "successfulJobsHistoryLimit": 3,
        "suspend": False,
    },
    "autoscaling.HorizontalPodAutoscalerSpec": {"minReplicas": 1},
    "autoscaling.HorizontalPodAutoscalerBehavior": {"scaleDown": {}, "scaleUp": {}},
    "autoscaling.HPAScalingRules": {"selectPolicy": "Max"},
    "networking.NetworkPolicySpec": {"podSelector": {}},
    "networking.NetworkPolicyPort": {"protocol": "TCP"},
    "rbac.RoleRef": {"apiGroup": _RBAC},
    "storage.StorageClass": {"reclaimPolicy": "Delete", "volumeBindingMode": "Immediate"},
    "scheduling.PriorityClass": {
        "description": "",
        "globalDefault": False,
        "preemptionPolicy": "PreemptLowerPriority",
    },
    "admissionregistration.ValidatingWebhook": _WEBHOOK,
    "admissionregistration.MutatingWebhook": {**_WEBHOOK, "reinvocationPolicy": "Never"},
    "admissionregistration.RuleWithOperations": {"scope": "*"},
    "admissionregistration.ServiceReference": {"port": 443},
}
"""By definition without its version: what stands in for an absent field."""


def filled(definition: str, value: Mapping[str, Any]) -> Mapping[str, Any]:
    """`value` with what the API server fills in on this level; a null is an absent field."""
    always = ALWAYS.get(definition, _NOTHING)
    depends = DEPENDS.get(definition)
    if not always and depends is None:
        return value
    found = {**always, **{key: it for key, it in value.items() if it is not None}}
    return {**found, **depends(found)} if depends else found


def _pull_policy(it: Mapping[str, Any]) -> Mapping[str, Any]:
    image = it.get("image")
    if "imagePullPolicy" in it or image is None:
        return _NOTHING
    if not isinstance(image, str):
        return {"imagePullPolicy": UNKNOWN}
    name, _, digest = image.partition("@")
    tag = name.rpartition("/")[2].partition(":")[2] or ("" if digest else "latest")
    return {"imagePullPolicy": "Always" if tag == "latest" else "IfNotPresent"}


def _account(it: Mapping[str, Any]) -> Mapping[str, Any]:
    """`serviceAccount` is an old name of `serviceAccountName`; the API server writes both."""
    name = it.get("serviceAccountName") or it.get("serviceAccount")
    return {"serviceAccount": name, "serviceAccountName": name} if name else _NOTHING


def _service(it: Mapping[str, Any]) -> Mapping[str, Any]:
    type_ = it["type"]
    found: dict[str, Any] = {}
    if type_ in ("ClusterIP", "NodePort", "LoadBalancer"):
        found |= {"internalTrafficPolicy": "Cluster", "ipFamilyPolicy": "SingleStack"}
    if type_ in ("NodePort", "LoadBalancer"):
        found["externalTrafficPolicy"] = "Cluster"
    if type_ == "LoadBalancer":
        found["allocateLoadBalancerNodePorts"] = True
    if it["sessionAffinity"] == "ClientIP":
        found["sessionAffinityConfig"] = {"clientIP": {}}
    return {key: value for key, value in found.items() if key not in it}


def _target(it: Mapping[str, Any]) -> Mapping[str, Any]:
    return {"targetPort": it["port"]} if "port" in it and "targetPort" not in it else _NOTHING


def _rolling(it: Mapping[str, Any]) -> Mapping[str, Any]:
    rolls = it["type"] == "RollingUpdate" and "rollingUpdate" not in it
    return {"rollingUpdate": {}} if rolls else _NOTHING


def _job(it: Mapping[str, Any]) -> Mapping[str, Any]:
    found: dict[str, Any] = {
        "parallelism": 1,
        "backoffLimit": 2**31 - 1 if "backoffLimitPerIndex" in it else 6,
        "podReplacementPolicy": "Failed" if "podFailurePolicy" in it else "TerminatingOrFailed",
    }
    if "parallelism" not in it:
        found["completions"] = 1
    return {key: value for key, value in found.items() if key not in it}


def _labelled_job(it: Mapping[str, Any]) -> Mapping[str, Any]:
    """A Job without labels gets those of its pods."""
    metadata, at = it.get("metadata"), it
    for key in ("spec", "template", "metadata"):
        below = at.get(key)
        if below == UNKNOWN:
            at = {"labels": UNKNOWN}
            break
        at = below if isinstance(below, Mapping) else _NOTHING
    if not isinstance(metadata, Mapping) or metadata.get("labels") or not at.get("labels"):
        return _NOTHING
    return {"metadata": {**metadata, "labels": at["labels"]}}


def _limit(it: Mapping[str, Any]) -> Mapping[str, Any]:
    """Of a container the most is the limit, the limit is the request, and failing both the least is the request."""
    if it.get("type") != "Container":
        return _NOTHING
    maps = {key: it.get(key) for key in ("default", "defaultRequest", "max", "min")}
    if UNKNOWN in maps.values():
        return {key: maps[key] or UNKNOWN for key in ("default", "defaultRequest")}
    if not all(value is None or isinstance(value, Mapping) for value in maps.values()):
        return _NOTHING
    limit = {**(maps["max"] or {}), **(maps["default"] or {})}
    request = {**(maps["min"] or {}), **limit, **(maps["defaultRequest"] or {})}
    return {"default": limit, "defaultRequest": request}


def _directions(it: Mapping[str, Any]) -> Mapping[str, Any]:
    if it.get("policyTypes"):
        return _NOTHING
    return {"policyTypes": ["Ingress", "Egress"] if it.get("egress") else ["Ingress"]}


def _subject(it: Mapping[str, Any]) -> Mapping[str, Any]:
    return {"apiGroup": "" if it.get("kind") == "ServiceAccount" else _RBAC, **it}


def _behavior(it: Mapping[str, Any]) -> Mapping[str, Any]:
    found: dict[str, Any] = {}
    up, down = it["scaleUp"], it["scaleDown"]
    if isinstance(up, Mapping) and "$unknown" not in up:
        found["scaleUp"] = {"policies": list(_HPA_UP), "stabilizationWindowSeconds": 0, **up}
    if isinstance(down, Mapping) and "$unknown" not in down:
        found["scaleDown"] = {"policies": [_HPA_UP[1]], **down}
    return found


DEPENDS: Final[Mapping[str, Callable[[Mapping[str, Any]], Mapping[str, Any]]]] = {
    "core.Container": _pull_policy,
    "core.EphemeralContainer": _pull_policy,
    "core.PodSpec": _account,
    "core.ServiceSpec": _service,
    "core.ServicePort": _target,
    "core.LimitRangeItem": _limit,
    "apps.DeploymentStrategy": _rolling,
    "apps.StatefulSetUpdateStrategy": _rolling,
    "apps.DaemonSetUpdateStrategy": _rolling,
    "batch.Job": _labelled_job,
    "batch.JobSpec": _job,
    "autoscaling.HorizontalPodAutoscalerBehavior": _behavior,
    "networking.NetworkPolicySpec": _directions,
    "rbac.Subject": _subject,
}
"""What hangs on another field of the same object; each gets the object with `ALWAYS` filled in."""
