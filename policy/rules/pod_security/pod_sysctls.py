"""Only sysctls that are a pod's own are set."""

from collections.abc import Iterator
from typing import Any, Final

from policy.kinds import WORKLOADS
from policy.objects import Pod, dig, items, pods
from policy.rule import Parameters, Rule, Violation
from policy.rules._turns import over

_ALLOWED: Final = frozenset(
    {
        "kernel.shm_rmid_forced",
        "net.ipv4.ip_local_port_range",
        "net.ipv4.ip_local_reserved_ports",
        "net.ipv4.ip_unprivileged_port_start",
        "net.ipv4.ping_group_range",
        "net.ipv4.tcp_fin_timeout",
        "net.ipv4.tcp_keepalive_intvl",
        "net.ipv4.tcp_keepalive_probes",
        "net.ipv4.tcp_keepalive_time",
        "net.ipv4.tcp_notsent_lowat",
        "net.ipv4.tcp_rmem",
        "net.ipv4.tcp_slow_start_after_idle",
        "net.ipv4.tcp_syncookies",
        "net.ipv4.tcp_wmem",
    }
)
"""Those that the kernel keeps apart for each pod, as of Kubernetes 1.37."""


def _check(it: Pod, _parameters: Parameters) -> Iterator[Violation]:
    yield from over(items(it.spec, "securityContext", "sysctls"), _look)


def _look(sysctl: Any) -> Iterator[Violation]:
    name = dig(sysctl, "name")
    if not isinstance(name, str) or name not in _ALLOWED:
        yield "name", "is no setting of the pod alone"


RULE = Rule(
    id="pod-sysctls",
    title="Only sysctls that are a pod's own are set",
    area="pod-security",
    severity="mandatory",
    kinds=WORKLOADS,
    each=pods,
    check=_check,
    why="Others change the node for all its pods, and a kubelet refuses the pod unless told otherwise.",
    remedy="remove it, or set it for the node pool",
    source="https://kubernetes.io/docs/tasks/administer-cluster/sysctl-cluster/",
)
