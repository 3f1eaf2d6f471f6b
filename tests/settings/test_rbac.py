"""A rule is compared as kube-apiserver does, and spelt out over what the API serves."""

import pytest

from settings.api_resources import expanded, minors, served_by
from settings.escalation import PATHS, found_in
from settings.rbac import Right, Rule, allows, granted, rule_of
from settings.role_slips import slips

TABLE = served_by("1.35")
PODS = Rule(("",), ("pods",), ("get",))


@pytest.mark.parametrize(
    ("resource", "asked", "holds"),
    [
        ("pods", "pods", True),
        ("pods", "pods/log", False),
        ("pods/log", "pods", False),
        ("*", "pods/log", True),
        ("*/log", "pods/log", True),
        ("*/log", "pods", False),
        ("*/log", "log", False),
        ("pods/*", "pods/log", False),
        ("pod", "pods", False),
        ("Pods", "pods", False),
    ],
)
def test_a_resource_is_itself_a_star_or_a_star_with_a_subresource(resource, asked, holds):
    assert allows(Rule(("",), (resource,), ("get",)), Right("", asked, "get")) is holds


def test_group_and_verb_must_both_be_there_or_a_star():
    assert allows(PODS, Right("", "pods", "get"))
    assert not allows(PODS, Right("apps", "pods", "get"))
    assert not allows(PODS, Right("", "pods", "list"))
    assert allows(Rule(("*",), ("pods",), ("*",)), Right("apps", "pods", "list"))


def test_a_rule_with_names_is_of_those_objects_alone():
    rule = PODS._replace(names=("a",))

    assert allows(rule, Right("", "pods", "get", "a"))
    assert not allows(rule, Right("", "pods", "get", "b"))
    assert not allows(rule, Right("", "pods", "get"))
    assert granted([rule, PODS], Right("", "pods", "get"))


@pytest.mark.parametrize("broken", [{}, {"apiGroups": None, "resources": "pods", "verbs": 1}])
def test_a_broken_rule_allows_nothing(broken):
    assert list(expanded(rule_of(broken), TABLE)) == []


def test_stars_are_spelt_out_over_what_is_served():
    found = {*expanded(Rule(("*",), ("*/scale",), ("*",)), TABLE)}

    assert {(it.group, it.resource) for it in found} == {
        ("", "replicationcontrollers/scale"),
        *(("apps", f"{it}/scale") for it in ("deployments", "replicasets", "statefulsets")),
    }
    assert {it.verb for it in found} == {"get", "patch", "update"}


def test_what_nobody_knows_is_kept_as_it_is_written():
    rule = Rule(("shop.example",), ("carts",), ("get", "*"), ("one",))

    assert [*expanded(rule, TABLE)] == [
        Right("shop.example", "carts", "get", "one"),
        Right("shop.example", "carts", "*", "one"),
    ]


def test_a_minor_that_the_table_lacks_is_answered_with_the_nearest():
    assert served_by("1.20") == served_by(minors()[0])
    assert served_by("1.99") == served_by(minors()[-1])


def test_the_table_has_every_resource_of_the_escalation_paths():
    known = {key for minor in minors() for key in served_by(minor)}
    named = {(group, name) for path in PATHS for group, names, _ in path.rights for name in names}
    assert named <= known


@pytest.mark.parametrize("path", PATHS, ids=lambda it: it.name)
def test_each_right_of_a_path_opens_it_and_that_path_alone(path):
    for group, names, verbs in path.rights:
        for name in names:
            for verb in verbs:
                rule = Rule((group,), (name,), (verb,))
                assert [it.name for it, _ in found_in(rule)] == [path.name]
                assert verb in TABLE.get((group, name), served_by("1.36")[group, name]).verbs


def test_a_superuser_has_every_path():
    assert [it.name for it, _ in found_in(Rule(("*",), ("*",), ("*",)))] == [
        it.name for it in PATHS
    ]


@pytest.mark.parametrize(
    "rule",
    [
        Rule(("",), ("secrets",), ("get",), ("one",)),
        Rule(("",), ("secrets",), ("delete",)),
        Rule(("",), ("pods",), ("create",), ("one",)),
        Rule(("",), ("pods",), ("delete", "get", "list")),
        Rule(("",), ("pods/portforward",), ("create",)),
        Rule(("apps",), ("deployments/scale",), ("patch",)),
        Rule(("",), ("nodes/metrics",), ("get",)),
        Rule(("",), ("pods/*",), ("*",)),
    ],
)
def test_what_leads_nowhere_is_no_path(rule):
    assert list(found_in(rule)) == []


@pytest.mark.parametrize(
    "rule",
    [
        PODS,
        Rule(("", "apps"), ("pods", "deployments"), ("get", "list")),
        Rule(("",), ("pods/log", "pods"), ("get", "list")),
        Rule(("*",), ("pods",), ("get",)),
        Rule(("*",), ("*",), ("*",)),
        Rule(("",), ("namespaces",), ("get",)),
        Rule(("shop.example",), ("carts", "carts/empty"), ("get", "empty")),
        Rule(("metrics.k8s.io",), ("pods",), ("list",)),
        Rule(("",), ("configmaps",), ("get", "patch", "delete"), ("one",)),
        Rule(("",), ("serviceaccounts",), ("impersonate",)),
    ],
)
def test_a_rule_whose_every_word_does_something_has_no_slip(rule):
    assert list(slips(rule, TABLE)) == []


def test_a_cluster_role_may_name_what_is_of_the_whole_cluster():
    rule = Rule(("",), ("nodes",), ("get",))

    assert [it.part for it in slips(rule, TABLE)] == ["resources"]
    assert list(slips(rule, TABLE, namespaced=False)) == []


def test_a_kind_that_a_later_minor_brings_is_unknown_before_it():
    rule = Rule(("admissionregistration.k8s.io",), ("mutatingadmissionpolicies",), ("get",))

    assert [it.part for it in slips(rule, TABLE, namespaced=False)] == ["resources"]
    assert list(slips(rule, served_by("1.36"), namespaced=False)) == []
