"""How many pods a change takes down is said for certain only where the plan tells it."""

import pytest

from review.guard.changes import guard
from review.plan import UNKNOWN
from tests.review.guard.plans import edited, plan

JOB, REDIS = "testing-regression-tests-job", "course-redis-statefulset"


def replaced(name, edit):
    """What the replacement of an object takes down, with an edit on both sides."""
    base = edited(plan(), name, edit)
    field = {JOB: "completionMode", REDIS: "serviceName"}[name]
    [found] = guard(base, edited(base, name, lambda it: it["spec"].update({field: "other"})))
    return found.blast


def unknown_amount(it):
    container = it["spec"]["template"]["spec"]["containers"][0]
    container["resources"] = {"requests": {"cpu": dict(UNKNOWN)}}


@pytest.mark.parametrize(
    ("name", "edit", "uncounted"),
    [
        (REDIS, lambda it: it["spec"].update(replicas=dict(UNKNOWN)), True),
        (REDIS, lambda it: it["spec"].update(replicas="three"), True),
        (JOB, lambda it: it["spec"].update(parallelism=dict(UNKNOWN)), True),
        (REDIS, lambda it: it["spec"].update(template=dict(UNKNOWN)), False),
        (REDIS, unknown_amount, False),
        (REDIS, lambda it: it["spec"].update(replicas=2), False),
    ],
)
def test_a_workload_whose_pods_are_not_told_is_named(name, edit, uncounted):
    blast = replaced(name, edit)

    assert blast.uncounted == (blast.workloads if uncounted else ())
    assert len(blast.workloads) == 1
