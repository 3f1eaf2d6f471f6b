"""The Pod Security level of a namespace: the strictest that the typed exceptions of its workloads allow.

A workload without an exception meets restricted: `settings.checks.identity` refuses the others. That the rendered pods
do meet the level, for the stack's Kubernetes version and with every patch, is held by `review.analyses.tenants`.
"""

from settings.stack import Settings
from settings.workload import PodSecurityLevel, Workload

LEVELS: tuple[PodSecurityLevel, ...] = ("restricted", "baseline", "privileged")
"""From the strictest to the one that allows everything."""


def excepted(settings: Settings, namespace: str) -> list[Workload]:
    """The workloads of `namespace` with an exception, in the order of the stack."""
    found = settings.workloads.values()
    return [it for it in found if it.namespace == namespace and it.security.exception]


def level_of(settings: Settings, namespace: str) -> PodSecurityLevel:
    """What the namespace enforces: what `podSecurity` says, else what its workloads need."""
    return settings.namespaces[namespace].pod_security or needed(settings, namespace)


def needed(settings: Settings, namespace: str) -> PodSecurityLevel:
    """The least level that every workload of the namespace meets."""
    given = [it.security.exception for it in excepted(settings, namespace)]
    return LEVELS[max((LEVELS.index(it.level) for it in given if it), default=0)]


def reason_of(settings: Settings, namespace: str) -> str | None:
    """Why it is not restricted; None where it is, and where nobody says."""
    tenant = settings.namespaces[namespace]
    if tenant.pod_security_reason or tenant.pod_security:
        return tenant.pod_security_reason
    given = [(it.name, it.security.exception) for it in excepted(settings, namespace)]
    return "; ".join(f"{name}: {it.reason}" for name, it in given if it) or None
