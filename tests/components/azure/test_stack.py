import pytest

from components.azure.stack import AksStack
from tests.components.azure.cloud import LOCATION, stack

REQUIRED = {
    "resourceGroup": "resourceGroup",
    "cluster.name": "cluster.name",
    "cluster.dnsPrefix": "cluster.dnsPrefix",
    "network": "network",
    "access": "access",
}


@pytest.mark.parametrize("key", REQUIRED)
def test_a_key_that_target_aks_needs_is_named_when_it_is_missing(key):
    with pytest.raises(ValueError, match=f"^target aks requires {key}$"):
        AksStack.of(stack(**{key: None}), LOCATION)


def test_every_missing_key_is_named_at_once():
    with pytest.raises(ValueError, match="requires azure-native:location, resourceGroup, access"):
        AksStack.of(stack(resourceGroup=None, access=None), "")


def test_tags_say_platform_and_environment_beside_what_the_stack_says():
    tags = AksStack.of(stack(tags={"owner": "team"}), LOCATION).tags
    assert tags == {"owner": "team", "platform": "course", "environment": "dev"}


def test_a_tag_of_the_stack_wins_in_any_spelling_since_azure_ignores_case():
    tags = AksStack.of(stack(tags={"Environment": "Development"}), LOCATION).tags
    assert tags == {"Environment": "Development", "platform": "course"}
