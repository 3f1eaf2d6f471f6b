"""Rows of Kubernetes objects.

`provider`: pulumi-kubernetes' own table (`provider/pkg/provider/diff.go`), the same for client-side and server-side
apply. `documented`: what the API server refuses to update (`pkg/apis/*/validation` of Kubernetes 1.36).
"""

from collections.abc import Mapping
from typing import Any, Final

from review.guard import table
from review.guard.table import EVERY_OBJECT, Effect, Guarded, Known
from review.guard.values import ABSENT, Alike, equal, quantity

TABLE: Final = (
    "https://github.com/pulumi/pulumi-kubernetes/blob/master/provider/pkg/provider/diff.go"
)
DOCS: Final = "https://kubernetes.io/docs/"
PROVIDER: Final = "pulumi:providers:kubernetes"

BESIDE: Final = (
    "another workload of another name beside it, then move the traffic and remove the old one"
)
CLAIM: Final = (
    "keep the value; for another disk a claim of another name, copy the data, then move the workload over: "
    "docs/cluster.md#a-new-disk-beside-the-old-one"
)
_Row = tuple[str, str, Effect, table.When, bool, str, str, str, Known]
"""Group and kind, path, effect, when, whether it is grave, why, safe, source, how we know."""

_ROWS: Final[tuple[_Row, ...]] = (
    *(
        (
            f"apps:{kind}",
            "spec.selector",
            "replaces",
            table.always,
            True,
            "all its pods go before the first new one starts",
            f"keep the selector; {BESIDE}",
            TABLE,
            "provider",
        )
        for kind in ("Deployment", "DaemonSet", "StatefulSet")
    ),
    *(
        (
            "apps:StatefulSet",
            path,
            "replaces",
            table.always,
            True,
            f"{why}; all its pods go before the first new one starts, its claims stay",
            safe,
            TABLE,
            "provider",
        )
        for path, why, safe in (
            ("spec.serviceName", "its pods get other names in the DNS", f"keep the name; {BESIDE}"),
            (
                "spec.volumeClaimTemplates",
                "claims that are there keep their size and class: only new replicas get the new one",
                "grow the claims with kubectl, `kubectl delete statefulset --cascade=orphan`, `pulumi refresh`, "
                "`pulumi up`: docs/cluster.md#a-new-disk-beside-the-old-one",
            ),
            ("spec.podManagementPolicy", "the order of its pods is fixed", f"keep it; {BESIDE}"),
            ("spec.revisionHistoryLimit", "the provider replaces for it", "keep the number"),
        )
    ),
    (
        "apps:StatefulSet",
        "spec.persistentVolumeClaimRetentionPolicy.whenDeleted",
        "inPlace",
        table.becomes("Delete"),
        True,
        "its claims, and the disks of class Delete behind them, now go with the set",
        "keep Retain where the data matters",
        f"{DOCS}concepts/workloads/controllers/statefulset/#persistentvolumeclaim-retention",
        "documented",
    ),
    (
        "apps:StatefulSet",
        "spec.persistentVolumeClaimRetentionPolicy.whenScaled",
        "inPlace",
        table.becomes("Delete"),
        True,
        "the claim of a replica that is scaled away now goes with it",
        "keep Retain where the data matters",
        f"{DOCS}concepts/workloads/controllers/statefulset/#persistentvolumeclaim-retention",
        "documented",
    ),
    *(
        (
            "batch:Job",
            path,
            "replaces",
            table.always,
            False,
            "the Job runs again from the start",
            "see that a run more does no harm",
            TABLE,
            "provider",
        )
        for path in ("spec.completions", "spec.parallelism", "spec.selector", "spec.template")
    ),
    *(
        (
            "batch:Job",
            path,
            "refused",
            table.always,
            True,
            "the field of a Job is fixed",
            "`replaceOnChanges`, as this program sets it for its own Jobs, or another name",
            f"{DOCS}concepts/workloads/controllers/job/",
            "documented",
        )
        for path in (
            "spec.backoffLimitPerIndex",
            "spec.completionMode",
            "spec.podFailurePolicy",
            "spec.successPolicy",
        )
    ),
    *(
        (
            "core:PersistentVolumeClaim",
            path,
            "replaces",
            table.always,
            True,
            "the claim goes, and with class Delete the disk behind it and all that is on it",
            CLAIM,
            TABLE,
            "provider",
        )
        for path in (
            "spec.accessModes",
            "spec.selector",
            "spec.storageClassName",
            "spec.volumeName",
        )
    ),
    *(
        (
            "core:PersistentVolumeClaim",
            path,
            "refused",
            when,
            True,
            why,
            CLAIM,
            f"{DOCS}concepts/storage/persistent-volumes/#expanding-persistent-volumes-claims",
            "documented",
        )
        for path, when, why in (
            ("spec.resources.requests.storage", table.lowered, "a claim cannot shrink"),
            (
                "spec.volumeMode",
                table.always,
                "a claim is a file system or a block device for good",
            ),
            ("spec.dataSource", table.always, "what a claim was filled from is fixed"),
            ("spec.dataSourceRef", table.always, "what a claim was filled from is fixed"),
        )
    ),
    *(
        (
            "core:PersistentVolume",
            f"spec.{source}",
            "replaces",
            table.always,
            True,
            "the volume is another piece of storage",
            CLAIM,
            TABLE,
            "provider",
        )
        for source in ("azureDisk", "azureFile", "csi", "hostPath", "local", "nfs")
    ),
    *(
        (
            "storage.k8s.io:StorageClass",
            path,
            "replaces",
            table.always,
            False,
            "disks that are there stay as they are; no new one is made meanwhile",
            "a class of another name",
            TABLE,
            "provider",
        )
        for path in ("parameters", "provisioner")
    ),
    *(
        (
            "storage.k8s.io:StorageClass",
            path,
            "refused",
            table.always,
            True,
            "the field of a class is fixed",
            "a class of another name",
            f"{DOCS}concepts/storage/storage-classes/",
            "documented",
        )
        for path in ("reclaimPolicy", "volumeBindingMode")
    ),
    (
        "core:Service",
        "spec.clusterIP",
        "replaces",
        table.always,
        True,
        "the Service gets another address, and callers that hold the old one lose it",
        "a Service of another name beside it",
        TABLE,
        "provider",
    ),
    *(
        (
            "core:Service",
            path,
            "refused",
            table.always,
            True,
            "the field of a Service is fixed once it is set",
            "a Service of another name beside it",
            f"{DOCS}concepts/services-networking/service/",
            "documented",
        )
        for path in ("spec.clusterIPs", "spec.loadBalancerClass")
    ),
    (
        "core:Service",
        "spec.type",
        "inPlace",
        table.was("LoadBalancer"),
        True,
        "its public address is given back",
        "move the names that point there first",
        f"{DOCS}concepts/services-networking/service/#loadbalancer",
        "documented",
    ),
    *(
        (
            f"rbac.authorization.k8s.io:{kind}",
            "roleRef",
            "replaces",
            table.always,
            False,
            "its subjects have neither right until the new one is there",
            "a binding of another name beside it",
            TABLE,
            "provider",
        )
        for kind in ("RoleBinding", "ClusterRoleBinding")
    ),
    *(
        (
            f"core:{kind}",
            path,
            "replaces",
            table.always,
            False,
            "the object is gone for a moment, and pods that start then wait for it",
            "name it by content, as this program names its own",
            TABLE,
            "provider",
        )
        for kind, paths in (
            ("ConfigMap", ("data", "binaryData")),
            ("Secret", ("type", "data", "stringData")),
        )
        for path in paths
    ),
    *(
        (
            f"core:{kind}",
            "immutable",
            "refused",
            table.switched_off,
            True,
            "what is immutable stays so",
            "an object of another name",
            f"{DOCS}concepts/configuration/configmap/#configmap-immutable",
            "documented",
        )
        for kind in ("ConfigMap", "Secret")
    ),
    (
        "core:ResourceQuota",
        "spec.scopes",
        "replaces",
        table.always,
        False,
        "nothing bounds the namespace for a moment",
        "a quota of another name beside it",
        TABLE,
        "provider",
    ),
    *(
        (
            "scheduling.k8s.io:PriorityClass",
            path,
            "refused",
            table.always,
            True,
            "the field of a priority class is fixed",
            "a class of another name",
            f"{DOCS}concepts/scheduling-eviction/pod-priority-preemption/",
            "documented",
        )
        for path in ("value", "preemptionPolicy")
    ),
    (
        "networking.k8s.io:IngressClass",
        "spec.controller",
        "refused",
        table.always,
        True,
        "a class belongs to one controller for good",
        "a class of another name",
        f"{DOCS}reference/kubernetes-api/service-resources/ingress-class-v1/",
        "documented",
    ),
    *(
        (
            "apiextensions.k8s.io:CustomResourceDefinition",
            path,
            "refused",
            table.always,
            True,
            "all objects of the kind would be another kind",
            "a definition of another name, and move the objects",
            f"{DOCS}reference/kubernetes-api/extend-resources/custom-resource-definition-v1/",
            "documented",
        )
        for path in ("spec.group", "spec.scope", "spec.names.kind", "spec.names.plural")
    ),
    *(
        (
            "helm.sh:Release",
            path,
            "replaces",
            table.always,
            True,
            "everything of the chart goes before it comes back, its public address with it",
            "keep the name; a second release beside it",
            "https://www.pulumi.com/registry/packages/kubernetes/api-docs/helm/v3/release/",
            "inferred",
        )
        for path in ("name", "namespace")
    ),
)

