"""Values of Secrets side by side: compared where a plan has them, in `data` or `stringData`, and never said."""

import base64

import pytest

from review.diff.said import property_change, said
from review.diff.secrets import APPLIED, veiled
from review.diff.shapes import of_kind
from review.diff.walk import Difference, Veiled, differences
from review.guard.values import ABSENT
from review.plan import SECRET, UNKNOWN

CANARY = "hunter2-canary"
SHAPE = of_kind("v1", "Secret")


def b64(text):
    return base64.b64encode(text.encode()).decode()


def compared(old, new):
    both = veiled({"kind": "Secret", **old}, {"kind": "Secret", **new})
    assert CANARY not in repr(both)
    assert b64(CANARY) not in repr(both)
    return [(it.path, *said(it)) for it in differences(*both, SHAPE)]


CHANGED = ("[secret]", "[secret]")


@pytest.mark.parametrize(
    ("old", "new", "paths"),
    [
        ({"data": {"a": b64(CANARY)}}, {"stringData": {"a": CANARY}}, []),
        ({"stringData": {"a": CANARY}}, {"data": {"a": b64(CANARY)}}, []),
        ({"data": {"a": b64(CANARY)}}, {"data": {"a": b64(CANARY + "2")}}, ["data.a"]),
        ({"data": {"a": CANARY}}, {"data": {"a": CANARY}}, []),
        ({"data": {"a": CANARY}}, {"data": {"a": b64(CANARY)}}, ["data.a"]),
        ({"stringData": {"a": CANARY}}, {"stringData": {"a": "x"}}, ["stringData.a"]),
        ({"data": {"a": b64("x")}}, {"stringData": {"a": CANARY}}, ["stringData.a"]),
        ({"stringData": {"a": "\ud800"}}, {"stringData": {"a": "\ud801"}}, ["stringData.a"]),
        ({"data": {"a": 1}}, {"data": {"a": True}}, ["data.a"]),
        ({"data": {"a": SECRET}}, {"data": {"a": SECRET}}, []),
        ({"data": SECRET}, {"data": SECRET}, []),
        ({"stringData": SECRET}, {"data": SECRET}, []),
        ({"data": SECRET}, {"data": {"a": b64(CANARY)}}, ["data"]),
        ({"type": "a"}, {"type": "b"}, ["type"]),
    ],
)
def test_a_value_is_the_same_wherever_it_stands_and_else_only_said_to_differ(old, new, paths):
    found = compared(old, new)

    assert [it[0] for it in found] == paths
    assert compared(new, old) == [(path, new_, old_) for path, old_, new_ in found]


def test_values_that_differ_are_only_said_to_be_secret():
    assert compared({"data": {"a": b64(CANARY)}}, {"data": {"a": b64("x")}}) == [
        ("data.a", *CHANGED)
    ]
    assert compared({}, {"data": {"a": b64(CANARY)}})[0][1:] == ("", '{"a": "[secret]"}')


def test_what_is_hidden_whole_on_one_side_hides_the_other():
    assert compared({"data": SECRET}, {"stringData": {"a": CANARY}, "data": {"b": CANARY}}) != []
    assert compared({"data": SECRET}, {"stringData": SECRET}) == []


def test_an_unknown_value_stays_unknown():
    [(path, old, new)] = compared({"data": {"a": b64(CANARY)}}, {"data": {"a": UNKNOWN}})

    assert (path, old, new) == ("data.a", "[secret]", "unknown before deployment")


def test_an_annotation_that_repeats_the_object_is_as_secret():
    def annotated(text):
        return {"metadata": {"name": "s", "annotations": {APPLIED: text, "note": text}}}

    old, new = veiled(annotated(CANARY), annotated("x"))
    assert old["metadata"]["annotations"]["note"] == CANARY
    assert [(it.path, *said(it)) for it in differences(old, new, SHAPE)] == [
        (f'metadata.annotations["{APPLIED}"]', *CHANGED),
        ("metadata.annotations.note", f'"{CANARY}"', '"x"'),
    ]


def test_neither_side_is_altered():
    old = {"data": {"a": b64(CANARY)}, "metadata": {"annotations": {APPLIED: CANARY}}}
    before = repr(old)

    veiled(old, {"stringData": {"a": "x"}})
    assert repr(old) == before


@pytest.mark.parametrize(
    ("old", "new", "alters"),
    [
        (ABSENT, 1, "added"),
        (1, ABSENT, "removed"),
        (ABSENT, UNKNOWN, "added"),
        (1, UNKNOWN, "unknown"),
        (UNKNOWN, SECRET, "unknown"),
        (1, SECRET, "secret"),
        (SECRET, 1, "secret"),
        (Veiled(b"a"), 1, "secret"),
        (1, Veiled(b"a"), "secret"),
        (1, 2, "changed"),
    ],
)
def test_what_a_change_does_to_a_property_is_one_word(old, new, alters):
    assert property_change(Difference("a", old, new)).alters == alters


def test_another_order_is_said_as_that():
    it = property_change(Difference("a", ["x", "y"], ["y", "x"], order=True))

    assert (it.old, it.new) == ('in this order: ["x", "y"]', 'in this order: ["y", "x"]')


def test_veiled_values_within_others_are_said_to_be_secret():
    value = {"a": [Veiled(CANARY.encode()), 1, True], "b": "x"}

    assert said(Difference("a", ABSENT, value)) == ("", '{"a": ["[secret]", 1, true], "b": "x"}')
    assert Veiled(b"a") != Veiled(b"b")
    assert Veiled(b"a") == Veiled(b"a")
    assert Veiled(b"a") != b"a"
