"""One line for an identity in Azure, and what a stack makes of it."""

import pytest

from settings.azure_identity import AzureIdentity
from settings.load import load
from tests.settings.cases.azure_identity import READ, UPLOADS
from tests.settings.estate import changed, folder


def identity(catalogue, stack):
    """That of a workload whose file says `catalogue` and whose stack says `stack`."""
    here = folder()
    files = changed(
        UPLOADS,
        ("authentication", "azureIdentity", catalogue),
        ("dev", "workloads.authentication.azureIdentity", stack),
    )
    kept = {name: (here.root / name).read_text() for name in files}
    try:
        for name, text in files.items():
            (here.root / name).write_text(text)
        return load(here.root, "dev").workloads["authentication"].azure_identity
    finally:
        for name, text in kept.items():
            (here.root / name).write_text(text)


OWN = AzureIdentity()
SHARED = AzureIdentity(shared="uploads")
WITH_ROLES = AzureIdentity.model_validate({"roles": {"read": READ}})
ROLES = {"roles": {"read": READ}}


@pytest.mark.parametrize(
    ("catalogue", "stack", "found"),
    [
        ("uploads", True, OWN),
        (True, "uploads", SHARED),
        (ROLES, "uploads", SHARED),
        ("uploads", ROLES, WITH_ROLES),
        (ROLES, {"shared": "uploads"}, SHARED),
        (True, ROLES, WITH_ROLES),
        ("uploads", None, None),
    ],
)
def test_what_the_stack_says_takes_the_place_of_the_other_kind_of_identity(catalogue, stack, found):
    assert identity(catalogue, stack) == found


def test_a_stack_says_another_scope_by_the_name_of_the_role():
    there = READ["scope"].replace("uploads", "archive")
    found = identity(ROLES, {"roles": {"read": {"scope": there}}})
    assert found.roles["read"].scope == there
    assert found.roles["read"].role == READ["role"]
