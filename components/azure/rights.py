"""What the identities of workloads may do in Azure: their vaults, and the roles that settings give them."""

from collections.abc import Iterable, Mapping

import pulumi

from components.azure.roles import assign
from components.azure.stack import AksStack
from settings.azure_identity import AzureRole
from settings.azure_roles import VAULT_ROLE
from settings.global_names import vault_name


def require_vaults(stack: AksStack, vaults: Iterable[str]) -> None:
    """Raise `ValueError` for a vault that neither is there nor is made; `settings.checks` says the same earlier."""
    for vault in vaults:
        known = stack.settings.key_vaults.get(vault)
        if known is None or (known.id is None and known.create is None):
            raise ValueError(f"target aks requires keyVaults.{vault}.id")


def give(
    name: str,
    stack: AksStack,
    principal: tuple[str, pulumi.Input[str]],
    *,
    vaults: Iterable[str],
    roles: Mapping[str, AzureRole],
    made_vaults: Mapping[str, pulumi.Input[str]],
    opts: pulumi.ResourceOptions,
) -> list[pulumi.Output[str]]:
    """Ids of the assignments that let `principal`, its name and its object id, read `vaults` and hold `roles`.

    `made_vaults`: Azure ids of the vaults that are made here, by key.
    """
    made: list[tuple[str, str, tuple[str, pulumi.Input[str]]]] = []
    for vault in vaults:
        known = stack.settings.key_vaults[vault].id
        scope = (known or vault_name(stack.settings, vault), known or made_vaults[vault])
        made.append((f"{name}-{vault}-secrets-user", VAULT_ROLE, scope))
    for key, given in roles.items():
        made.append((f"{name}-role-{key}", given.role, (given.scope, given.scope)))
    return [
        assign(own, stack, role=role, principal=principal, scope=scope, opts=opts).id
        for own, role, scope in made
    ]
