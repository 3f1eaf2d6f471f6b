"""What the components of one stack share: its settings, the values no settings file holds, and who calls whom."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Final

import pulumi
from pulumi.runtime.rpc import UNKNOWN

from components.kubernetes.history import History
from manifests import Values, connections
from manifests.patched_estate import refuse
from manifests.secrets import Hashed, hashed, hashed_name
from manifests.tenant import NO_CREDENTIALS
from settings.faults import SettingsError
from settings.secret_keys import STAND_IN, secret_keys
from settings.stack import Settings
from settings.workload import Workload

UNSET: Final = {"pull": NO_CREDENTIALS, "vault": "unset", "workload": "unset"}
"""What stands for a secret that nobody has set, by its use: a stack comes up without it, and says so."""

_WITHOUT: Final = {
    "pull": "no image is pulled with it",
    "vault": "its file holds the word 'unset'",
    "workload": "whoever reads it gets the word 'unset'",
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

    history: History
    """Earlier versions of what is named by its content."""

    @cached_property
    def secrets(self) -> Mapping[int, str]:
        """Keys of secrets by the `id` of their output, for `components.recall`."""
        return {
            id(it): key for key, it in self.values.secrets.items() if isinstance(it, pulumi.Output)
        }

    @classmethod
    def of(
        cls,
        settings: Settings,
        secrets: Mapping[str, pulumi.Input[str]],
        client_ids: Mapping[str, pulumi.Input[str]],
        names: Mapping[str, str] = MappingProxyType({}),
        history: History | None = None,
    ) -> "Estate":
        """`client_ids` by workload, for those that sign in to Azure; `secrets` as from `secret_values`, `names`
        as from `secret_names`. Without `history` no earlier version stays."""
        return cls(
            settings=settings,
            values=Values(client_ids=client_ids, secrets=secrets, secret_names=names),
            graph=connections.graph(settings),
            history=history or History(0, {}),
        )

    @classmethod
    async def of_stack(
        cls,
        settings: Settings,
        config: pulumi.Config,
        client_ids: Mapping[str, pulumi.Input[str]],
    ) -> "Estate":
        """With the secrets of the stack's configuration, and the history of its last update.

        Raises `pulumi.RunError` for a patch that meets no object.
        """
        try:
            refuse(Path.cwd(), pulumi.get_stack(), settings)
        except SettingsError as error:
            raise pulumi.RunError(str(error)) from None
        secrets = secret_values(settings, config)
        names = await secret_names(settings, secrets)
        history = await History.read(settings.config_history)
        return cls.of(settings, secrets, client_ids, names, history)


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


async def secret_names(
    settings: Settings, secrets: Mapping[str, pulumi.Input[str]]
) -> Mapping[str, str]:
    """Names of the Secrets of `manifests.secrets.hashed`, by key; the engine's mark for unknown in an offline plan.

    Plain, although a secret is behind each: a name is public, and is made so that it may be.
    """
    wanted = [(it, made) for it in settings.workloads.values() for made in hashed(settings, it)]
    plain = {}
    for key in {key for _, made in wanted for key in made.entries.values()}:
        plain[key] = str(await pulumi.Output.from_input(secrets[key]).future())
    stack = pulumi.get_stack()

    async def name(workload: Workload, made: Hashed) -> str:
        content = {entry: plain[key] for entry, key in made.entries.items()}
        if any(it.startswith(STAND_IN) for it in content.values()):
            return UNKNOWN
        return await asyncio.to_thread(hashed_name, stack, workload, made, content)

    found = await asyncio.gather(*(name(*it) for it in wanted))
    return {made.key: text for (_, made), text in zip(wanted, found, strict=True)}
