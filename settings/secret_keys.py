"""Which secrets a stack takes from its own `secure:` values, and what they are for."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from settings.stack import Settings

STAND_IN: Final = "offline-secret-"
"""What every value begins with that stands for one nobody can decrypt, in a plan without the engine."""

VAULTS_FOLDER: Final = "/mnt/secrets-store"
"""Below it, by vault, lies what only variables read: the driver syncs a Secret while a pod mounts its source."""


@dataclass(frozen=True, order=True)
class SecretKey:
    """One secret value of the stack's configuration."""

    key: str
    """Config key without the project: `pulumi config set --secret <key>`."""

    use: Literal["pull", "vault", "workload"]
    """`pull`: a docker config.json. `vault`: the content of one Key Vault secret, where there is no Key Vault.
    `workload`: a value that one workload reads."""

    namespace: str
    """Namespace of the Secret that holds it."""

    name: str
    """Name of the pull Secret, of the secret in its vault, or among the workload's `secrets`."""

    vault: str = ""
    """Key Vault it stands in for."""

    workload: str = ""
    """Workload that reads it."""


def vault_key(vault: str, name: str) -> str:
    """Config key of what stands for secret `name` of Key Vault `vault`."""
    return f"{vault}-{name}"


def own_key(workload: str, name: str) -> str:
    """Config key of a workload's own secret."""
    return f"{workload}-{name}"


def secret_keys(settings: Settings) -> Iterator[SecretKey]:
    """Every secret value `settings` has a use for, each key once a namespace."""
    for namespace, tenant in settings.namespaces.items():
        for name in tenant.pull_secrets:
            yield SecretKey(f"{namespace}-{name}", "pull", namespace, name)
    if settings.target == "kubeconfig":
        found = {
            SecretKey(
                vault_key(secret.vault, name), "vault", workload.namespace, name, secret.vault
            )
            for workload in settings.workloads.values()
            for name, secret in workload.secrets.items()
            if secret.vault
        }
        yield from sorted(found)
    for workload in settings.workloads.values():
        for name, secret in workload.secrets.items():
            if secret.vault is None and secret.existing is None:
                key = own_key(workload.name, name)
                yield SecretKey(key, "workload", workload.namespace, name, workload=workload.name)
