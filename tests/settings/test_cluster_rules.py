"""Rules of node pools: each has an id, a sentence, a page, and something that holds it."""

import re
from datetime import date
from functools import cache
from unittest.mock import patch
from urllib.parse import urlsplit

import pytest

from settings.checks.pools import RULES
from settings.load import check, read_sources
from tests.settings.cases.pools import CASES
from tests.settings.estate import ROOT, changed, folder

CHECKED = [it for it in RULES if callable(it.held_by)]
BY_VALUE_TYPE = {
    "cluster-name": [
        ("cluster.name", "a" * 64),
        ("cluster.dnsPrefix", "a" * 55),
        ("cluster.dnsPrefix", "a_b"),
    ],
    "max-pods": [("nodePools.wg1.maxPods", 29), ("nodePools.wg1.maxPods", 251)],
}
"""Rules that a value type holds, each with values that break it."""


@pytest.mark.parametrize("rule", RULES, ids=lambda it: it.id)
def test_a_rule_has_an_id_a_sentence_and_a_page(rule):
    assert re.fullmatch(r"[a-z]+(-[a-z]+)+", rule.id)
    assert rule.text.endswith(".")
    assert urlsplit(rule.source).netloc == "learn.microsoft.com"


def test_no_id_is_used_twice():
    assert len({it.id for it in RULES}) == len(RULES)


@cache
def broken():
    """Ids of the rules by which any of the mutations in `cases/pools.py` gives a fault."""
    found = set()

    def watched(rule):
        def check(settings, sources):
            for fault in rule(settings, sources):
                found.add(rule.id)
                yield fault

        return check

    with patch("settings.checks.pools.RULES", tuple(map(watched, RULES))):
        for it in CASES:
            folder().faults(it.stack, changed(*it.before, (it.where, it.path, it.value)))
    return found


@pytest.mark.parametrize("rule", CHECKED, ids=lambda it: it.id)
def test_a_mutation_of_the_estate_breaks_each_rule_that_a_check_holds(rule):
    assert rule.id in broken()


@pytest.mark.parametrize(("key", "value"), [it for found in BY_VALUE_TYPE.values() for it in found])
def test_what_a_value_type_holds_it_refuses(key, value):
    [fault] = folder().faults("dev", changed(("dev", key, value)))
    assert fault.key.endswith(key)


def test_what_no_check_holds_says_why_it_cannot_be_broken():
    words = {it.id: it.held_by for it in RULES if not callable(it.held_by)}
    assert words.keys() == {*BY_VALUE_TYPE, "long-term-support"}
    assert all(len(it.split()) > 5 for it in words.values())


def test_an_operating_system_is_refused_from_the_day_after_its_end():
    [rule] = [it for it in RULES if it.id == "os-sku"]
    sources = read_sources(ROOT, "dev")
    settings = check(sources)
    pool = settings.node_pools["wg1"].model_copy(update={"os_sku": "Ubuntu2204"})
    settings = settings.model_copy(update={"node_pools": {"wg1": pool}})
    said = {}
    for day in (date(2027, 6, 30), date(2027, 7, 1)):
        sources.today = day
        said[day.day] = [str(it) for it in rule(settings, sources)]
    assert said[30] == []
    [fault] = said[1]
    assert "must be in support: Azure ended osSKU Ubuntu2204 on 2027-06-30" in fault
    assert "take osSKU Ubuntu" in fault


def test_every_rule_is_told_of_in_the_page_on_node_pools():
    page = (ROOT / "docs/cluster.md").read_text()
    missing = [it.id for it in RULES if f"| [{it.id}]({it.source}) | {it.text} |" not in page]
    assert missing == []
