"""Secrets, registry credentials and the reasons for rights beyond the restricted level."""

from collections.abc import Iterator

from pydantic.alias_generators import to_snake

from settings.faults import Fault, did_you_mean
from settings.mounts import VOLUME_SOURCES
from settings.sources import Sources
from settings.stack import Settings
from settings.workload import Workload

LEVELS = ("restricted", "baseline", "privileged")
RESTRICTED_CAPABILITIES = {"NET_BIND_SERVICE"}
BASELINE_CAPABILITIES = {
    "AUDIT_WRITE", "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "MKNOD", "NET_BIND_SERVICE", "SETFCAP",
    "SETGID", "SETPCAP", "SETUID", "SYS_CHROOT",
}  # fmt: skip
"""https://kubernetes.io/docs/concepts/security/pod-security-standards/"""

CONFIG_VOLUME = "config-files"
VAULT_VOLUME_PREFIX = "vault-"
"""Volumes that a pod has for `config.files` and for `secrets`."""


def check(settings: Settings, sources: Sources) -> Iterator[Fault]:
    """Vaults and pull secrets exist, mount paths are single, exceptions have reason and room."""
    for name, tenant in settings.namespaces.items():
        at = ("namespaces", name, "podSecurityReason")
        if tenant.pod_security != "restricted" and not tenant.pod_security_reason:
            yield sources.fault(
                at, f"is required for level {tenant.pod_security}", remedy="say why"
            )
    if settings.target == "aks":
        for name, vault in settings.key_vaults.items():
            if vault.id is None:
                yield sources.fault(
                    ("keyVaults", name, "id"), "is required with target aks", remedy="add it"
                )
    for name, workload in settings.workloads.items():
        yield from _references(workload, ("workloads", name), settings, sources)
        yield from _mounts(workload, ("workloads", name), sources)
        yield from _level(workload, ("workloads", name), settings, sources)


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


def _mounts(workload: Workload, at: tuple[str, ...], sources: Sources) -> Iterator[Fault]:
    taken: dict[str, str] = {}
    places: list[tuple[tuple[str, ...], str, str]] = [
        (("volumes", name, "mountPath"), volume.mount_path, f"volume {name}")
        for name, volume in workload.volumes.items()
        if volume.mount_path
    ]
    vaults = {
        secret.mount_path: (name, secret.vault)
        for name, secret in reversed(workload.secrets.items())
        if secret.mount_path
    }
    places += [
        (("secrets", name, "mountPath"), path, f"secrets of {vault}")
        for path, (name, vault) in vaults.items()
    ]
    config = workload.config
    if config and config.mount_path:
        places.append((("config", "mountPath"), config.mount_path, "config"))
    if config and bool(config.files) != bool(config.mount_path):
        yield sources.fault(
            (*at, "config", "mountPath"), "goes together with 'files'", remedy="set both or neither"
        )
    for path, written, what in places:
        folder = written.rstrip("/")
        if folder in taken:
            rule = f"is taken by {taken[folder]}"
            yield sources.fault((*at, *path), rule, repr(written), "choose another folder")
        taken.setdefault(folder, what)
    for name, secret in workload.secrets.items():
        if secret.mount_path and vaults[secret.mount_path][1] != secret.vault:
            yield sources.fault(
                (*at, "secrets", name, "mountPath"),
                "holds the secrets of another vault already",
                repr(secret.mount_path),
                "choose another folder",
            )
    for name, volume in workload.volumes.items():
        if name == CONFIG_VOLUME or name.startswith(VAULT_VOLUME_PREFIX):
            rule = f"must not be {CONFIG_VOLUME!r} nor begin with {VAULT_VOLUME_PREFIX!r}: those are the platform's own"
            yield sources.fault((*at, "volumes", name), rule, remedy="rename it")
        given = [key for key in VOLUME_SOURCES if getattr(volume, to_snake(key)) is not None]
        if len(given) != 1:
            yield sources.fault(
                (*at, "volumes", name),
                f"must have exactly one of {', '.join(VOLUME_SOURCES)}",
                ", ".join(given) or "none",
                "keep one; null removes one that comes from the catalogue" if given else "add one",
            )


def _level(
    workload: Workload, at: tuple[str, ...], settings: Settings, sources: Sources
) -> Iterator[Fault]:
    security = workload.security
    allowed = LEVELS.index(security.exception.level) if security.exception else 0
    needs: list[tuple[tuple[str, ...], str, int]] = []
    if security.run_as_user == 0:
        needs.append((("security", "runAsUser"), "runs as root", 1))
    for name in security.add_capabilities:
        if name not in RESTRICTED_CAPABILITIES:
            needs.append(
                (
                    ("security", "addCapabilities"),
                    f"adds {name}",
                    1 if name in BASELINE_CAPABILITIES else 2,
                )
            )
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
    if tenant and security.exception and LEVELS.index(tenant.pod_security) < allowed:
        yield sources.fault(
            (*at, "security", "exception", "level"),
            f"must not be beyond the namespace's podSecurity {tenant.pod_security!r}",
            repr(security.exception.level),
            f"run it in a namespace of its own, not {workload.namespace}",
        )
