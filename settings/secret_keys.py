"""Which secrets a stack takes from its own `secure:` values, and what they are for."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from settings.stack import Settings


@dataclass(frozen=True, order=True)
class SecretKey:
    """One secret value of the stack's configuration."""

    key: str
    """Config key without the project: `pulumi config set --secret <key>`."""

    use: Literal["pull", "vault"]
    """`pull`: a docker config.json. `vault`: the content of one Key Vault file, where there is no Key Vault."""

    namespace: str
    """Namespace of the Secret that holds it."""

    name: str
    """Name of the pull Secret, or of the secret in its vault."""

    vault: str = ""
    """Key Vault it stands in for."""


def secret_keys(settings: Settings) -> Iterator[SecretKey]:
    """Every secret value `settings` has a use for, each key once a namespace."""
    for namespace, tenant in settings.namespaces.items():
        for name in tenant.pull_secrets:
            yield SecretKey(f"{namespace}-{name}", "pull", namespace, name)
    if settings.target == "kubeconfig":
        found = {
            SecretKey(f"{secret.vault}-{name}", "vault", workload.namespace, name, secret.vault)
            for workload in settings.workloads.values()
            for name, secret in workload.secrets.items()
            if secret.vault
        }
        yield from sorted(found)
