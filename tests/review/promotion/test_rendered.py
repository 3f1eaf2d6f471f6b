"""What two stacks make of their settings, workload by workload, and what no setting explains."""

import random
from dataclasses import replace

import pytest

from review.promotion.rendered import rendered
from tests.review.guard.plans import edited, find, plan, without

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


WEB = "course-web-deployment"


def options(made, **more):
    return edited(made, WEB, **more)


def test_an_option_that_names_the_same_resource_of_each_stack_is_the_same():
    one, other = (find(it, "course-web-service").urn for it in (DEV, LEVELLED))

    assert rendered(options(DEV, deletedWith=one), options(LEVELLED, deletedWith=other), None) == []
    both = options(DEV, replaceWith=[one]), options(LEVELLED, replaceWith=[other])
    assert rendered(*both, None) == []


def test_an_option_that_one_stack_lacks_or_that_names_another_resource_is_told():
    one, other = find(DEV, "course-web-service").urn, find(LEVELLED, "course-redis-service").urn

    for head in (LEVELLED, options(LEVELLED, deletedWith=other)):
        [it] = rendered(options(DEV, deletedWith=one), head, None)
        assert (it.resource, it.path) == ("Deployment course/web", "options.deletedWith")
    [it] = rendered(DEV, options(LEVELLED, protect=True), None)
    assert (it.path, it.one, it.other) == ("options.protect", "nothing", "true")
    assert rendered(DEV, options(LEVELLED, aliases=["urn:pulumi:a::b::c::d"]), None) == []


def test_a_resource_that_one_stack_lacks_is_told_under_its_component_and_workloads_come_first():
    found = rendered(
        without(DEV, "course-namespace", "course-web-service"), without(LEVELLED, WEB), None
    )

    assert [(it.component, it.workload, it.resource, it.one, it.other) for it in found] == [
        ("course-web", True, "Deployment course/web", "there", "not there"),
        ("course-web", True, "Service course/web", "not there", "there"),
        ("course", False, "Namespace course", "not there", "there"),
    ]


@pytest.mark.parametrize(
    ("edit", "shown"),
    [
        ({"env": [{"name": "API_TOKEN", "value": "c4nary"}]}, False),
        ({"env": [{"name": "A", "value": "c4nary"}]}, True),
        ({"envFrom": [{"secretRef": {"name": "c4nary"}}]}, True),
        ({"volumes": [{"secret": {"secretName": "c4nary"}}]}, True),
        ({"password": "c4nary"}, False),
        ({"password": {"of": ["c4nary"]}}, False),
    ],
)
def test_a_value_is_hidden_by_the_names_on_the_way_to_it(edit, shown):
    def planted(it):
        container = it["spec"]["template"]["spec"]["containers"][0]
        container.pop("env", None)
        container.pop("envFrom", None)
        container.update(edit)

    def bare(it):
        planted(it)
        for key in edit:
            del it["spec"]["template"]["spec"]["containers"][0][key]

    found = rendered(edited(DEV, WEB, bare), edited(LEVELLED, WEB, planted), None)
    assert len(found) == 1
    assert ("c4nary" in repr(found)) is shown


def test_a_variable_without_its_name_on_the_way_is_hidden():
    def planted(value):
        def edit(it):
            it["spec"]["template"]["spec"]["containers"][0]["env"] = [{"name": "A", "value": value}]

        return edit

    [it] = rendered(
        edited(DEV, WEB, planted("one")), edited(LEVELLED, WEB, planted("c4nary")), None
    )
    assert it.path.endswith("env[0].value")
    assert "c4nary" not in repr(it)
