"""Rows of our own plans out of files: every key that is missing or of another kind is said."""

import json

import pytest

from review.diff.engine_rows import RowError
from review.diff.plan_rows import Shared, plan_row
from tests.review.guard.plans import plan

ROW = json.loads(plan().to_json())["resources"][3]


def test_a_row_is_read_as_it_was_written():
    found = plan_row(ROW)

    assert found == plan().resources[3]


@pytest.mark.parametrize("key", ["urn", "type", "name", "parent", "provider"])
def test_a_text_that_is_missing_is_said(key):
    for entry in ({**ROW, key: 7}, {name: it for name, it in ROW.items() if name != key}):
        with pytest.raises(RowError, match=f"^{key} is missing or no text$"):
            plan_row(entry)


@pytest.mark.parametrize("key", ["inputs", "options"])
def test_an_object_that_is_missing_is_said(key):
    for entry in ({**ROW, key: []}, {name: it for name, it in ROW.items() if name != key}):
        with pytest.raises(RowError, match=f"^{key} is missing or no object$"):
            plan_row(entry)


@pytest.mark.parametrize("value", [None, "u", [7]])
def test_dependencies_that_are_no_list_of_text_are_said(value):
    with pytest.raises(RowError, match=r"^dependencies are missing or no list of text$"):
        plan_row({**ROW, "dependencies": value})


@pytest.mark.parametrize(
    ("entry", "problem"),
    [
        (7, "no object"),
        ({**ROW, "urn": "a::b::c"}, "urn is no URN"),
        ({**ROW, "urn": "urn:pulumi:a::b::::c"}, "urn is no URN"),
        ({**ROW, "zoo": 1, "ark": 2}, "not a plan of this version: no key 'ark' is known"),
    ],
)
def test_what_is_no_row_says_why(entry, problem):
    with pytest.raises(RowError, match=f"^{problem}$"):
        plan_row(entry)


def test_texts_are_shared_and_clean_at_any_depth():
    shared = Shared()

    one, other = shared({"a": ["x" * 40, 1, None]}), shared(["x" * 20 + "x" * 20])
    assert one == {"a": ["x" * 40, 1, None]}
    assert one["a"][0] is other[0]
    assert shared("\ud800") == "\N{REPLACEMENT CHARACTER}"


def nested(levels, value=1):
    for _ in range(levels):
        value = {"a": [value]}
    return value


def test_a_hundred_levels_are_read_and_no_more():
    assert Shared()(nested(50)) == nested(50)
    for deep in (nested(51), [nested(50)]):
        with pytest.raises(RowError, match="more than 100 levels"):
            Shared()(deep)
