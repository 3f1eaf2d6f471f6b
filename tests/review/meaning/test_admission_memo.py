"""Verdicts of admission, and what refuses pods, are kept by all that they hang on: a change in any of it is seen."""

from dataclasses import replace
from datetime import date

import pytest

from review.analyses.tenants import tenant_findings
from review.meaning import admission_side
from review.plan import UNKNOWN
from review.sources.cache import Cache
from review.sources.memo import Memo
from tests.program import planned
from tests.review.guard.plans import edited, plan
from tests.review.meaning.telling import WEB, with_container, with_pod

ENFORCE = "pod-security.kubernetes.io/enforce"


def namespace(change):
    return lambda base: edited(
        base, "course-namespace", lambda it: change(it["metadata"]["labels"])
    )


def limits(**fields):
    return lambda base: edited(
        base, "course-limits", lambda it: it["spec"]["limits"][0].update(fields)
    )


def quota(base):
    def change(inputs):
        inputs["spec"]["hard"]["requests.cpu"] = "1m"

    return edited(base, row_of(base, "ResourceQuota").name, change)


def row_of(base, kind):
    return next(
        it
        for it in base.resources
        if it.inputs.get("kind") == kind and it.inputs["metadata"]["namespace"] == "course"
    )


def cluster(base):
    return replace(
        base,
        resources=tuple(
            replace(it, inputs={**it.inputs, "kubernetesVersion": "1.33"})
            if it.type.endswith(":ManagedCluster")
            else it
            for it in base.resources
        ),
    )


def without(kind):
    def change(base):
        gone = row_of(base, kind)
        return replace(base, resources=tuple(it for it in base.resources if it is not gone))

    return change


def moved(base):
    """The same objects with other URNs."""
    return replace(
        base, resources=tuple(replace(it, urn=f"{it.urn}-moved") for it in base.resources)
    )


CHANGES = {
    "a container": lambda it: with_container(WEB, it, securityContext={"privileged": True}),
    "the pod": lambda it: with_pod(WEB, it, hostNetwork=True),
    "a mark": lambda it: with_pod(WEB, it, securityContext=dict(UNKNOWN)),
    "the level": namespace(lambda it: it.update({ENFORCE: "privileged"})),
    "no level": namespace(lambda it: it.pop(ENFORCE)),
    "the version": namespace(lambda it: it.update({f"{ENFORCE}-version": "v1.20"})),
    "a level that is not known": namespace(lambda it: it.update({ENFORCE: dict(UNKNOWN)})),
    "the largest": limits(max={"cpu": "1m"}),
    "the defaults": limits(defaultRequest={"cpu": "77m"}),
    "no LimitRange": without("LimitRange"),
    "the quota": quota,
    "no quota": without("ResourceQuota"),
    "the cluster": cluster,
    "the URNs": moved,
}

BASES = {
    "the defaults": lambda it: with_container(WEB, it, resources={}),
    "no LimitRange": limits(max={"cpu": "1m"}),
    "no quota": quota,
}
"""Where a change means something only after another."""


def before_it(kind):
    return BASES.get(kind, lambda it: it)(plan())


@pytest.mark.parametrize("kind", CHANGES)
def test_verdicts_past_a_memo_are_those_without_one(kind):
    base, memo = before_it(kind), Memo()
    before = admission_side.of_plan(base, memo)
    head = CHANGES[kind](base)

    found = admission_side.of_plan(head, memo)

    assert found == admission_side.of_plan(head)
    assert found != before, "the change says nothing of what the memo hangs on"
    assert admission_side.of_plan(before_it(kind), memo) == before == admission_side.of_plan(base)


@pytest.mark.parametrize("kind", CHANGES)
def test_refusals_past_a_memo_are_those_without_one(kind):
    base, memo, today = before_it(kind), Memo(), date(2026, 11, 21)
    before = [*tenant_findings(base, today, memo)]
    head = CHANGES[kind](base)

    assert [*tenant_findings(head, today, memo)] == [*tenant_findings(head, today)]
    assert [*tenant_findings(before_it(kind), today, memo)] == before


def test_what_an_earlier_run_kept_is_what_is_found_now(tmp_path):
    base = planned("prod")
    first = Memo(Cache(tmp_path), "admission")
    side = admission_side.of_plan(base, first)
    first.save()

    again = Memo(Cache(tmp_path), "admission")

    assert admission_side.of_plan(replace(base), again) == side
    assert not again.fresh
    assert side.verdicts
