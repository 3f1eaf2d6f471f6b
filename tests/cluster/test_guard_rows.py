"""The guard's rows of Kubernetes objects against a real API server: what it says is fixed cannot be changed there."""

import time

import pytest

from review.guard.changes import ROWS
from review.guard.table import EVERY_OBJECT
from tests.cluster.control_plane.client import ApiError

SPACE = "guard-rows"
MERGE = "application/merge-patch+json"
POD = {
    "metadata": {"labels": {"app": "it"}},
    "spec": {"containers": [{"name": "it", "image": "registry.example/it"}]},
}
ONCE = {**POD, "spec": {**POD["spec"], "restartPolicy": "Never"}}
SELECTOR = {"matchLabels": {"app": "it"}}
OTHER = {"matchLabels": {"app": "it", "b": "c"}}
CLAIM = {
    "accessModes": ["ReadWriteOnce"],
    "resources": {"requests": {"storage": "8Gi"}},
    "storageClassName": "a",
}
TEMPLATE = {"metadata": {"name": "data"}, "spec": CLAIM}
LARGER = {**TEMPLATE, "spec": {**CLAIM, "resources": {"requests": {"storage": "9Gi"}}}}
SET = {"selector": SELECTOR, "template": POD, "replicas": 0}
GROUP = "guard.example"
FAILS = {"rules": [{"action": "FailJob", "onExitCodes": {"operator": "In", "values": [3]}}]}
JOB = {
    "completions": 2,
    "parallelism": 1,
    "completionMode": "Indexed",
    "backoffLimitPerIndex": 1,
    "suspend": True,
    "template": ONCE,
}
CRD = {
    "group": GROUP,
    "scope": "Namespaced",
    "names": {"kind": "Thing", "plural": "things"},
    "versions": [
        {
            "name": "v1",
            "served": True,
            "storage": True,
            "schema": {"openAPIV3Schema": {"type": "object"}},
        }
    ],
}
RBAC = "rbac.authorization.k8s.io"


def role(name):
    return {"apiGroup": RBAC, "kind": "ClusterRole", "name": name}


OBJECTS = {
    "Deployment": ("apps/v1", {"spec": SET}),
    "DaemonSet": ("apps/v1", {"spec": {"selector": SELECTOR, "template": POD}}),
    "StatefulSet": (
        "apps/v1",
        {"spec": {**SET, "serviceName": "it", "volumeClaimTemplates": [TEMPLATE]}},
    ),
    "Job": ("batch/v1", {"spec": JOB}),
    "PersistentVolumeClaim": ("v1", {"spec": CLAIM}),
    "PersistentVolume": (
        "v1",
        {
            "spec": {
                "accessModes": ["ReadWriteOnce"],
                "capacity": {"storage": "1Gi"},
                "hostPath": {"path": "/a"},
                "storageClassName": "none",
            }
        },
    ),
    "StorageClass": ("storage.k8s.io/v1", {"provisioner": "it.example", "parameters": {"a": "b"}}),
    "Service": (
        "v1",
        {
            "spec": {
                "type": "LoadBalancer",
                "loadBalancerClass": "it.example/a",
                "ports": [{"port": 80}],
            }
        },
    ),
    "RoleBinding": (f"{RBAC}/v1", {"roleRef": role("view")}),
    "ClusterRoleBinding": (f"{RBAC}/v1", {"roleRef": role("view")}),
    "ConfigMap": ("v1", {"data": {"a": "b"}}),
    "Secret": ("v1", {"type": "Opaque", "stringData": {"a": "b"}}),
    "ResourceQuota": ("v1", {"spec": {"hard": {"pods": "9"}, "scopes": ["NotBestEffort"]}}),
    "PriorityClass": ("scheduling.k8s.io/v1", {"value": 7}),
    "IngressClass": ("networking.k8s.io/v1", {"spec": {"controller": "it.example/a"}}),
    "CustomResourceDefinition": ("apiextensions.k8s.io/v1", {"spec": CRD}),
}
CHANGES = {
    "Deployment.spec.selector": OTHER,
    "DaemonSet.spec.selector": OTHER,
    "StatefulSet.spec.selector": OTHER,
    "StatefulSet.spec.serviceName": "other",
    "StatefulSet.spec.volumeClaimTemplates": [LARGER],
    "StatefulSet.spec.podManagementPolicy": "Parallel",
    "Job.spec.completions": 3,
    "Job.spec.selector": OTHER,
    "Job.spec.template": {
        "spec": {"containers": [{"name": "it", "image": "registry.example/other"}]}
    },
    "Job.spec.backoffLimitPerIndex": 2,
    "Job.spec.completionMode": "NonIndexed",
    "Job.spec.podFailurePolicy": FAILS,
    "Job.spec.successPolicy": {"rules": [{"succeededCount": 1}]},
    "PersistentVolumeClaim.spec.accessModes": ["ReadWriteMany"],
    "PersistentVolumeClaim.spec.selector": SELECTOR,
    "PersistentVolumeClaim.spec.storageClassName": "b",
    "PersistentVolumeClaim.spec.resources.requests.storage": "4Gi",
    "PersistentVolumeClaim.spec.volumeMode": "Block",
    "PersistentVolumeClaim.spec.dataSource": {"kind": "PersistentVolumeClaim", "name": "o"},
    "PersistentVolumeClaim.spec.dataSourceRef": {"kind": "PersistentVolumeClaim", "name": "o"},
    "PersistentVolume.spec.hostPath": {"path": "/b"},
    "StorageClass.parameters": {"a": "c"},
    "StorageClass.provisioner": "other.example",
    "StorageClass.reclaimPolicy": "Retain",
    "StorageClass.volumeBindingMode": "WaitForFirstConsumer",
    "Service.spec.clusterIP": "10.0.0.77",
    "Service.spec.clusterIPs": ["10.0.0.77"],
    "Service.spec.loadBalancerClass": "it.example/b",
    "RoleBinding.roleRef": role("edit"),
    "ClusterRoleBinding.roleRef": role("edit"),
    "Secret.type": "example/other",
    "ResourceQuota.spec.scopes": ["Terminating"],
    "PriorityClass.value": 8,
    "PriorityClass.preemptionPolicy": "Never",
    "IngressClass.spec.controller": "it.example/b",
    "CustomResourceDefinition.spec.group": "other.example",
    "CustomResourceDefinition.spec.scope": "Cluster",
    "CustomResourceDefinition.spec.names.kind": "Other",
    "CustomResourceDefinition.spec.names.plural": "others",
}
"""By row, the value that it becomes."""

