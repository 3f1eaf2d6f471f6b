"""What the components of one stack share: its settings, the values no settings file holds, and who calls whom."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import pulumi

from manifests import Values, connections
from manifests.tenant import NO_CREDENTIALS
from settings.secret_keys import secret_keys
from settings.stack import Settings

UNSET: Final = {"pull": NO_CREDENTIALS, "vault": "unset"}
"""What stands for a secret that nobody has set, by its use: a stack comes up without it, and says so."""

_WITHOUT: Final = {
    "pull": "no image is pulled with it",
    "vault": "its file holds the word 'unset'",
}


@dataclass(frozen=True, kw_only=True)
class Estate:
    """The inputs of every component in the cluster."""

    settings: Settings
    """The stack."""

    values: Values
    """Client ids of managed identities, and secrets."""

    graph: connections.Graph
    """The connections of all workloads, made once: a thousand workloads stay linear."""

    @classmethod
    def of(
        cls,
        settings: Settings,
        secrets: Mapping[str, pulumi.Input[str]],
        client_ids: Mapping[str, pulumi.Input[str]],
    ) -> "Estate":
        """`client_ids` by workload, for those that read a Key Vault; `secrets` as from `secret_values`."""
        values = Values(client_ids=client_ids, secrets=secrets)
        return cls(settings=settings, values=values, graph=connections.graph(settings))


def secret_values(settings: Settings, config: pulumi.Config) -> Mapping[str, pulumi.Input[str]]:
    """The value of each of `settings.secret_keys`, from a `secure:` key of its own in the stack's configuration.

    One that is not set gives what `UNSET` says and a warning with the command that sets it.
    """
    values: dict[str, pulumi.Input[str]] = {}
    for secret in secret_keys(settings):
        if secret.key in values:
            continue
        value = config.get_secret(secret.key)
        if value is None:
            pulumi.log.warn(
                f"{config.name}:{secret.key} is not set: {_WITHOUT[secret.use]}; to set it: "
                f"pulumi config set --stack {pulumi.get_stack()} --secret {secret.key}"
            )
        values[secret.key] = UNSET[secret.use] if value is None else value
    return values
