"""Federated credentials are counted per identity, in any plan."""

import pytest

from review.analyses.federations import federation_findings, federations
from review.plan import UNKNOWN, Plan, Resource
from tests.components.azure import cloud
from tests.program import STACKS, planned

AZURE = "azure-native:managedidentity"


def urn(name, type_=f"{AZURE}:UserAssignedIdentity"):
    return f"urn:pulumi:s::p::{type_}::{name}"


def identity(name, **inputs):
    given = {"resourceName": f"id-{name}", "resourceGroupName": "rg", **inputs}
    return Resource(urn=urn(name), type=f"{AZURE}:UserAssignedIdentity", name=name, inputs=given)


def credential(name, of=None, type_=f"{AZURE}:FederatedIdentityCredential", **inputs):
    given = {"resourceName": UNKNOWN, "resourceGroupName": UNKNOWN, **inputs}
    given.setdefault("subject", f"system:serviceaccount:course:{name}")
    behind = tuple(urn(it) for it in of) if isinstance(of, list) else (urn(of),) if of else ()
    return Resource(urn=urn(name, type_), type=type_, name=name, inputs=given, dependencies=behind)


def many(count, of, first=0, **more):
    return [credential(f"w{it}", of, **more) for it in range(first, first + count)]


def plan(*rows):
    return Plan(project="p", stack="s", resources=rows)


def found(*rows):
    return list(federation_findings(plan(*rows)))


def counts(*rows):
    return {name: len(it) for name, it in federations(plan(*rows)).items()}


def test_twenty_credentials_are_no_finding_and_one_more_is_mandatory_with_all_that_have_one():
    assert found(identity("a"), *many(20, "a")) == []
    [it] = found(identity("a"), *many(21, "a"))
    assert (it.rule, it.severity, it.resource) == (
        "federations-per-identity",
        "mandatory",
        "identity id-a",
    )
    assert it.message.startswith(
        "gets 21 federated credentials, and Azure takes 20: course/w0, course/w1, course/w2, "
    )
    assert it.message.endswith("course/w20; split it: give some of them another identity")


def test_each_identity_is_counted_for_itself():
    rows = [identity("a"), identity("b"), *many(20, "a"), *many(20, "b", first=20)]
    assert counts(*rows) == {"id-a": 20, "id-b": 20}
    assert found(*rows) == []


def test_an_identity_that_one_credential_names_and_another_depends_on_is_one():
    named = {"resourceName": "ID-A", "resourceGroupName": "RG"}
    assert counts(identity("a"), credential("x", "a"), credential("y", **named)) == {"id-a": 2}
    unknown = identity("a", resourceGroupName=UNKNOWN)
    assert counts(unknown, credential("x", "a"), credential("y", **named)) == {"id-a": 2}


def test_an_identity_of_another_group_is_another():
    there = {"resourceName": "id-a", "resourceGroupName": "elsewhere"}
    both = counts(identity("a"), credential("x", "a"), credential("y", **there))
    assert sorted(both.values()) == [1, 1]


def test_an_identity_that_is_not_in_the_plan_is_counted_by_its_name():
    named = {"resourceName": "id-made-elsewhere", "resourceGroupName": "rg"}
    [it] = found(*many(21, None, **named))
    assert it.resource == "identity id-made-elsewhere"


def test_a_credential_that_waits_for_other_identities_is_of_the_one_that_it_names():
    rows = [identity("a"), identity("b"), *many(21, ["a", "b"], resourceName="id-b")]
    assert counts(*rows) == {"id-b": 21}


def test_what_only_a_deployment_can_tell_is_counted_by_its_parent():
    rows = many(21, None)
    [it] = found(*rows)
    assert "whose name is not known yet" in it.resource


@pytest.mark.parametrize(
    ("type_", "inputs"),
    [
        ("azure-native:managedidentity/v20230131:FederatedIdentityCredential", {}),
        (
            "azure:armmsi/federatedIdentityCredential:FederatedIdentityCredential",
            {
                "resourceName": UNKNOWN,
                "parentId": "/subscriptions/s/resourceGroups/rg/providers/Microsoft.ManagedIdentity/"
                "userAssignedIdentities/id-a",
            },
        ),
    ],
)
def test_credentials_of_other_versions_and_providers_count_too(type_, inputs):
    rows = [*many(20, "a"), credential("other", "a", type_, **inputs)]
    [it] = found(identity("a"), *rows)
    assert "course/other" in it.message


def test_a_subject_that_is_no_service_account_stands_as_it_is():
    rows = many(21, "a", subject="repo:course/platform:ref:refs/heads/main")
    [it] = found(identity("a"), *rows)
    assert "repo:course/platform:ref:refs/heads/main" in it.message


def test_before_the_first_deployment_a_shared_identity_is_counted_as_one():
    settings = cloud.stack(
        azureIdentities={name: {} for name in ("one", "two")},
        workloads={
            name: {
                "name": name,
                "namespace": "course",
                "kind": "deployment",
                "image": "r.example/it",
                "azureIdentity": "one" if index < 20 else "two",
            }
            for index, name in enumerate(f"w{it:02}" for it in range(22))
        },
    )
    rows = [
        Resource(
            urn=name,
            type=row.type,
            name=name,
            parent=row.parent,
            inputs=row.inputs,
            dependencies=tuple(row.dependencies),
        )
        for name, row in cloud.planned(settings, preview=True).items()
    ]
    assert counts(*rows) == {"id-course-dev-shared_one": 20, "id-course-dev-shared_two": 2}


@pytest.mark.parametrize("stack", STACKS)
def test_the_shipped_stacks_federate_each_identity_once(stack):
    shipped = planned(stack)
    assert list(federation_findings(shipped)) == []
    assert [len(it) for it in federations(shipped).values()] == ([] if stack == "local" else [1])
