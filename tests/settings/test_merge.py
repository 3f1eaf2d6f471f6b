"""How an override meets the catalogue: maps merge by key, lists and scalars replace, null removes."""

from copy import deepcopy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from settings.merge import merge

KEYS = st.sampled_from("abcd")
SCALARS = st.integers() | st.text(max_size=3) | st.booleans()
LISTS = st.lists(SCALARS | st.dictionaries(KEYS, SCALARS | st.none(), max_size=2), max_size=3)


def maps(leaves):
    return st.recursive(
        st.dictionaries(KEYS, leaves, max_size=4),
        lambda it: st.dictionaries(KEYS, it | leaves, max_size=4),
        max_leaves=12,
    )


MAPS = maps(SCALARS | LISTS)
OVERRIDES = maps(SCALARS | LISTS | st.none())


def shaped(key_types):
    """Maps in which one key always has one kind of value: `a` and `b` maps, `c` lists, `d` scalars."""
    return st.fixed_dictionaries(
        {}, optional={"a": key_types, "b": key_types, "c": LISTS, "d": SCALARS}
    )


ALIKE = shaped(shaped(st.fixed_dictionaries({}, optional={"c": LISTS, "d": SCALARS})))


@pytest.mark.parametrize(
    ("base", "over", "merged"),
    [
        ({"a": {"b": 1, "c": 2}}, {"a": {"c": 3}}, {"a": {"b": 1, "c": 3}}),
        ({"a": [1, 2]}, {"a": [3]}, {"a": [3]}),
        ({"a": [{"b": 1}]}, {"a": [{"c": 2}]}, {"a": [{"c": 2}]}),
        ({"a": 1, "b": 2}, {"a": None}, {"b": 2}),
        ({"a": {"b": 1}}, {"a": None}, {}),
        ({"a": {"b": 1}}, {"a": 5}, {"a": 5}),
        ({"a": 5}, {"a": {"b": 1}}, {"a": {"b": 1}}),
        ({}, {"a": {"b": None}}, {"a": {}}),
        ({"a": None}, {}, {"a": None}),
        ({}, {"a": [None]}, {"a": [None]}),
    ],
)
def test_an_override_is_laid_on(base, over, merged):
    assert merge(base, over) == merged


@given(MAPS)
def test_nothing_laid_on_changes_nothing_and_on_nothing_gives_what_is_laid(data):
    assert merge(data, {}) == data
    assert merge({}, data) == data
    assert merge(data, data) == data


@given(OVERRIDES, OVERRIDES)
def test_no_argument_is_changed(base, over):
    before = deepcopy((base, over))
    merge(base, over)
    assert (base, over) == before


@given(MAPS, OVERRIDES)
def test_laid_on_twice_is_laid_on_once(base, over):
    once = merge(base, over)
    assert merge(once, over) == once


@given(MAPS, OVERRIDES)
def test_every_key_is_the_overrides_or_the_bases_and_null_leaves_none(base, over):
    merged = merge(base, over)
    assert set(merged) == {key for key in {**base, **over} if over.get(key, 0) is not None}
    for key, value in merged.items():
        if key not in over:
            assert value is base[key], "what no override touches is shared"
        elif isinstance(over[key], dict):
            below = base.get(key)
            assert value == merge(below if isinstance(below, dict) else {}, over[key])
        else:
            assert value == over[key]


@given(ALIKE, ALIKE, ALIKE)
def test_the_order_of_laying_on_does_not_matter_where_a_key_keeps_its_kind(first, second, third):
    assert merge(merge(first, second), third) == merge(first, merge(second, third))


def test_a_null_or_a_change_of_kind_makes_the_order_matter():
    base = {"a": {"b": 1}}
    assert merge(merge(base, {"a": None}), {"a": {"c": 2}}) == {"a": {"c": 2}}
    assert merge(base, merge({"a": None}, {"a": {"c": 2}})) == {"a": {"b": 1, "c": 2}}
    assert merge(merge(base, {"a": 5}), {"a": {"c": 2}}) == {"a": {"c": 2}}
    assert merge(base, merge({"a": 5}, {"a": {"c": 2}})) == {"a": {"b": 1, "c": 2}}
