"""What the identities of workloads may do in Azure: their vaults, and the roles that settings give them."""

from collections.abc import Iterable, Mapping

import pulumi

from components.azure.roles import assign
from components.azure.stack import AksStack
from settings.azure_identity import AzureRole
from settings.azure_roles import VAULT_ROLE


def require_vaults(stack: AksStack, vaults: Iterable[str]) -> None:
    """Raise `ValueError` for a vault without an id in the stack; `settings.checks` says the same earlier."""
    for vault in vaults:
        known = stack.settings.key_vaults.get(vault)
        if known is None or known.id is None:
            raise ValueError(f"target aks requires keyVaults.{vault}.id")


def give(
    name: str,
    stack: AksStack,
    principal: tuple[str, pulumi.Input[str]],
    *,
    vaults: Iterable[str],
    roles: Mapping[str, AzureRole],
    opts: pulumi.ResourceOptions,
) -> list[pulumi.Output[str]]:
    """Ids of the assignments that let `principal`, its name and its object id, read `vaults` and hold `roles`."""
    made = []
    for vault in vaults:
        vault_id = stack.settings.key_vaults[vault].id
        assert vault_id  # held by require_vaults
        made.append((f"{name}-{vault}-secrets-user", VAULT_ROLE, vault_id))
    made += [(f"{name}-role-{key}", given.role, given.scope) for key, given in roles.items()]
    return [
        assign(own, stack, role=role, principal=principal, scope=(scope, scope), opts=opts).id
        for own, role, scope in made
    ]
