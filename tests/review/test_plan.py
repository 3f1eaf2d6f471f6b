import json
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from review.plan import SECRET, UNKNOWN, Plan, Resource

SCHEMA = json.loads((Path(__file__).parents[2] / "docs/plan-schema.json").read_text())
STACK = "urn:pulumi:dev::app::pulumi:pulumi:Stack::app-dev"
BOX = "urn:pulumi:dev::app::app:a:Box::box"

PLAN = Plan(
    project="app",
    stack="dev",
    resources=(
        Resource(urn=STACK, type="pulumi:pulumi:Stack", name="app-dev"),
        Resource(
            urn=BOX,
            type="app:a:Box",
            name="box",
            parent=STACK,
            provider="urn:pulumi:dev::app::pulumi:providers:app::default::id",
            inputs={"b": [1, 2.5, None, True], "a": {"password": SECRET, "id": UNKNOWN}},
            dependencies=(STACK,),
            options={"protect": True, "ignoreChanges": ["b"]},
        ),
    ),
    outputs={"id": UNKNOWN, "key": SECRET},
)


def validate(plan):
    jsonschema.Draft202012Validator(SCHEMA).validate(json.loads(plan.to_json()))


def test_a_plan_read_back_from_its_json_is_the_same_plan():
    assert Plan.from_json(PLAN.to_json()) == PLAN


def test_two_plans_share_the_rows_that_are_the_same_and_no_others():
    other = replace(PLAN, resources=(PLAN.resources[0], replace(PLAN.resources[1], name="crate")))
    known = {}

    one, two = (Plan.from_json(it.to_json(), known) for it in (PLAN, other))

    assert (one, two) == (PLAN, other)
    assert one.resources[0] is two.resources[0]
    assert one.resources[1] is not two.resources[1]


@pytest.mark.parametrize("count", [0, 1, 2])
def test_a_plan_read_with_others_at_hand_is_the_plan_that_is_read_alone(count):
    plan = replace(PLAN, resources=PLAN.resources[:count])

    assert Plan.from_json(plan.to_json(), {}) == Plan.from_json(plan.to_json()) == plan


TEXT = PLAN.to_json()


@given(
    st.integers(0, len(TEXT) - 1), st.sampled_from(["", ",", "}", "]", "{", '"', "\n", " ", "1"])
)
def test_a_text_that_was_tampered_with_is_read_or_refused_as_it_is_alone(at, put):
    text = TEXT[:at] + put + TEXT[at + 1 :]

    def read(*known):
        try:
            return Plan.from_json(text, *known)
        except ValueError as error:
            return str(error)

    assert read({}) == read()


def test_a_plan_that_another_tool_wrote_in_its_own_lines_is_read_all_the_same():
    data = json.loads(TEXT)
    for text in (json.dumps(data, indent=2), json.dumps(data), TEXT.replace("\n", "\r\n")):
        assert Plan.from_json(text, {}) == PLAN


def test_the_json_has_one_line_a_resource_so_that_a_diff_shows_what_changed():
    lines = PLAN.to_json().splitlines()
    assert [json.loads(line.rstrip(","))["urn"] for line in lines[1:-1]] == [STACK, BOX]


def test_the_keys_of_inputs_are_sorted_so_that_equal_plans_have_equal_bytes():
    assert '"inputs": {"a": {"id"' in PLAN.to_json()


def test_the_schema_is_a_schema_and_describes_the_plan():
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    validate(PLAN)


@pytest.mark.parametrize(
    "change",
    [
        {"version": 2},
        {"stack": ""},
        {"resources": []},
        {"more": 1},
        {"outputs": {"key": {"$secret": "the value"}}},
        {"outputs": {"key": {"$secret": True, "value": "the value"}}},
        {"outputs": {"key": [{"$unknown": False}]}},
    ],
)
def test_the_schema_refuses_what_is_no_plan(change):
    data = {**json.loads(PLAN.to_json()), **change}
    assert not jsonschema.Draft202012Validator(SCHEMA).is_valid(data)


@pytest.mark.parametrize(
    "change",
    [
        {"urn": "box"},
        {"type": "Box"},
        {"parent": None},
        {"provider": "default"},
        {"options": {"protected": True}},
        {"options": {"protect": False}},
        {"custom": True},
    ],
)
def test_the_schema_refuses_what_is_no_resource(change):
    data = json.loads(PLAN.to_json())
    data["resources"][1].update(change)
    assert not jsonschema.Draft202012Validator(SCHEMA).is_valid(data)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("{", "no JSON at line 1"),
        ("[]", "its version is None"),
        ('{"version": 2}', "its version is 2"),
        ('{"version": 1}', "'project' is missing"),
        (
            '{"version": 1, "project": "a", "stack": "b", "resources": [{}]}',
            "'dependencies' is missing",
        ),
    ],
)
def test_text_that_is_no_plan_is_refused_with_the_reason(text, reason):
    with pytest.raises(ValueError, match=reason):
        Plan.from_json(text)
