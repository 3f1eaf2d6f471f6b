"""The restricted level, control by control, as published for pods on Linux.

https://kubernetes.io/docs/concepts/security/pod-security-standards/ , baseline and restricted, Kubernetes 1.35.
"""

from collections.abc import Iterator
from typing import Any

VOLUMES = {
    "configMap",
    "csi",
    "downwardAPI",
    "emptyDir",
    "ephemeral",
    "persistentVolumeClaim",
    "projected",
    "secret",
}
SYSCTLS = {
    "kernel.shm_rmid_forced",
    "net.ipv4.ip_local_port_range",
    "net.ipv4.ip_local_reserved_ports",
    "net.ipv4.ip_unprivileged_port_start",
    "net.ipv4.ping_group_range",
    "net.ipv4.tcp_fin_timeout",
    "net.ipv4.tcp_keepalive_intvl",
    "net.ipv4.tcp_keepalive_probes",
    "net.ipv4.tcp_keepalive_time",
    "net.ipv4.tcp_rmem",
    "net.ipv4.tcp_syncookies",
    "net.ipv4.tcp_wmem",
}
SECCOMP = {"RuntimeDefault", "Localhost"}
PROBES = ("livenessProbe", "readinessProbe", "startupProbe")
KINDS = ("containers", "initContainers", "ephemeralContainers")


def violations(pod: dict[str, Any]) -> Iterator[str]:
    """What the restricted level would refuse in a pod's spec."""
    own = pod.get("securityContext", {})
    for key in ("hostNetwork", "hostPID", "hostIPC"):
        if pod.get(key):
            yield key
    for volume in pod.get("volumes", []):
        yield from (f"volume {kind}" for kind in volume.keys() - {"name"} - VOLUMES)
    for sysctl in own.get("sysctls", []):
        if sysctl["name"] not in SYSCTLS:
            yield f"sysctl {sysctl['name']}"
    for kind in KINDS:
        for container in pod.get(kind, []):
            yield from (f"{container['name']}: {fault}" for fault in of_container(container, own))


def of_container(container: dict[str, Any], pod: dict[str, Any]) -> Iterator[str]:
    """What it would refuse in one container of a pod with security context `pod`."""
    own = container.get("securityContext", {})
    both = {**pod, **own}
    capabilities = own.get("capabilities", {})
    controls = {
        "privileged": not own.get("privileged"),
        "allowPrivilegeEscalation": own.get("allowPrivilegeEscalation") is False,
        "runAsNonRoot": both.get("runAsNonRoot") is True,
        "runAsUser": both.get("runAsUser") != 0,
        "seccompProfile": both.get("seccompProfile", {}).get("type") in SECCOMP,
        "procMount": own.get("procMount", "Default") == "Default",
        "capabilities.drop": "ALL" in capabilities.get("drop", []),
        "capabilities.add": set(capabilities.get("add", [])) <= {"NET_BIND_SERVICE"},
        "hostPort": not any(port.get("hostPort") for port in container.get("ports", [])),
        "probe host": not any(
            "host" in action for probe in PROBES for action in _actions(container.get(probe, {}))
        ),
    }
    yield from (control for control, met in controls.items() if not met)


def _actions(probe: dict[str, Any]) -> list[dict[str, Any]]:
    return [probe[key] for key in ("httpGet", "tcpSocket") if key in probe]
