"""The pod template: restricted by default, on its own pool, with what it mounts and reads."""

from typing import Any

from manifests import Part, config, secret_provider, volumes
from manifests.labels import of_pods, selector
from manifests.probes import probes
from manifests.secret_provider import Folder
from settings.demand import amounts
from settings.jobs import JobRun
from settings.stack import Settings
from settings.workload import Workload

POOL_LABEL = "agentpool"
"""AKS puts the pool's name on every node."""

ZONE = "topology.kubernetes.io/zone"
NODE = "kubernetes.io/hostname"

FIRST_UNPRIVILEGED_PORT = 1024
UNPRIVILEGED_PORT_START = "net.ipv4.ip_unprivileged_port_start"
"""A safe sysctl, allowed by the restricted level: https://kubernetes.io/docs/tasks/administer-cluster/sysctl-cluster/"""


def template(
    settings: Settings,
    workload: Workload,
    labels: dict[str, str],
    configs: list[Part],
    folders: list[Folder],
) -> dict[str, Any]:
    """Pod template of `workload`, which reads `configs` and mounts `folders`."""
    pod_labels = of_pods(labels)
    if secret_provider.reads_vault(settings, workload):
        pod_labels[secret_provider.USE_IDENTITY] = "true"
    return {"metadata": {"labels": pod_labels}, "spec": _spec(settings, workload, configs, folders)}


def _spec(
    settings: Settings, workload: Workload, configs: list[Part], folders: list[Folder]
) -> dict[str, Any]:
    names = {part.role: part.manifest["metadata"]["name"] for part in configs}
    spec: dict[str, Any] = {
        "serviceAccountName": workload.name,
        "automountServiceAccountToken": workload.service_account.token,
        # Without it a pod gets seven variables for every Service of the namespace and differs by start order.
        "enableServiceLinks": False,
        "terminationGracePeriodSeconds": workload.termination_grace_period_seconds,
        "securityContext": _pod_security(workload),
        "containers": [_container(settings, workload, names, folders)],
    }
    if workload.kind in ("job", "cronjob"):
        spec["restartPolicy"] = (workload.job or JobRun()).restart_policy
    if settings.node_selectors and workload.pool:
        spec["nodeSelector"] = {POOL_LABEL: workload.pool}
    if workload.tolerations:
        spec["tolerations"] = [it.model_dump(exclude_none=True) for it in workload.tolerations]
    if workload.image_pull_secrets:
        spec["imagePullSecrets"] = [{"name": name} for name in workload.image_pull_secrets]
    spread = _spread(workload)
    if spread:
        spec["topologySpreadConstraints"] = spread
    mounted = volumes.of_pod(settings, workload)
    if config.FILES in names:
        mounted.append({"name": config.FILES, "configMap": {"name": names[config.FILES]}})
    mounted += [secret_provider.volume(settings, workload, folder) for folder in folders]
    if mounted:
        spec["volumes"] = mounted
    return spec


def image(settings: Settings, workload: Workload) -> str:
    """`repository:tag`, and the digest where the stack has one: it decides then, and the tag is for people."""
    version = settings.images[workload.image_key].version()
    tagged = f"{workload.image}:{version.tag}"
    return f"{tagged}@{version.digest}" if version.digest else tagged


def _container(
    settings: Settings, workload: Workload, names: dict[str, str], folders: list[Folder]
) -> dict[str, Any]:
    container: dict[str, Any] = {"name": workload.name, "image": image(settings, workload)}
    if workload.command is not None:
        container["command"] = [*workload.command]
    if workload.args is not None:
        container["args"] = [*workload.args]
    if workload.ports:
        container["ports"] = [
            {"name": name, "containerPort": number, "protocol": "TCP"}
            for name, number in workload.ports.items()
        ]
    if workload.env:
        container["env"] = [
            {"name": name, "value": text}
            for name, text in workload.env.items()
            if isinstance(text, str)
        ]
    if config.ENV in names:
        container["envFrom"] = [{"configMapRef": {"name": names[config.ENV]}}]
    resources = {
        key: asked
        for key, asked in (
            ("requests", amounts(workload.resources.requests)),
            ("limits", amounts(workload.resources.limits)),
        )
        if asked
    }
    if resources:
        container["resources"] = resources
    container |= probes(workload)
    container["securityContext"] = _container_security(workload)
    mounts = _mounts(workload, names, folders)
    if mounts:
        container["volumeMounts"] = mounts
    return container


def _mounts(
    workload: Workload, names: dict[str, str], folders: list[Folder]
) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = [
        {
            "name": name,
            "mountPath": volume.mount_path,
            **({"readOnly": True} if volume.read_only else {}),
        }
        for name, volume in workload.volumes.items()
    ]
    if config.FILES in names and workload.config:
        found.append(
            {"name": config.FILES, "mountPath": workload.config.mount_path, "readOnly": True}
        )
    found += [{"name": it.volume, "mountPath": it.mount_path, "readOnly": True} for it in folders]
    return found


def _pod_security(workload: Workload) -> dict[str, Any]:
    """https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted"""
    security = workload.security
    context: dict[str, Any] = {
        "runAsNonRoot": security.run_as_user != 0,
        "runAsUser": security.run_as_user,
        "runAsGroup": security.run_as_group,
        "seccompProfile": {"type": "RuntimeDefault"},
    }
    if security.fs_group is not None:
        context["fsGroup"] = security.fs_group
        # `Always` walks the whole disk at every start.
        context["fsGroupChangePolicy"] = "OnRootMismatch"
    lowest = min(workload.ports.values(), default=FIRST_UNPRIVILEGED_PORT)
    if lowest < FIRST_UNPRIVILEGED_PORT and security.run_as_user != 0:
        # NET_BIND_SERVICE does nothing for a non-root user who may not gain privileges.
        context["sysctls"] = [{"name": UNPRIVILEGED_PORT_START, "value": str(lowest)}]
    return context


def _container_security(workload: Workload) -> dict[str, Any]:
    security = workload.security
    capabilities: dict[str, Any] = {"drop": ["ALL"]}
    if security.add_capabilities:
        capabilities["add"] = [*security.add_capabilities]
    return {
        "allowPrivilegeEscalation": False,
        "capabilities": capabilities,
        "readOnlyRootFilesystem": security.read_only_root_filesystem,
    }


def _spread(workload: Workload) -> list[dict[str, Any]]:
    """Replicas keep apart; nothing to do for one, for a daemonset or for a job.

    `matchLabelKeys` lets a Deployment's new pods ignore the old ones, which go. A statefulset needs none: it has no
    surge, so each old pod is gone before its successor is placed.
    """
    if workload.kind not in ("deployment", "statefulset") or workload.most_replicas < 2:
        return []
    revision: dict[str, Any] = (
        {"matchLabelKeys": ["pod-template-hash"]} if workload.kind == "deployment" else {}
    )
    return [
        {
            "maxSkew": 1,
            "topologyKey": key,
            "whenUnsatisfiable": rule,
            # A node that the pods may not use must not count as an empty place.
            "nodeTaintsPolicy": "Honor",
            "labelSelector": {"matchLabels": selector(workload)},
            **{name: [*keys] for name, keys in revision.items()},
        }
        for key, rule in ((ZONE, workload.spread.zones), (NODE, workload.spread.nodes))
        if rule
    ]
