"""Addresses of webhooks: secrets of the stack, by keys of their own."""

import pulumi

from components.azure.action_groups import ActionGroups, ActionGroupsArgs
from components.azure.stack import AksStack
from components.azure.webhooks import addresses, config_key
from tests.components.azure.cloud import LOCATION, WATCHED, registered, stack
from tests.engine import registered as rows_of

ADDRESS = "https://pager.example/hook?key=planted-secret-value"
KEY = f"aks-platform:{config_key('ops', 'pager')}"


def receivers(config):
    settings = stack(**WATCHED)

    def build():
        found = addresses(settings, pulumi.Config())
        args = ActionGroupsArgs(
            stack=AksStack.of(settings, LOCATION), resource_group="rg", webhooks=found
        )
        ActionGroups("groups", args)

    rows = {it.name: it for it in rows_of(build, config=config, secrets=[*config])}
    return rows["groups-ops"].inputs["webhookReceivers"]


def test_an_address_is_a_secret_in_the_plan():
    [receiver] = receivers({KEY: ADDRESS})
    assert "planted" not in str(receiver)
    assert receiver["name"] == "pager"


def test_one_that_is_not_set_is_left_out_and_the_command_is_named(capfd):
    assert receivers({}) == []
    said = "".join(capfd.readouterr())
    assert "pulumi config set --stack dev --secret action-group-ops-pager" in said


def test_without_alerts_nothing_is_asked_for(capfd):
    quiet = stack(**WATCHED, **{"observability.alerts": {"enabled": False}})
    seen = []
    registered(lambda: seen.append(addresses(quiet, pulumi.Config())))
    assert seen == [{}]
    assert "".join(capfd.readouterr()) == ""
