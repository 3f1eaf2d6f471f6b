"""Where a workload's pods keep data: scratch space, disks, folders of the node."""

from collections.abc import Mapping
from typing import Any

from manifests import Manifest, Part
from manifests.config import FILES
from manifests.labels import selector
from manifests.names import part, scratch_volume
from manifests.secret_provider import Folder
from settings.container import MAIN, ContainerSettings
from settings.mounts import (
    Disk,
    DownwardItem,
    ExistingObject,
    ProjectedSource,
    Volume,
)
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
    """Volumes of the pod, save those that a claim template of a statefulset provides: named ones, then scratch."""
    found = []
    for name, volume in workload.volumes.items():
        source = _source(settings, workload, name, volume)
        if source:
            found.append({"name": name, **source})
    for name, container in workload.all_containers:
        found += [
            {"name": scratch_volume(name, path), "emptyDir": {"sizeLimit": size}}
            for path, size in container.scratch.items()
        ]
    return found


def mounts_of_own(
    workload: Workload, configs: Mapping[str, str], folders: list[Folder]
) -> list[dict[str, Any]]:
    """What the workload's own container mounts: volumes with a place, `mounts`, scratch, configuration, secrets."""
    found = [
        _mount(name, volume.mount_path, volume.read_only)
        for name, volume in workload.volumes.items()
        if volume.mount_path
    ]
    found += mounts_of(workload, MAIN)
    if FILES in configs and workload.config and workload.config.mount_path:
        found.append(_mount(FILES, workload.config.mount_path, read_only=True))
    found += [_mount(it.volume, it.mount_path, read_only=True) for it in folders]
    return found


def mounts_of(container: ContainerSettings, name: str) -> list[dict[str, Any]]:
    """What the container called `name` mounts by its `mounts` and `scratch`."""
    found = []
    for path, mount in container.mounts.items():
        wire = _mount(mount.volume, path, mount.read_only or mount.volume == FILES)
        if mount.sub_path:
            wire["subPath"] = mount.sub_path
        found.append(wire)
    found += [_mount(scratch_volume(name, path), path) for path in container.scratch]
    return found


def _mount(volume: str, path: str, read_only: bool = False) -> dict[str, Any]:
    wire: dict[str, Any] = {"name": volume, "mountPath": path}
    if read_only:
        wire["readOnly"] = True
    return wire


def _source(settings: Settings, workload: Workload, name: str, volume: Volume) -> dict[str, Any]:
    """Empty for a disk of a statefulset: a template provides it under the same name."""
    if volume.empty_dir:
        memory = {"medium": "Memory"} if volume.empty_dir.medium == "Memory" else {}
        return {"emptyDir": {**memory, "sizeLimit": volume.empty_dir.size_limit}}
    if volume.host_path:
        return {"hostPath": {"path": volume.host_path.path, "type": volume.host_path.type}}
    if volume.claim:
        return {"persistentVolumeClaim": {"claimName": volume.claim.name}}
    if volume.disk is None:
        return _read_only_source(workload, volume)
    if settings.disks == "emptyDir":
        return {"emptyDir": {"sizeLimit": volume.disk.size}}
    if workload.kind == "statefulset":
        return {}
    return {"persistentVolumeClaim": {"claimName": part(workload.name, name)}}


def _read_only_source(workload: Workload, volume: Volume) -> dict[str, Any]:
    if volume.config_map:
        return {"configMap": _existing(volume.config_map)}
    if volume.secret:
        found = _existing(volume.secret)
        return {"secret": {"secretName": found.pop("name"), **found}}
    if volume.projected is not None:
        return {"projected": {"sources": [_projected(workload, it) for it in volume.projected]}}
    return {"downwardAPI": _downward(workload, volume.downward or {})}


def _existing(given: ExistingObject) -> dict[str, Any]:
    found: dict[str, Any] = {"name": given.name}
    if given.items:
        found["items"] = [{"key": key, "path": path} for key, path in given.items.items()]
    if given.optional:
        found["optional"] = True
    return found


def _projected(workload: Workload, source: ProjectedSource) -> dict[str, Any]:
    if source.config_map:
        return {"configMap": _existing(source.config_map)}
    if source.secret:
        return {"secret": _existing(source.secret)}
    if source.downward is not None:
        return {"downwardAPI": _downward(workload, source.downward)}
    token = source.token
    if token is None:
        raise ValueError(f"{workload.name} has a projected volume with an empty source")
    return {
        "serviceAccountToken": {
            "audience": token.audience,
            "expirationSeconds": token.expiration_seconds,
            "path": token.path,
        }
    }


def _downward(workload: Workload, files: Mapping[str, DownwardItem]) -> dict[str, Any]:
    """Amounts are those of the workload's own container: of a volume Kubernetes must be told whose."""
    items = []
    for path, item in files.items():
        source: dict[str, Any] = {"fieldRef": {"fieldPath": item.field}}
        if item.resource:
            asked = {"containerName": workload.name, "resource": item.resource}
            source = {"resourceFieldRef": asked}
        items.append({"path": path, **source})
    return {"items": items}


def _claim(disk: Disk) -> dict[str, Any]:
    spec: dict[str, Any] = {
        "accessModes": [disk.access_mode],
        "resources": {"requests": {"storage": disk.size}},
    }
    if disk.storage_class:
        spec["storageClassName"] = disk.storage_class
    return spec
