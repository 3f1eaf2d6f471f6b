"""Rules of backups: each has an id, a sentence, a page, and something that holds it; and the page on backups."""

import re
from functools import cache
from unittest.mock import patch
from urllib.parse import urlsplit

import pytest

from components.azure import data_names
from components.azure.stack import AksStack
from settings.checks import cluster_security, pools
from settings.checks.backup import RULES
from settings.load import load
from tests.settings.cases.backup import CASES
from tests.settings.estate import ROOT, changed, folder

CHECKED = [it for it in RULES if callable(it.held_by)]
PAGE = (ROOT / "docs/backup.md").read_text()


@pytest.mark.parametrize("rule", RULES, ids=lambda it: it.id)
def test_a_rule_has_an_id_a_sentence_and_a_page(rule):
    assert re.fullmatch(r"[a-z]+(-[a-z]+)+", rule.id)
    assert rule.text.endswith(".")
    assert urlsplit(rule.source).netloc == "learn.microsoft.com"
    assert f"| [{rule.id}]({rule.source}) | {rule.text} |" in PAGE


def test_no_id_is_used_twice():
    ids = [it.id for it in (*RULES, *cluster_security.RULES, *pools.RULES)]
    assert len(set(ids)) == len(ids)


@cache
def broken():
    """Ids of the rules by which any of the mutations in `cases/backup.py` gives a fault."""
    found = set()

    def watched(rule):
        def check(settings, sources):
            for fault in rule(settings, sources):
                found.add(rule.id)
                yield fault

        return check

    with patch("settings.checks.backup.RULES", tuple(map(watched, RULES))):
        for it in CASES:
            folder().faults(it.stack, changed(*it.before, (it.where, it.path, it.value)))
    return found


@pytest.mark.parametrize("rule", CHECKED, ids=lambda it: it.id)
def test_a_mutation_of_the_estate_breaks_each_rule_that_a_check_holds(rule):
    assert rule.id in broken()


@pytest.mark.parametrize(
    ("key", "value"),
    [("retention", {"days": 361}), ("retention", {"weeks": 52}), ("softDeleteDays", 13)],
)
def test_what_azure_does_not_keep_is_refused(key, value):
    [fault] = folder().faults("prod", changed(("prod", f"backup.{key}", value)))
    assert re.search(r"must be (days|weeks) from \d+ to \d+", str(fault))


@pytest.mark.parametrize(
    "backup",
    [
        {"enabled": True},
        {"enabled": True, "everyHours": 4, "retention": {"days": 75}},
        {"enabled": True, "retention": {"days": 13, "weeks": 2}},
        {"enabled": True, "namespaces": ["course", "nginx-ingress"]},
        {"enabled": True, "excludedNamespaces": ["kube-system", "default"]},
    ],
    ids=str,
)
def test_what_is_just_right_has_no_fault(backup):
    assert [str(it) for it in folder().faults("prod", changed(("prod", "backup", backup)))] == []


def test_without_disks_in_it_neither_drivers_nor_snapshots_matter():
    backup = {
        "enabled": True,
        "volumeSnapshots": False,
        "everyHours": 4,
        "retention": {"days": 360},
    }
    change = changed(("prod", "backup", backup), ("prod", "cluster.storage", {"snapshot": False}))
    assert folder().faults("prod", change) == []


def test_the_runbook_names_what_the_program_makes():
    stack = AksStack.of(load(ROOT, "prod"), "westeurope")
    assert f"VAULT={data_names.backup_vault(stack)} CLUSTER={stack.cluster_name}" in PAGE
    assert f"GROUP={stack.resource_group}" in PAGE
    assert "--rule-name Backup --retention-tag-override Default" in PAGE
