"""Rights that a change gives and takes, as a reviewer reads them: further cases."""

import pytest
from hypothesis import given, settings

from review.analyses.permissions import Permissions, Subject, effective
from review.meaning import permissions
from review.meaning.cells import cells
from tests.review.guard.plans import adding, edited, plan, put, without
from tests.review.meaning.estates import SECRET, UNKNOWN, plan_of
from tests.review.meaning.permitting import (
    CLUSTER,
    GROUP,
    SPACES,
    TABLE,
    VIEWER,
    VIEWERS,
    binding,
    estates,
    gives,
    group,
    line,
    robot,
)
from tests.review.meaning.telling import (
    WEB,
    facts,
    findings,
    messages,
    one,
    shuffled,
    told,
)


def test_pods_that_run_as_somebody_else_are_told():
    head = edited(plan(), WEB, lambda it: put(it, "spec.template.spec.serviceAccountName", "redis"))

    fact = one(facts(permissions, head), sign="changed")
    assert (
        fact.message
        == "course/web: its pods run as ServiceAccount course/redis, before as course/web"
    )


def test_a_new_administrator_group_is_mandatory():
    head = edited(
        plan(), CLUSTER, lambda it: it["aadProfile"]["adminGroupObjectIDs"].append("00000000-new")
    )

    found = one(findings(permissions, head), rule="permissions-admin-gained")
    assert found.severity == "mandatory"
    assert found.message.startswith("Entra group 00000000-new administers the cluster now")
    assert one(facts(permissions, plan(), head), sign="lost").message == (
        "Entra group 00000000-new no longer administers the cluster"
    )


def test_administrators_that_are_not_known_are_told_so():
    head = edited(
        plan(), CLUSTER, lambda it: put(it, "aadProfile.adminGroupObjectIDs", dict(UNKNOWN))
    )

    found = one(findings(permissions, head), rule="permissions-admins-unknown")
    assert found.verdict == "unknown"
    assert "aadProfile.adminGroupObjectIDs must be known before deployment" in found.message


@pytest.mark.parametrize(
    ("path", "value", "severity"),
    [
        ("disableLocalAccounts", False, "mandatory"),
        ("enableRBAC", False, "mandatory"),
        ("apiServerAccessProfile.disableRunCommand", ..., "advisory"),
    ],
)
def test_ways_past_every_role_are_told(path, value, severity):
    head = edited(plan(), CLUSTER, lambda it: put(it, path, value))

    (found,) = findings(permissions, head)
    assert (found.severity, found.path) == (severity, path)
    assert one(facts(permissions, head), sign="changed").path == path
    unknown = edited(plan(), CLUSTER, lambda it: put(it, path, dict(UNKNOWN)))
    assert one(findings(permissions, unknown), path=path).verdict == "unknown"


def test_a_role_in_azure_is_told_with_who_gets_it_and_on_what():
    def change(it):
        it["roleDefinitionId"] = (
            "/subscriptions/x/roleDefinitions/B24988AC-6180-42a0-ab88-20f7382dd24c"
        )

    head = edited(plan(), "aks-identity-registry-pull", change)

    found = one(findings(permissions, head), rule="permissions-azure-owner")
    assert found.message == (
        "identity id-course-prod-kubelet gets Contributor on registries courseregistry: "
        "it manages everything in its scope"
    )
    assert messages(facts(permissions, head)) == [
        "in Azure, identity id-course-prod-kubelet gets Contributor on registries courseregistry",
        "in Azure, identity id-course-prod-kubelet no longer has AcrPull on registries courseregistry",
    ]


def test_a_role_in_azure_of_which_little_is_known_is_unknown_and_never_silent():
    base = without(plan(), "aks-identity-kubelet-operator")

    found = one(findings(permissions, plan(), base), rule="permissions-azure-unknown")
    assert found.verdict == "unknown"
    assert "principalId and roleDefinitionId and scope must be known" in found.message
    assert "UserAssignedIdentity id-course-prod-kubelet" in found.message


def test_a_principal_outside_of_the_program_is_said_to_be_unknown():
    def change(it):
        it["principalId"], it["principalType"] = "00000000-who", "Group"

    head = edited(plan(), "aks-identity-registry-pull", change)
    assert (
        "in Azure, Group 00000000-who, who is not in this program, gets AcrPull on registries courseregistry"
        in (messages(facts(permissions, head)))
    )


def test_a_service_account_that_may_sign_in_to_azure_is_told_with_what_it_gets_there():
    name = "aks-workload-blob-service-credential"
    base = without(plan(), name)

    (fact,) = facts(permissions, plan(), base)
    assert fact.message == (
        "ServiceAccount course/blob-service may now sign in to Azure as identity id-course-prod-blob-service, "
        "which has Key Vault Secrets User on vaults shop-kv-prod"
    )
    assert "may no longer sign in to Azure" in messages(facts(permissions, base))[0]
    foreign = edited(plan(), name, lambda it: it.update(subject="repo:x/y"))
    found = one(findings(permissions, foreign), rule="permissions-signs-in-unknown")
    assert "repo:x/y" in found.message


