"""SARIF: what is written validates, and says the same in every run."""

import json
from pathlib import Path

import jsonschema
import pytest

from review.findings import Finding
from review.renderers import sarif
from review.renderers.sarif import FINGERPRINT, RuleText, as_sarif
from review.report import Exempted, Place

SCHEMA = json.loads((Path(__file__).parent / "sarif-schema-2.1.0.json").read_text())
"""OASIS, errata 01 of 2.1.0; taken from the module github.com/owenrumney/go-sarif/v3 3.3.1 (Unlicense)."""

FINDING = Finding(
    rule="privileged-container",
    severity="mandatory",
    resource="Deployment course/web",
    message="runs privileged",
    path="spec.template.spec.containers[web].securityContext.privileged",
    why="It owns its node.",
    remedy="leave it out",
    source="https://kubernetes.io/docs/concepts/security/",
    urn="urn:pulumi:dev::x::kubernetes:apps/v1:Deployment::course-web",
)
PLACE = Place(file="workloads/web.yaml", line=12)


def parsed(*findings: Finding, place=PLACE, **options):
    text = as_sarif(findings, lambda _: place, **options)
    log = json.loads(text)
    jsonschema.Draft4Validator(SCHEMA).validate(log)
    (run,) = log["runs"]
    return run


def variant(**changes) -> Finding:
    return Finding(**{**vars(FINDING), **changes})


def test_a_result_names_rule_line_and_level():
    run = parsed(FINDING)

    (result,) = run["results"]
    assert (result["ruleId"], result["level"]) == ("privileged-container", "error")
    assert result["locations"][0]["physicalLocation"] == {
        "artifactLocation": {"uri": "workloads/web.yaml"},
        "region": {"startLine": 12},
    }
    assert result["message"]["text"] == "Deployment course/web: runs privileged; leave it out"
    assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"]


def test_no_finding_is_a_run_without_results():
    assert parsed()["results"] == []


@pytest.mark.parametrize(
    ("severity", "verdict", "level"),
    [
        ("mandatory", "fail", "error"),
        ("mandatory", "unknown", "error"),
        ("advisory", "fail", "warning"),
        ("advisory", "unknown", "note"),
    ],
)
def test_the_level_is_an_error_where_it_fails_the_review(severity, verdict, level):
    assert parsed(variant(severity=severity, verdict=verdict))["results"][0]["level"] == level


def test_a_fingerprint_stays_when_message_and_line_change():
    one = parsed(FINDING)["results"][0]["partialFingerprints"]
    other = parsed(variant(message="is privileged"), place=Place(file="x.yaml", line=1))

    assert other["results"][0]["partialFingerprints"] == one


@pytest.mark.parametrize("change", [{"rule": "other-rule"}, {"urn": "urn:b"}, {"path": "spec"}])
def test_a_fingerprint_is_of_rule_resource_and_path(change):
    one, other = (
        it["partialFingerprints"][FINGERPRINT]
        for it in parsed(FINDING, variant(**change))["results"]
    )

    assert one != other


def test_two_findings_at_one_place_have_two_fingerprints():
    results = parsed(FINDING, variant(message="and again"))["results"]

    assert len({it["partialFingerprints"][FINGERPRINT] for it in results}) == 2


def test_what_is_exempted_is_a_suppressed_result_with_its_reason():
    exempted = Exempted(finding=FINDING, reason="a driver", owner="team-a", expires="2027-03-31")

    (result,) = parsed(exempted=[exempted])["results"]

    assert result["suppressions"] == [
        {
            "kind": "external",
            "status": "accepted",
            "justification": "a driver (team-a, until 2027-03-31)",
        }
    ]


def test_a_finding_of_no_file_has_a_logical_location_alone():
    (result,) = parsed(FINDING, place=None)["results"]

    assert set(result["locations"][0]) == {"logicalLocations"}


def test_what_is_known_of_a_rule_is_told_with_it():
    text = RuleText(title="No container is privileged", why="It owns its node.", tags=("aks",))
    (rule,) = parsed(FINDING, rules={FINDING.rule: text})["tool"]["driver"]["rules"]

    assert rule["shortDescription"]["text"] == "No container is privileged"
    assert rule["properties"]["tags"] == ["aks"]


@pytest.mark.parametrize(
    "hostile", ["[click](http://evil.example)", "a\x1b[31mb", "a\nb", "a\u202eb", "<script>", "{0}"]
)
def test_a_hostile_name_gets_neither_a_link_nor_a_control_character_in(hostile):
    (result,) = parsed(variant(resource=hostile, path=hostile, message=hostile, urn=""))["results"]

    text = json.dumps(result, ensure_ascii=False)
    assert "](" not in result["message"]["text"]
    assert not {"\x1b", "\n", "\u202e", "\\n", "\\u001b"} & {*text, *text.split("a")}
    assert "\\u001b" not in text


def test_a_file_of_any_name_is_a_reference_without_a_scheme():
    place = Place(file="a b:c%/ü.yaml", line=0)
    physical = parsed(FINDING, place=place)["results"][0]["locations"][0]["physicalLocation"]

    assert physical == {
        "artifactLocation": {"uri": "a%20b%3Ac%25/%C3%BC.yaml"},
        "region": {"startLine": 1},
    }


def test_more_results_than_a_file_may_hold_are_counted(monkeypatch):
    monkeypatch.setattr(sarif, "MAX_RESULTS", 2)

    run = parsed(*(variant(path=f"p{at}") for at in range(5)))

    assert len(run["results"]) == 2
    (note,) = run["invocations"][0]["toolExecutionNotifications"]
    assert note["message"]["text"] == "3 results more than a file may hold were left out"


def test_a_note_is_a_notification_of_the_run():
    run = parsed(notes=["web.yaml:3: is no YAML"])

    (note,) = run["invocations"][0]["toolExecutionNotifications"]
    assert note["message"]["text"] == "web.yaml:3: is no YAML"
