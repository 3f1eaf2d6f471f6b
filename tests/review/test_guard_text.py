"""The guard's findings as text and JSON."""

import json

import pytest

from review.guard.changes import guard
from review.renderers.guard import NAMED, WIDTH, as_json, as_text
from tests.review.guard.plans import adding, edited, find, obj, plan, put, without

POOL = "aks-pool-wg1"
CLUSTER = "aks-cluster-managed-cluster"


def text(base, head):
    return "\n".join(as_text(base, head, guard(base, head)))


@pytest.fixture(scope="module")
def changed():
    head = edited(plan(), CLUSTER, lambda it: put(it, "networkProfile.podCidr", "10.1.0.0/16"))
    head = edited(head, CLUSTER, lambda it: it.update(dnsPrefix="other"))
    head = edited(head, POOL, lambda it: it.update(maxPods=50))
    return edited(head, "testing-regression-tests-job", lambda it: it["spec"].update(parallelism=1))


def test_nothing_is_one_line():
    assert text(plan(), plan()) == "prod: nothing is replaced, refused or lost"


def test_a_finding_says_what_happens_why_what_goes_and_the_safe_path(changed):
    said = text(plan(), changed)

    assert '  dnsPrefix: "course-prod" -> "other"\n' in said
    assert (
        "what       is replaced: deleted first, made anew afterwards; Pulumi refuses as long as it is"
        in said
    )
    assert "takes down 3 pools (system, wg1, boot) of 9 to 14 nodes\n" in said
    assert "1 disk: 1 x course/data-redis (8Gi)" in said
    assert "[guard-replaced, provider]" in said
    assert said.endswith("prod: 3 mandatory, 1 advisory")


def test_what_two_findings_of_one_resource_take_down_is_said_once(changed):
    said = text(plan(), changed)

    assert said.count("3 pools (system, wg1, boot)") == 1
    assert said.count("takes down the same as above") == 1


def test_what_azure_refuses_is_said_to_look_like_an_update(changed):
    assert (
        "  maxPods: 110 -> 50\n  what       looks like an update in the preview, and is refused in"
        in text(plan(), changed)
    )


def test_names_beyond_a_few_are_counted_in_text_and_whole_in_json(changed):
    [first, *_] = guard(plan(), changed)

    assert len(first.blast.workloads) > NAMED
    assert f"and {len(first.blast.workloads) - NAMED} more" in text(plan(), changed)
    rows = json.loads(as_json(plan(), changed, [first]))["findings"]
    assert rows[0]["blast"]["workloads"] == list(first.blast.workloads)


def test_lines_are_no_wider_than_a_terminal_but_for_links(changed):
    wide = [
        it for it in text(plan(), changed).splitlines() if len(it) > WIDTH and "https:" not in it
    ]

    assert wide == []


def test_a_base_of_another_stack_is_named():
    assert text(plan("dev"), plan("prod")).splitlines()[-1].startswith("prod against dev: ")


def test_json_has_the_keys_of_the_contract(changed):
    data = json.loads(as_json(plan(), changed, guard(plan(), changed)))

    assert {key: data[key] for key in ("version", "stack", "base")} == {
        "version": 1,
        "stack": "prod",
        "base": "prod",
    }
    assert [*data["findings"][0]] == [
        "rule",
        "severity",
        "resource",
        "urn",
        "path",
        "field",
        "old",
        "new",
        "happens",
        "order",
        "stopped",
        "why",
        "blast",
        "safe",
        "source",
        "known",
    ]
    assert [*data["findings"][0]["blast"]] == [
        "pools",
        "nodes",
        "workloads",
        "pods",
        "disks",
        "others",
        "uncounted",
    ]


def test_json_of_nothing_is_json():
    assert json.loads(as_json(plan(), plan(), []))["findings"] == []


def test_what_a_terminal_would_act_upon_is_taken_out():
    hostile = "\x1b[2Jgone\u202e\nnew line"
    base = adding(
        plan(), obj("v1", "PersistentVolumeClaim", hostile, {"spec": {"volumeName": hostile}})
    )

    said = text(base, edited(base, hostile, lambda it: it["spec"].update(volumeName="x\x9b")))

    assert "gone" in said
    assert {it for it in said if not it.isprintable()} == {"\n"}
    assert text(base, without(base, hostile)).isascii() is False


def test_colours_are_the_callers():
    head = edited(plan(), POOL, lambda it: it.update(maxPods=50))
    painted = "\n".join(
        as_text(plan(), head, guard(plan(), head), lambda words, style: f"<{style}>{words}</>")
    )

    assert "<bad>mandatory</>  <heading>AgentPool wg1</>" in painted
    assert find(plan(), POOL)
