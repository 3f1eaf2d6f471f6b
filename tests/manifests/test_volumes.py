"""Scratch space, disks and folders of the node."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from manifests.names import scratch_volume
from tests.manifests.samples import controller_of, of_kind, parts_of, pod_of, web
from tests.manifests.schema import faults

DISK = {
    "data": {"mountPath": "/data", "disk": {"size": "8Gi", "storageClass": "managed-csi-premium"}}
}
CLAIM = {
    "accessModes": ["ReadWriteOnce"],
    "resources": {"requests": {"storage": "8Gi"}},
    "storageClassName": "managed-csi-premium",
}


def volumes_of(subject, **changes):
    return {it.pop("name"): it for it in pod_of(subject, **changes).get("volumes", [])}


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"sizeLimit": "64Mi"}, {"sizeLimit": "64Mi"}),
        ({"sizeLimit": "64Mi", "medium": "Memory"}, {"sizeLimit": "64Mi", "medium": "Memory"}),
    ],
)
def test_scratch_space_is_bounded(given, expected):
    assert volumes_of(web(volumes={"tmp": {"mountPath": "/tmp", "emptyDir": given}})) == {
        "tmp": {"emptyDir": expected}
    }


def test_a_folder_of_the_node_is_mounted_as_told():
    subject = web(
        volumes={"logs": {"mountPath": "/logs", "readOnly": True, "hostPath": {"path": "/var/log"}}}
    )
    assert volumes_of(subject) == {"logs": {"hostPath": {"path": "/var/log", "type": "Directory"}}}
    [mount] = pod_of(subject)["containers"][0]["volumeMounts"]
    assert mount == {"name": "logs", "mountPath": "/logs", "readOnly": True}


def test_a_deployments_disk_is_a_claim_of_its_own():
    claim = parts_of(web(volumes=DISK))["claim-data"].manifest
    assert claim["spec"] == CLAIM
    assert volumes_of(web(volumes=DISK)) == {
        "data": {"persistentVolumeClaim": {"claimName": claim["metadata"]["name"]}}
    }


def test_a_statefulset_makes_a_claim_for_each_replica():
    subject = of_kind("statefulset", volumes=DISK)
    [template] = controller_of(subject)["spec"]["volumeClaimTemplates"]
    assert (template["metadata"]["name"], template["spec"]) == ("data", CLAIM)
    assert "claim-data" not in parts_of(subject)
    assert volumes_of(subject) == {}
    assert pod_of(subject)["containers"][0]["volumeMounts"] == [
        {"name": "data", "mountPath": "/data"}
    ]


@pytest.mark.parametrize(
    "change",
    [{"version": "2.0.0"}, {"labels": {"tier": "back"}}, {"image": "registry.example/x/web"}],
)
def test_a_claim_template_can_never_change_so_nothing_that_varies_is_in_it(change):
    before, after = (
        of_kind("statefulset", volumes=DISK),
        of_kind("statefulset", volumes=DISK, **change),
    )
    key = "volumeClaimTemplates"
    assert (
        controller_of(before)["spec"][key] == controller_of(after, environment="prod")["spec"][key]
    )


def test_a_disk_without_a_class_gets_the_clusters_default():
    claim = parts_of(web(volumes={"data": {"mountPath": "/data", "disk": {"size": "1Gi"}}}))[
        "claim-data"
    ].manifest
    assert "storageClassName" not in claim["spec"]


@pytest.mark.parametrize("kind", ["deployment", "statefulset"])
def test_a_cluster_without_a_provisioner_gets_scratch_space_of_the_same_size(kind):
    subject = of_kind(kind, volumes=DISK)
    assert volumes_of(subject, disks="emptyDir") == {"data": {"emptyDir": {"sizeLimit": "8Gi"}}}
    assert "claim-data" not in parts_of(subject, disks="emptyDir")
    assert "volumeClaimTemplates" not in controller_of(subject, disks="emptyDir")["spec"]


READ_ONLY = {
    "configMap": ({"name": "shared", "items": {"app.yaml": "conf/app.yaml"}, "optional": True},
                  {"configMap": {"name": "shared", "optional": True,
                                 "items": [{"key": "app.yaml", "path": "conf/app.yaml"}]}}),
    "secret": ({"name": "tls", "items": {"tls.crt": "crt"}},
               {"secret": {"secretName": "tls", "items": [{"key": "tls.crt", "path": "crt"}]}}),
    "claim": ({"name": "shared-files"}, {"persistentVolumeClaim": {"claimName": "shared-files"}}),
    "downward": ({"labels": "metadata.labels", "cpu": "limits.cpu"},
                 {"downwardAPI": {"items": [
                     {"path": "cpu", "resourceFieldRef": {"containerName": "web", "resource": "limits.cpu"}},
                     {"path": "labels", "fieldRef": {"fieldPath": "metadata.labels"}}]}}),
    "projected": ([{"configMap": {"name": "shared"}}, {"secret": {"name": "tls", "optional": True}},
                   {"downward": {"name": "metadata.name"}}, {"token": {"audience": "vault", "path": "vault"}}],
                  {"projected": {"sources": [
                      {"configMap": {"name": "shared"}}, {"secret": {"name": "tls", "optional": True}},
                      {"downwardAPI": {"items": [{"path": "name", "fieldRef": {"fieldPath": "metadata.name"}}]}},
                      {"serviceAccountToken": {"audience": "vault", "expirationSeconds": 3600, "path": "vault"}}]}}),
}  # fmt: skip


@pytest.mark.parametrize("kind", READ_ONLY)
def test_what_something_else_makes_and_what_the_pod_is_can_be_mounted(kind):
    given, expected = READ_ONLY[kind]
    subject = web(volumes={"it": {"mountPath": "/it", kind: given}})
    assert volumes_of(subject) == {"it": expected}
    assert faults(controller_of(subject)) == []


def test_a_disk_says_who_may_mount_it_at_once():
    disk = {"size": "1Gi", "storageClass": "azurefile-csi", "accessMode": "ReadWriteMany"}
    subject = web(volumes={"data": {"mountPath": "/data", "disk": disk}})
    claim = parts_of(subject)["claim-data"].manifest
    assert claim["spec"]["accessModes"] == ["ReadWriteMany"]
    assert faults(claim) == []


def mounts_of(container):
    return {it.pop("mountPath"): it for it in container.get("volumeMounts", [])}


def test_a_volume_appears_where_each_container_says():
    subject = web(
        volumes={
            "data": {"mountPath": "/data", "emptyDir": {"sizeLimit": "1Gi"}},
            "shared": {"emptyDir": {"sizeLimit": "1Gi"}},
        },
        mounts={"/shared": "shared"},
        containers={
            "copy": {
                "before": "complete",
                "mounts": {"/in": {"volume": "data", "subPath": "seed", "readOnly": True}},
            },
            "bare": {},
        },
    )
    pod = pod_of(subject)
    own, bare = pod["containers"]
    assert mounts_of(own) == {"/data": {"name": "data"}, "/shared": {"name": "shared"}}
    assert mounts_of(pod["initContainers"][0]) == {
        "/in": {"name": "data", "readOnly": True, "subPath": "seed"}
    }
    assert mounts_of(bare) == {}


def test_a_further_container_reads_the_files_of_the_configuration():
    subject = web(
        config={"files": {"a.conf": "x"}, "mountPath": "/etc/web"},
        containers={"log": {"mounts": {"/etc/log": "config-files"}}},
    )
    own, log = pod_of(subject)["containers"]
    assert mounts_of(own) == {"/etc/web": {"name": "config-files", "readOnly": True}}
    assert mounts_of(log) == {"/etc/log": {"name": "config-files", "readOnly": True}}


def test_scratch_is_a_bounded_folder_of_its_own_for_each_container():
    subject = web(
        scratch=["/tmp", "/var/cache/nginx"],
        containers={"log": {"scratch": {"/tmp": "1Gi"}}},
    )
    pod = pod_of(subject)
    own, log = pod["containers"]
    assert mounts_of(own) == {
        "/tmp": {"name": "scratch-tmp"},
        "/var/cache/nginx": {"name": "scratch-var-cache-nginx"},
    }
    [mount] = log["volumeMounts"]
    sizes = {it["name"]: it["emptyDir"] for it in pod["volumes"]}
    assert sizes == {
        "scratch-tmp": {"sizeLimit": "64Mi"},
        "scratch-var-cache-nginx": {"sizeLimit": "64Mi"},
        mount["name"]: {"sizeLimit": "1Gi"},
    }
    assert faults(controller_of(subject)) == []


LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
PLACES = st.tuples(
    st.sampled_from(["main", "log", "log-tmp"]),
    st.lists(st.text("abT-._é", min_size=1, max_size=30), min_size=1, max_size=4).map(
        lambda it: f"/{'/'.join(it)}"
    ),
)


@given(PLACES, PLACES)
def test_every_scratch_folder_has_a_volume_name_of_its_own(one, other):
    assert LABEL.fullmatch(scratch_volume(*one))
    assert (scratch_volume(*one) == scratch_volume(*other)) == (one == other)
