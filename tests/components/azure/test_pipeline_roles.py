"""What a pipeline needs is what it gets: held to what components make, to Azure's own libraries and to both plans."""

import ast
import re
from functools import cache
from pathlib import Path

import azure.mgmt
import pytest

from components.azure.roles import ROLES
from settings import pipeline_roles
from settings.azure_roles import OWNER_ROLES
from settings.pipeline_roles import ASSIGNMENT, BY_A_PERSON, KINDS, VERBS
from tests.components.azure import cloud
from tests.components.azure.rich import VARIATIONS
from tests.program import planned

ROOT = Path(__file__).parents[3]
LIBRARIES = {
    "alertsmanagement": "prometheusrulegroups",
    "containerregistry": "containerregistry",
    "containerservice": "containerservice",
    "containerservice:DeploymentSafeguard": "containerservicesafeguards",
    "dashboard": "dashboard",
    "dataprotection": "dataprotection",
    "keyvault": "keyvault",
    "kubernetesconfiguration": "kubernetesconfiguration",
    "monitor": "monitor",
    "network": "network",
    "operationalinsights": "loganalytics",
    "privatedns": "privatedns",
    "storage": "storage",
}
"""Azure's own library of a kind, or of a module of azure-native, where the tests have one."""

IN_LIBRARIES = [it for it in KINDS if {it, it.split(":")[0]} & {*LIBRARIES}]

ZONES = "Microsoft.Network/privateDnsZones"
KEY = f"https://shop-kv.vault.azure.net/keys/etcd/{'0' * 32}"
OWNS = {"role": "Owner", "scope": cloud.STORAGE, "reason": "they asked for it"}


def made_by_components():
    """`module:Class` of each resource of azure-native that a component's source makes."""
    found = set()
    for path in (ROOT / "components/azure").glob("*.py"):
        tree = ast.parse(path.read_text())
        modules = {
            alias.name
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom) and node.module == "pulumi_azure_native"
            for alias in node.names
        }
        for node in ast.walk(tree):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and isinstance(node.func.value, ast.Name)
                and node.func.value.id in modules
                and node.func.attr[0].isupper()
            ):
                found.add(f"{node.func.value.id}:{node.func.attr}")
    return found


@cache
def library(name):
    """All of the source of one of Azure's libraries."""
    folder = next(Path(it) / name for it in azure.mgmt.__path__ if (Path(it) / name).is_dir())
    sources = (it for it in folder.rglob("*operations*.py") if "aio" not in it.parts)
    return "\n".join(it.read_text().lower() for it in sources)


def test_every_kind_of_resource_that_a_component_makes_has_its_rights_and_no_other_has():
    """A new kind of resource needs a row in `KINDS`, or a reason in `BY_A_PERSON`."""
    assert {*KINDS, *BY_A_PERSON, ASSIGNMENT} == made_by_components()


@pytest.mark.parametrize("stack", ["dev", "prod"])
def test_every_kind_in_the_plan_of_a_shipped_stack_is_kept_by_its_pipeline(stack):
    allowed = {*pipeline_roles.actions()}
    kinds = {
        row.type.removeprefix("azure-native:")
        for row in planned(stack).resources
        if row.type.startswith("azure-native:")
    }
    assert kinds > {"containerservice:ManagedCluster", "network:Subnet"}
    assert [it for it in kinds if it not in KINDS and it not in (ASSIGNMENT, *BY_A_PERSON)] == []
    assert {action for kind in kinds & {*KINDS} for action in KINDS[kind].actions} <= allowed


def test_nothing_is_allowed_by_a_star_and_no_right_and_no_group_can_be_taken():
    allowed = pipeline_roles.actions()
    assert not [it for it in allowed if "*" in it or it.startswith("Microsoft.Authorization/")]
    assert "Microsoft.Resources/subscriptions/resourceGroups/delete" not in allowed
    assert not [it for it in allowed if "listClusterAdminCredential" in it]
    assert all(
        re.fullmatch(r"Microsoft(\.[A-Za-z]+)(/[A-Za-z]+)+/(read|write|delete|action)", it)
        for it in allowed
    )


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_left_out_or_added_has_a_reason(kind):
    needs = KINDS[kind]
    assert bool(needs.reason) is (needs.verbs != VERBS or bool(needs.more))


