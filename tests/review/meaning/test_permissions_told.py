"""Rights in Azure and of pods: whose issuer, which scope, what of a new workload."""

import pytest

from review.meaning import permissions
from tests.review.guard.plans import adding, edited, made, obj, plan, put, without
from tests.review.meaning.estates import UNKNOWN
from tests.review.meaning.permitting import CLUSTER, binding, robot
from tests.review.meaning.telling import WEB, facts, findings, messages, one, shuffled, told

PULL = "aks-identity-registry-pull"
CREDENTIAL = "aks-workload-blob-service-credential"


def changed(name, **inputs):
    return edited(plan(), name, lambda it: it.update(inputs))


def test_a_service_account_of_another_issuer_is_another_and_is_outside_the_cluster():
    head = changed(CREDENTIAL, issuer="https://oidc.example/other")

    found = one(findings(permissions, head), rule="permissions-signs-in-unknown")
    assert (found.verdict, found.path) == ("fail", "issuer")
    assert found.message.endswith(
        "or is outside the cluster: ServiceAccount course/blob-service of https://oidc.example/other"
    )
    gained, lost = facts(permissions, head)
    assert (
        "ServiceAccount course/blob-service of https://oidc.example/other may now" in gained.message
    )
    assert lost.message.startswith("ServiceAccount course/blob-service may no longer sign in")


def test_a_subject_that_only_a_deployment_tells_is_unknown():
    found = one(findings(permissions, changed(CREDENTIAL, subject=dict(UNKNOWN))))

    assert (found.rule, found.verdict, found.path) == (
        "permissions-signs-in-unknown", "unknown", "subject",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("scope", "said"),
    [
        ("/subscriptions/s", "subscription s"),
        ("/subscriptions/s/resourceGroups/rg", "resource group rg"),
        ("/subscriptions/s/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/v", "vaults v"),
        ("/providers/Microsoft.Management/managementGroups/top", "managementGroups top"),
        ("/", "/"),
        ("/subscriptions/s/resourceGroups", "/subscriptions/s/resourceGroups"),
    ],
)
def test_a_scope_is_said_as_what_it_is(scope, said):
    message = messages(facts(permissions, changed(PULL, scope=scope)))[0]

    assert message.endswith(f"gets AcrPull on {said}")


def test_pods_that_are_new_and_get_the_token_of_an_account_with_a_role_say_so():
    spec = {
        "serviceAccountName": "web",
        "automountServiceAccountToken": True,
        "containers": [{"name": "x", "image": "x:1"}],
    }
    template = {"spec": spec}
    base = adding(plan(), binding("strong", "viewer", robot("web")))
    head = adding(base, obj("apps/v1", "Deployment", "x", {"spec": {"template": template}}))

    found = one(findings(permissions, head, base), rule="permissions-token-mounted")
    assert (found.severity, found.path) == (
        "advisory", "spec.template.spec.automountServiceAccountToken",
    )  # fmt: skip
    assert found.message == (
        "is new, and its pods get a token of ServiceAccount course/web, which has Role course/viewer"
    )
    alone = adding(plan(), obj("apps/v1", "Deployment", "x", {"spec": {"template": template}}))
    assert told(permissions, alone) == []


def test_pods_that_get_a_token_now_are_told_with_the_account_and_where_it_stands():
    head = edited(
        plan(), WEB, lambda it: put(it, "spec.template.spec.automountServiceAccountToken", True)
    )

    fact = one(facts(permissions, head), sign="gained")
    assert fact.message == "course/web: its pods get the token of ServiceAccount web"
    assert fact.path == "spec.template.spec.serviceAccountName"


def test_an_administrator_whom_only_a_deployment_tells_has_a_name_that_says_so():
    head = edited(
        plan(), CLUSTER, lambda it: it["aadProfile"]["adminGroupObjectIDs"].append(dict(UNKNOWN))
    )

    assert any("one that only a deployment tells" in it.message for it in told(permissions, head))


def test_one_more_administrator_whom_only_a_deployment_tells_is_one_more():
    def with_unknown(count):
        groups = [dict(UNKNOWN)] * count
        return edited(plan(), CLUSTER, lambda it: put(it, "aadProfile.adminGroupObjectIDs", groups))

    it = one(findings(permissions, with_unknown(2), with_unknown(1)))
    assert it.rule == "permissions-admin-gained"
    assert it.message.startswith("Entra group one that only a deployment tells administers")
    assert len(told(permissions, with_unknown(1), with_unknown(2))) == 1
    assert told(permissions, with_unknown(2), with_unknown(2)) == []


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("disableLocalAccounts", False),
        ("enableRBAC", True),
        ("aadProfile.enableAzureRBAC", False),
        ("apiServerAccessProfile.disableRunCommand", False),
    ],
)
def test_a_switch_that_is_written_out_as_azure_has_it_is_no_change(path, value):
    said, unsaid = (
        edited(plan(), CLUSTER, lambda it, given=given: put(it, path, given))
        for given in (value, ...)
    )

    assert told(permissions, said, unsaid) == told(permissions, unsaid, said) == []


def test_a_switch_that_opens_a_way_says_both_values_and_why():
    head = edited(plan(), CLUSTER, lambda it: put(it, "disableLocalAccounts", False))

    fact = one(facts(permissions, head), sign="changed")
    assert (fact.old, fact.new) == ("true", "false")
    assert fact.message == "disableLocalAccounts of the cluster is false, before true"
    assert (
        one(findings(permissions, head)).why
        == "it is a way in that no role of this program describes"
    )


def test_a_role_says_what_came_and_what_went():
    head = changed(PULL, roleDefinitionId="/x/roleDefinitions/b24988ac-6180-42a0-ab88-20f7382dd24c")

    assert [(it.old, it.new) for it in facts(permissions, head)] == [
        ("", "Contributor"), ("AcrPull", ""),
    ]  # fmt: skip


def test_roles_that_azure_gives_in_the_cluster_are_a_note_where_azure_is_asked():
    note = "permissions: roles in the cluster that Azure RBAC gives"
    asked, alone = (
        edited(
            plan(), CLUSTER, lambda it, value=value: put(it, "aadProfile.enableAzureRBAC", value)
        )
        for value in (True, False)
    )

    assert any(it.startswith(note) for it in permissions.notes(asked))
    assert not any(it.startswith(note) for it in permissions.notes(alone))


def test_a_side_is_the_same_in_any_order_of_rows():
    more = [
        made(
            "azure-native:managedidentity:FederatedIdentityCredential",
            f"more-{at}",
            {"subject": f"repo:a/{at}", "issuer": "https://i.example", "resourceName": "own"},
        )
        for at in range(5)
    ]
    head = adding(plan(), *more)

    assert len({str(permissions.of_plan(shuffled(head, seed)).azure) for seed in range(4)}) == 1


def test_trusted_access_that_goes_is_told():
    (fact,) = facts(permissions, without(plan(), "aks-backup-trusted-access"))

    assert fact.sign == "lost"
    assert "an Azure service may no longer act in the cluster as " in fact.message
