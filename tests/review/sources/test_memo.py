"""Results that are kept by a hash of all that they hang on."""

from dataclasses import fields, replace

import pytest

from review.plan import SECRET, UNKNOWN, Plan, Resource
from review.sources.cache import Cache
from review.sources.memo import Memo, contents, digest, digest_of

ROW = Resource(
    urn="urn:pulumi:dev::p::kubernetes:core/v1:ConfigMap::a",
    type="kubernetes:core/v1:ConfigMap",
    name="a",
    parent="urn:parent",
    provider="urn:provider::id",
    inputs={"kind": "ConfigMap", "data": {"a": "1"}},
    dependencies=("urn:b",),
    options={"protect": True},
)
OTHER = {
    "inputs": {"kind": "ConfigMap", "data": {"a": 1}},
    "dependencies": ("urn:c",),
    "options": {},
}


def content(row):
    (found,) = contents(Plan(project="p", stack="dev", resources=(row,)))
    return found


@pytest.mark.parametrize("field", [it.name for it in fields(Resource)])
def test_every_field_of_a_row_is_in_its_digest(field):
    other = replace(ROW, **{field: OTHER.get(field, "other")})

    assert content(other).digest != content(ROW).digest
    assert content(replace(ROW)).digest == content(ROW).digest


@pytest.mark.parametrize("mark", [UNKNOWN, SECRET], ids=["unknown", "secret"])
def test_a_row_with_a_mark_anywhere_is_told_from_one_without(mark):
    assert content(replace(ROW, inputs={"data": [{"a": dict(mark)}]})).marked
    assert not content(ROW).marked


def test_each_plan_has_its_own_contents_however_many_are_asked_for():
    plans = [
        Plan(project="p", stack="dev", resources=(replace(ROW, name=str(number)),))
        for number in range(5)
    ]

    assert len({contents(it)[0].digest for it in (*plans, *plans)}) == 5


def test_what_no_json_has_is_not_taken_for_its_text():
    assert digest({"a": complex(1, 2)}) != digest({"a": "(1+2j)"})
    assert digest({"a": complex(1, 2)}) != digest({"a": complex(1, 3)})
    assert digest({"a": 1, "b": 2}) == digest({"b": 2, "a": 1})


def test_all_of_a_plan_is_in_its_digest():
    plan = Plan(project="p", stack="dev", resources=(ROW, replace(ROW, name="b")))
    others = [
        replace(plan, project="q"),
        replace(plan, stack="prod"),
        replace(plan, outputs={"a": 1}),
        replace(plan, resources=plan.resources[:1]),
        replace(plan, resources=plan.resources[::-1]),
        replace(plan, resources=(ROW, replace(ROW, name="c"))),
    ]

    assert len({digest_of(it) for it in (plan, *others)}) == 7
    assert digest_of(replace(plan)) == digest_of(plan)


def made(value, asked):
    def make():
        asked.append(value)
        return value

    return make


def test_a_result_is_made_once_for_one_content_and_again_for_another(tmp_path):
    asked = []
    memo = Memo(Cache(tmp_path), "name")
    assert memo.of(b"1", made("one", asked)) == memo.of(b"1", made("never", asked)) == "one"
    memo.save()

    again = Memo(Cache(tmp_path), "name")

    assert again.of(b"1", made("never", asked)) == "one"
    assert again.of(b"2", made("two", asked)) == "two"
    assert Memo(Cache(tmp_path), "other code").of(b"1", made("new", asked)) == "new"
    assert asked == ["one", "two", "new"]


def test_a_result_may_be_none_or_empty():
    asked = []
    memo = Memo()
    for _ in range(2):
        assert memo.of(b"1", made(None, asked)) is None
        assert memo.of(b"2", made((), asked)) == ()

    assert asked == [None, ()]


def test_results_that_nobody_asks_for_any_more_go_when_they_are_most_of_what_is_kept(tmp_path):
    cache = Cache(tmp_path)
    first = Memo(cache, "name")
    for number in range(20):
        first.of(bytes([number]), made(number, []))
    first.save()
    second = Memo(cache, "name")
    second.of(b"new", made("new", []))
    second.save()

    asked = []
    third = Memo(cache, "name")
    assert third.of(b"new", made("never", asked)) == "new"
    assert third.of(bytes([3]), made("again", asked)) == "again"


def test_an_entry_that_is_no_memo_is_not_there(tmp_path):
    cache = Cache(tmp_path)
    cache.store("name", ["what an older version kept"])

    assert Memo(cache, "name").of(b"1", made("one", [])) == "one"
