"""Every rule against its cases, and the cases against the rules."""

import importlib
from pathlib import Path

import pytest

from policy.evaluation import Rules
from policy.objects import Object
from policy.rules import all_rules
from policy.unknown import UNKNOWN
from tests.policy.case import ABSENT, Bad, Case, Good, Unclear, objects, results, without_edit

AREAS = sorted(
    it.stem for it in (Path(__file__).parent / "cases").glob("*.py") if it.stem != "__init__"
)
CASES: list[Case] = [
    case for area in AREAS for case in importlib.import_module(f"tests.policy.cases.{area}").CASES
]
RULES = {it.id: it for it in all_rules()}


def named(case: Case) -> str:
    return f"{type(case).__name__.lower()}-{case.rule}-{','.join(case.edit)}"


def of(kind: type[Case]) -> list[Case]:
    return [it for it in CASES if isinstance(it, kind)]


@pytest.mark.parametrize("case", of(Bad), ids=named)
def test_a_rule_finds_what_is_bad_where_it_is(case):
    found = results(case, case.rule)

    paths = sorted(it.path for _, it in found if it.verdict == "fail")
    assert paths == sorted(case.path.split(",")), found
    assert all(it.message and it.message[-1] != "." for _, it in found)


@pytest.mark.parametrize("case", of(Good), ids=named)
def test_a_rule_is_silent_about_what_is_odd_but_right(case):
    assert results(case, case.rule) == []


@pytest.mark.parametrize("case", of(Unclear), ids=named)
def test_a_rule_says_what_must_be_known(case):
    found = results(case, case.rule)

    assert {it.verdict for _, it in found} == {"unknown"}, found


@pytest.mark.parametrize("case", of(Bad), ids=named)
def test_a_bad_case_has_no_edit_that_the_rule_does_not_look_at(case):
    whole = results(case, case.rule)

    for path in case.edit:
        assert results(without_edit(case, path), case.rule) != whole, path


@pytest.mark.parametrize("case", of(Bad), ids=named)
def test_an_unknown_never_passes_where_a_bad_value_fails(case):
    for path, value in case.edit.items():
        if value is not ABSENT and not path.startswith("metadata.name"):
            hidden = type(case)(**{**vars(case), "edit": {**case.edit, path: UNKNOWN}})
            assert results(hidden, case.rule), f"{path} is unknown, and nothing is said"


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_is_silent_about_the_estate_and_looks_at_a_part_of_it(rule):
    asked = [
        subject
        for it in objects().values()
        if it.kind in RULES[rule].kinds
        for subject in RULES[rule].each(it)
    ]

    assert results(None, rule) == []
    assert asked, f"bases.py has no object of {RULES[rule].kinds} that {rule} looks at"


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_has_a_bad_case(rule):
    assert [it for it in of(Bad) if it.rule == rule]


def test_no_case_is_of_a_rule_that_is_not_there():
    assert {it.rule for it in CASES} <= set(RULES)


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda it: it.id)
def test_what_a_rule_says_of_itself_can_be_read(rule):
    assert rule.source.startswith("https://")
    assert rule.title[0].isupper()
    assert not rule.title.endswith(".")
    assert rule.why[0].isupper()
    assert rule.why.endswith(".")
    assert (
        rule.remedy[0].islower() or not rule.remedy[0].isalpha() or rule.remedy.split()[0].isupper()
    )
    assert not rule.remedy.endswith(".")
    assert all(it.docs and not it.docs.endswith(".") for it in rule.parameters.values())


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda it: it.id)
@pytest.mark.parametrize("junk", [None, "text", 7, [], [None], {"a": None}, True])
def test_no_rule_breaks_on_what_is_no_object_of_its_kind(rule, junk):
    for kind in rule.kinds:
        shapes = [
            {"spec": junk},
            {"metadata": junk, "spec": junk},
            {"spec": {"template": junk}},
            {"spec": {"template": {"spec": {"containers": [junk], "volumes": [junk]}}}},
            {"spec": {"rules": [junk], "ports": [junk], "selector": junk}},
            {"rules": [junk], "data": junk, "subjects": [junk], "roleRef": junk},
        ]
        for shape in shapes:
            broken = Object(kind, "shop", "odd", {"kind": kind, **shape}, f"{kind} shop/odd")
            from policy.stack import Stack

            rules = Rules([rule])
            found = [*rules.of_object(broken), *rules.of_stack(Stack([broken]))]
            assert not [it for it in found if "shaped" in str(it)], (shape, found)
