"""What the program itself asks to be replaced for, beyond the guard's table."""

import pytest

from review.guard.changes import guard
from review.plan import UNKNOWN
from tests.review.guard.plans import adding, edited, obj, plan, put

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


def test_a_release_is_no_object_of_kubernetes_to_the_guard():
    """A Release has no metadata: what fixes the name of every object says nothing of it."""
    head = edited(plan(), "ingress-controller", lambda it: it.update(metadata={"name": "x"}))

    assert guard(plan(), head) == []


def test_every_object_is_replaced_for_another_name_or_namespace():
    for path in ("metadata.name", "metadata.namespace"):
        head = edited(plan(), "course-web-service", lambda it, at=path: put(it, at, "other"))

        assert (only(plan(), head).happens, only(plan(), head).path) == ("replaced", path)


def test_what_may_be_replaced_stays_beside_what_is():
    name = "course-web-deployment"
    head = edited(plan(), name, lambda it: put(it, "spec.selector", dict(UNKNOWN)))
    head = edited(head, name, lambda it: put(it, "metadata.name", "other"))

    assert {it.happens for it in guard(plan(), head)} == {"replaced", "maybeReplaced"}


def test_data_of_a_config_map_is_said_and_that_of_a_secret_is_not():
    def made_(kind, **data):
        body = {"data": data, "immutable": True}
        return adding(plan(), obj("v1", kind, "x", body))

    found = only(made_("ConfigMap", a="one"), made_("ConfigMap", a="two"))
    assert (found.old, found.new) == ('"one"', '"two"')
    found = only(made_("Secret", a="b25l"), made_("Secret", a="dHdv"))
    assert "b25l" not in str(found)


def test_an_unknown_in_a_secret_is_said_to_be_one():
    def made_(value):
        return adding(plan(), obj("v1", "Secret", "x", {"data": value, "immutable": True}))

    found = only(made_({"a": "b25l"}), made_(dict(UNKNOWN)))
    assert found.new == "unknown before deployment"
    assert "b25l" not in str(found)


@pytest.mark.parametrize(
    "options",
    [{"replaceWith": [{}, 7, None]}, {"replaceWith": {"a": 1}}, {"deletedWith": {"a": 1}}],
)
def test_what_is_no_urn_ties_nothing(options):
    base = edited(plan(), "course-web-service", **options)
    head = edited(base, "aks-pool-wg1", lambda it: it.update(vmSize="Standard_D4ds_v5"))

    assert only(base, head).blast.others == ()
