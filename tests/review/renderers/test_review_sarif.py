"""A review as SARIF: valid, at the line that caused it, the same mark in every run, and no more than is kept."""

import json
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest
from hypothesis import Phase, given, settings

from review.renderers.review_sarif import MOST, as_sarif
from review.renderers.sarif import FINGERPRINT, RuleText
from review.report import Place
from tests.review.renderers.golden import assert_golden
from tests.review.renderers.reviews import POOL_URN, REDIS_URN, WEB_URN, empty, many, rich, shuffled
from tests.review.renderers.strategies import reviews

SCHEMA = json.loads(
    (Path(__file__).parents[1] / "sarif-schema-2.1.0.json").read_text(encoding="utf-8")
)
VALIDATOR = jsonschema.Draft4Validator(SCHEMA)


def run_of(review, **options):
    log = json.loads(as_sarif(review, **options))
    assert [it.message for it in VALIDATOR.iter_errors(log)] == []
    [run] = log["runs"]
    return run


def result_of(review, rule):
    return next(it for it in run_of(review)["results"] if it["ruleId"] == rule)


def place_of(result):
    [location] = result["locations"]
    physical = location["physicalLocation"]
    return physical["artifactLocation"]["uri"], physical["region"]["startLine"]


@settings(max_examples=25, deadline=None, phases=(Phase.explicit, Phase.generate))
@given(reviews)
def test_any_review_is_valid(review):
    text = as_sarif(review)

    assert [it.message for it in VALIDATOR.iter_errors(json.loads(text))] == []
    text.encode()


def test_a_review_without_findings_is_a_run_without_results():
    assert run_of(empty())["results"] == []


def test_a_finding_points_at_the_line_of_its_property():
    assert place_of(result_of(rich(), "guard-replaced")) == ("Pulumi.prod.yaml", 38)
    assert place_of(result_of(rich(), "pods-refused")) == ("workloads/web.yaml", 1)


def test_what_no_line_is_known_for_points_at_the_stack_file():
    assert place_of(result_of(rich(), "disk-deleted")) == ("Pulumi.prod.yaml", 1)


def test_a_line_that_only_the_base_has_is_not_pointed_at():
    gone = Place(file="workloads/redis.yaml", line=3, gone=True)
    review = replace(rich(), places=((REDIS_URN, gone),))

    assert place_of(result_of(review, "guard-deleted")) == ("Pulumi.prod.yaml", 1)


@pytest.mark.parametrize(
    ("rule", "level"),
    [
        ("guard-replaced", "error"),
        ("guard-maybe-replaced", "note"),
        ("image-has-digest", "warning"),
        ("quota-exceeded", "note"),
    ],
)
def test_the_level_is_whether_it_fails_passes_or_is_undecided(rule, level):
    assert result_of(rich(), rule)["level"] == level


def test_the_mark_of_a_finding_outlives_its_words_and_its_line():
    before = result_of(rich(), "pods-refused")
    findings = tuple(
        replace(it, message="other words", why="") if it.rule == "pods-refused" else it
        for it in rich().findings
    )
    places = ((WEB_URN, Place(file="workloads/web.yaml", line=77)),)
    after = result_of(replace(rich(), findings=findings, places=places), "pods-refused")

    assert after["partialFingerprints"] == before["partialFingerprints"]
    assert after["message"] != before["message"]


@pytest.mark.parametrize("change", [{"rule": "x"}, {"urn": POOL_URN}, {"path": "spec"}])
def test_another_rule_resource_or_path_is_another_mark(change):
    [found] = [it for it in rich().findings if it.rule == "pods-refused"]
    [one] = run_of(replace(empty(), findings=(found,)))["results"]
    [other] = run_of(replace(empty(), findings=(replace(found, **change),)))["results"]

    assert one["partialFingerprints"][FINGERPRINT] != other["partialFingerprints"][FINGERPRINT]


def test_no_two_findings_of_a_review_share_a_mark():
    results = run_of(rich())["results"]

    assert len({it["partialFingerprints"][FINGERPRINT] for it in results}) == len(results)


def test_every_rule_is_described_once_and_the_guards_by_what_happens():
    rules = run_of(rich())["tool"]["driver"]["rules"]
    ids = [it["id"] for it in rules]
    [replaced] = [it for it in rules if it["id"] == "guard-replaced"]

    assert len(ids) == len(set(ids)) == len({it.rule for it in rich().findings}) + 1
    assert replaced["shortDescription"]["text"] == "A resource is replaced"
    assert "wg1" not in json.dumps(replaced)
    assert all(it["shortDescription"]["text"] for it in rules)


def test_a_rule_that_is_described_elsewhere_is_described_so():
    text = RuleText(title="Images have a digest", why="Tags move", source="https://x.example/")
    rules = run_of(rich(), rules={"image-has-digest": text})["tool"]["driver"]["rules"]
    [rule] = [it for it in rules if it["id"] == "image-has-digest"]

    assert rule["shortDescription"]["text"] == "Images have a digest"
    assert rule["helpUri"] == "https://x.example/"


def test_an_exempted_finding_is_suppressed_and_says_until_when():
    [found] = [it for it in run_of(rich())["results"] if it["ruleId"] == "host-path"]

    [suppression] = found["suppressions"]
    assert "platform-team, until 2027-03-31" in suppression["justification"]


def test_of_more_findings_than_are_kept_the_most_dangerous_are():
    [advice, *_] = [it for it in rich().findings if it.rule == "image-has-digest"]
    more = tuple(replace(advice, resource=f"Deployment course/x{at}") for at in range(MOST))
    run = run_of(replace(rich(), findings=(*more, *rich().findings)))

    assert len(run["results"]) == MOST
    assert sum(it["level"] == "error" for it in run["results"]) == rich().mandatory
    [invocation] = run["invocations"]
    said = [it["message"]["text"] for it in invocation["toolExecutionNotifications"]]
    assert "58 findings of lower rank were left out; --format json names all" in said


def test_what_was_not_looked_at_is_a_notification():
    [invocation] = run_of(rich())["invocations"]

    assert any(
        it["message"]["text"].startswith("charts are compared by their values")
        for it in invocation["toolExecutionNotifications"]
    )


def test_rows_in_any_order_give_the_same_bytes():
    assert {as_sarif(shuffled(rich(), seed)) for seed in range(5)} == {as_sarif(rich())}


def test_a_thousand_workloads_are_valid():
    assert len(run_of(many(1000))["results"]) == 2000


def test_the_golden_log_is_as_it_was():
    assert_golden("rich.sarif", as_sarif(rich()))
