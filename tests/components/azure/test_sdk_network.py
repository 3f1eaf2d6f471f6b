"""Bodies of the network's resources, held to the models of Azure's own client libraries."""

import json
from importlib import import_module

import azure.mgmt.network.models as network
import azure.mgmt.privatedns.models as privatedns
import pytest

from settings.load import load
from tests.components.azure.cloud import planned, stack
from tests.components.azure.test_network import ALL_SUBNETS, FIREWALL, NAT
from tests.components.azure.test_network_rights import OWN
from tests.components.azure.test_sdk import faults
from tests.components.azure.test_security_rules import balanced
from tests.engine import ROOT

STACKS = {
    "dev": lambda: load(ROOT, "dev"),
    "prod": lambda: load(ROOT, "prod"),
    "every part": lambda: stack(**ALL_SUBNETS, **NAT, **OWN, **balanced()),
    "firewall": lambda: stack(**FIREWALL),
}
MODELS = {
    "VirtualNetwork": network.VirtualNetwork,
    "Subnet": network.Subnet,
    "NetworkSecurityGroup": network.NetworkSecurityGroup,
    "RouteTable": network.RouteTable,
    "NatGateway": network.NatGateway,
    "PublicIPAddress": network.PublicIPAddress,
    "PrivateZone": privatedns.PrivateZone,
    "VirtualNetworkLink": privatedns.VirtualNetworkLink,
}
OF_THE_PATH = {
    "resourceGroupName", "virtualNetworkName", "subnetName", "networkSecurityGroupName", "routeTableName",
    "natGatewayName", "publicIpAddressName", "privateZoneName", "virtualNetworkLinkName",
}  # fmt: skip
AT_THE_TOP = {"location", "tags", "sku", "zones"}
OWN_NAMES = {"publicIPAllocationMethod", "publicIPAddressVersion"}
ITEMS = {
    "delegations": {"name"},
    "securityRules": {"name"},
    "routes": {"name"},
}
"""What stands beside `properties` in the items of a list; azure-native flattens both."""


def nested(key, value):
    if key not in ITEMS:
        return value
    return [
        {
            **{own: it[own] for own in ITEMS[key]},
            "properties": {own: given for own, given in it.items() if own not in ITEMS[key]},
        }
        for it in value
    ]


def body(row):
    """The request body that the provider makes of a resource's inputs."""
    given = {key: value for key, value in row.inputs.items() if key not in OF_THE_PATH}
    top = {key: given.pop(key) for key in AT_THE_TOP & given.keys()}
    return {**top, "properties": {key: nested(key, it) for key, it in given.items()}}


def of_kind(rows, kind):
    modules = ("network", "privatedns")
    return [it for it in rows.values() if it.type in {f"azure-native:{m}:{kind}" for m in modules}]


def written(model, sent):
    package = import_module(f"{model.__module__.partition('.models')[0]}._utils.model_base")
    text = json.dumps(model(sent), cls=package.SdkJSONEncoder, exclude_readonly=True)
    return json.loads(text)


@pytest.fixture(scope="module", params=STACKS)
def rows(request):
    return planned(STACKS[request.param]())


@pytest.mark.parametrize("kind", MODELS)
def test_azures_own_client_knows_every_property_and_every_word_and_sends_them(rows, kind):
    for row in of_kind(rows, kind):
        sent = body(row)
        assert list(faults(MODELS[kind](sent), sent)) == []
        assert written(MODELS[kind], sent) == sent


def test_every_kind_of_resource_is_held_to_a_model():
    seen = {
        row.type.rpartition(":")[2]
        for make in STACKS.values()
        for row in planned(make()).values()
        if row.type.startswith(("azure-native:network:", "azure-native:privatedns:"))
    }
    assert seen == {*MODELS}


@pytest.mark.parametrize(
    ("name", "change", "fault"),
    [
        ("aks-network-nodes-subnet", lambda it: it.update(natGatewy={}), "natGatewy: no such"),
        ("aks-network-nodes-subnet", lambda it: it.update(privateEndpointNetworkPolicies="Off"), "'Off' is no value"),
        (
            "aks-network-security-groups-nodes",
            lambda it: it["securityRules"][0]["properties"].update(access="Permit"),
            "'Permit' is no value",
        ),
        ("aks-network-nat-gateway", lambda it: it.update(idleTimeout=3), "idleTimeout: no such"),
    ],
)  # fmt: skip
def test_a_misspelt_property_or_word_would_be_found(name, change, fault):
    row = planned(stack(**NAT))[name]
    sent = body(row)
    change(sent["properties"])
    [found] = faults(MODELS[row.type.rpartition(":")[2]](sent), sent)
    assert fault in found
