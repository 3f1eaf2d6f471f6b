"""A review as JSON: its schema, the way back, and the same bytes for the same rows."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from review.renderers.review_json import as_json, from_json
from review.report import VERSION, in_order, place_of
from tests.review.renderers.golden import assert_golden
from tests.review.renderers.reviews import (
    HOSTILE,
    POOL_URN,
    WEB_URN,
    empty,
    many,
    rich,
    shuffled,
)

SCHEMA = json.loads((Path(__file__).parents[3] / "docs/review-schema.json").read_text())


def faults(data):
    return [it.message for it in Draft202012Validator(SCHEMA).iter_errors(data)]


def test_the_schema_is_one():
    Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("review", [rich(), empty(), many(3)], ids=["rich", "empty", "many"])
def test_what_is_written_is_what_the_schema_says(review):
    assert faults(json.loads(as_json(review))) == []


def test_every_object_of_the_schema_is_closed_and_whole():
    def objects(node):
        if isinstance(node, dict) and node.get("type") == "object":
            yield node
        for it in node.values() if isinstance(node, dict) else ():
            yield from objects(it)

    found = list(objects(SCHEMA))

    assert len(found) > 15
    for it in found:
        assert it["additionalProperties"] is False
        assert {*it["properties"]} - {*it["required"]} <= {"guard"}


@pytest.mark.parametrize(
    "spoil",
    [
        lambda it: it.update(more=1),
        lambda it: it.pop("notes"),
        lambda it: it["findings"][0].update(severity="grave"),
        lambda it: it["changes"][0].pop("place"),
        lambda it: it["counts"]["changes"].update(other=1),
        lambda it: it["places"][0].update(line=0),
    ],
)
def test_the_schema_refuses_another_shape(spoil):
    data = json.loads(as_json(rich()))
    spoil(data)

    assert faults(data)


def test_the_way_back_loses_nothing():
    review = in_order(rich())
    back = from_json(as_json(review))

    assert as_json(back) == as_json(review)
    assert replace(back, findings=(), exempted=()) == replace(review, findings=(), exempted=())
    for one, other in zip(back.findings, review.findings, strict=True):
        assert {**vars(one), "area": ""} == {**vars(other), "area": ""}


def test_rows_in_any_order_give_the_same_bytes():
    assert {as_json(shuffled(rich(), seed)) for seed in range(5)} == {as_json(rich())}


def test_everything_is_named():
    data = json.loads(as_json(many(100)))

    assert len(data["changes"]) == 800
    assert len(data["findings"]) == 200
    assert data["counts"]["changes"] == {
        "replace": 100,
        "delete": 100,
        "maybeReplace": 0,
        "move": 0,
        "update": 400,
        "create": 200,
        "same": 0,
    }


def test_hostile_text_is_data_and_comes_back_as_it_was():
    text = as_json(rich())
    data = json.loads(text)

    assert text.isascii()
    for it in HOSTILE:
        assert f"ConfigMap course/{it}" in {row["resource"] for row in data["changes"]}


def test_a_finding_has_the_place_of_its_property_and_what_the_guard_knows():
    [row] = [it for it in json.loads(as_json(rich()))["findings"] if it["rule"] == "guard-replaced"]

    assert row["place"] == {"file": "Pulumi.prod.yaml", "line": 38, "gone": False}
    assert row["guard"]["blast"]["nodes"] == {"min": 2, "max": 5}
    assert row["guard"]["happens"] == "replaced"


def test_a_property_without_a_line_has_that_of_what_it_is_in():
    places = dict(rich().places)

    assert place_of(places, WEB_URN, "spec.replicas").line == 120
    assert place_of(places, WEB_URN, "spec.replicas[0].more").line == 120
    assert place_of(places, WEB_URN, "spec.selector").file == "workloads/web.yaml"
    assert place_of(places, POOL_URN).line == 38
    assert place_of(places, "urn:other", "spec") is None


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "no JSON at line 1"),
        ('{"version": 1, ', "no JSON"),
        ("[]", f"not a review of version {VERSION}: its version is None"),
        ('{"version": 2}', "its version is 2"),
        ('{"version": 1}', "'project' is missing"),
        (
            '{"version": 1, "project": "", "stack": "", "base": "", "head": "", "changes": 3}',
            "not a",
        ),
    ],
)
def test_what_is_no_review_is_refused_in_words(text, words):
    with pytest.raises(ValueError, match="not a review") as raised:
        from_json(text)

    assert words in str(raised.value)


def test_the_golden_report_is_as_it_was():
    assert_golden("rich.json", as_json(rich()))
