"""By which version of Azure's API each kind of resource goes: a new SDK that moves one shows here, not in Azure."""

import inspect
import json
import re
from importlib import import_module

import pytest

from tests.components.azure import rich
from tests.engine import assert_golden
from tests.program import planned

SAYS = re.compile(r"Uses Azure REST API version (?P<version>[0-9]{4}-[0-9]{2}-[0-9]{2}(-\w+)?)\.")
PREVIEWS = {
    "azure-native:authorization:RoleDefinition",
    "azure-native:containerregistry:Registry",
    "azure-native:containerservice:DeploymentSafeguard",
    "azure-native:monitor:ActionGroup",
    "azure-native:monitor:DiagnosticSetting",
}
"""Kinds that azure-native 3.29.0 takes by a preview unless told otherwise, the safeguards since Azure has no other:
docs/limits.md says so."""


def kinds():
    """Types of every Azure resource of the shipped stacks and of stacks that say all that can be said."""
    found = {row.type for stack in ("dev", "prod") for row in planned(stack).resources}
    found |= {row.type for row in rich.rows()}
    return sorted(it for it in found if it.startswith("azure-native:"))


def version(kind):
    _, module, name = kind.split(":")
    module, _, pinned = module.partition("/v")
    if pinned:
        return "-".join(
            re.fullmatch(r"([0-9]{4})([0-9]{2})([0-9]{2})(\w*)", pinned).groups()
        ).rstrip("-")
    source = inspect.getsource(
        import_module(getattr(import_module(f"pulumi_azure_native.{module}"), name).__module__)
    )
    return SAYS.search(source)["version"]


def test_the_version_of_every_kind_is_recorded():
    assert_golden(
        "azure-api-versions",
        json.dumps({kind: version(kind) for kind in kinds()}, indent=1) + "\n",
    )


@pytest.mark.parametrize("kind", kinds())
def test_no_other_kind_goes_by_a_preview_that_azure_may_end(kind):
    assert ("preview" in version(kind)) == (kind in PREVIEWS)
