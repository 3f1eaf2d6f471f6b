"""The guard against the real engine: of the same change both say the same is replaced, for the same fields."""

import json
from pathlib import Path

import pytest

from review.guard.changes import guard
from review.recorder import record

SAMPLES = Path(__file__).parents[2] / "engine_samples"
SECRET = {"sample:password": {"secure": "planted-secret-value"}}


def planned(version, monkeypatch):
    monkeypatch.setenv("SAMPLE_VERSION", version)
    return record(SAMPLES / "program", "dev", config_overrides=SECRET, kubernetes_version="1.35")


@pytest.fixture(scope="module")
def found():
    with pytest.MonkeyPatch.context() as patched:
        return guard(planned("1", patched), planned("2", patched))


@pytest.fixture(scope="module")
def steps():
    return json.loads((SAMPLES / "2-change.steps.json").read_text())


def test_what_the_engine_replaces_is_what_the_guard_says_is_replaced(found, steps):
    replaced = {it["urn"] for it in steps if it["op"] == "replace"}

    assert {it.urn for it in found if it.happens == "replaced"} == replaced
    assert len(replaced) == 2


def test_the_reasons_are_the_engine_s(found, steps):
    theirs = {it["urn"]: it["replaceReasons"] for it in steps if it["op"] == "replace"}
    ours = {
        urn: sorted(it.path for it in found if it.urn == urn and it.happens == "replaced")
        for urn in theirs
    }

    assert ours == theirs


def test_nothing_that_the_engine_updates_deletes_or_leaves_is_said_to_be_replaced(found, steps):
    others = {it["urn"] for it in steps if it["op"] != "replace"}

    assert [it for it in found if it.urn in others and it.happens != "inPlace"] == []
    assert {it["op"] for it in steps} == {"same", "create", "update", "delete", "replace"}


def test_an_upgrade_is_an_update_to_both_and_dear_to_the_guard(found, steps):
    [cluster] = [it for it in steps if it["urn"].endswith("::aks-cluster")]
    [ours] = [it for it in found if it.happens == "inPlace"]

    assert cluster["detailedDiff"] == {"kubernetesVersion": "update"}
    assert (ours.urn, ours.path) == (cluster["urn"], "kubernetesVersion")


def test_a_policy_that_was_renamed_with_an_alias_is_nothing_to_either(found, steps):
    """The digest of a preview leaves out what stays the same."""
    assert [
        it for it in steps if it["urn"].endswith(("::shop-web-netpol", "::shop-web-policy"))
    ] == []
    assert [it for it in found if "NetworkPolicy" in it.resource] == []
