"""Profiles: what a stack that says nothing gets, and who said so."""

import re
from urllib.parse import urlsplit

import pytest

from settings.explain import explain, model_at
from settings.load import check, read_sources
from settings.profiles import EVERY, NOTHING, Recommended, covering, filled, implied, row_of
from settings.recommended import ROWS
from settings.stack import Settings
from tests.settings.estate import ROOT

PROFILES = ("dev", "prod", "automaticLike")
POOLS = {"system": {"mode": "System", "min": 1, "max": 2}, "wg1": {"min": 1, "max": 2}}


def stack(profile="prod", **more):
    cluster = {"kubernetesVersion": "1.35"} | ({"profile": profile} if profile else {})
    return {"target": "aks", "cluster": cluster, "nodePools": POOLS, **more}


def row(key="cluster.tier", **more):
    values = {"prod": "p", "dev": "d", "automatic_like": "a"}
    return Recommended(key=key, azure="nothing", reason="because", source="here", **values | more)


def test_a_profile_fills_in_what_the_stack_leaves_out():
    assert filled(stack("dev"), (row(),))["cluster"]["tier"] == "d"
    assert filled(stack("automaticLike"), (row(),))["cluster"]["tier"] == "a"


def test_without_a_word_a_cluster_gets_what_production_needs():
    assert filled(stack(None), (row(),))["cluster"]["tier"] == "p"


def test_what_the_stack_says_stands_and_so_does_its_null():
    for said in ("Premium", None):
        given = stack()
        given["cluster"]["tier"] = said
        assert filled(given, (row(),))["cluster"]["tier"] == said


def test_a_stack_that_makes_no_cluster_gets_nothing():
    assert filled({**stack(), "target": "kubeconfig"}, (row(),)) == {
        **stack(),
        "target": "kubeconfig",
    }


@pytest.mark.parametrize("cluster", [None, "text", {"profile": "none such"}, {"profile": []}])
def test_what_is_no_cluster_or_profile_is_left_for_the_model_to_refuse(cluster):
    given = {**stack(), "cluster": cluster}
    assert filled(given, (row(),)) == given


def test_a_row_of_every_pool_is_of_each_that_does_not_say_it_and_of_its_mode():
    given = {**stack(), "nodePools": {**POOLS, "own": {"maxSurge": 1}, "odd": 3}}
    pools = filled(given, (row("nodePools.*.maxSurge"),))["nodePools"]
    assert [pools[key]["maxSurge"] for key in ("system", "wg1", "own")] == ["p", "p", 1]
    assert pools["odd"] == 3
    only = filled(given, (row("nodePools.*.maxSurge", mode="System"),))["nodePools"]
    assert [key for key, pool in only.items() if pool != given["nodePools"][key]] == ["system"]


def test_a_row_below_a_section_that_is_not_there_makes_the_section():
    assert filled(stack(), (row("network.outboundType"),))["network"] == {"outboundType": "p"}


def test_a_value_may_hang_on_the_section_it_stands_in():
    rule = row("nodePools.*.zones", prod=lambda pool: ["1"] if pool["max"] > 1 else NOTHING)
    given = {**stack(), "nodePools": {"one": {"max": 1}, "two": {"max": 2}}}
    assert filled(given, (rule,))["nodePools"] == {
        "one": {"max": 1},
        "two": {"max": 2, "zones": ["1"]},
    }


def test_what_is_given_is_not_changed():
    given = stack()
    filled(given, ROWS)
    assert given == stack()


@pytest.mark.parametrize("it", ROWS, ids=lambda it: f"{it.key}-{it.mode}")
def test_every_row_is_of_a_setting_and_tells_why_and_where_that_is_written(it):
    *before, last = (step if step != EVERY else "any" for step in it.path)
    owner = model_at(Settings, tuple(before))
    assert owner is not None
    assert last in {field.alias for field in owner.model_fields.values()}
    assert len(it.reason.split()) > 4
    assert it.azure
    assert re.fullmatch(r"[a-z.]+", urlsplit(it.source).netloc)


def test_no_key_has_two_rows_for_the_same_pools():
    keys = [(it.key, mode) for it in ROWS for mode in ("System", "User") if it.mode in (None, mode)]
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("name", ["dev", "prod"])
def test_every_profile_makes_a_stack_that_loads(name, profile):
    sources = read_sources(ROOT, name)
    sources.root["cluster"]["profile"] = profile
    assert check(sources).cluster.profile == profile


def test_a_row_is_found_by_the_key_that_a_user_asks_for():
    by_mode = (
        row("nodePools.*.zones", mode="User"),
        row("nodePools.*.zones", mode="System", prod="s"),
    )
    assert row_of(("nodePools", "system", "zones"), stack(), by_mode).prod == "s"
    assert row_of(("nodePools", "wg1", "zones"), stack(), by_mode).prod == "p"
    assert row_of(("nodePools", "wg1", "min"), stack(), by_mode) is None


def test_a_value_of_the_profile_names_it_with_its_line_and_carries_its_row():
    sources = read_sources(ROOT, "prod")
    (found,) = explain(check(sources), sources, "nodePools.wg1.maxSurge")
    assert re.fullmatch(r"profile prod \(Pulumi\.prod\.yaml:[0-9]+\)", found.source)
    assert found.advice.reason


def test_a_value_of_the_stack_names_its_own_line_beside_the_advice():
    sources = read_sources(ROOT, "prod")
    sources.root["nodePools"]["wg1"].pop("maxSurge", None)
    (found,) = explain(check(sources), sources, "cluster.name")
    assert found.source.startswith("Pulumi.prod.yaml:")
    assert found.advice.azure == "none: Azure demands one"
    assert ("nodePools", "wg1", "maxSurge") in implied(sources.root, ROWS)


def test_what_a_profile_says_of_a_whole_section_is_said_of_each_key_in_it():
    rows = (row("cluster.window"), row("cluster.window.start", prod="s"))
    assert row_of(("cluster", "window", "start"), stack(), rows).prod == "s"
    assert row_of(("cluster", "window", "hours"), stack(), rows).prod == "p"
    assert row_of(("cluster",), stack(), rows) is None
    found = implied(stack(), rows[:1])
    assert covering(("cluster", "window", "hours"), found)
    assert not covering(("cluster", "tier"), found)


def test_a_row_of_an_optional_section_holds_only_where_the_stack_has_it():
    given = {**stack(), "keyVaults": {"made": {"create": {}}, "there": {"id": "i"}, "odd": 3}}
    vaults = filled(given, (row("keyVaults.*.create.sku", optional=True),))["keyVaults"]
    assert vaults == {"made": {"create": {"sku": "p"}}, "there": {"id": "i"}, "odd": 3}


@pytest.mark.parametrize("stack", ["dev", "prod"])
def test_every_key_of_the_cluster_has_azures_own_default_a_reason_and_a_page(stack):
    sources = read_sources(ROOT, stack)
    without = [it.key for it in explain(check(sources), sources, "cluster") if it.advice is None]
    assert without == ["cluster.profile"]