@pytest.mark.parametrize("kind", IN_LIBRARIES)
def test_the_type_is_one_that_azures_own_library_writes_to(kind):
    """Its path, with `{...}` for each name, is in the library: `managedClusters/{resourceName}/agentPools/`."""
    name = LIBRARIES.get(kind) or LIBRARIES[kind.split(":")[0]]
    service, first, *below = KINDS[kind].at.split("/")
    steps = (rf"(\{{[a-z]+\}}|default)/{it}" for it in below)
    path = "/".join([re.escape(f"/providers/{service}/{first}"), *steps])
    assert re.search(rf"{path.lower()}(?![a-z])", library(name)), path


@pytest.mark.parametrize("index", range(len(VARIATIONS)))
def test_every_role_that_the_program_gives_a_pipeline_may_give(index):
    changes = {**cloud.SHARING, **cloud.WATCHED, **VARIATIONS[index]}
    settings = cloud.stack(**changes)
    outside = pipeline_roles.outside(settings)
    names = {guid: name for name, guid in ROLES.items()}
    group = f"{cloud.SUBSCRIPTION}/made/"
    looked_at = 0
    for row in cloud.planned(settings).values():
        role = names.get(str(row.inputs.get("roleDefinitionId", "")).rpartition("/")[2])
        if not row.type.endswith(":RoleAssignment") or "-pipeline-" in row.name or not role:
            continue
        looked_at += 1
        scope = row.inputs["scope"]
        if scope.endswith("-snapshots"):
            continue  # by a person: a pipeline has no rights in the group of snapshots
        within = pipeline_roles.WITHIN if scope.startswith(group) else outside.get(scope, ())
        assert role in within, f"{row.name}: {role} on {scope}"
    assert looked_at >= 5


def test_roles_on_what_belongs_to_others_are_those_that_the_settings_name():
    zone = f"{cloud.SHARED}/{ZONES}/privatelink.westeurope.azmk8s.io"
    table = f"{cloud.SHARED}/Microsoft.Network/routeTables/rt"
    workspace = f"{cloud.SHARED}/Microsoft.Monitor/accounts/amw"
    found = pipeline_roles.outside(
        cloud.stack(
            **cloud.WATCHED
            | {
                "cluster.apiServer": {"private": True, "privateDnsZone": zone},
                "cluster.kms": {"vaultId": cloud.VAULT, "keyId": KEY},
                "network.routeTableId": table,
                "observability.metrics": {"enabled": True, "workspaceId": workspace},
                "azureIdentities": {"x": {"roles": {"x": OWNS}}},
            }
        )
    )  # fmt: skip
    assert found == {
        cloud.REGISTRY: ["AcrPull"],
        cloud.VAULT: ["Key Vault Crypto User", "Key Vault Secrets User"],
        cloud.VAULT.replace("shop", "other"): ["Key Vault Secrets User"],
        zone: ["Private DNS Zone Contributor"],
        table: ["Network Contributor"],
        workspace: ["Monitoring Data Reader"],
    }


def test_no_role_that_may_be_given_hands_out_rights():
    assert {*pipeline_roles.WITHIN} & {*OWNER_ROLES} == set()
    assert {*pipeline_roles.WITHIN} <= {*ROLES}


def documented():
    """What the page says of kinds with more, or less, than to read, write and delete; and of the others below."""
    more = [
        f"| {kind.split(':')[1]} | {', '.join(needs.verbs)} | "
        f"{', '.join(f'`{it}`' for it in needs.more) or 'none'} | {needs.reason} |"
        for kind, needs in KINDS.items()
        if needs.reason
    ]
    return more + [f"| {kind.split(':')[1]} | {reason} |" for kind, reason in BY_A_PERSON.items()]


@pytest.mark.parametrize("row", documented(), ids=lambda it: it.split("|")[1].strip())
def test_the_page_has_each_right_that_needs_a_reason(row):
    assert row in (ROOT / "docs/cluster.md").read_text().splitlines()


def test_the_page_names_every_built_in_role_that_a_pipeline_has_or_may_give():
    page = (ROOT / "docs/cluster.md").read_text().partition("## Let a pipeline deploy")[2]
    used = {
        *(pipeline_roles.ASSIGNS, *pipeline_roles.PREVIEW, *pipeline_roles.KUBERNETES.values()),
        *pipeline_roles.WITHIN,
    }
    assert [it for it in sorted(used) if it not in page] == []
