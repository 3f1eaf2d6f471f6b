"""Scratch space, disks and folders of the node."""

import pytest

from tests.manifests.samples import controller_of, of_kind, parts_of, pod_of, web

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