ALLOWED = {
    "StatefulSet.spec.revisionHistoryLimit": 3,
    "StatefulSet.spec.persistentVolumeClaimRetentionPolicy.whenDeleted": "Delete",
    "StatefulSet.spec.persistentVolumeClaimRetentionPolicy.whenScaled": "Delete",
    "Job.spec.parallelism": 2,
    # Of a claim that has no volume yet.
    "PersistentVolumeClaim.spec.volumeName": "v",
    "ConfigMap.data": {"a": "c"},
    "ConfigMap.binaryData": {"b": "Yg=="},
    "Secret.data": {"a": "Yg=="},
    "Secret.stringData": {"a": "c"},
    "Service.spec.type": "ClusterIP",
}
"""The server takes them: the provider replaces all the same, or the change has a price."""

IMMUTABLE = {"ConfigMap.immutable": False, "Secret.immutable": False}
ELSEWHERE = {
    f"PersistentVolume.spec.{it}" for it in ("azureDisk", "azureFile", "csi", "local", "nfs")
}
"""Sources of volumes that are refused as `hostPath` is."""


def named(kind, suffix=""):
    version, body = OBJECTS[kind]
    name = (
        f"things.{GROUP}" if kind == "CustomResourceDefinition" else f"guard-{kind.lower()}{suffix}"
    )
    return {
        "apiVersion": version,
        "kind": kind,
        "metadata": {"name": name, "namespace": SPACE},
        **body,
    }


@pytest.fixture(scope="module")
def api(lab_estate):
    server = lab_estate.api
    space = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": SPACE}}
    server.request("POST", "/api/v1/namespaces", space)
    made = [named(kind) for kind in OBJECTS]
    made += [{**named(kind, "-fixed"), "immutable": True} for kind in ("ConfigMap", "Secret")]
    for it in made:
        server.request("POST", server.path(it).rpartition("/")[0], it)
    crd = server.path(named("CustomResourceDefinition"))
    ends = time.monotonic() + 20
    while not any(
        it["type"] == "Established" and it["status"] == "True"
        for it in server.get(crd).get("status", {}).get("conditions") or ()
    ):
        assert time.monotonic() < ends, "the definition is not established"
        time.sleep(0.1)
    yield server
    for it in made:
        server.request("DELETE", server.path(it))
    server.request("DELETE", f"/api/v1/namespaces/{SPACE}")


def refusal(api, row_id, value, suffix=""):
    """What the server says to a change of the row's field; empty where it takes it."""
    kind, _, path = row_id.partition(".")
    body = value
    for step in reversed(path.split(".")):
        body = {step: body}
    try:
        api.request("PATCH", f"{api.path(named(kind, suffix))}?dryRun=All", body, MERGE)
    except ApiError as error:
        return str(error)
    return ""


def test_every_row_about_an_object_is_asked_here():
    rows = {
        it.id
        for it in ROWS
        if it.type.startswith("kubernetes:")
        and it.type != EVERY_OBJECT
        and "helm.sh" not in it.type
    }
    assert rows == {*CHANGES, *ALLOWED, *IMMUTABLE, *ELSEWHERE}


@pytest.mark.parametrize("row", CHANGES)
def test_the_server_refuses_what_the_guard_calls_fixed(api, row):
    assert refusal(api, row, CHANGES[row]) != ""


@pytest.mark.parametrize("row", ALLOWED)
def test_the_server_takes_what_only_the_provider_replaces_for(api, row):
    assert refusal(api, row, ALLOWED[row]) == ""


@pytest.mark.parametrize("row", IMMUTABLE)
def test_what_is_immutable_stays_so(api, row):
    assert "immutable" in refusal(api, row, IMMUTABLE[row], "-fixed")


@pytest.mark.parametrize(
    ("row", "value"),
    [
        ("Deployment.spec.replicas", 1),
        ("StatefulSet.spec.replicas", 1),
        ("Job.spec.suspend", False),
        ("StorageClass.allowVolumeExpansion", True),
        ("Service.spec.ports", [{"port": 81}]),
        ("PriorityClass.description", "x"),
        ("ResourceQuota.spec.hard", {"pods": "8"}),
    ],
)
def test_the_server_takes_what_the_guard_says_nothing_of(api, row, value):
    """The objects are whole: a refusal above is of the field and of nothing else."""
    assert refusal(api, row, value) == ""
