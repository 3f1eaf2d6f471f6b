"""Who a pipeline is in Azure: whose tokens it takes, and what it may do."""

import re
from uuid import UUID

import pytest
from pydantic import ValidationError

from components.azure.roles import ROLES
from settings import pipeline_roles
from settings.azure_roles import OWNER_ROLES
from settings.pipelines import Pipeline
from tests.components.azure.cloud import (
    DEVOPS,
    PIPELINES,
    REGISTRY,
    SHARING,
    STORAGE,
    SUBSCRIPTION,
    VAULT,
    WATCHED,
    planned,
    stack,
)

GITHUB = "https://token.actions.githubusercontent.com"
RUNS = {"cluster.runs": {"days": ["Monday"], "start": "07:00", "stop": "19:00"}}
GUIDS = re.compile(r"GuidEquals \{([^}]*)\}")


def of(rows, pipeline, kind):
    """Inputs by logical name of the resources of one kind that a pipeline has."""
    return {
        name: row.inputs
        for name, row in rows.items()
        if name.startswith(f"aks-pipeline-{pipeline}-") and row.type.endswith(f":{kind}")
    }


def made(pipeline, **changes):
    rows = planned(stack(**PIPELINES, **changes))
    return rows, {
        kind: of(rows, pipeline, kind)
        for kind in ("FederatedIdentityCredential", "RoleAssignment", "RoleDefinition")
    }


def roles(assignments):
    """Name of the role and end of the scope of each assignment, the own role without a name."""
    names = {guid: name for name, guid in ROLES.items()}
    return {
        key.partition("-pipeline-")[2].partition("-")[2]: (
            names.get(it["roleDefinitionId"].rpartition("/")[2]),
            it["scope"].rpartition("/")[2],
        )
        for key, it in assignments.items()
    }


def test_without_pipelines_nothing_is_made():
    assert [name for name in planned(stack()) if "pipeline" in name] == []


def test_each_kind_of_run_is_a_credential_in_the_words_of_its_tokens():
    rows = planned(stack(**PIPELINES))
    found = {
        key: {(it["issuer"], it["subject"]) for it in of(rows, key, "FederatedIdentityCredential").values()}
        for key in PIPELINES["pipelines"]
    }  # fmt: skip
    assert found == {
        "deploy": {
            (GITHUB, "repo:course/platform:environment:dev"),
            (GITHUB, "repo:course/platform:ref:refs/heads/main"),
            (GITHUB, "repo:course/platform:ref:refs/tags/v1"),
        },
        "review": {(GITHUB, "repo:course/platform:pull_request")},
        "nightly": {
            (
                f"https://vstoken.dev.azure.com/{DEVOPS['organizationId']}",
                "sc://course/platform/aks-dev",
            )
        },
        "other": {("https://gitlab.example", "project_path:a/b")},
    }


def test_credentials_are_for_azures_own_audience_and_have_names_that_azure_takes():
    for row in planned(stack(**PIPELINES)).values():
        if row.type.endswith(":FederatedIdentityCredential") and "pipeline" in row.name:
            assert row.inputs["audiences"] == ["api://AzureADTokenExchange"]
            name = row.inputs["federatedIdentityCredentialResourceName"]
            assert re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]{2,119}", name)


def test_a_long_subject_still_has_a_name_that_fits():
    github = {"repository": f"course/{'x' * 100}", "environments": ["e" * 200, "e" * 199]}
    rows = planned(stack(pipelines={"p": {"may": "preview", "github": github}}))
    names = {
        it["federatedIdentityCredentialResourceName"]
        for it in of(rows, "p", "FederatedIdentityCredential").values()
    }
    assert len(names) == 2
    assert max(map(len, names)) <= 120


def test_no_two_credentials_of_a_pipeline_are_written_at_once():
    rows = planned(stack(**PIPELINES))
    found = of(rows, "deploy", "FederatedIdentityCredential")
    before = [len({*rows[name].dependencies} & {*found}) for name in found]
    assert sorted(before) == [0, 1, 2]


def test_a_pipeline_that_previews_reads_and_asks_for_the_kubeconfig_and_no_more():
    _, found = made("review")
    assert found["RoleDefinition"] == {}
    assert roles(found["RoleAssignment"]) == {
        "reads": ("Reader", "aks-resource-group"),
        "asks": ("Azure Kubernetes Service Cluster User Role", "aks-cluster-managed-cluster"),
        "kubernetes": ("Azure Kubernetes Service RBAC Reader", "aks-cluster-managed-cluster"),
    }


def test_a_pipeline_that_deploys_has_one_role_of_its_own_in_the_group_alone():
    rows, found = made("deploy")
    [role] = found["RoleDefinition"].values()
    group = f"{SUBSCRIPTION}/made/aks-resource-group"
    assert role["assignableScopes"] == [role["scope"]] == [group]
    assert role["permissions"] == [
        {
            "actions": pipeline_roles.actions(),
            "notActions": [],
            "dataActions": [],
            "notDataActions": [],
        }
    ]
    keeps = rows["aks-pipeline-deploy-keeps"].inputs
    assert (keeps["scope"], keeps["principalType"]) == (group, "ServicePrincipal")
    assert keeps["roleDefinitionId"] == f"{SUBSCRIPTION}/made/aks-pipeline-deploy-role"
    assert UUID(role["roleDefinitionId"])


