"""The tables against what the installed azure-native SDK says: a new version of it shows up here.

Read from the SDK: the docstrings, which are Microsoft's description of each API, and the parameters of the lookup
functions, which are those of the resource's URL. What the provider itself holds for force-new (`forceNew` in its
metadata, `willReplaceOnChanges` in its schema) comes with its binary and is not in the Python package.
"""

import json
import os
from pathlib import Path

import pytest
from azure.mgmt.containerservice import models

import review.guard.table
from review.guard.changes import ROWS, rows_of
from review.guard.rows_cluster import CLUSTER
from review.guard.rows_pools import POOL
from review.guard.sources import SDK
from review.guard.table import path_parameters
from tests.program import STACKS
from tests.review.guard import azure_sdk
from tests.review.guard.plans import plan

PATHS = Path(review.guard.table.__file__).with_name("azure_paths.json")
ENCRYPTION_SET = "azure-native:compute:DiskEncryptionSet"
TYPES = sorted(
    {it.type for it in ROWS if it.type.startswith("azure-native:")}
    | {
        it.type
        for name in STACKS
        for it in plan(name).resources
        if it.type.startswith("azure-native:")
    }
    | {ENCRYPTION_SET, "azure-native:resources:ResourceGroup"}
)
ENCRYPTED = "encryption at rest is always on: there is nothing to change"
NO_ROW = {
    (
        "azure-native:network:VirtualNetwork",
        "subnets[].defaultOutboundAccess",
    ): "subnets are resources here",
    ("azure-native:storage:StorageAccount", "accessTier"): "fixed for premium block blobs alone",
    **{
        ("azure-native:storage:StorageAccount", f"encryption.services.{it}.enabled"): ENCRYPTED
        for it in ("blob", "file", "queue", "table")
    },
}
"""What the words find and no row is about, with the reason."""


def covered(token, path):
    return any(
        path == it.path or path.startswith((f"{it.path}.", f"{it.path}[")) for it in rows_of(token)
    )


@pytest.fixture(scope="module")
def words():
    return azure_sdk.said_to_be_fixed(TYPES)


def test_every_field_that_the_sdk_calls_fixed_has_a_row_or_a_reason(words):
    bare = {key for key in words if not covered(*key)}

    assert bare == set(NO_ROW), f"azure-native {azure_sdk.installed()} says so: {words}"


def test_every_row_that_cites_the_sdk_is_in_its_words(words):
    cited = {(it.type, it.path) for it in ROWS if it.source.startswith(SDK)}
    # A key's properties are one row; the SDK says of the whole resource that it cannot be updated.
    cited.discard(("azure-native:keyvault:Key", "properties"))

    assert cited <= set(words)


def test_the_words_are_looked_for_below_the_top(words):
    assert words[CLUSTER, "networkProfile.outboundType"].startswith("This can only be set")
    assert words[CLUSTER, "agentPoolProfiles[].osDiskType"] == words[POOL, "osDiskType"]


def test_what_names_a_resource_is_what_the_sdk_looks_it_up_by():
    found = azure_sdk.path_parameters()
    text = "{\n" + ",\n".join(f'"{key}": {json.dumps(it)}' for key, it in found.items()) + "\n}\n"
    if os.environ.get("UPDATE_GOLDEN"):
        PATHS.write_text(text, encoding="utf-8")

    assert PATHS.read_text(encoding="utf-8") == text, (
        f"azure-native {azure_sdk.installed()} names resources another way; if that is meant, run "
        "UPDATE_GOLDEN=1 ./aks test tests/review/guard and read the diff"
    )


def test_every_azure_resource_of_the_stacks_and_of_the_tables_is_among_them():
    assert [it for it in TYPES if it not in path_parameters()] == []
    assert all(path_parameters()[it] for it in TYPES)


def test_azures_own_models_fix_no_further_field_of_the_cluster_and_its_pools():
    """`visibility` is what azure-native reads as x-ms-mutability, its other source of force-new."""
    fixed = {
        (name, field._rest_name)
        for name in ("ManagedCluster", "ManagedClusterProperties", "AgentPool")
        for field in attributes(getattr(models, name)).values()
        if field._visibility and "create" in field._visibility and "update" not in field._visibility
    }

    assert fixed == {("ManagedCluster", "location")}
    assert covered(CLUSTER, "location")


def attributes(model):
    model()  # fills the table of its fields
    return model._attr_to_rest_field
