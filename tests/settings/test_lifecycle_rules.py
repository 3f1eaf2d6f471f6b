"""Rules of versions, windows and running hours: each has an id, a sentence, a page, and something that holds it."""

import re
from functools import cache
from unittest.mock import patch
from urllib.parse import urlsplit

import pytest

from settings.checks.lifecycle import RULES
from tests.settings.cases.lifecycle import CASES
from tests.settings.estate import ROOT, changed, folder

CHECKED = [it for it in RULES if callable(it.held_by)]


@cache
def broken():
    """Ids of the rules by which any of the mutations in `cases/lifecycle.py` gives a fault."""
    found = set()

    def watched(rule):
        def check(settings, sources):
            for fault in rule(settings, sources):
                found.add(rule.id)
                yield fault

        return check

    with patch("settings.checks.lifecycle.RULES", tuple(map(watched, RULES))):
        for it in CASES:
            folder().faults(it.stack, changed(*it.before, (it.where, it.path, it.value)))
    return found


@pytest.mark.parametrize("rule", RULES, ids=lambda it: it.id)
def test_a_rule_has_an_id_a_sentence_and_a_page(rule):
    assert re.fullmatch(r"[a-z]+(-[a-z]+)+", rule.id)
    assert rule.text.endswith(".")
    assert urlsplit(rule.source).netloc == "learn.microsoft.com"


@pytest.mark.parametrize("rule", CHECKED, ids=lambda it: it.id)
def test_a_mutation_of_the_estate_breaks_each_rule_that_a_check_holds(rule):
    assert rule.id in broken()


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("cluster.kubernetesVersion", "1.35.4"),
        ("cluster.maintenance.autoUpgrade.durationHours", 3),
        ("cluster.maintenance.autoUpgrade.durationHours", 25),
        ("cluster.oidcIssuer", False),
        ("access.admins", []),
    ],
)
def test_what_cannot_be_broken_is_refused_where_somebody_tries(key, value):
    window = ("prod", "cluster.maintenance.autoUpgrade", {"weekly": "Sunday", "start": "01:00"})
    before = [window] if "maintenance" in key else []
    [fault] = folder().faults("prod", changed(*before, ("prod", key, value)))
    assert fault.key.endswith(key)


def test_every_rule_is_told_of_in_the_page():
    page = (ROOT / "docs/cluster.md").read_text()
    missing = [it.id for it in RULES if f"| [{it.id}]({it.source}) | {it.text} |" not in page]
    assert missing == []
