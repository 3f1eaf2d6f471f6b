"""The diff against the real engine: of the same change both say the same, resource by resource."""

import json
from pathlib import Path

import pytest

from review.diff.changes import changes
from review.diff.engine_changes import engine_changes
from review.diff.engine_says import told
from review.diff.pulumi_preview import read
from review.guard.changes import guard
from tests.review.guard.test_engine_oracle import planned

SAMPLES = Path(__file__).parents[2] / "engine_samples"
FORMS = ("2-change.preview.json", "2-change.events.jsonl")


def by_engine(name):
    found = read(SAMPLES / name)
    return engine_changes(found, changes(found.base, found.head).changes)


@pytest.fixture(scope="module")
def plans():
    with pytest.MonkeyPatch.context() as patched:
        return planned("1", patched), planned("2", patched)


@pytest.fixture(scope="module")
def ours(plans):
    return changes(*plans, guard(*plans))


@pytest.fixture(scope="module")
def steps():
    return json.loads((SAMPLES / FORMS[0]).read_text())["steps"]


def test_both_make_update_replace_and_delete_the_same_resources(ours, steps):
    theirs = {it["urn"]: it["op"] for it in steps if it["op"] != "same"}

    assert {it.urn: it.operation for it in ours.changes if it.operation != "same"} == theirs
    assert set(theirs.values()) == {"create", "update", "replace", "delete"}


def test_both_update_them_for_the_same_properties(ours, steps):
    """An amount in another spelling, 2Gi and 2048Mi, is in neither: the provider asks the API server."""
    theirs = {
        it["urn"]: sorted(path.replace("[0]", "[web]") for path in it["detailedDiff"])
        for it in steps
        if it.get("detailedDiff")
    }

    found = {it.urn: [one.path for one in it.properties] for it in ours.changes}
    assert {urn: paths for urn, paths in found.items() if paths} == theirs
    assert '"2048Mi" if V2 else "2Gi"' in (SAMPLES / "program" / "__main__.py").read_text()


def test_both_replace_them_for_the_same_properties(ours, steps):
    theirs = {it["urn"]: sorted(it["replaceReasons"]) for it in steps if it.get("replaceReasons")}
    ours = {
        it.urn: [one.path for one in it.properties if one.replaces]
        for it in ours.changes
        if it.operation == "replace"
    }

    assert ours == theirs


def test_an_alias_changes_nothing_for_either_and_is_told(ours, steps):
    renamed = {it.urn: it.base_urn for it in ours.changes if it.operation == "same"}

    assert {it.rpartition("::")[2] for it in renamed} == {"shop-web-netpol", "shop-api-netpol"}
    assert {it.rpartition("::")[2] for it in renamed.values()} == {
        "shop-web-policy",
        "shop-api-policy",
    }
    assert not {it["urn"] for it in steps} & set(renamed)


def test_the_rest_stays_the_same_for_both(ours):
    summary = json.loads((SAMPLES / FORMS[0]).read_text())["changeSummary"]
    aliases = [it for it in ours.changes if it.operation == "same"]

    assert ours.unchanged + len(aliases) == summary["same"]


@pytest.mark.parametrize("form", FORMS)
def test_a_preview_in_either_form_says_what_the_plans_say(ours, form):
    found = by_engine(form)
    expected = [it for it in ours.changes if it.operation != "same" or "events" in form]

    assert [
        (it.operation, it.resource, it.urn, it.base_urn, it.properties, it.component)
        for it in found
    ] == [
        (it.operation, it.resource, it.urn, it.base_urn, it.properties, it.component)
        for it in expected
    ]


def test_a_preview_in_which_nothing_happens_has_no_changes():
    assert by_engine("3-same.preview.json") == ()
    assert told(read(SAMPLES / "3-same.preview.json"), ()).unchanged == 20


def test_what_is_created_from_nothing_is_all_of_it():
    found = by_engine("1-create.preview.json")

    assert {it.operation for it in found} == {"create"}
    assert len(found) == 20
    assert told(read(SAMPLES / "1-create.preview.json"), found).unchanged == 0


def test_a_state_is_what_the_program_made_but_for_what_only_a_deployment_told(plans):
    state = read(SAMPLES / "1-state.json").plan
    found = changes(state, plans[0])

    assert {it.operation for it in found.changes} == {"update"}
    assert {
        (it.resource, one.path): one.alters for it in found.changes for one in it.properties
    } == {
        ("AgentPool wg1", "resourceGroupName"): "unknown",
        ("AgentPool wg1", "resourceName"): "unknown",
        ("ManagedCluster aks-sample", "resourceGroupName"): "unknown",
        ("Deployment shop/api", "spec.template.spec.containers"): "unknown",
        ("Secret shop/api", "data"): "secret",
    }


def test_a_state_against_the_next_version_is_what_the_engine_makes_of_it(plans, steps):
    state = read(SAMPLES / "1-state.json").plan
    found = changes(state, plans[1])
    theirs = {it["urn"] for it in steps if it["op"] in ("create", "delete")}

    assert {it.urn for it in found.changes if it.operation in ("create", "delete")} == theirs
