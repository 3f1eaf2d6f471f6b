"""A registry that the stack makes, and who pulls from it."""

import re

import azure.mgmt.containerregistry.models as containerregistry
import pytest

from settings.global_names import registry_name
from tests.components.azure.cloud import REGISTERED, SUBSCRIPTION, planned, stack
from tests.components.azure.test_backup import body
from tests.components.azure.test_sdk import faults

REGISTRY = "aks-registry-registry"
BASIC = {"cluster.registry": {"create": {}}, "cluster.profile": "dev"}


@pytest.fixture(scope="module")
def rows():
    return planned(stack(**REGISTERED))


def test_a_stack_whose_registry_is_there_makes_none():
    assert [it for it in planned(stack()) if it.startswith("aks-registry")] == []


def test_nobody_has_a_password_and_nobody_pulls_without_a_role(rows):
    given = rows[REGISTRY].inputs
    assert given["adminUserEnabled"] is False
    assert given["anonymousPullEnabled"] is False


def test_in_production_it_has_a_private_address_alone_and_in_dev_costs_the_least(rows):
    given = rows[REGISTRY].inputs
    assert (given["sku"], given["publicNetworkAccess"]) == ({"name": "Premium"}, "Disabled")
    [connection] = rows["aks-registry-private-endpoint"].inputs["privateLinkServiceConnections"]
    assert connection["groupIds"] == ["registry"]
    assert rows["aks-registries-zone"].inputs["privateZoneName"] == "privatelink.azurecr.io"
    given = planned(stack(**BASIC))[REGISTRY].inputs
    assert (given["sku"], given["publicNetworkAccess"]) == ({"name": "Basic"}, "Enabled")


def test_nodes_may_pull_from_it_before_there_is_a_cluster(rows):
    right = rows["aks-identity-registry-pull"]
    assert right.inputs["scope"] == f"{SUBSCRIPTION}/made/{REGISTRY}"
    assert right.inputs["roleDefinitionId"].endswith("/7f951dda-4ed3-4680-a7ca-43fe172d538d")
    assert right.name in rows["aks-cluster-managed-cluster"].dependencies


def test_its_name_is_one_that_azure_takes_and_nobody_else_has():
    seen = set()
    for changes in ({}, {"cluster.dnsPrefix": "other"}, {"platform": "a-" * 25 + "b"}):
        name = registry_name(stack(**REGISTERED, **changes))
        assert re.fullmatch(r"[A-Za-z0-9]{5,50}", name)
        seen.add(name)
    assert len(seen) == 3
    own = {"cluster.registry": {"create": {"name": "mine1"}}}
    assert registry_name(stack(**own)) == "mine1"


def test_without_a_subnet_for_it_there_is_no_private_address():
    with pytest.raises(ValueError, match=r"requires network\.subnets\.privateEndpoints"):
        planned(stack(**{"cluster.registry": {"create": {}}}))


def test_azures_own_client_knows_every_property_and_every_word(rows):
    sent = body(rows[REGISTRY])
    sent["properties"].pop("registryName")
    assert list(faults(containerregistry.Registry(sent), sent)) == []
    sent["properties"]["publicNetworkAccess"] = "Perhaps"
    assert len(list(faults(containerregistry.Registry(sent), sent))) == 1
