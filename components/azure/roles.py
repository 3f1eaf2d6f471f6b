"""Azure role assignments, each to an identity of this program and on one resource."""

from collections.abc import Mapping
from typing import Final, Literal

import pulumi
from pulumi_azure_native import authorization

from components.azure import names
from components.azure.stack import AksStack
from settings.azure_roles import PLATFORM_ROLES, WORKLOAD_ROLES
from settings.pipeline_roles import ROLE_IDS

ROLES: Final[Mapping[str, str]] = {
    **PLATFORM_ROLES,
    **ROLE_IDS,
    **WORKLOAD_ROLES,
}
"""https://learn.microsoft.com/azure/role-based-access-control/built-in-roles"""


def definition_id(scope: str, role: str) -> str:
    """Id of a built-in role in the subscription of `scope`, as Azure gives it back.

    A shared registry or vault may lie in another subscription than the cluster. Without a subscription in `scope`,
    which Azure never gives but a stand-in for it may, the id is the one of the whole tenant, which Azure takes, too.
    """
    start, subscriptions, subscription, *_ = [*scope.split("/"), "", ""]
    within = (
        f"/subscriptions/{subscription}"
        if not start and subscriptions.lower() == "subscriptions"
        else ""
    )
    return f"{within if subscription else ''}/providers/Microsoft.Authorization/roleDefinitions/{ROLES[role]}"


def assign(
    name: str,
    stack: AksStack,
    *,
    role: str,
    principal: tuple[str, pulumi.Input[str]],
    scope: tuple[str, pulumi.Input[str]],
    principal_type: Literal["ServicePrincipal", "Group"] = "ServicePrincipal",
    condition: str | None = None,
    opts: pulumi.ResourceOptions,
) -> authorization.RoleAssignment:
    """Give `principal` the `role` on `scope`; both are a name known beforehand and the id that Azure gives.

    `condition`, of version 2.0, narrows what the role allows.
    """
    return authorization.RoleAssignment(
        name,
        role_assignment_name=names.role_assignment(stack, role, principal[0], scope[0]),
        principal_id=principal[1],
        # Without it Azure looks a new identity up before Entra has spread it: PrincipalNotFound.
        principal_type=principal_type,
        role_definition_id=pulumi.Output.from_input(scope[1]).apply(
            lambda known: definition_id(known, role)
        ),
        scope=scope[1],
        condition=condition,
        condition_version="2.0" if condition else None,
        opts=opts,
    )
