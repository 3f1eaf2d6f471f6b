"""Two workflows that start the cluster in the morning and stop it in the evening."""

from dataclasses import dataclass
from typing import Any, Final

import pulumi
from pulumi_azure_native import authorization, logic
from tzlocal.windows_tz import tz_win

from components.azure import names
from components.azure.stack import AksStack
from settings.maintenance import Runs

MANAGEMENT: Final = "https://management.azure.com"
API_VERSION: Final = "2025-09-01"
"""Of Microsoft.ContainerService, as azure-native 3.29.0 sends it."""

SCHEMA: Final = (
    "https://schema.management.azure.com/providers/Microsoft.Logic/schemas/2016-06-01/"
    "workflowdefinition.json#"
)


@dataclass(frozen=True, kw_only=True)
class RunningHoursArgs:
    """Inputs of `RunningHours`."""

    stack: AksStack
    """Names, tags, location."""

    runs: Runs
    """Days and times."""

    resource_group: pulumi.Input[str]
    """Name of the group of the cluster."""

    resource_group_id: pulumi.Input[str]
    """Its Azure id: where the role may be assigned."""

    cluster_id: pulumi.Input[str]
    """Azure id of the cluster."""


class RunningHours(pulumi.ComponentResource):
    """The workflows, each with an identity of its own that may start and stop this cluster and nothing else.

    A role of our own: no built-in one holds the two actions without the right to change the cluster.
    """

    workflow_ids: dict[str, pulumi.Output[str]]
    """Azure id of `start` and of `stop`."""

    def __init__(
        self, name: str, args: RunningHoursArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("aks-platform:azure:RunningHours", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        stack = args.stack
        guid, display = names.running_hours_role(stack)
        role = authorization.RoleDefinition(
            f"{name}-role",
            role_definition_id=guid,
            role_name=display,
            role_type="CustomRole",
            description="Start and stop one cluster of AKS",
            scope=args.resource_group_id,
            assignable_scopes=[args.resource_group_id],
            permissions=[
                {
                    "actions": [
                        "Microsoft.ContainerService/managedClusters/read",
                        "Microsoft.ContainerService/managedClusters/start/action",
                        "Microsoft.ContainerService/managedClusters/stop/action",
                    ],
                    "not_actions": [],
                    "data_actions": [],
                    "not_data_actions": [],
                }
            ],
            opts=child,
        )
        self.workflow_ids = {}
        for what, at in (("start", args.runs.start), ("stop", args.runs.stop)):
            workflow_name = names.running_hours(stack, what)
            workflow = logic.Workflow(
                f"{name}-{what}",
                workflow_name=workflow_name,
                resource_group_name=args.resource_group,
                location=stack.location,
                tags=stack.tags,
                state="Enabled",
                identity={"type": "SystemAssigned"},
                definition=definition(args.runs, what, at, args.cluster_id),
                opts=child,
            )
            self.workflow_ids[what] = workflow.id
            authorization.RoleAssignment(
                f"{name}-{what}-right",
                role_assignment_name=names.role_assignment(
                    stack, "start and stop", workflow_name, stack.cluster_name
                ),
                principal_id=workflow.identity.apply(lambda it: it.principal_id if it else ""),
                # Without it Azure looks a new identity up before Entra has spread it: PrincipalNotFound.
                principal_type="ServicePrincipal",
                role_definition_id=role.id,
                scope=args.cluster_id,
                opts=child,
            )
        self.register_outputs({"workflow_ids": self.workflow_ids})


def definition(runs: Runs, what: str, at: str, cluster_id: pulumi.Input[str]) -> dict[str, Any]:
    """A workflow that posts one action of the cluster at one time of the days.

    https://learn.microsoft.com/azure/logic-apps/logic-apps-workflow-definition-language
    """
    hour, minute = map(int, at.split(":"))
    return {
        "$schema": SCHEMA,
        "contentVersion": "1.0.0.0",
        "parameters": {},
        "outputs": {},
        "triggers": {
            "at": {
                "type": "Recurrence",
                "recurrence": {
                    "frequency": "Week",
                    "interval": 1,
                    "timeZone": tz_win[runs.time_zone],
                    "schedule": {
                        "weekDays": [*runs.days],
                        "hours": [hour],
                        "minutes": [minute],
                    },
                },
            }
        },
        "actions": {
            what: {
                "type": "Http",
                "runAfter": {},
                "inputs": {
                    "method": "POST",
                    "uri": pulumi.Output.concat(
                        MANAGEMENT, cluster_id, f"/{what}?api-version={API_VERSION}"
                    ),
                    "authentication": {
                        "type": "ManagedServiceIdentity",
                        "audience": f"{MANAGEMENT}/",
                    },
                },
            }
        },
    }
