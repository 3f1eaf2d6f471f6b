"""JSON read in pieces is JSON read whole: the same values, and an error at the same line."""

import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from review.diff import json_window
from review.diff.json_window import JsonError, Window


@pytest.fixture(params=[1, 3, 1 << 20])
def piece(request, monkeypatch):
    monkeypatch.setattr(json_window, "PIECE", request.param)


def window(text):
    return Window(io.StringIO(text))


@pytest.mark.parametrize(
    "text",
    [
        "1",
        "-12.5e+3",
        "0",
        '"a\\u00e9\\n"',
        "true",
        "null",
        "[1, [2]]",
        '{"a": {"b": 1}}',
        "123456789012345678901",
    ],
)
@pytest.mark.usefixtures("piece")
def test_a_value_is_read_wherever_pieces_end(text):
    for around in ("", " ", "\n\t", "\ufeff"):
        found = window(f"{around}{text}{around}")
        assert found.value() == json.loads(text)
        assert found.next() == ""


@pytest.mark.usefixtures("piece")
def test_members_and_items_are_handed_out_one_by_one():
    found = window('{"a": [1, {"b": 2}, []], "c" : null, "d":[]}')

    seen = {}
    for key in found.members():
        seen[key] = list(found.items()) if found.next() == "[" else found.value()
    assert seen == {"a": [1, {"b": 2}, []], "c": None, "d": []}
    assert list(window("{}").members()) == []
    assert list(window("[]").items()) == []


def read(text):
    """Everything in it, by members and items at the top."""
    found = window(text)
    if found.next() == "{":
        for _ in found.members():
            list(found.items()) if found.next() == "[" else found.value()
    elif found.next() == "[":
        list(found.items())
    else:
        found.value()
    if found.next():
        raise JsonError(0, "more")


@pytest.mark.parametrize(
    ("text", "line", "problem", "cut"),
    [
        ("", 1, "Expecting value", True),
        ("nul", 1, "Expecting value", False),
        ("{", 1, "Expecting property name enclosed in double quotes", True),
        ("{1: 2}", 1, "Expecting property name enclosed in double quotes", False),
        ('{"a" 1}', 1, "Expecting ':' delimiter", False),
        ('{"a"', 1, "Expecting ':' delimiter", True),
        ('{"a": 1 "b": 2}', 1, "Expecting ',' delimiter", False),
        ('{"a": 1', 1, "Expecting ',' delimiter", True),
        ('{"a": [1 2]}', 1, "Expecting ',' delimiter", False),
        ('{"a": [1', 1, "Expecting ',' delimiter", True),
        ('{\n"a": 1,\n\n"b": x}', 4, "Expecting value", False),
        ('{\n"a":\n"unended', 3, "Unterminated string starting at", True),
        ("[1,\n2,\n]", 3, "Expecting value", False),
        ("NaN", 1, "NaN is no JSON", False),
        ("[-Infinity]", 1, "-Infinity is no JSON", False),
    ],
)
@pytest.mark.usefixtures("piece")
def test_what_is_no_json_says_its_line_and_whether_it_ends_too_early(text, line, problem, cut):
    with pytest.raises(JsonError) as error:
        read(text)

    assert (error.value.line, error.value.problem) == (line, problem)
    assert error.value.cut is cut


def test_a_thing_of_another_kind_is_not_walked():
    with pytest.raises(JsonError, match="Expecting an object"):
        list(window("[1]").members())
    with pytest.raises(JsonError, match="Expecting a list"):
        list(window("{}").items())


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.text(), JSON, max_size=3), st.integers(1, 9), st.sampled_from([None, 2]))
def test_any_object_is_what_json_reads(value, size, indent):
    text = json.dumps(value, indent=indent, ensure_ascii=False)
    whole, json_window.PIECE = json_window.PIECE, size
    try:
        found = window(text)
        assert {key: found.value() for key in found.members()} == value
    finally:
        json_window.PIECE = whole
