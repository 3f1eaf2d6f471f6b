"""Addresses of webhooks, which let anybody post and are secrets of the stack."""

from collections.abc import Mapping

import pulumi

from settings.stack import Settings


def config_key(group: str, webhook: str) -> str:
    """`action-group-ops-pager`: the key in the stack's configuration, without the project."""
    return f"action-group-{group}-{webhook}"


def addresses(settings: Settings, config: pulumi.Config) -> Mapping[str, pulumi.Input[str]]:
    """Address of each webhook by `<group>-<webhook>`, from a `secure:` key of its own in the stack's configuration.

    One that is not set is left out, with a warning that names the command.
    """
    found: dict[str, pulumi.Input[str]] = {}
    if not settings.observability.alerts.enabled:
        return found
    for group, wanted in settings.observability.action_groups.items():
        for webhook in wanted.webhooks:
            key = config_key(group, webhook)
            value = config.get_secret(key)
            if value is not None:
                found[f"{group}-{webhook}"] = value
                continue
            pulumi.log.warn(
                f"{config.name}:{key} is not set: alerts do not reach webhook {webhook} of {group}; to set it: "
                f"pulumi config set --stack {pulumi.get_stack()} --secret {key}"
            )
    return found
