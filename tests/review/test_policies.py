"""The rules on a plan: findings that count as the stack says, without what is exempted."""

import dataclasses
import json
import random
from datetime import date

import pytest

from policy.config import parse_config
from policy.exemptions import Exemption
from policy.rules import all_rules
from review.findings import Finding
from review.plan import UNKNOWN, Plan
from review.policies import Policies, judged, only_new, policies_of
from review.sources.cache import Cache
from review.sources.memo import Memo
from tests.program import ROOT, planned

TODAY = date(2026, 11, 21)
WEB = "Deployment course/blob-service"
PRIVILEGED = "privileged-container"
RULES = tuple(it for it in all_rules() if it.id in (PRIVILEGED, "service-selects-nothing"))
EXEMPTION = Exemption(
    rule=PRIVILEGED,
    resource=WEB,
    reason="a driver",
    owner="platform",
    expires=date(2027, 1, 31),
    line=3,
)


def edited(change) -> Plan:
    """The plan of dev with the inputs of one Deployment changed."""
    plan = planned("dev")
    rows = []
    for row in plan.resources:
        metadata = row.inputs.get("metadata") or {}
        if row.inputs.get("kind") == "Deployment" and metadata.get("name") == "blob-service":
            inputs = json.loads(json.dumps(row.inputs))
            change(inputs)
            row = dataclasses.replace(row, inputs=inputs)
        rows.append(row)
    return dataclasses.replace(plan, resources=tuple(rows))


def container(inputs):
    return inputs["spec"]["template"]["spec"]["containers"][0]


def privileged(inputs):
    container(inputs)["securityContext"] = {"privileged": True}


def config(**entries):
    return parse_config(json.dumps(entries), "x.json", all_rules())


def test_a_finding_says_what_where_why_and_what_to_do():
    (found,) = judged(edited(privileged), Policies(RULES), TODAY).findings

    assert (found.rule, found.severity, found.verdict, found.resource) == (
        PRIVILEGED,
        "mandatory",
        "fail",
        WEB,
    )
    assert found.path.endswith(".securityContext.privileged")
    assert found.urn.endswith("::course-blob-service-deployment")
    assert found.why
    assert found.remedy
    assert found.source.startswith("https://")
    assert found.area == "policy"


def test_a_disabled_rule_is_silent():
    policies = Policies(RULES, config(**{PRIVILEGED: "disabled"}))

    assert judged(edited(privileged), policies, TODAY).findings == ()


def test_a_stack_may_have_a_rule_told_only():
    policies = Policies(RULES, config(all="advisory"))

    (found,) = judged(edited(privileged), policies, TODAY).findings
    assert found.severity == "advisory"


@pytest.mark.parametrize("counts", ["advisory", "mandatory"])
def test_an_unknown_is_never_silent_and_counts_as_the_stack_says(counts):
    def change(inputs):
        container(inputs)["securityContext"] = {"privileged": dict(UNKNOWN)}

    policies = Policies(RULES, config(**{PRIVILEGED: {"unknown": counts}}))

    (found,) = judged(edited(change), policies, TODAY).findings
    assert (found.verdict, found.severity) == ("unknown", counts)
    assert found.path in found.message


def test_a_fail_beside_an_unknown_is_found():
    def change(inputs):
        spec = inputs["spec"]["template"]["spec"]
        spec["initContainers"] = dict(UNKNOWN)
        privileged(inputs)

    found = judged(edited(change), Policies(RULES), TODAY).findings

    assert sorted(it.verdict for it in found) == ["fail", "unknown"]


def test_what_is_exempted_is_kept_apart_with_its_reason():
    result = judged(edited(privileged), Policies(RULES, exemptions=(EXEMPTION,)), TODAY)

    assert result.findings == ()
    (it,) = result.exempted
    assert (it.finding.resource, it.reason, it.owner, it.expires) == (
        WEB,
        "a driver",
        "platform",
        "2027-01-31",
    )


def test_an_exemption_counts_to_the_end_of_its_last_day():
    policies = Policies(RULES, exemptions=(EXEMPTION,))

    assert judged(edited(privileged), policies, date(2027, 1, 31)).findings == ()
    late = judged(edited(privileged), policies, date(2027, 2, 1)).findings
    assert sorted(it.rule for it in late) == ["exemption-expired", PRIVILEGED]
    assert {it.severity for it in late} == {"mandatory"}
    (expired,) = (it for it in late if it.rule == "exemption-expired")
    assert "line 3 of policy/exemptions.yaml" in expired.message
    assert "expired on 2027-01-31" in expired.message


def test_an_exemption_that_exempts_nothing_is_told():
    (found,) = judged(planned("dev"), Policies(RULES, exemptions=(EXEMPTION,)), TODAY).findings

    assert (found.rule, found.severity) == ("exemption-unused", "advisory")


