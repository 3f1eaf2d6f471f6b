"""What is said of a fixed field with many values below it, of which several change."""

from review.guard.changes import guard
from review.guard.values import both_told
from review.plan import SECRET
from tests.review.guard.plans import edited, plan

JOB = "testing-regression-tests-job"


def changed(edit, base=None):
    base = base or plan()

    def of_job(it):
        edit(it["spec"]["template"], it["spec"]["template"]["spec"]["containers"][0])

    return edited(base, JOB, of_job)


def only(base, head):
    [found] = guard(base, head)
    return found


def test_one_place_is_told_and_how_many_more_there_are():
    def promoted(template, container):
        template["metadata"]["labels"]["app.kubernetes.io/version"] = "9"
        container |= {"args": ["--all"], "image": "registry.example/tests:9"}

    found = only(plan(), changed(promoted))

    assert found.path == "spec.template"
    assert found.old.startswith('spec.containers[0].image "')
    assert found.new == '"registry.example/tests:9", and 2 places more'


def test_labels_are_told_where_nothing_else_changes():
    def labelled(template, _container):
        template["metadata"]["labels"] |= {"app": "a", "env": "b"}

    found = only(plan(), changed(labelled))

    assert found.old.startswith("metadata.labels.app ")
    assert found.new == '"a", and 1 place more'


def test_a_short_value_is_told_whole():
    assert both_told({"a": 1, "b": 2}, {"a": 3, "b": 4}) == ('{"a": 1, "b": 2}', '{"a": 3, "b": 4}')


def test_a_secret_in_it_is_only_said_to_be_one():
    def hidden(_template, container):
        container["env"] = [{"name": "A", "value": dict(SECRET)}]

    def shown(_template, container):
        container["env"] = [{"name": "A", "value": "planted"}]
        container["args"] = ["--all"]

    before = changed(hidden)

    assert "planted" not in repr(only(before, changed(shown, before)))
