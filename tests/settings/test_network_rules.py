"""Rules of the network: each has an id, a sentence, a page, and something that holds it."""

import re
from contextlib import ExitStack
from functools import cache
from pathlib import Path
from unittest.mock import patch
from urllib.parse import urlsplit

import pytest

from settings.checks import addresses, api_server, outbound, pools
from tests.settings.cases.addresses import CASES as OF_ADDRESSES
from tests.settings.cases.api_server import CASES as OF_API_SERVER
from tests.settings.cases.outbound import CASES as OF_OUTBOUND
from tests.settings.estate import ROOT, changed, folder

MODULES = (addresses, outbound, api_server)
RULES = [rule for module in MODULES for rule in module.RULES]
PAGE = Path(ROOT, "docs/cluster.md")


@pytest.mark.parametrize("rule", RULES, ids=lambda it: it.id)
def test_a_rule_has_an_id_a_sentence_and_a_page(rule):
    assert re.fullmatch(r"[a-z]+(-[a-z]+)+", rule.id)
    assert rule.text.endswith(".")
    assert urlsplit(rule.source).netloc == "learn.microsoft.com"


def test_no_id_is_used_twice_in_the_whole_project():
    ids = [it.id for it in (*RULES, *pools.RULES)]
    assert len({*ids}) == len(ids)


@cache
def broken():
    """Ids of the rules by which any of the mutations gives a fault."""
    found = set()

    def watched(rule):
        def check(settings, sources):
            for fault in rule(settings, sources):
                found.add(rule.id)
                yield fault

        return check

    with ExitStack() as patches:
        for module in MODULES:
            own = tuple(map(watched, module.RULES))
            patches.enter_context(patch.object(module, "RULES", own))
        for it in (*OF_ADDRESSES, *OF_OUTBOUND, *OF_API_SERVER):
            folder().faults(it.stack, changed(*it.before, (it.where, it.path, it.value)))
    return found


@pytest.mark.parametrize("rule", [it for it in RULES if callable(it.held_by)], ids=lambda it: it.id)
def test_a_mutation_of_the_estate_breaks_each_rule_that_a_check_holds(rule):
    assert rule.id in broken()


def test_the_page_has_every_rule_with_its_source():
    rows = [f"| [{it.id}]({it.source}) | {it.text} |" for it in RULES]
    text = PAGE.read_text(encoding="utf-8")
    assert [row for row in rows if row not in text] == []
