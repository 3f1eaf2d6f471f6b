"""Rights that a change gives and takes, as a reviewer reads them."""

import pytest

from manifests.access import ALLOWS
from review.meaning import permissions
from tests.review.guard.plans import adding, edited, obj, plan, put, without
from tests.review.meaning.estates import UNKNOWN
from tests.review.meaning.permitting import (
    GROUP,
    RBAC,
    VIEWER,
    VIEWERS,
    binding,
    gives,
    group,
    line,
    robot,
    role,
)
from tests.review.meaning.telling import (
    WEB,
    facts,
    findings,
    one,
    rules,
)


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