def test_trusted_access_of_an_azure_service_is_told():
    base = without(plan(), "aks-backup-trusted-access")

    (fact,) = facts(permissions, plan(), base)
    assert (
        "may now act in the cluster as Microsoft.DataProtection/backupVaults/backup-operator"
        in fact.message
    )


@pytest.mark.parametrize(
    ("mark", "word"), [(UNKNOWN, "must be known"), (SECRET, "is a secret that no plan shows")]
)
@pytest.mark.parametrize(
    ("name", "path"),
    [
        (VIEWERS, "subjects[0].name"),
        (VIEWERS, "subjects"),
        (VIEWERS, "roleRef"),
        (VIEWERS, "metadata.namespace"),
        (VIEWER, "rules"),
        (VIEWER, "rules[0].verbs"),
    ],
)
def test_whatever_is_not_known_is_told_by_its_path(name, path, mark, word):
    head = edited(plan(), name, lambda it: put(it, path.replace("[0]", "[]"), dict(mark)))

    found = one(findings(permissions, head), rule="permissions-unknown")
    assert found.path == path
    assert found.message == f"who may do what by it cannot be told: {path} {word}"
    assert any(path in it for it in permissions.notes(head))
    assert all(it.verdict == "unknown" for it in findings(permissions, head))
    assert all("not for certain" in it.message for it in facts(permissions, head) if it.rank > 20)


def test_the_matrix_has_a_row_for_each_resource_that_differs():
    rows = permissions.rights(
        permissions.of_plan(plan()),
        permissions.of_plan(gives(line(["secrets", "pods/log"], "get"))),
    )

    (row,) = rows
    assert (row.subject, row.namespace, row.resources) == (GROUP, "course", "pods/log, secrets")
    assert (row.verbs_before, row.verbs_after) == ((), ("get",))
    more = permissions.rights(
        permissions.of_plan(plan()), permissions.of_plan(gives(line(["pods"], "delete")))
    )
    assert (more[0].verbs_before, more[0].verbs_after) == (
        ("get", "list", "watch"),
        ("delete", "get", "list", "watch"),
    )


def test_nothing_is_told_of_a_plan_and_itself():
    for stack in ("dev", "prod", "local"):
        assert told(permissions, plan(stack), plan(stack)) == []


def test_the_order_of_rows_changes_nothing():
    head = without(gives(line(["secrets"], "list")), "aks-identity-registry-pull")
    head = adding(head, binding("new", "viewer", robot(), robot("redis"), group("system:masters")))

    assert told(permissions, shuffled(head), shuffled(plan(), 2)) == told(permissions, head)
    sides = [permissions.of_plan(it) for it in (plan(), head)]
    others = [permissions.of_plan(shuffled(it)) for it in (plan(), head)]
    assert permissions.rights(*sides) == permissions.rights(*others)


def test_notes_come_from_a_side_at_no_cost():
    assert list(permissions.notes(permissions.of_plan(plan()))) == list(permissions.notes(plan()))
    assert any("charts" in it for it in permissions.notes(plan()))
    assert not any("charts" in it for it in permissions.notes(plan("local")))


@settings(max_examples=80)
@given(estates(), estates())
def test_what_is_gained_and_lost_is_the_difference_of_effective_rights_cell_by_cell(before, after):
    sides = [permissions.of_plan(plan_of(*it)) for it in (before, after)]
    found = {(it.subject, it.namespace): it for it in cells(sides[0].held, sides[1].held, "1.35")}
    grants = [list(Permissions.of(it).grants()) for it in (before, after)]
    for who in (
        Subject("ServiceAccount", "x", "a"),
        Subject("ServiceAccount", "y", "b"),
        Subject("Group", "team"),
    ):
        everywhere = [{*effective(it, who, "", TABLE)} for it in grants]
        for space in ("", *SPACES):
            was, now = ({*effective(it, who, space, TABLE)} for it in grants)
            gained, lost = now - was, was - now
            if space:
                gained -= everywhere[1] - everywhere[0]
                lost -= everywhere[0] - everywhere[1]
            cell = found.get((who, space))
            assert (cell.gained() if cell else set()) == gained
            assert (cell.lost() if cell else set()) == lost


@settings(max_examples=60)
@given(estates(), estates())
def test_what_is_told_one_way_is_told_the_other_way_round(before, after):
    old, new = (permissions.of_plan(plan_of(*it)) for it in (before, after))

    assert list(permissions.compare(old, old)) == []
    there, back = permissions.rights(old, new), permissions.rights(new, old)
    turned = [
        (it.subject, it.namespace, it.resources, it.verbs_after, it.verbs_before) for it in back
    ]
    assert turned == [
        (it.subject, it.namespace, it.resources, it.verbs_before, it.verbs_after) for it in there
    ]
    gained = [
        it.message for it in permissions.compare(old, new) if getattr(it, "sign", "") == "gained"
    ]
    lost = [it.message for it in permissions.compare(new, old) if getattr(it, "sign", "") == "lost"]
    assert sorted(
        it.replace("may now", "may no longer").replace(" gets ", " no longer has ") for it in gained
    ) == (sorted(lost))
