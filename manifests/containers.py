"""The containers of a pod: the workload's own, those that start before it and those that run beside it."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from manifests import Values, config, environment, volumes
from manifests.probes import http_get, probes
from manifests.secret_provider import Folder
from settings.container import ContainerSettings, Security
from settings.demand import amounts
from settings.stack import Settings
from settings.start_order import is_sidecar, start_order
from settings.tracks import Track
from settings.workload import Workload, key_of

PRE_STOP_SECONDS = 5
"""A pod that goes is still sent requests until every node has heard: seconds, not milliseconds."""

_KEEPS_RUNNING = ("deployment", "statefulset", "daemonset")


class Reads(NamedTuple):
    """What the pods of a workload read."""

    configs: Mapping[str, str]
    """Names of its ConfigMaps by role."""

    folders: list[Folder]
    """The secrets that are mounted."""

    values: Values
    """Names of Secrets that are named by content."""


def of_pod(settings: Settings, workload: Workload, track: Track, reads: Reads) -> dict[str, Any]:
    """`containers`, the workload's own first, and `initContainers` where there are any."""
    order = start_order(workload)
    found: dict[str, Any] = {
        "containers": [
            _own(settings, workload, track, reads),
            *(_further(settings, workload, track, reads, name) for name, _ in order.beside),
        ]
    }
    if order.first:
        found["initContainers"] = [
            _further(settings, workload, track, reads, name) for name, _ in order.first
        ]
    return found


def image(settings: Settings, repository: str, track: Track) -> str:
    """`repository:tag`, and the digest where the stack has one: it decides then, and the tag is for people."""
    version = settings.images[key_of(repository)].version(track.name)
    tagged = f"{repository}:{version.tag}"
    return f"{tagged}@{version.digest}" if version.digest else tagged


def _own(settings: Settings, workload: Workload, track: Track, reads: Reads) -> dict[str, Any]:
    wire: dict[str, Any] = {
        "name": workload.name,
        "image": image(settings, workload.image, track),
    }
    _describe(wire, settings, workload, workload, reads)
    if config.ENV in reads.configs:
        wire["envFrom"] = [{"configMapRef": {"name": reads.configs[config.ENV]}}]
    wire["securityContext"] = _rights(workload.security)
    mounts = volumes.mounts_of_own(workload, reads.configs, reads.folders)
    if mounts:
        wire["volumeMounts"] = mounts
    return wire


def _further(
    settings: Settings, workload: Workload, track: Track, reads: Reads, name: str
) -> dict[str, Any]:
    container = workload.containers[name]
    wire: dict[str, Any] = {
        "name": name,
        "image": image(settings, container.image or workload.image, track),
    }
    if is_sidecar(container):
        wire["restartPolicy"] = "Always"
    _describe(wire, settings, workload, container, reads)
    wire["securityContext"] = _rights(container.security or workload.security)
    if container.security:
        wire["securityContext"] |= user(container.security)
    mounts = volumes.mounts_of(container, name)
    if mounts:
        wire["volumeMounts"] = mounts
    return wire


def _describe(
    wire: dict[str, Any],
    settings: Settings,
    workload: Workload,
    container: ContainerSettings,
    reads: Reads,
) -> None:
    """What the workload's own container and a further one have in common."""
    if container.command is not None:
        wire["command"] = [*container.command]
    if container.args is not None:
        wire["args"] = [*container.args]
    if container.working_dir is not None:
        wire["workingDir"] = container.working_dir
    if container.ports:
        wire["ports"] = [
            {"name": name, "containerPort": it.port, "protocol": it.protocol}
            for name, it in container.ports.items()
        ]
    if container.env:
        config_map = reads.configs.get(config.ENV, "")
        wire["env"] = environment.variables(
            settings, workload, container.env, config_map, reads.values
        )
    resources = {
        key: asked
        for key, asked in (
            ("requests", amounts(container.resources.requests)),
            ("limits", amounts(container.resources.limits)),
        )
        if asked
    }
    if resources:
        wire["resources"] = resources
    wire.update(probes(workload, container))
    lifecycle = _pre_stop(workload, container)
    if lifecycle:
        wire["lifecycle"] = {"preStop": lifecycle}


def _pre_stop(workload: Workload, container: ContainerSettings) -> dict[str, Any]:
    given = container.pre_stop
    if given is None:
        serves = container is workload and workload.service and workload.kind in _KEEPS_RUNNING
        # Half of a short grace period: the API server holds the sleep below the whole.
        return (
            _sleep(min(PRE_STOP_SECONDS, workload.termination_grace_period_seconds // 2))
            if serves
            else {}
        )
    if given.exec:
        return {"exec": {"command": [*given.exec.command]}}
    if given.http_get:
        return {"httpGet": http_get(given.http_get, container.ports)}
    return _sleep(given.sleep_seconds or 0)


def _sleep(seconds: int) -> dict[str, Any]:
    return {"sleep": {"seconds": seconds}} if seconds else {}


def user(security: Security) -> dict[str, Any]:
    """Who runs the processes."""
    return {
        "runAsNonRoot": security.run_as_user != 0,
        "runAsUser": security.run_as_user,
        "runAsGroup": security.run_as_group,
    }


def _rights(security: Security) -> dict[str, Any]:
    capabilities: dict[str, Any] = {"drop": ["ALL"]}
    if security.add_capabilities:
        capabilities["add"] = [*security.add_capabilities]
    return {
        "allowPrivilegeEscalation": False,
        "capabilities": capabilities,
        "readOnlyRootFilesystem": security.read_only_root_filesystem,
    }
