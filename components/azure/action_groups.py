"""Action groups: who is told of alerts, and how."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import pulumi
from pulumi_azure_native import monitor

from components.azure import watch_names as names
from components.azure.stack import AksStack
from settings.observability import ActionGroup

SHORT_NAME_MAX_CHARACTERS = 12
"""https://learn.microsoft.com/azure/azure-monitor/alerts/action-groups"""


@dataclass(frozen=True, kw_only=True)
class ActionGroupsArgs:
    """Inputs of `ActionGroups`."""

    stack: AksStack
    """Receivers, names, tags."""

    resource_group: pulumi.Input[str]
    """Name of the group of resources."""

    webhooks: Mapping[str, pulumi.Input[str]] = field(default_factory=dict)
    """Address of each webhook by `<group>-<webhook>`; a webhook without one is left out."""


class ActionGroups(pulumi.ComponentResource):
    """Who is told."""

    ids: Mapping[str, pulumi.Output[str]]
    """Azure id of each group by its name in the settings."""

    def __init__(
        self, name: str, args: ActionGroupsArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("aks-platform:azure:ActionGroups", name, None, opts)
        made: dict[str, monitor.ActionGroup] = {}
        for key, group in args.stack.settings.observability.action_groups.items():
            made[key] = monitor.ActionGroup(
                f"{name}-{key}",
                action_group_name=names.action_group(args.stack, key),
                resource_group_name=args.resource_group,
                # An action group is of no region; Azure keeps it where `Global` is.
                location="Global",
                tags=args.stack.tags,
                enabled=True,
                group_short_name=group.short_name or key[:SHORT_NAME_MAX_CHARACTERS],
                email_receivers=[
                    {"name": receiver, "email_address": address, "use_common_alert_schema": True}
                    for receiver, address in sorted(group.email.items())
                ],
                webhook_receivers=_webhooks(key, group, args.webhooks),
                opts=pulumi.ResourceOptions(parent=self),
            )

        self.ids = {key: it.id for key, it in made.items()}
        self.register_outputs({"ids": self.ids})


def _webhooks(
    key: str, group: ActionGroup, addresses: Mapping[str, pulumi.Input[str]]
) -> list[monitor.WebhookReceiverArgsDict]:
    return [
        {
            "name": webhook,
            "service_uri": addresses[f"{key}-{webhook}"],
            "use_common_alert_schema": True,
        }
        for webhook in sorted(group.webhooks)
        if f"{key}-{webhook}" in addresses
    ]
