"""Every fault a cross-check can find, by one change of the shipped estate: one fault, in its place, with its rule.

The `CASES` of every module in `cases/` are the list of what is checked; a check without a row fails the last test.
"""

from functools import cache
from importlib import import_module
from pathlib import Path

import pytest

from settings.faults import SettingsError
from tests.settings.estate import SETTINGS, STACKS, changed, folder, line_of, within
from tests.settings.reached import Reached, faulting_calls

CASES = [
    it
    for path in sorted(Path(__file__).with_name("cases").glob("*.py"))
    for it in getattr(import_module(f"tests.settings.cases.{path.stem}"), "CASES", ())
]


@cache
def outcome(it):
    """The faults that `it` gives, and the lines they came by."""
    with Reached() as reached:
        found = folder().faults(it.stack, changed(*it.before, (it.where, it.path, it.value)))
    return found, reached.lines


def written(it):
    where, path = it.at
    file, full = within(where, path)
    texts = {**folder().texts, **changed(*it.before, (it.where, it.path, it.value))}
    return file, full, texts[file]


@pytest.mark.parametrize("it", CASES, ids=lambda it: it.name)
def test_one_wrong_key_is_one_fault_in_its_file_at_its_line_with_rule_and_remedy(it):
    found, _ = outcome(it)
    file, full, text = written(it)
    assert len(found) == 1, [str(fault) for fault in found]
    [fault] = found
    assert fault.file == file
    assert fault.line == (line_of(text, full) or 1), str(fault)
    assert it.says in str(fault)
    assert fault.remedy
    if isinstance(it.at[1], str):
        prefix = f"{SETTINGS}." if it.at[0] in STACKS else ""
        assert fault.key == prefix + it.at[1]


@pytest.mark.parametrize(
    "it", [it for it in CASES if it.before], ids=lambda it: f"before {it.name}"
)
def test_what_a_case_needs_first_is_valid_without_it(it):
    assert [str(fault) for fault in folder().faults(it.stack, changed(*it.before))] == []


@pytest.mark.parametrize("stack", STACKS)
def test_the_shipped_estate_has_no_fault(stack):
    assert [str(fault) for fault in folder().faults(stack, {})] == []


def test_no_secret_is_echoed():
    for it in CASES:
        assert "hunter2" not in str(SettingsError(outcome(it)[0]))


def test_every_check_has_a_case():
    reached = {line for it in CASES for line in outcome(it)[1]}
    without = [
        f"{path.name}:{first}"
        for path, first, last in faulting_calls()
        if not any((path, line) in reached for line in range(first, last + 1))
    ]
    assert without == []
