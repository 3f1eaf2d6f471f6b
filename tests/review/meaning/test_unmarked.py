"""Objects without a mark are read as they are, and what was read of one plan is never told of another."""

from dataclasses import replace

import pytest

from review.analyses.pods import kubernetes_objects, pods_of
from review.analyses.reachability.exposure import KINDS as LEADING
from review.analyses.reachability.network import KINDS
from review.meaning import capacity_side, reading
from review.plan import SECRET, UNKNOWN
from tests.program import planned

MARKS = {
    "metadata": dict(UNKNOWN),
    "spec": dict(SECRET),
    "status": {"a": [dict(UNKNOWN)]},
}


def one_by_one(plan, kinds):
    """Every object past what tells that it has no mark."""
    open_ = []
    rows = [
        it
        for it in plan.resources
        if it.type.startswith("kubernetes:")
        and str(it.inputs.get("apiVersion")).rpartition("/")[0]
        in kinds.get(it.inputs.get("kind"), ())
    ]
    found = [(it.urn, reading.known(it, open_)) for it in rows]
    return [it for it in found if it[1] is not None], open_


def changed(plan, kind, inputs):
    """Another plan: the first object of a kind with other inputs."""
    old = next(it for it in plan.resources if it.inputs.get("kind") == kind)
    new = replace(old, inputs=inputs(old.inputs))
    return replace(plan, resources=tuple(new if it is old else it for it in plan.resources))


@pytest.mark.parametrize("kind", ["Deployment", "NetworkPolicy", "Namespace", "Service"])
@pytest.mark.parametrize("key", [None, *MARKS])
def test_what_is_known_of_objects_is_the_same_for_those_that_are_not_looked_through(kind, key):
    plan = planned("prod")
    if key:
        plan = changed(plan, kind, lambda it: {**it, key: MARKS[key]})
    for kinds in (KINDS, LEADING):
        open_ = []
        found = [(it.file, it.manifest) for it in reading.objects(plan, kinds, open_)]
        assert (found, open_) == one_by_one(plan, kinds)


def test_an_object_without_metadata_says_nothing_whether_it_has_a_mark_or_not():
    plan = changed(planned("prod"), "Deployment", lambda it: {**it, "metadata": {}})

    found = [(it.file, it.manifest) for it in reading.objects(plan, KINDS, [])]

    assert found == one_by_one(plan, KINDS)[0]


def test_pods_and_objects_are_those_of_the_plan_that_is_asked_for():
    base = planned("prod")
    plans = [
        changed(
            base,
            "Deployment",
            lambda it, count=count: {**it, "spec": {**it["spec"], "replicas": count}},
        )
        for count in (11, 12, 13, 14)
    ]
    for plan, count in [*zip(plans, (11, 12, 13, 14), strict=True)] * 2:
        rest = [it.rest for it in pods_of(plan) if it.kind == "Deployment"]
        assert rest.count(count) == 1
        told = capacity_side.of_plan(plan)
        assert [it.rest for it in told.loads.values()].count(count) == 1
        listed = [it["spec"].get("replicas") for _, it in kubernetes_objects(plan, "Deployment")]
        assert listed.count(count) == 1


def test_who_changes_the_list_of_pods_changes_it_for_nobody_else():
    plan = planned("prod")
    pods_of(plan).clear()

    assert pods_of(plan)
