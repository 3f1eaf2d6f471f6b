"""Where a workload's pods keep data: scratch space, disks, folders of the node."""

from typing import Any

from manifests import Manifest, Part
from manifests.labels import selector
from manifests.names import part
from settings.mounts import Disk, Volume
from settings.stack import Settings
from settings.workload import Workload


def claims(settings: Settings, workload: Workload, labels: dict[str, str]) -> list[Part]:
    """A PersistentVolumeClaim for each disk, role `claim-{volume}`; a statefulset makes its own, one a replica."""
    if settings.disks != "claim" or workload.kind == "statefulset":
        return []
    return [
        Part(
            f"claim-{name}",
            {
                "apiVersion": "v1",
                "kind": "PersistentVolumeClaim",
                "metadata": {
                    "name": part(workload.name, name),
                    "namespace": workload.namespace,
                    "labels": {**labels},
                },
                "spec": _claim(volume.disk),
            },
        )
        for name, volume in workload.volumes.items()
        if volume.disk
    ]


def templates(settings: Settings, workload: Workload) -> list[Manifest]:
    """`volumeClaimTemplates` of a statefulset. They can never change, so they carry the two stable labels alone."""
    if settings.disks != "claim":
        return []
    return [
        {
            "apiVersion": "v1",
            "kind": "PersistentVolumeClaim",
            "metadata": {"name": name, "labels": selector(workload)},
            "spec": _claim(volume.disk),
        }
        for name, volume in workload.volumes.items()
        if volume.disk
    ]


def of_pod(settings: Settings, workload: Workload) -> list[dict[str, Any]]:
    """Volumes of the pod, save those that a claim template of a statefulset provides."""
    found = []
    for name, volume in workload.volumes.items():
        source = _source(settings, workload, name, volume)
        if source:
            found.append({"name": name, **source})
    return found


def _source(settings: Settings, workload: Workload, name: str, volume: Volume) -> dict[str, Any]:
    if volume.empty_dir:
        source = {"sizeLimit": volume.empty_dir.size_limit}
        return {
            "emptyDir": {"medium": "Memory", **source}
            if volume.empty_dir.medium == "Memory"
            else source
        }
    if volume.host_path:
        return {"hostPath": {"path": volume.host_path.path, "type": volume.host_path.type}}
    if volume.disk is None:
        return {}
    if settings.disks == "emptyDir":
        return {"emptyDir": {"sizeLimit": volume.disk.size}}
    if workload.kind == "statefulset":
        return {}
    return {"persistentVolumeClaim": {"claimName": part(workload.name, name)}}


def _claim(disk: Disk) -> dict[str, Any]:
    spec: dict[str, Any] = {
        "accessModes": ["ReadWriteOnce"],
        "resources": {"requests": {"storage": disk.size}},
    }
    if disk.storage_class:
        spec["storageClassName"] = disk.storage_class
    return spec
