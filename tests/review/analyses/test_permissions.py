"""What RBAC objects of any origin give, to whom, and by which binding."""

import pytest

from review.analyses.permissions import (
    Permissions,
    RoleName,
    Subject,
    effective,
    escalations,
    unknown,
)
from settings.api_resources import served_by

TABLE = served_by("1.35")
TEAM = Subject("Group", "team")
ROBOT = Subject("ServiceAccount", "robot", "shop")
READ = {"apiGroups": [""], "resources": ["pods"], "verbs": ["get"]}


def role(name, *rules, namespace="shop", **more):
    kind = "Role" if namespace else "ClusterRole"
    metadata = {"name": name, **({"namespace": namespace} if namespace else {}), **more}
    return {"kind": kind, "metadata": metadata, "rules": [*rules]}


def binding(name, refers, *subjects, namespace="shop", kind="Role"):
    metadata = {"name": name, **({"namespace": namespace} if namespace else {})}
    return {
        "kind": "RoleBinding" if namespace else "ClusterRoleBinding",
        "metadata": metadata,
        "roleRef": {"kind": kind, "name": refers},
        "subjects": [
            {
                "kind": it.kind,
                "name": it.name,
                **({"namespace": it.namespace} if it.namespace else {}),
            }
            for it in subjects or (TEAM,)
        ],
    }


def may(manifests, subject=TEAM, namespace="shop"):
    found = effective(Permissions.of(manifests).grants(), subject, namespace, TABLE)
    return {f"{it.verb} {it.resource}" for it in found}


def test_a_role_holds_in_its_namespace_for_whom_it_is_bound_to():
    given = [role("reader", READ), binding("team", "reader")]

    assert may(given) == {"get pods"}
    assert may(given, namespace="other") == set()
    assert may(given, Subject("Group", "others")) == set()


def test_the_order_of_the_objects_does_not_matter():
    given = [role("reader", READ), binding("team", "reader")]

    assert may(given[::-1]) == may(given)


def test_a_role_of_the_same_name_elsewhere_is_another():
    assert may([role("reader", READ, namespace="other"), binding("team", "reader")]) == set()


def test_a_cluster_role_holds_where_it_is_bound():
    everywhere = role("reader", READ, {**READ, "resources": ["nodes"]}, namespace="")
    inside = binding("team", "reader", kind="ClusterRole")
    outside = binding("team", "reader", kind="ClusterRole", namespace="")

    assert may([everywhere, inside]) == {"get pods"}
    assert may([everywhere, outside]) == {"get pods", "get nodes"}
    assert may([everywhere, outside], namespace="other") == {"get pods", "get nodes"}


def test_rights_add_up_each_with_all_that_give_it():
    more = {**READ, "verbs": ["get", "delete"]}
    given = [role("a", READ), role("b", more), binding("a", "a"), binding("b", "b")]

    found = effective(Permissions.of(given).grants(), TEAM, "shop", TABLE)
    assert {right.verb: [it.role.name for it in grants] for right, grants in found.items()} == {
        "get": ["a", "b"],
        "delete": ["b"],
    }


def test_an_aggregated_role_has_the_rules_of_those_that_it_selects_and_not_its_own():
    whole = role("whole", {**READ, "verbs": ["delete"]}, namespace="")
    whole["aggregationRule"] = {
        "clusterRoleSelectors": [
            {"matchLabels": {"to": "whole"}},
            {"matchExpressions": [{"key": "tier", "operator": "In", "values": ["x"]}]},
        ]
    }
    parts = [
        role("one", READ, namespace="", labels={"to": "whole"}),
        role("two", {**READ, "verbs": ["list"]}, namespace="", labels={"tier": "x"}),
        role("three", {**READ, "verbs": ["watch"]}, namespace="", labels={"tier": "y"}),
    ]
    given = [whole, *parts, binding("team", "whole", kind="ClusterRole")]

    assert may(given) == {"get pods", "list pods"}


@pytest.mark.parametrize(
    "subject",
    [
        ROBOT,
        Subject("User", "system:serviceaccount:shop:robot"),
        Subject("Group", "system:serviceaccounts"),
        Subject("Group", "system:serviceaccounts:shop"),
        Subject("Group", "system:authenticated"),
    ],
)
def test_a_service_account_has_what_its_groups_have(subject):
    given = [role("reader", READ), binding("all", "reader", subject)]

    assert may(given, ROBOT) == {"get pods"}


def test_a_service_account_of_another_namespace_is_another():
    given = [role("reader", READ), binding("all", "reader", ROBOT)]

    assert may(given, Subject("ServiceAccount", "robot", "other")) == set()


def test_a_service_account_without_a_namespace_is_of_that_of_its_binding():
    given = [role("reader", READ), binding("all", "reader", ROBOT._replace(namespace=""))]

    assert may(given, ROBOT) == {"get pods"}


def test_a_role_that_is_not_there_is_unknown_and_not_nothing():
    grants = [*Permissions.of([binding("team", "edit", kind="ClusterRole")]).grants()]

    assert effective(grants, TEAM, "shop", TABLE) == {}
    assert [it.role for it in unknown(grants, TEAM, "shop")] == [RoleName("ClusterRole", "edit")]
    assert unknown(grants, TEAM, "other") == []


def test_cluster_admin_is_known_without_its_object():
    given = [binding("team", "cluster-admin", kind="ClusterRole", namespace="")]

    assert {"get secrets", "escalate clusterroles", "get nodes/proxy"} <= may(given)


def test_the_ways_to_further_rights_are_told_by_rule():
    secrets = {**READ, "resources": ["secrets"], "verbs": ["list"]}

    assert [(index, way.name) for index, way, _ in escalations(role("x", READ, secrets))] == [
        (1, "secrets")
    ]


@pytest.mark.parametrize(
    "broken",
    [
        {},
        {"kind": "Role"},
        {"kind": "Role", "metadata": None},
        {"kind": "Role", "metadata": {"name": "x"}, "rules": None},
        {"kind": "Role", "metadata": {"name": "x"}, "rules": ["get"]},
        {"kind": "RoleBinding", "metadata": {"name": "x"}},
        {"kind": "RoleBinding", "metadata": {"name": "x"}, "subjects": None, "roleRef": None},
    ],
)
def test_a_broken_object_gives_nobody_anything(broken):
    assert list(Permissions.of([broken]).grants()) == []