def test_an_exemption_from_a_disabled_rule_is_not_told_as_unused():
    policies = Policies(RULES, config(**{PRIVILEGED: "disabled"}), (EXEMPTION,))

    assert judged(planned("dev"), policies, TODAY).findings == ()


def test_an_exemption_may_name_type_and_logical_name():
    named = dataclasses.replace(EXEMPTION, resource="Deployment course-blob-service-deployment")

    assert (
        len(judged(edited(privileged), Policies(RULES, exemptions=(named,)), TODAY).exempted) == 1
    )


def said(plan, policies, memo=None):
    return sorted(map(repr, judged(plan, policies, TODAY, memo).findings))


def test_kept_results_are_those_of_rules_that_are_asked(tmp_path):
    plan, policies = edited(privileged), Policies(all_rules())
    first = Memo(Cache(tmp_path / "kept"), "a name")
    fresh = said(plan, policies, first)
    first.save()

    again = Memo(Cache(tmp_path / "kept"), "a name")

    assert said(plan, policies, again) == fresh == said(plan, policies)
    assert not again.fresh


def test_kept_results_of_another_plan_are_never_told():
    """Each row goes in its turn, and with it what the rules said of others for its sake."""
    plan, policies = edited(privileged), Policies(all_rules())
    memo, before = Memo(), said(edited(privileged), Policies(all_rules()))
    assert said(plan, policies, memo) == before
    moved = 0
    for row in plan.resources[::3]:
        left = dataclasses.replace(
            plan, resources=tuple(it for it in plan.resources if it is not row)
        )
        found = said(left, policies)
        moved += found != before
        assert said(left, policies, memo) == found, row.urn
    assert moved > 10


def test_a_change_in_a_namespace_or_in_none_is_seen_past_kept_results():
    plan, policies = planned("prod"), Policies(all_rules())
    memo = Memo()
    old = said(plan, policies, memo)
    for kind in ("ConfigMap", "Service", "Namespace", "PriorityClass", "LimitRange", "AgentPool"):
        for row in (it for it in plan.resources if it.type.endswith(f":{kind}")):
            edited_row = dataclasses.replace(row, inputs={**row.inputs, "metadata": dict(UNKNOWN)})
            other = dataclasses.replace(
                plan, resources=tuple(edited_row if it is row else it for it in plan.resources)
            )
            assert said(other, policies, memo) == said(other, policies), row.urn
            break
    assert said(plan, policies, memo) == old


def test_what_kept_results_hang_on_changes_with_rules_and_parameters():
    keys = {
        Policies(RULES).key,
        Policies(RULES[:1]).key,
        Policies(RULES, config(all="disabled")).key,
    }

    assert len(keys) == 3
    assert Policies(RULES).key == Policies(RULES, config(all="advisory")).key, (
        "how a result counts is no part of it"
    )


def test_the_order_of_resources_changes_nothing():
    plan = edited(privileged)
    rows = list(plan.resources)
    random.Random(1).shuffle(rows)
    shuffled = dataclasses.replace(plan, resources=tuple(rows))
    policies = Policies(all_rules())

    one, other = judged(plan, policies, TODAY), judged(shuffled, policies, TODAY)

    assert sorted(map(repr, one.findings)) == sorted(map(repr, other.findings))


def test_the_shipped_files_can_be_read():
    for stack in ("dev", "prod", "local"):
        assert policies_of(ROOT, stack, ["dev", "prod", "local"]).rules == all_rules()


def finding(**changes) -> Finding:
    start = {
        "rule": "r-a",
        "severity": "advisory",
        "resource": "Pod a/b",
        "message": "m",
        "path": "spec",
    }
    return Finding(**{**start, **changes})


@pytest.mark.parametrize(
    ("now", "before", "new"),
    [
        (finding(), [], True),
        (finding(), [finding()], False),
        (finding(message="other words"), [finding()], False),
        (finding(urn="urn:x"), [finding(urn="urn:y")], False),
        (finding(path="spec.a"), [finding()], True),
        (finding(resource="Pod a/c"), [finding()], True),
        (finding(rule="r-b"), [finding()], True),
        (finding(severity="mandatory"), [finding()], True),
        (finding(), [finding(severity="mandatory")], False),
        (finding(), [finding(verdict="unknown")], True),
        (finding(verdict="unknown"), [finding()], False),
    ],
)
def test_a_finding_is_new_where_the_base_has_none_that_is_as_bad(now, before, new):
    assert only_new([now], before) == (([now], []) if new else ([], [now]))


def test_a_second_one_at_the_same_place_is_new():
    assert only_new([finding(), finding(message="n")], [finding()]) == (
        [finding(message="n")],
        [finding()],
    )
