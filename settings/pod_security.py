"""Pod Security: what each level objects to in a pod, for each Kubernetes minor, as the API server's admission does.

https://kubernetes.io/docs/concepts/security/pod-security-standards/ ; names, versions, order and what replaces what
are those of `k8s.io/pod-security-admission` up to v0.37.0. Every control of both levels is here; what a cluster exempts
by its own configuration is not. `tests/cluster/test_pod_security_oracle.py` holds this to a real server.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache, partial
from typing import Any, Final, Literal

from settings import pod_security_baseline as baseline
from settings import pod_security_restricted as restricted
from settings.pod_fields import Breach, Pod, mapping

Level = Literal["privileged", "baseline", "restricted"]

LEVELS: Final[tuple[Level, ...]] = ("privileged", "baseline", "restricted")
"""From the one that allows everything to the strictest."""

NEWEST: Final = 37
"""The newest minor whose rules are known; newer ones are taken for it, as a server takes versions beyond its own."""

Rule = Callable[[Pod], Iterator[Breach]]


@dataclass(frozen=True, kw_only=True)
class Control:
    """One control of one level."""

    id: str
    """As upstream names it: `hostNamespaces`."""

    level: Level
    reason: str
    """How the API server's refusals begin what they say of it."""

    remedy: str
    since: tuple[tuple[int, Rule], ...]
    """The rule from each minor on at which it changes."""

    replaces: frozenset[str] = field(default=frozenset())
    """Controls of baseline that the level restricted leaves out wherever it has this one."""

    def rule(self, minor: int) -> Rule | None:
        """The rule of `minor`; None before the first."""
        found = None
        for since, rule in self.since:
            if since <= minor:
                found = rule
        return found


@dataclass(frozen=True)
class Violation:
    """One place of a pod, and the control that objects to it."""

    control: str
    message: str
    path: str
    """From the pod or the pod template: `spec.containers[0].securityContext.privileged`."""

    who: str = ""
    """The container or volume; empty for the pod itself."""


def _unless_windows(rule: Rule) -> Rule:
    return lambda pod: iter(()) if pod.is_windows else rule(pod)


def _unless_in_user_namespace(rule: Rule) -> Rule:
    return lambda pod: iter(()) if pod.in_user_namespace else rule(pod)


_baseline = partial(Control, level="baseline", remedy="remove it")
_restricted = partial(Control, level="restricted", remedy="remove it")
_OTHER_VOLUMES: Final = "use an emptyDir, a claim or a CSI volume"
_OTHER_PROFILES: Final = "remove it, or name RuntimeDefault or Localhost"

