from typing import get_args

import pytest

from components.azure.roles import ROLES, definition_id
from settings.azure_roles import WORKLOAD_ROLES, AzureRoleName
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
        "Azure Event Hubs Data Receiver": "a638d3c7-ab3a-418d-83e6-5f17a39d4fde",
        "Azure Event Hubs Data Sender": "2b629674-e913-4c01-ae53-ef4638d8f975",
        "Azure Service Bus Data Receiver": "4f6d3b9b-027b-4f4c-9142-0e5a2a2247e0",
        "Azure Service Bus Data Sender": "69a216fc-b8fb-44d8-bc22-1f3c2cd27a39",
        "Key Vault Secrets User": "4633458b-17de-408a-b874-0445c86b69e6",
        "Managed Identity Operator": "f1a07417-d97a-45cb-824c-7a7467783830",
        "Monitoring Metrics Publisher": "3913510d-42f4-4e42-8a64-420c390055eb",
        "Network Contributor": "4d97b98b-1d4f-4787-a291-c67834d212e7",
        "Storage Blob Data Contributor": "ba92f5b4-2d11-453d-a403-e96b0029c9fe",
        "Storage Blob Data Reader": "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1",
        "Storage Queue Data Contributor": "974c5e8b-45b9-4653-ba55-5f855dd0fb88",
    }


def test_a_workload_may_be_given_every_role_that_the_settings_name_and_no_other():
    assert {*WORKLOAD_ROLES} == {*get_args(AzureRoleName)}
