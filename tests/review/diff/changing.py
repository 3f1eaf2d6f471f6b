"""What test_changes and test_changes_further share."""

from review.diff.changes import changes
from review.guard.changes import guard
from tests.review.guard.plans import adding, edited, obj, plan

WEB = "course-web-deployment"

CONTAINER = "spec.template.spec.containers[web]"


def between(base, head):
    return changes(base, head, guard(base, head))


def only(base, head):
    [change] = between(base, head).changes
    return change


def planted(name, edit=None, **options):
    """The one change that an edit of the prod plan makes."""
    return only(plan(), edited(plan(), name, edit, **options))


def container(inputs):
    [found] = [it for it in inputs["spec"]["template"]["spec"]["containers"] if it["name"] == "web"]
    return found


def in_container(**values):
    return lambda inputs: container(inputs).update(values)


def properties(change):
    return {it.path: (it.alters, it.old, it.new) for it in change.properties}


def secret(data, name="s", **more):
    return adding(plan(), obj("v1", "Secret", name, {**data, **more}))


CANARY = "Y2FuYXJ5LTdmM2E="
"""Base64 of `canary-7f3a`."""