_ABSENT: Final[Mapping[str, Any]] = {
    "spec.podManagementPolicy": "OrderedReady",
    "spec.revisionHistoryLimit": 10,
    "spec.completionMode": "NonIndexed",
    "spec.completions": 1,
    "spec.parallelism": 1,
    "spec.volumeMode": "Filesystem",
    "reclaimPolicy": "Delete",
    "volumeBindingMode": "Immediate",
    "immutable": False,
    "spec.type": "ClusterIP",
    "preemptionPolicy": "PreemptLowerPriority",
    "type": "Opaque",
}
"""What the API server fills in."""

_QUANTITIES: Final = ("spec.volumeClaimTemplates", "spec.resources.requests.storage")


def _alike(path: str) -> Alike:
    return _amounts if path in _QUANTITIES else equal


def _amounts(old: Any, new: Any) -> bool:
    """Lists of claims whose sizes are the same amount, however they are spelled."""
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        return old.keys() == new.keys() and all(_amounts(old[key], new[key]) for key in old)
    if isinstance(old, list) and isinstance(new, list):
        return len(old) == len(new) and all(map(_amounts, old, new))
    if isinstance(old, str) and isinstance(new, str):
        return quantity(old, new)
    return equal(old, new)


ROWS: Final[tuple[Guarded, ...]] = (
    *(
        Guarded(
            type=f"kubernetes:{kind}",
            path=path,
            effect=effect,
            when=when,
            grave=grave,
            why=why,
            safe=safe,
            source=source,
            known=known,
            alike=_alike(path),
            absent=_ABSENT.get(path, ABSENT),
        )
        for kind, path, effect, when, grave, why, safe, source, known in _ROWS
    ),
    *(
        Guarded(
            type=EVERY_OBJECT,
            path=f"metadata.{key}",
            effect="replaces",
            why="an object of another name or namespace is another object: the old one goes when the new one is there",
            safe="keep the name, or see that everything that names it follows",
            source=TABLE,
            known="provider",
        )
        for key in ("name", "namespace")
    ),
    *(
        Guarded(
            type=PROVIDER,
            path=path,
            effect="replaces",
            why="a replaced provider replaces every object that was made with it",
            safe="keep the value; a literal `clusterIdentifier` lets the kubeconfig change without a replacement",
            source="https://github.com/pulumi/pulumi-kubernetes/pull/2745",
            known="documented",
        )
        for path in ("clusterIdentifier", "renderYamlToDirectory")
    ),
)
