import pytest

from tests.components.azure.cloud import REGISTRY, planned, stack

ASSIGNMENT = "azure-native:authorization:RoleAssignment"


def rights(**changes):
    return {
        name.removeprefix("aks-identity-"): row
        for name, row in planned(stack(**changes)).items()
        if row.type == ASSIGNMENT and row.parent == "aks-identity"
    }


@pytest.mark.parametrize(
    ("right", "role", "principal", "scope"),
    [
        ("kubelet-operator", "f1a07417", "control-plane", "/aks-identity-kubelet"),
        ("nodes-subnet-contributor", "4d97b98b", "control-plane", "/aks-network-nodes-subnet"),
        ("registry-pull", "7f951dda", "kubelet", REGISTRY),
    ],
)
def test_each_identity_gets_the_one_role_it_needs_on_the_one_thing(right, role, principal, scope):
    given = rights()[right].inputs
    assert given["roleDefinitionId"].rpartition("/")[2].startswith(role)
    assert given["principalId"] == f"principal of aks-identity-{principal}"
    assert given["scope"].endswith(scope)


def test_nobody_gets_more():
    assert rights().keys() == {"kubelet-operator", "nodes-subnet-contributor", "registry-pull"}


def test_a_new_identity_is_not_looked_up_in_entra_before_it_has_spread():
    assert {row.inputs["principalType"] for row in rights().values()} == {"ServicePrincipal"}


def test_a_role_is_named_in_the_subscription_of_what_it_is_on():
    given = rights()["registry-pull"].inputs["roleDefinitionId"]
    assert given.split("/")[2] == REGISTRY.split("/")[2]


def test_the_names_of_role_assignments_are_known_before_anything_exists():
    rows = planned(stack(), preview=True)
    assigned = [row for row in rows.values() if row.type == ASSIGNMENT]
    names = [row.inputs["roleAssignmentName"] for row in assigned]
    assert len(names) == len(set(names)) == 5


def test_without_a_registry_nothing_is_pulled_from_one():
    assert "registry-pull" not in rights(**{"cluster.registry": None})
