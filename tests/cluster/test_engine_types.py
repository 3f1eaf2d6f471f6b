"""What Pulumi's engine can write of a stack, made at random of its own types: read, and reviewed in every format.

A program on the pinned SDK makes digests, events and states, and says what a reader must make of each. States are held
to the SDK's own JSON schemas. The engine itself is no part of the SDK: which steps it takes is written down in
engine/steps.go.
"""

import json
import subprocess
from datetime import date
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from referencing import Registry, Resource

from review.diff.preview_steps import Step
from review.diff.pulumi_preview import Previewed, State, read
from review.renderers.html.page import as_html
from review.renderers.review_json import as_json
from review.renderers.review_markdown import as_markdown
from review.renderers.review_sarif import as_sarif
from review.renderers.review_text import as_text
from review.reviewing import Compared, review_plans
from tests.cluster.go_program import built

SOURCE = Path(__file__).with_name("engine")
COUNT = 60
REVIEWED = 20
FORMATS = {
    "text": lambda it: "\n".join(as_text(it)),
    "markdown": as_markdown,
    "html": as_html,
    "json": as_json,
    "sarif": as_sarif,
}
FORMS = ("Digest", "Events")
HARMFUL = {"\x00", "\x1b", "\N{RIGHT-TO-LEFT OVERRIDE}"}


def run(*arguments):
    command = [built(SOURCE), *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.fixture(scope="module")
def samples():
    return run(1, COUNT)


def expected(inputs):
    """Inputs as a plan has them: the provider's own keys are none, and null is nothing."""
    return {key: it for key, it in inputs.items() if not key.startswith("__") and it is not None}


def inputs_of(plan, urn):
    rows = [it for it in plan.resources if it.urn == urn]
    return rows[0].inputs if rows else None


def sides(found):
    plans = (found.plan,) * 2 if isinstance(found, State) else (found.base, found.head)
    previewed = found if isinstance(found, Previewed) else None
    return [
        Compared(plan=plan, label="x", foreign=True, previewed=it)
        for plan, it in zip(plans, (None, previewed), strict=True)
    ]


@pytest.mark.parametrize("form", FORMS)
def test_operations_and_both_sides_are_as_the_engine_has_them(samples, form):
    seen = set()
    for sample in samples:
        found = read(sample[form])
        steps = {it.urn: it for it in found.steps}
        for urn, truth in sample["Truth"].items():
            if form == "Digest" and not truth["InDigest"]:
                assert urn not in steps
                continue
            step = steps[urn]
            assert step.operation == truth["Operation"], (sample["Seed"], urn)
            assert step.base_urn == truth.get("BaseURN", "")
            for side, plan, name in (
                ("Base", found.base, step.base_urn or urn),
                ("Head", found.head, urn),
            ):
                inputs = truth[side]
                wanted = None if inputs is None else expected(inputs)
                assert inputs_of(plan, name) == wanted, (sample["Seed"], side, urn)
            seen.add((step.operation, step.engine))
        assert not any("operation that this version does not know" in it for it in found.notes)
    assert {it for it, _ in seen} == {"create", "same", "update", "delete", "replace"}
    assert len(seen) >= 10


def test_kinds_of_differences_are_the_same_in_both_forms(samples):
    kinds = set()
    for sample in samples:
        digest, events = (read(sample[form]) for form in FORMS)
        told = {it.urn: it for it in events.steps}
        for step in digest.steps:
            assert isinstance(step, Step)
            assert (step.detailed, step.reasons) == (
                told[step.urn].detailed,
                told[step.urn].reasons,
            )
            kinds |= {kind for _, kind in step.detailed}
    assert kinds == {
        f"{kind}{replaces}" for kind in ("add", "delete", "update") for replaces in ("", "-replace")
    }


def test_a_state_is_what_runs(samples):
    for sample in samples:
        found = read(sample["State"])
        left = sum(truth["Base"] is not None for truth in sample["Truth"].values()) + 1
        assert len(found.plan.resources) == left
        for urn, truth in sample["Truth"].items():
            if truth["Base"] is None or truth["Found"]:
                continue
            row = inputs_of(found.plan, truth.get("BaseURN", urn))
            assert row == expected(truth["Base"]), (sample["Seed"], urn)


def test_states_are_those_of_the_sdk_s_own_schema(samples):
    """But for keys of a resource that its Go types have, and its schema not yet."""
    [schemas] = run("schemas")
    keys = schemas["resources"]["$defs"]["resourceV3"]["properties"]
    known = [Resource.from_contents(it) for it in schemas.values()]
    registry = Registry().with_resources([(it.id(), it) for it in known])
    validator = Draft202012Validator(schemas["deployments"], registry=registry)
    valid = [it for it in samples if it["How"] != "wire"]
    assert len(valid) > COUNT / 3
    for sample in valid:
        state = json.loads(sample["State"])
        rows = state["deployment"]["resources"]
        state["deployment"]["resources"] = [
            {key: it for key, it in row.items() if key in keys} for row in rows
        ]
        found = next(validator.iter_errors(state), None)
        assert found is None, (sample["Seed"], found.message[:200])


def test_what_policies_say_weighs_as_much_as_the_engine_gives_it(samples):
    weights = set()
    for sample in samples:
        review = review_plans(*sides(read(sample["Events"])), today=date(2026, 11, 21))
        told = {it.rule: it.severity for it in review.findings if it.rule.startswith("pack/rule-")}
        assert told == {rule: it for rule, it in sample["Policies"].items() if it}
        weights |= set(sample["Policies"].values())
    assert weights == {"", "advisory", "mandatory"}


def test_no_report_in_any_format_tells_a_secret_or_does_harm(samples):
    canaries = 0
    for sample in samples[:REVIEWED]:
        canaries += sample["Canaries"]
        digest, events, state = (read(sample[it]) for it in ("Digest", "Events", "State"))
        pairs = [sides(digest), sides(events)]
        pairs += [[sides(state)[0], sides(events)[0]], [sides(events)[0], sides(state)[0]]]
        for pair in pairs:
            for side in pair:
                assert "canary" not in side.plan.to_json()
            review = review_plans(*pair, today=date(2026, 11, 21))
            assert "canary" not in repr(review)
            for form in FORMATS.values():
                text = form(review)
                assert "canary" not in text
                assert not HARMFUL & {*text}
                assert form is not as_html or "<script>alert" not in text
                text.encode()
    assert canaries > REVIEWED
