"""Rules of what guards the cluster: each has an id, a sentence, a page, and something that holds it."""

import re
from functools import cache
from unittest.mock import patch
from urllib.parse import urlsplit

import pytest

from settings.checks import pools
from settings.checks.cluster_security import RULES
from tests.settings.cases.cluster_security import CASES, KMS
from tests.settings.estate import ROOT, changed, folder

CHECKED = [it for it in RULES if callable(it.held_by)]


@pytest.mark.parametrize("rule", RULES, ids=lambda it: it.id)
def test_a_rule_has_an_id_a_sentence_and_a_page(rule):
    assert re.fullmatch(r"[a-z]+(-[a-z]+)+", rule.id)
    assert rule.text.endswith(".")
    assert urlsplit(rule.source).netloc == "learn.microsoft.com"
    assert callable(rule.held_by) or len(rule.held_by.split()) > 5


def test_no_id_is_used_twice():
    ids = [it.id for it in (*RULES, *pools.RULES)]
    assert len(set(ids)) == len(ids)


@cache
def broken():
    """Ids of the rules by which any of the mutations in `cases/cluster_security.py` gives a fault."""
    found = set()

    def watched(rule):
        def check(settings, sources):
            for fault in rule(settings, sources):
                found.add(rule.id)
                yield fault

        return check

    with patch("settings.checks.cluster_security.RULES", tuple(map(watched, RULES))):
        for it in CASES:
            folder().faults(it.stack, changed(*it.before, (it.where, it.path, it.value)))
    return found


@pytest.mark.parametrize("rule", CHECKED, ids=lambda it: it.id)
def test_a_mutation_of_the_estate_breaks_each_rule_that_a_check_holds(rule):
    assert rule.id in broken()


@pytest.mark.parametrize("hours", [23, 2161])
def test_the_image_cleaner_runs_in_azures_bounds(hours):
    change = changed(("dev", "cluster.imageCleaner", {"intervalHours": hours}))
    [fault] = folder().faults("dev", change)
    assert "must be hours from 24 to 2160" in str(fault)


@pytest.mark.parametrize("hours", [24, 2160])
def test_its_first_and_last_hour_are_fine(hours):
    assert (
        folder().faults("dev", changed(("dev", "cluster.imageCleaner.intervalHours", hours))) == []
    )


@pytest.mark.parametrize(
    "key",
    [
        "http://course-kv.vault.azure.net/keys/etcd/0123456789abcdef0123456789abcdef",
        "https://course-kv.vault.azure.net/secrets/etcd/0123456789abcdef0123456789abcdef",
        "https://course--kv.vault.azure.net/keys/etcd/0123456789abcdef0123456789abcdef",
        "https://course-kv.example/keys/etcd/0123456789abcdef0123456789abcdef",
        "https://course-kv.vault.azure.net/keys/etcd/",
    ],
)
def test_a_key_of_etcd_is_named_whole(key):
    [fault] = folder().faults("prod", changed(("prod", "cluster.kms", {**KMS, "keyId": key})))
    assert "must be a key with its version" in str(fault)


@pytest.mark.parametrize(
    "change",
    [
        ("prod", "cluster.kms", KMS),
        (
            "prod",
            "cluster.kms",
            {**KMS, "vaultId": KMS["vaultId"].replace("course-kv", "Course-KV")},
        ),
        ("prod", "cluster.defender", {}),
        ("dev", "cluster.storage", {"disk": False}),
        ("prod", "cluster.safeguards", {"level": "Enforce", "excludedNamespaces": ["logging"]}),
    ],
    ids=lambda it: str(it[2])[:40],
)
def test_what_is_just_right_has_no_fault(change):
    assert [str(it) for it in folder().faults(change[0], changed(change))] == []


def test_every_rule_is_told_of_in_the_page_on_the_cluster():
    page = (ROOT / "docs/cluster.md").read_text()
    missing = [it.id for it in RULES if f"| [{it.id}]({it.source}) | {it.text} |" not in page]
    assert missing == []
