"""A rule that reaches no further than a namespace says the same where no other namespace is there to be asked."""

from dataclasses import replace

import pytest

from policy.evaluation import Rules
from policy.objects import object_of
from policy.rule import StackRule, whole
from policy.rules import all_rules
from policy.stack import Stack
from tests.policy.case import objects
from tests.policy.test_cases import CASES

NEAR = {it.id: it for it in all_rules() if isinstance(it, StackRule) and it.reach == "namespace"}


def told(found):
    return sorted((it.title, it.urn, repr(result)) for it, result in found)


def by_namespaces(rules, estate):
    found = [*rules.of_stack(Stack(estate), "stack")]
    for namespace in {it.namespace for it in estate} - {""}:
        part = Stack(it for it in estate if it.namespace in ("", namespace))
        found += rules.of_stack(part, "namespace")
    return found


@pytest.mark.parametrize(
    "case", [it for it in CASES if it.rule in NEAR and it.complete], ids=lambda it: it.rule
)
def test_what_a_namespace_shows_a_rule_is_all_that_it_asks(case):
    rules = Rules([NEAR[case.rule]], {case.rule: case.parameters})
    estate = [*objects(case).values()]

    assert told(by_namespaces(rules, estate)) == told(rules.of_stack(Stack(estate)))


@pytest.mark.parametrize("rule", sorted(NEAR))
def test_an_object_elsewhere_changes_nothing_of_what_a_rule_says_of_a_namespace(rule):
    """Each object of the estate goes away in its turn."""
    rules, estate = Rules([NEAR[rule]]), [*objects().values()]
    before = told(rules.of_stack(Stack(estate), "namespace"))
    for gone in estate:
        if not gone.namespace:
            continue
        left = Stack(it for it in estate if it is not gone)
        after = told(rules.of_stack(left, "namespace"))
        elsewhere = [it for it in before if f" {gone.namespace}/" not in it[0]]
        assert [it for it in after if f" {gone.namespace}/" not in it[0]] == elsewhere, gone.title


def test_the_two_reaches_give_the_whole_and_nothing_twice():
    rules, stack = Rules(all_rules()), Stack(objects().values())

    parts = [*rules.of_stack(stack, "namespace"), *rules.of_stack(stack, "stack")]

    assert told(parts) == told(rules.of_stack(stack))


def test_what_is_in_no_namespace_is_asked_with_the_whole_stack():
    volume = {
        "apiVersion": "v1",
        "kind": "PersistentVolume",
        "metadata": {"name": "data"},
        "spec": {},
    }
    rule = replace(
        NEAR["ref-claim"], kinds=("PersistentVolume",), each=whole, check=lambda *_: [("", "is so")]
    )
    rules, stack = Rules([rule]), Stack([object_of(volume)])

    assert [*rules.of_stack(stack, "namespace")] == []
    assert len([*rules.of_stack(stack, "stack")]) == 1
