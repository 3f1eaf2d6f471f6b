"""A Key Vault that the stack makes, and who reads it."""

import re

import azure.mgmt.keyvault.models as keyvault
import azure.mgmt.network.models as network
import pytest

from settings.global_names import vault_name
from tests.components.azure.cloud import SUBSCRIPTION, VAULTED, planned, stack
from tests.components.azure.test_backup import body
from tests.components.azure.test_sdk import faults

VAULT = "aks-vault-shop-kv-vault"
MADE = f"{SUBSCRIPTION}/made/{VAULT}"
OPEN = {**VAULTED, "keyVaults.shop-kv": {"create": {"privateEndpoint": False}}}


@pytest.fixture(scope="module")
def rows():
    return planned(stack(**VAULTED))


def test_a_stack_whose_vaults_are_there_makes_none():
    assert [it for it in planned(stack()) if it.startswith("aks-vault")] == []


def test_rights_are_azures_roles_and_nothing_can_be_purged(rows):
    given = rows[VAULT].inputs["properties"]
    assert given["enableRbacAuthorization"] is True
    assert given["enablePurgeProtection"] is True
    assert given["enableSoftDelete"] is True
    assert given["softDeleteRetentionInDays"] == 90
    assert "accessPolicies" not in given


def test_without_purge_protection_it_says_nothing_of_it_since_azure_takes_no_false():
    create = {"create": {"purgeProtection": False, "privateEndpoint": False}}
    given = planned(stack(**{"keyVaults.shop-kv": create}))[VAULT].inputs["properties"]
    assert "enablePurgeProtection" not in given


def test_in_production_it_has_a_private_address_alone_and_a_name_for_it(rows):
    given = rows[VAULT].inputs["properties"]
    assert given["publicNetworkAccess"] == "disabled"
    assert given["networkAcls"]["defaultAction"] == "Deny"
    endpoint = rows["aks-vault-shop-kv-private-endpoint"].inputs
    assert endpoint["subnet"] == {"id": f"{SUBSCRIPTION}/made/aks-network-private-endpoints-subnet"}
    [connection] = endpoint["privateLinkServiceConnections"]
    assert (connection["groupIds"], connection["privateLinkServiceId"]) == (["vault"], MADE)
    [config] = rows["aks-vault-shop-kv-private-zone-group"].inputs["privateDnsZoneConfigs"]
    assert config["privateDnsZoneId"] == f"{SUBSCRIPTION}/made/aks-vaults-zone"
    assert rows["aks-vaults-zone"].inputs["privateZoneName"] == "privatelink.vaultcore.azure.net"


def test_in_public_only_the_nodes_way_out_reaches_it_where_that_is_known():
    nat = {**OPEN, "network.outboundType": "userAssignedNATGateway"}
    given = planned(stack(**nat))[VAULT].inputs["properties"]
    assert given["publicNetworkAccess"] == "enabled"
    assert given["networkAcls"]["defaultAction"] == "Deny"
    assert given["networkAcls"]["ipRules"]
    given = planned(stack(**OPEN))[VAULT].inputs["properties"]
    assert given["networkAcls"]["defaultAction"] == "Allow"


def test_every_access_is_logged_where_anything_is(rows):
    given = rows["aks-vault-shop-kv-audit"].inputs
    assert given["resourceUri"] == MADE
    assert given["logs"] == [{"category": "AuditEvent", "enabled": True}]
    quiet = {**VAULTED, "keyVaults.shop-kv": {"create": {"audit": False}}}
    assert "aks-vault-shop-kv-audit" not in planned(stack(**quiet))


def test_a_workload_may_read_the_vault_that_was_made_and_waits_for_its_address(rows):
    right = rows["aks-workload-blob-shop-kv-secrets-user"]
    assert right.inputs["scope"] == MADE
    assert {VAULT, "aks-vault-shop-kv-private-zone-group"} <= {*right.dependencies}


def test_a_vault_is_called_as_the_stack_says_or_by_its_key_and_a_suffix():
    settings = stack(**VAULTED)
    name = vault_name(settings, "shop-kv")
    assert re.fullmatch(r"shop-kv-[0-9a-f]{6}", name)
    assert vault_name(stack(**VAULTED, **{"cluster.dnsPrefix": "other"}), "shop-kv") != name
    assert vault_name(settings, "other-kv") == "other-kv"
    assert vault_name(settings, "none-such") == "none-such"
    own = stack(**{"keyVaults.shop-kv": {"create": {"name": "mine", "privateEndpoint": False}}})
    assert vault_name(own, "shop-kv") == "mine"


@pytest.mark.parametrize("key", ["a" * 24, "aaaaaaaaaaaaaaaa-aaaaaaa", "abc"])
def test_its_name_is_one_that_azure_takes(key):
    create = {"create": {"privateEndpoint": False}}
    name = vault_name(stack(**{f"keyVaults.{key}": create}), key)
    assert re.fullmatch(r"[A-Za-z](-?[A-Za-z0-9]){2,23}", name)
    assert len(name) <= 24


def test_it_is_protected_with_its_stack():
    found = planned(stack(**VAULTED), protect=True)
    assert found[VAULT].options.get("protect")


def test_without_a_subnet_for_it_there_is_no_private_address():
    with pytest.raises(ValueError, match=r"requires network\.subnets\.privateEndpoints"):
        planned(stack(**{"keyVaults.shop-kv": {"create": {}}}))


MODELS = {
    VAULT: keyvault.VaultCreateOrUpdateParameters,
    "aks-vault-shop-kv-private-endpoint": network.PrivateEndpoint,
    "aks-vault-shop-kv-private-zone-group": network.PrivateDnsZoneGroup,
}


@pytest.mark.parametrize("name", MODELS)
def test_azures_own_client_knows_every_property_and_every_word(rows, name):
    sent = body(rows[name])
    for key in ("privateEndpointName", "privateDnsZoneGroupName"):
        sent.get("properties", {}).pop(key, None)
    found = list(faults(MODELS[name](sent), sent))
    # The connections of an endpoint have a shape of their own in the provider, which nests them.
    assert [
        it for it in found if "privateLinkServiceConnections[" not in it and "Configs[" not in it
    ] == []