CONTROLS: Final = (
    _baseline(
        id="appArmorProfile",
        reason="forbidden AppArmor profile",
        remedy=_OTHER_PROFILES,
        since=((0, baseline.app_armor),),
    ),
    _baseline(
        id="capabilities_baseline",
        reason="non-default capabilities",
        since=((0, baseline.capabilities),),
    ),
    _baseline(
        id="hostNamespaces",
        reason="host namespaces",
        since=((0, baseline.host_namespaces),),
    ),
    _baseline(
        id="hostPathVolumes",
        reason="hostPath volumes",
        remedy=_OTHER_VOLUMES,
        since=((0, baseline.host_path_volumes),),
    ),
    _baseline(
        id="hostPorts",
        reason="hostPort",
        remedy="remove it and put a Service before the pod",
        since=((0, baseline.host_ports),),
    ),
    _baseline(
        id="hostProbesAndHostLifecycle",
        reason="probe or lifecycle host",
        remedy="remove it: the pod itself is asked",
        since=((34, baseline.probe_hosts),),
    ),
    _baseline(
        id="privileged",
        reason="privileged",
        since=((0, baseline.privileged),),
    ),
    _baseline(
        id="procMount",
        reason="procMount",
        remedy="remove it, or from 1.35 on set hostUsers: false",
        since=(
            (0, baseline.proc_mount),
            (35, _unless_in_user_namespace(baseline.proc_mount)),
        ),
    ),
    _baseline(
        id="seLinuxOptions",
        reason="seLinuxOptions",
        remedy="remove it, or name a type of containers such as container_t",
        since=(
            (0, baseline.selinux(baseline.SELINUX_TYPES)),
            (31, baseline.selinux(baseline.SELINUX_TYPES | {"container_engine_t"})),
        ),
    ),
    _baseline(
        id="seccompProfile_baseline",
        reason="seccompProfile",
        remedy=_OTHER_PROFILES,
        since=((0, baseline.seccomp_annotations), (19, baseline.seccomp)),
    ),
    _baseline(
        id="sysctls",
        reason="forbidden sysctls",
        since=tuple((minor, baseline.sysctls(minor)) for minor, _ in baseline.SYSCTLS),
    ),
    _baseline(
        id="windowsHostProcess",
        reason="hostProcess",
        since=((0, baseline.host_process),),
    ),
    _restricted(
        id="allowPrivilegeEscalation",
        reason="allowPrivilegeEscalation != false",
        remedy="set it to false",
        since=(
            (8, restricted.privilege_escalation),
            (25, _unless_windows(restricted.privilege_escalation)),
        ),
    ),
    _restricted(
        id="capabilities_restricted",
        reason="unrestricted capabilities",
        remedy='drop ["ALL"], add NET_BIND_SERVICE at most',
        since=(
            (22, restricted.capabilities),
            (25, _unless_windows(restricted.capabilities)),
        ),
        replaces=frozenset({"capabilities_baseline"}),
    ),
    _restricted(
        id="procMount_restricted",
        reason="procMount",
        since=((35, baseline.proc_mount),),
        replaces=frozenset({"procMount"}),
    ),
    _restricted(
        id="restrictedVolumes",
        reason="restricted volume types",
        remedy=_OTHER_VOLUMES,
        since=((0, restricted.volume_types),),
        replaces=frozenset({"hostPathVolumes"}),
    ),
    _restricted(
        id="runAsNonRoot",
        reason="runAsNonRoot != true",
        remedy="set it to true for the pod, and give a user where the image has none",
        since=(
            (0, restricted.run_as_non_root),
            (35, _unless_in_user_namespace(restricted.run_as_non_root)),
        ),
    ),
    _restricted(
        id="runAsUser",
        reason="runAsUser=0",
        remedy="name another user than root, or none",
        since=(
            (23, restricted.run_as_user),
            (35, _unless_in_user_namespace(restricted.run_as_user)),
        ),
    ),
    _restricted(
        id="seccompProfile_restricted",
        reason="seccompProfile",
        remedy="set type RuntimeDefault for the pod",
        since=(
            (19, restricted.seccomp_profile),
            (25, _unless_windows(restricted.seccomp_profile)),
        ),
        replaces=frozenset({"seccompProfile_baseline"}),
    ),
)
"""Every control, in the order in which the API server names them."""

REMEDIES: Final[Mapping[str, str]] = {it.id: it.remedy for it in CONTROLS}


def violations(metadata: Any, spec: Any, level: Level, minor: int | None = None) -> list[Violation]:
    """What `level` objects to in a pod or a pod template, in the server's order; empty where it is allowed.

    `minor` is that of the rules, `35` for `v1.35`; None is the newest known. What is no map counts as empty.
    """
    pod = Pod(mapping(metadata), mapping(spec))
    asked = NEWEST if minor is None else min(minor, NEWEST)
    return [
        Violation(control, it.message, it.path, it.who)
        for control, rule in _rules(level, asked)
        for it in rule(pod)
    ]


def level_of(metadata: Any, spec: Any, minor: int | None = None) -> Level:
    """The strictest level that allows a pod or a pod template."""
    return least_level([(metadata, spec)], minor)


def least_level(pods: Iterable[tuple[Any, Any]], minor: int | None = None) -> Level:
    """The strictest level that allows every one of these pods, so the least that their namespace has to give.

    `pods` are metadata and spec of each, of a pod or a pod template; without any it is `restricted`.
    """
    given = [*pods]
    for level in reversed(LEVELS):
        if not any(violations(metadata, spec, level, minor) for metadata, spec in given):
            return level
    raise AssertionError("the level privileged allows everything")


def active(level: Level, minor: int) -> tuple[Control, ...]:
    """The controls that `level` has at `minor`, in the server's order."""
    if level == "privileged":
        return ()
    found = [it for it in CONTROLS if it.rule(minor) and level in (it.level, "restricted")]
    dropped = {key for it in found for key in it.replaces if level == "restricted"}
    return tuple(it for it in found if it.id not in dropped)


@lru_cache
def _rules(level: Level, minor: int) -> tuple[tuple[str, Rule], ...]:
    rules = ((it.id, it.rule(minor)) for it in active(level, minor))
    return tuple((key, rule) for key, rule in rules if rule)
