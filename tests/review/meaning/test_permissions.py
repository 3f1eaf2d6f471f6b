"""Rights that a change gives and takes, as a reviewer reads them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from manifests.access import ALLOWS
from review.analyses.permissions import Permissions, Subject, effective
from review.meaning import permissions
from review.meaning.cells import cells
from settings.api_resources import served_by
from tests.review.guard.plans import adding, edited, obj, plan, put, without
from tests.review.meaning.estates import SECRET, UNKNOWN, plan_of
from tests.review.meaning.telling import (
    WEB,
    facts,
    findings,
    messages,
    one,
    rules,
    shuffled,
    told,
)

RBAC = "rbac.authorization.k8s.io"
VIEWER, VIEWERS = "course-role-viewer", "course-binding-viewer"
GROUP = "Entra group 6f1c02aa-4c1d-4e5b-9b57-0b6a5d3e7c02"
CLUSTER = "aks-cluster-managed-cluster"
TABLE = served_by("1.35")


def line(resources, *verbs, groups=("",), **more):
    return {"apiGroups": [*groups], "resources": [*resources], "verbs": [*verbs], **more}


def gives(*lines, name=VIEWER, base=None):
    """The plan with further rules in a role."""
    return edited(base or plan(), name, lambda it: it["rules"].extend(lines))


def role(name, *lines, namespace="course", **metadata):
    kind = "Role" if namespace else "ClusterRole"
    made = obj(f"{RBAC}/v1", kind, name, {"rules": [*lines]}, namespace)
    made.inputs["metadata"].update(metadata)
    return made


def binding(name, refers, *subjects, namespace="course", kind="Role"):
    body = {"roleRef": {"kind": kind, "name": refers}, "subjects": [*subjects]}
    made_kind = "RoleBinding" if namespace else "ClusterRoleBinding"
    return obj(f"{RBAC}/v1", made_kind, name, body, namespace)


def robot(name="web", namespace="course"):
    return {"kind": "ServiceAccount", "name": name, "namespace": namespace}


def group(name="team"):
    return {"kind": "Group", "name": name}


def test_a_right_that_a_role_gains_is_told_of_whom_it_is_bound_to():
    fact = one(facts(permissions, gives(line(["pods/log"], "get"))), sign="gained")

    assert (
        fact.message
        == f"{GROUP} may now get pods/log in course; by RoleBinding course/viewer to Role course/viewer"
    )
    assert fact.resource == GROUP
    back = one(facts(permissions, plan(), gives(line(["pods/log"], "get"))), sign="lost")
    assert back.message.startswith(f"{GROUP} may no longer get pods/log in course")


def test_a_right_that_somebody_had_in_another_way_is_not_gained():
    everywhere = [
        role("reader", line(["pods/log"], "get"), namespace=""),
        binding("reader", "reader", group(GROUP.split()[-1]), namespace="", kind="ClusterRole"),
    ]
    base = adding(plan(), *everywhere)

    assert facts(permissions, gives(line(["pods/log"], "get"), base=base), base) == []


def test_what_everybody_has_is_neither_gained_nor_lost_by_a_binding_of_ones_own():
    everybody = [
        role("reader", line(["nodes"], "list"), namespace=""),
        binding("all", "reader", group("system:authenticated"), namespace="", kind="ClusterRole"),
    ]
    base = adding(plan(), *everybody)
    head = adding(base, binding("own", "reader", robot(), namespace="", kind="ClusterRole"))

    assert facts(permissions, head, base) == []
    assert facts(permissions, base, head) == []


def test_a_way_that_somebody_had_is_not_gained_again():
    base = gives(line(["secrets"], "get"))

    assert "permissions-gained-secrets" not in rules(
        findings(permissions, gives(line(["secrets"], "list"), base=base), base)
    )


def test_what_everybody_gains_is_told_of_everybody_and_not_of_each():
    head = adding(
        plan(),
        role("reader", line(["nodes"], "list"), namespace=""),
        binding(
            "reader", "reader", group("system:authenticated"), namespace="", kind="ClusterRole"
        ),
    )

    (fact,) = facts(permissions, head)
    assert fact.message == (
        "Group system:authenticated may now list nodes in every namespace, and what has none; "
        "by ClusterRoleBinding reader to ClusterRole reader"
    )
    assert "binding-everybody" in rules(findings(permissions, head))


def test_the_same_right_of_several_accounts_or_namespaces_is_one_fact():
    reader = role("reader", line(["pods"], "get"), namespace="")
    accounts = [robot(it) for it in ("a", "b", "c", "d", "e")]
    bound = [
        binding("reader", "reader", *accounts, namespace=it, kind="ClusterRole")
        for it in ("course", "logging", "testing", "business-data")
    ]

    (fact,) = facts(permissions, adding(plan(), reader, *bound))
    assert fact.message.startswith(
        "5 service accounts (course/a, course/b, course/c and 2 more) may now get pods in 4 namespaces "
        "(business-data, course, logging and 1 more); by "
    )
    assert fact.message.endswith("to ClusterRole reader, and alike elsewhere")


def test_an_account_each_in_its_own_namespace_is_one_fact():
    reader = role("reader", line(["pods"], "get"), namespace="")
    bound = [
        binding("reader", "reader", robot("x", it), namespace=it, kind="ClusterRole")
        for it in ("course", "logging", "testing")
    ]

    (fact,) = facts(permissions, adding(plan(), reader, *bound))
    assert "3 service accounts" in fact.message
    assert "may now get pods where they are bound" in fact.message


def test_a_role_that_others_are_aggregated_into_gives_to_whom_the_whole_is_bound():
    selector = {"clusterRoleSelectors": [{"matchLabels": {"to": "whole"}}]}
    whole = obj(
        f"{RBAC}/v1", "ClusterRole", "whole", {"rules": [], "aggregationRule": selector}, None
    )
    base = adding(plan(), whole, binding("w", "whole", group(), kind="ClusterRole"))
    head = adding(
        base, role("part", line(["secrets"], "get", "list"), namespace="", labels={"to": "whole"})
    )

    fact = one(facts(permissions, head, base), sign="gained")
    assert fact.message.startswith("Group team may now get, list secrets in course")
    found = one(findings(permissions, head, base), rule="permissions-gained-secrets")
    assert found.severity == "mandatory"


@pytest.mark.parametrize(
    ("rule", "given", "severity"),
    [
        ("permissions-gained-secrets", line(["secrets"], "list"), "mandatory"),
        ("permissions-gained-exec", line(["pods/exec"], "create"), "advisory"),
        ("permissions-gained-start-pods", line(["pods"], "create"), "advisory"),
        (
            "permissions-gained-grant-rights",
            line(["rolebindings"], "create", groups=(RBAC,)),
            "mandatory",
        ),
        ("permissions-gained-grant-rights", line(["roles"], "bind", groups=(RBAC,)), "mandatory"),
        (
            "permissions-gained-grant-rights",
            line(["roles"], "escalate", groups=(RBAC,)),
            "mandatory",
        ),
        ("permissions-gained-impersonate", line(["serviceaccounts"], "impersonate"), "mandatory"),
        ("permissions-gained-make-tokens", line(["serviceaccounts/token"], "create"), "mandatory"),
        ("permissions-gained-change-namespace", line(["namespaces"], "patch"), "mandatory"),
    ],
)
def test_every_way_to_further_rights_that_somebody_gains_is_a_finding(rule, given, severity):
    found = one(findings(permissions, gives(given)), rule=rule)

    assert found.severity == severity
    assert found.message.startswith(f"{GROUP} now can ")
    assert found.message.endswith("in course; by RoleBinding course/viewer to Role course/viewer")
    assert found.remedy


def test_a_way_with_a_stated_reason_is_advisory_and_still_told():
    head = gives(line(["secrets"], "list"))
    put(
        next(it for it in head.resources if it.name == VIEWER).inputs,
        "metadata.annotations",
        {f"{ALLOWS}secrets": "the vault is elsewhere"},
    )

    assert (
        one(findings(permissions, head), rule="permissions-gained-secrets").severity == "advisory"
    )


def test_everything_is_said_in_one_word():
    head = edited(plan(), VIEWER, lambda it: it.update(rules=[line(["*"], "*", groups=("*",))]))

    found = findings(permissions, head)
    assert rules(found) == ["permissions-gained-everything", "role-wildcard"]
    fact = one(facts(permissions, head), sign="gained")
    assert "may now do everything with every resource in course" in fact.message
    (right,) = permissions.rights(permissions.of_plan(plan()), permissions.of_plan(head))
    assert (right.resources, right.verbs_before, right.verbs_after) == ("*", (), ("*",))


def test_cluster_admin_for_somebody_is_a_finding():
    head = edited(
        plan(), VIEWERS, lambda it: it["roleRef"].update(kind="ClusterRole", name="cluster-admin")
    )

    found = findings(permissions, head)
    assert {"binding-broad", "permissions-gained-everything"} <= {*rules(found)}
    assert {it.severity for it in found} == {"mandatory"}


def test_a_role_that_is_in_no_plan_gives_what_cannot_be_told():
    head = edited(plan(), VIEWERS, lambda it: it["roleRef"].update(kind="ClusterRole", name="view"))

    fact = one(facts(permissions, head), sign="gained")
    assert fact.message.startswith(
        f"{GROUP} gets ClusterRole view in course, which is not in this plan"
    )
    assert "what it allows cannot be told" in fact.message


@pytest.mark.parametrize(
    ("rule", "subject"),
    [
        ("binding-everybody", group("system:unauthenticated")),
        ("binding-masters", group("system:masters")),
        ("binding-default-account", robot("default")),
        ("binding-namespace-missing", robot("x", "nowhere")),
    ],
)
def test_faults_of_bindings_are_told_once_they_are_new(rule, subject):
    head = adding(plan(), binding("new", "viewer", subject))

    assert rule in rules(findings(permissions, head))
    assert findings(permissions, head, head) == []


def test_a_word_that_gives_nothing_is_told():
    assert "role-word" in rules(findings(permissions, gives(line(["secret"], "get"))))


def test_a_binding_to_a_role_that_is_not_there_is_told():
    assert "binding-role-missing" in rules(findings(permissions, without(plan(), VIEWER)))


def test_pods_that_get_a_token_are_told_with_what_it_may():
    head = edited(
        plan(), WEB, lambda it: put(it, "spec.template.spec.automountServiceAccountToken", True)
    )
    strong = adding(head, binding("strong", "viewer", robot("web")))
    base = adding(plan(), binding("strong", "viewer", robot("web")))

    found = one(findings(permissions, head), rule="permissions-token-mounted")
    assert (found.severity, found.resource) == ("advisory", "Deployment course/web")
    assert found.message.endswith(
        "a token of ServiceAccount course/web, which has no role in this program"
    )
    strong_found = one(findings(permissions, strong, base), rule="permissions-token-mounted")
    assert strong_found.severity == "mandatory"
    assert strong_found.message.endswith("which has Role course/viewer")
    assert "no longer get the token" in one(facts(permissions, plan(), head), sign="lost").message


@pytest.mark.parametrize("key", ["automountServiceAccountToken", "serviceAccountName"])
def test_an_account_that_is_not_known_is_told(key):
    path = f"spec.template.spec.{key}"
    head = edited(plan(), WEB, lambda it: put(it, path, dict(UNKNOWN)))

    found = one(findings(permissions, head), rule="permissions-unknown")
    assert (found.resource, found.path) == ("Deployment course/web", path)
    assert all(it.verdict == "unknown" for it in findings(permissions, head))
    assert all("not for certain" in it.message for it in facts(permissions, head))


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


SPACES = ("a", "b")
subjects = st.sampled_from([robot("x", "a"), robot("y", "b"), group("team")])
lines = st.builds(
    lambda resource, verbs, names: line(
        [resource], *verbs, **({"resourceNames": [names]} if names else {})
    ),
    st.sampled_from(("pods", "secrets", "nodes", "*", "pods/exec")),
    st.lists(st.sampled_from(("get", "list", "create", "*")), min_size=1, max_size=2, unique=True),
    st.sampled_from(("", "", "one")),
)


@st.composite
def estates(draw):
    found = []
    for number in range(draw(st.integers(1, 3))):
        home = draw(st.sampled_from((*SPACES, "")))
        found.append(role(f"r{number}", *draw(st.lists(lines, max_size=2)), namespace=home).inputs)
    for number in range(draw(st.integers(0, 4))):
        home = draw(st.sampled_from((*SPACES, "")))
        kind = draw(st.sampled_from(("Role", "ClusterRole"))) if home else "ClusterRole"
        name = f"r{draw(st.integers(0, 3))}"
        who = draw(st.lists(subjects, min_size=1, max_size=2))
        found.append(binding(f"b{number}", name, *who, namespace=home, kind=kind).inputs)
    return found


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
