"""Whatever value of whatever object a plan does not tell: every part of a review says something, and none fails."""

import copy
from dataclasses import replace
from datetime import date
from functools import cache, partial

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from policy.rules import all_rules
from review.analyses.capacity import capacity
from review.chapters import CHAPTERS
from review.marks import is_mark, marks
from review.plan import SECRET, UNKNOWN
from review.policies import Policies, judged
from review.reviewing import Compared, review_plans
from review.sources.memo import Memo
from review.stack_findings import stack_findings, standing
from tests.review.guard.plans import edited, find, plan, put, replacing
from tests.review.meaning.telling import WEB

TODAY = date(2026, 11, 21)
MARKS = {"unknown": UNKNOWN, "secret": SECRET}


def below(value, at=()):
    if not isinstance(value, dict | list) or is_mark(value):
        return
    for key, it in value.items() if isinstance(value, dict) else enumerate(value):
        yield (*at, key)
        yield from below(it, (*at, key))


@cache
def places():
    """Every place of every object, as name of the row and path."""
    rows = [it for it in plan().resources if it.type.startswith("kubernetes:")]
    return [(it.name, path) for it in rows for path in below(it.inputs)]


def with_mark(name, path, mark):
    def change(row):
        inputs = copy.deepcopy(dict(row.inputs))
        at = inputs
        for step in path[:-1]:
            at = at[step]
        at[path[-1]] = dict(mark)
        return replace(row, inputs=inputs)

    return replacing(plan(), name, change)


def reader(chapter):
    return partial(chapter.of_plan, memo=Memo()) if chapter.remembers else chapter.of_plan


@cache
def sides():
    return [reader(it)(plan()) for it in CHAPTERS]


@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data(), st.sampled_from(list(MARKS.values())))
def test_no_chapter_fails_at_a_mark_wherever_it_stands(data, mark):
    head = with_mark(*data.draw(st.sampled_from(places())), mark)

    for chapter, base in zip(CHAPTERS, sides(), strict=True):
        side = reader(chapter)(head)
        for before, after in ((base, side), (side, base), (side, side)):
            told = list(chapter.compare(before, after, TODAY))
            chapter.extra(before, after)
            said = [*(it.message for it in told), *chapter.notes(after)]
            assert not [it for it in said if "$unknown" in it or "$secret" in it]


@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data(), st.sampled_from(list(MARKS.values())))
def test_no_fault_of_the_stack_and_no_rule_fails_at_a_mark_wherever_it_stands(data, mark):
    head = with_mark(*data.draw(st.sampled_from(places())), mark)

    found = [it for _, those in standing(head, (), TODAY) for it in those]
    found += stack_findings(head, capacity(head), (), TODAY)
    found += judged(head, Policies(rules=all_rules()), TODAY, Memo()).findings

    assert not [it for it in found if "$unknown" in it.message or "$secret" in it.message]


POD = "spec.template.spec"
UNTOLD = {
    f"{POD}.containers": ("spec.template.spec.containers", {"connections", "capacity"}),
    f"{POD}.containers[].resources": ("resources", {"capacity", "admission"}),
    f"{POD}.containers[].resources.requests": ("requests", {"capacity", "admission"}),
    f"{POD}.containers[].securityContext": ("securityContext", {"admission"}),
    f"{POD}.securityContext": ("spec.template.spec.securityContext", {"admission"}),
    f"{POD}.nodeSelector": ("spec.template.spec.nodeSelector", {"capacity"}),
    "spec.replicas": ("spec.replicas", {"capacity"}),
    "spec.template": ("spec.template", {"connections", "capacity", "admission"}),
    "metadata.namespace": ("metadata.namespace", {"connections", "capacity"}),
}


@pytest.mark.parametrize("mark", MARKS)
@pytest.mark.parametrize("path", UNTOLD)
def test_what_a_workload_does_not_tell_is_named_where_it_counts(path, mark):
    said, areas = UNTOLD[path]
    head = edited(plan(), WEB, lambda it: put(it, path, dict(MARKS[mark])))

    sides = (Compared(plan=it, label="") for it in (plan(), head))
    review = review_plans(*sides, today=TODAY)
    unknown = {it.area for it in review.findings if it.verdict == "unknown" and said in it.message}

    assert areas <= unknown
    assert "review-incomplete" not in {it.rule for it in review.findings}
    assert not [it for it in review.findings if it.verdict == "fail" and it.severity == "mandatory"]


def test_marks_are_found_at_any_depth():
    inputs = find(plan(), WEB).inputs
    value = {**inputs, "a": [{"b": dict(UNKNOWN)}, dict(SECRET)], "c": dict(UNKNOWN)}

    assert list(marks(inputs)) == []
    assert list(marks(value)) == ["a[0].b", "a[1]", "c"]
