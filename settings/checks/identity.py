"""Secrets, registry credentials and the reasons for rights beyond the restricted level."""

from collections.abc import Iterator
from datetime import date

from settings.container import Security
from settings.faults import Fault, did_you_mean
from settings.pod_levels import LEVELS
from settings.sources import Sources
from settings.stack import Settings
from settings.vaults import KeyVault
from settings.workload import Workload

RESTRICTED_CAPABILITIES = {"NET_BIND_SERVICE"}
BASELINE_CAPABILITIES = {
    "AUDIT_WRITE", "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "MKNOD", "NET_BIND_SERVICE", "SETFCAP",
    "SETGID", "SETPCAP", "SETUID", "SYS_CHROOT",
}  # fmt: skip
"""https://kubernetes.io/docs/concepts/security/pod-security-standards/"""


def check(settings: Settings, sources: Sources) -> Iterator[Fault]:
    """Vaults and pull secrets exist, exceptions have reason and room."""
    for name, tenant in settings.namespaces.items():
        at = ("namespaces", name, "podSecurityReason")
        lower = tenant.pod_security not in (None, "restricted")
        if lower and not tenant.pod_security_reason:
            yield sources.fault(
                at, f"is required for level {tenant.pod_security}", remedy="say why"
            )
    if settings.target == "aks":
        for name, vault in settings.key_vaults.items():
            yield from _vault(name, vault, settings, sources)
    for name, workload in settings.workloads.items():
        yield from _references(workload, ("workloads", name), settings, sources)
        yield from _level(workload, ("workloads", name), settings, sources)
        yield from _expiry(workload, ("workloads", name), sources)


def _vault(name: str, vault: KeyVault, settings: Settings, sources: Sources) -> Iterator[Fault]:
    """https://learn.microsoft.com/azure/key-vault/general/private-link-service"""
    at = ("keyVaults", name)
    if vault.id is None and vault.create is None:
        rule = "is required with target aks"
        yield sources.fault((*at, "id"), rule, remedy="add it, or 'create: {}'")
    elif vault.id and vault.create:
        rule = "must not be there beside 'id': the vault exists already"
        yield sources.fault((*at, "create"), rule, remedy="remove one of the two")
    elif vault.create and vault.create.private_endpoint:
        network = settings.network
        if network and not network.subnets.private_endpoints:
            yield sources.fault(
                (*at, "create", "privateEndpoint"),
                "needs network.subnets.privateEndpoints",
                "true",
                "add 'privateEndpoints: auto' there, or write 'privateEndpoint: false'",
            )


def _references(
    workload: Workload, at: tuple[str, ...], settings: Settings, sources: Sources
) -> Iterator[Fault]:
    for name, secret in workload.secrets.items():
        if secret.vault and secret.vault not in settings.key_vaults:
            yield sources.fault(
                (*at, "secrets", name, "vault"),
                "must be a key in 'keyVaults' of the stack",
                repr(secret.vault),
                did_you_mean(secret.vault, settings.key_vaults) or "add it",
            )
    tenant = settings.namespaces.get(workload.namespace)
    for index, name in enumerate(workload.image_pull_secrets):
        if tenant and name not in tenant.pull_secrets:
            yield sources.fault(
                (*at, "imagePullSecrets", index),
                f"must be in 'pullSecrets' of namespace {workload.namespace}",
                repr(name),
                did_you_mean(name, tenant.pull_secrets) or "add it there",
            )


def _level(
    workload: Workload, at: tuple[str, ...], settings: Settings, sources: Sources
) -> Iterator[Fault]:
    security = workload.security
    allowed = LEVELS.index(security.exception.level) if security.exception else 0
    needs = list(_needs(security, ()))
    for name, container in workload.containers.items():
        if container.security:
            own = ("containers", name)
            needs += _needs(container.security, own)
            yield from _of_the_pod(container.security, (*at, *own, "security"), sources)
    needs += [
        (("volumes", name), "mounts a folder of the node", 2)
        for name, it in workload.volumes.items()
        if it.host_path
    ]
    highest = LEVELS[max((level for _, _, level in needs), default=0)]
    for path, what, level in needs:
        if level > allowed:
            yield sources.fault(
                (*at, *path),
                f"{what}, which the {LEVELS[level - 1]} pod security level forbids",
                remedy=f"avoid it, or add 'security.exception' with level {highest} and a reason",
            )
    tenant = settings.namespaces.get(workload.namespace)
    stated = tenant.pod_security if tenant else None
    if stated and security.exception and LEVELS.index(stated) < allowed:
        what = "; ".join(
            dict.fromkeys(what for _, what, level in needs if level > LEVELS.index(stated))
        )
        yield sources.fault(
            (*at, "security", "exception", "level"),
            f"must not be beyond the namespace's podSecurity {stated!r}",
            f"{security.exception.level!r}{f', as it {what}' if what else ''}",
            f"run it in a namespace of its own, not {workload.namespace}, or leave out "
            f"'podSecurity' of {workload.namespace}: it follows its workloads",
        )


def _expiry(workload: Workload, at: tuple[str, ...], sources: Sources) -> Iterator[Fault]:
    exception = workload.security.exception
    if not exception or not exception.expires:
        return
    path = (*at, "security", "exception", "expires")
    try:
        last = date.fromisoformat(exception.expires)
    except ValueError:
        yield sources.fault(
            path, "must be a day of the calendar", repr(exception.expires), "name another"
        )
        return
    if last < sources.today:
        yield sources.fault(
            path,
            f"must not be past: today is {sources.today}",
            repr(exception.expires),
            f"make {workload.name} meet restricted and take the exception out, or renew its date",
        )


def _needs(security: Security, at: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str, int]]:
    """Place, what it is and the index in `LEVELS` that it needs."""
    if security.run_as_user == 0:
        yield (*at, "security", "runAsUser"), "runs as root", 1
    for name in security.add_capabilities:
        if name not in RESTRICTED_CAPABILITIES:
            level = 1 if name in BASELINE_CAPABILITIES else 2
            yield (*at, "security", "addCapabilities"), f"adds {name}", level


def _of_the_pod(security: Security, at: tuple[str, ...], sources: Sources) -> Iterator[Fault]:
    for key, given in (("exception", security.exception), ("fsGroup", security.fs_group)):
        if given is not None:
            yield sources.fault(
                (*at, key),
                "is of the whole pod, not of one container",
                remedy=f"move it to 'security.{key}' of the workload",
            )
