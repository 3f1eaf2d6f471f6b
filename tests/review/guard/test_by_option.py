"""What the program itself asks to be replaced for, beyond the guard's table."""

import pytest

from review.guard.changes import guard
from review.plan import UNKNOWN
from tests.review.guard.plans import edited, plan, put

REDIS = "course-redis-statefulset"


def only(base, head):
    [found] = guard(base, head)
    return found


@pytest.mark.parametrize(
    ("path", "replaced"),
    [
        ("*", True),
        ("spec.*", True),
        ("spec.template.spec.containers[0].tty", True),
        ("spec.template.spec.containers[*].tty", True),
        ("spec.template.spec.containers[1].tty", False),
        ("metadata.*", False),
    ],
)
def test_a_field_that_a_pattern_of_the_program_replaces_for_is_replaced(path, replaced):
    base = edited(plan(), "course-web-deployment", replaceOnChanges=[path])
    containers = "spec.template.spec.containers"
    head = edited(base, "course-web-deployment", lambda it: put(it, f"{containers}[].tty", True))

    found = [(it.happens, it.path) for it in guard(base, head)]
    assert found == ([("replaced", f"{containers}[0].tty")] if replaced else [])


def test_what_the_program_replaces_for_and_only_a_deployment_tells_may_replace():
    base = edited(plan(), "course-web-deployment", replaceOnChanges=["spec.minReadySeconds"])
    base = edited(base, "course-web-deployment", lambda it: put(it, "spec.minReadySeconds", 1))
    head = edited(
        base, "course-web-deployment", lambda it: put(it, "spec.minReadySeconds", dict(UNKNOWN))
    )

    assert only(base, head).happens == "maybeReplaced"
    trigger = edited(plan(), REDIS, replacementTrigger="1")
    assert only(trigger, edited(trigger, REDIS, replacementTrigger=dict(UNKNOWN))).happens == (
        "maybeReplaced"
    )


def test_a_trigger_that_comes_or_goes_replaces_nothing():
    base = edited(plan(), REDIS, replacementTrigger="1")

    assert guard(plan(), base) == []
    assert guard(base, plan()) == []
