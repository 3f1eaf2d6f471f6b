"""The shipped stacks against every rule: what is found is known, and hangs on no order."""

import random
from datetime import date

import pytest

from policy.evaluation import Rules, marked
from policy.rules import all_rules
from policy.stack import Stack
from review.policies import judged, object_in, policies_of
from tests.program import ROOT, STACKS, planned

TODAY = date(2026, 11, 21)
FOUND = {
    "dev": {("image-digest", "fail")},
    "local": set(),
    "prod": {
        ("aks-api-server-ranges", "unknown"),
        ("image-digest", "fail"),
        ("pool-host-encryption", "fail"),
    },
}
"""Images of others have a tag alone; prod's pools were made without encryption at the host, and its egress address is
one of the authorized ranges."""


def results(objects: list) -> list:
    rules = Rules(all_rules())
    found = [(it.title, result) for it in objects for result in rules.of_object(it)]
    found += [(it.title, result) for it, result in rules.of_stack(Stack(objects))]
    return sorted((title, it.rule, it.path, it.message, it.verdict) for title, it in found)


@pytest.mark.parametrize("stack", STACKS)
def test_a_shipped_stack_has_no_finding_but_those_that_are_known(stack):
    policies = policies_of(ROOT, stack, STACKS)

    said = judged(planned(stack), policies, TODAY).findings

    assert {(it.rule, it.verdict) for it in said} == FOUND[stack]
    assert not [it for it in said if it.severity == "mandatory"]


@pytest.mark.parametrize("stack", STACKS)
def test_the_order_of_a_plan_says_nothing(stack):
    objects = [marked(it) for row in planned(stack).resources if (it := object_in(row))]
    broken = [it for it in objects if it.kind not in ("ServiceAccount", "ConfigMap", "Service")]
    shuffled = random.Random(1).sample(broken, len(broken))

    assert results(shuffled) == results(broken)
    assert len(results(broken)) > len(results(objects))