def test_two_pipelines_have_roles_with_names_of_their_own():
    rows = planned(stack(**PIPELINES))
    both = [it for key in ("deploy", "nightly") for it in of(rows, key, "RoleDefinition").values()]
    assert len({it["roleName"] for it in both}) == len({it["roleDefinitionId"] for it in both}) == 2


def test_it_gives_roles_in_the_group_and_on_each_resource_of_others_where_the_program_does():
    _, found = made("deploy", **SHARING)
    conditions = {
        it["scope"]: {name for name, guid in ROLES.items() if guid in it["condition"]}
        for it in found["RoleAssignment"].values()
        if "condition" in it
    }
    assert conditions == {
        f"{SUBSCRIPTION}/made/aks-resource-group": {*pipeline_roles.WITHIN},
        REGISTRY: {"AcrPull"},
        VAULT: {"Key Vault Secrets User"},
        VAULT.replace("shop", "other"): {"Key Vault Secrets User"},
        STORAGE: {"Storage Blob Data Reader"},
    }


def test_a_right_to_give_roles_never_comes_without_a_condition():
    rows = planned(stack(**PIPELINES, **SHARING, **WATCHED))
    assigns = [
        row.inputs
        for row in rows.values()
        if str(row.inputs.get("roleDefinitionId", "")).endswith(ROLES[pipeline_roles.ASSIGNS])
    ]
    assert len(assigns) == 10
    for it in assigns:
        assert it["conditionVersion"] == "2.0"
        assert len(GUIDS.findall(it["condition"])) == 2


@pytest.mark.parametrize("role", sorted(OWNER_ROLES))
def test_no_pipeline_can_give_a_role_that_manages_or_hands_out_rights(role):
    wide = {"role": role, "scope": STORAGE, "reason": "they asked for it"}
    _, found = made("deploy", azureIdentities={"uploads": {"roles": {"all": wide}}})
    for it in found["RoleAssignment"].values():
        assert ROLES[role] not in it.get("condition", "")


def test_no_pipeline_can_give_the_role_that_it_deploys_with():
    rows, found = made("deploy", **RUNS)
    own = {
        it["roleDefinitionId"]
        for key in ("deploy", "nightly")
        for it in of(rows, key, "RoleDefinition").values()
    }
    conditions = " ".join(it.get("condition", "") for it in found["RoleAssignment"].values())
    assert not any(guid in conditions for guid in own)
    kept = rows["aks-running-hours-role"].inputs["roleDefinitionId"]
    assert kept in conditions


def test_roles_go_to_groups_of_people_for_dashboards_alone():
    for changes, people in ((dict[str, object](), False), (WATCHED, True)):
        _, found = made("deploy", **changes)
        [within] = [it for name, it in found["RoleAssignment"].items() if name.endswith("-assigns")]
        assert ("'Group'" in within["condition"]) is people


def test_the_condition_is_azures_own_text():
    text = pipeline_roles.condition(["b", "a"], ["ServicePrincipal", "Group"])
    place = "Microsoft.Authorization/roleAssignments"
    assert text == (
        f"((!(ActionMatches{{'{place}/write'}})) OR "
        f"(@Request[{place}:RoleDefinitionId] ForAnyOfAnyValues:GuidEquals {{a, b}} AND "
        f"@Request[{place}:PrincipalType] ForAnyOfAnyValues:StringEqualsIgnoreCase {{'Group', 'ServicePrincipal'}}))"
        " AND "
        f"((!(ActionMatches{{'{place}/delete'}})) OR "
        f"(@Resource[{place}:RoleDefinitionId] ForAnyOfAnyValues:GuidEquals {{a, b}} AND "
        f"@Resource[{place}:PrincipalType] ForAnyOfAnyValues:StringEqualsIgnoreCase {{'Group', 'ServicePrincipal'}}))"
    )


def test_the_client_ids_are_told_by_pipeline():
    rows = planned(stack(**PIPELINES))
    for key in PIPELINES["pipelines"]:
        name = f"aks-pipeline-{key}"
        assert rows[name].outputs["client_id"] == f"client of {name}-identity"


@pytest.mark.parametrize(
    "way",
    [
        {"github": {"repository": "platform", "branches": ["main"]}},
        {"github": {"repository": "a/b/c", "branches": ["main"]}},
        {"github": {"repository": "a/b", "branches": ["release/*"]}},
        {"github": {"repository": "a/b", "environments": ["*"]}},
        {"github": {"repository": "a/b", "environments": ["a:b"]}},
        {"azureDevOps": {**DEVOPS, "project": "*"}},
        {"azureDevOps": {**DEVOPS, "organization": "a/b"}},
        {"azureDevOps": {**DEVOPS, "organizationId": "course"}},
        {"oidc": {"issuer": "http://gitlab.example", "subject": "a"}},
        {"oidc": {"issuer": "https://gitlab.example", "subject": "a*"}},
    ],
)
def test_a_pattern_or_half_a_name_is_refused(way):
    with pytest.raises(ValidationError):
        Pipeline.model_validate({"may": "preview", **way})
