import pytest

from components.azure.roles import ROLES, definition_id
from tests.components.azure.cloud import REGISTRY


def test_a_role_is_looked_up_in_the_subscription_of_its_scope():
    assert definition_id(REGISTRY, "AcrPull") == (
        "/subscriptions/11111111-2222-4333-8444-555555555555/providers/Microsoft.Authorization"
        "/roleDefinitions/7f951dda-4ed3-4680-a7ca-43fe172d538d"
    )


def test_azures_own_spelling_of_an_id_does_not_matter():
    assert definition_id("/SUBSCRIPTIONS/abc/x", "AcrPull").startswith("/subscriptions/abc/")


@pytest.mark.parametrize("scope", ["", "/", "registry", "/subscriptions/", "/tenants/abc/x"])
def test_without_a_subscription_in_the_scope_the_role_is_the_tenants(scope):
    assert definition_id(scope, "AcrPull") == (
        "/providers/Microsoft.Authorization/roleDefinitions/7f951dda-4ed3-4680-a7ca-43fe172d538d"
    )


def test_the_roles_are_the_built_in_ones():
    assert ROLES == {
        "AcrPull": "7f951dda-4ed3-4680-a7ca-43fe172d538d",
        "Key Vault Secrets User": "4633458b-17de-408a-b874-0445c86b69e6",
        "Managed Identity Operator": "f1a07417-d97a-45cb-824c-7a7467783830",
        "Network Contributor": "4d97b98b-1d4f-4787-a291-c67834d212e7",
    }
