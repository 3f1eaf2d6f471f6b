"""What two stacks make of their settings, workload by workload, and what no setting explains."""

import random
from dataclasses import replace

from review.promotion.rendered import rendered
from tests.review.guard.plans import edited, plan, without

DEV, PROD = plan("dev"), plan("prod")


def relabelled(it):
    """The plan of dev as if it were made in prod: what two stacks of equal settings make."""
    return replace(it, stack="prod", resources=tuple(_moved(row) for row in it.resources))


def _moved(row):
    of = lambda text: text.replace("urn:pulumi:dev::", "urn:pulumi:prod::")  # noqa: E731
    return replace(
        row,
        urn=of(row.urn),
        parent=of(row.parent),
        provider=of(row.provider),
        dependencies=tuple(map(of, row.dependencies)),
    )


LEVELLED = relabelled(DEV)


def test_equal_settings_that_make_equal_resources_leave_nothing_unexplained():
    found = rendered(DEV, PROD, LEVELLED)
    assert found
    assert [it for it in found if not it.by_settings] == []
    [replicas] = [
        it for it in found if it.resource == "Deployment course/web" and it.path == "spec.replicas"
    ]
    assert (replicas.component, replicas.workload, replicas.one, replicas.other) == (
        "course-web",
        True,
        "1",
        "3",
    )


def test_a_property_that_differs_although_the_settings_are_equal_is_unexplained():
    def of_the_stack(it):
        it["spec"]["template"]["spec"]["terminationGracePeriodSeconds"] = 7

    levelled, other = (edited(it, "course-web-deployment", of_the_stack) for it in (LEVELLED, PROD))
    found = [it for it in rendered(DEV, other, levelled) if not it.by_settings]
    assert [(it.component, it.path, it.other) for it in found] == [
        ("course-web", "spec.template.spec.terminationGracePeriodSeconds", "7")
    ]


def test_what_settings_hide_today_is_unexplained_all_the_same():
    def of_the_stack(it):
        it["spec"]["template"]["spec"]["terminationGracePeriodSeconds"] = 7

    found = rendered(DEV, PROD, edited(LEVELLED, "course-web-deployment", of_the_stack))
    assert [it.path for it in found if not it.by_settings] == [
        "spec.template.spec.terminationGracePeriodSeconds"
    ]


def test_without_a_plan_of_equal_settings_nobody_can_tell():
    found = rendered(DEV, PROD, None)
    assert {it.by_settings for it in found} == {None}


def test_a_resource_that_one_of_two_equal_stacks_lacks_is_unexplained():
    found = rendered(DEV, PROD, without(LEVELLED, "course-web-service"))
    [it] = [it for it in found if not it.by_settings]
    assert (it.resource, it.path, it.one, it.other) == (
        "Service course/web",
        "",
        "there",
        "not there",
    )


def test_the_order_of_rows_says_nothing():
    rows = list(PROD.resources)
    random.Random(7).shuffle(rows)
    rows.sort(
        key=lambda it: (it.parent != "", it.urn.count("$"))
    )  # parents first, as in every plan
    assert rendered(DEV, replace(PROD, resources=tuple(rows)), LEVELLED) == rendered(
        DEV, PROD, LEVELLED
    )


def test_what_may_be_a_secret_is_not_said():
    def planted(it):
        container = it["spec"]["template"]["spec"]["containers"][0]
        container["env"] = [{"name": "DB_PASSWORD", "value": "c4nary"}, {"name": "A", "value": "b"}]
        container["args"] = ["--token", "c4nary"]

    found = rendered(DEV, edited(PROD, "course-web-deployment", planted), LEVELLED)
    assert "c4nary" not in repr(found)
    assert any("DB_PASSWORD" in it.other for it in found)
