"""docs/policies.md: below its mark the page is made of the rules and their cases; `UPDATE_GOLDEN=1` writes it."""

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from policy.config import parse_config
from policy.exemptions import parse_exemptions
from policy.faults import PolicyConfigError
from policy.kinds import WORKLOADS
from policy.rule import AREAS, AnyRule, StackRule
from policy.rules import all_rules
from tests.policy.case import ABSENT, Bad
from tests.policy.test_cases import CASES

PAGE = Path(__file__).parents[2] / "docs/policies.md"
MARK = "<!-- generated: rules -->\n"
CANARY = "hunter2-canary"
MOST_CHARACTERS = 150
AREA_TITLES = {
    "pod-security": "Pod security",
    "rbac": "Rights",
    "aks": "The cluster and its pools",
    "azure": "Azure beside the cluster",
}


def generated() -> str:
    """The part of the page below its mark."""
    return "".join(f"{line}\n" for line in lines())


def lines() -> Iterator[str]:
    rules = all_rules()
    mandatory = sum(it.severity == "mandatory" for it in rules)
    yield ""
    yield f"## The {len(rules)} rules"
    yield ""
    yield f"{mandatory} are mandatory and {len(rules) - mandatory} advisory where a stack says nothing else."
    yield ""
    yield "| rule | counts | what holds |"
    yield "|---|---|---|"
    for area in AREAS:
        for it in of(area):
            yield f"| [{it.id}](#{it.id}) | {it.severity} | {cell(it.title)} |"
    for area in AREAS:
        yield ""
        yield f"## {AREA_TITLES.get(area, area.capitalize())}"
        for it in of(area):
            yield from section(it)


def of(area: str) -> list[AnyRule]:
    return [it for it in all_rules() if it.area == area]


def section(rule: AnyRule) -> Iterator[str]:
    yield ""
    yield f"### {rule.id}"
    yield ""
    across = "; looks across the stack" if isinstance(rule, StackRule) else ""
    yield f"**{text(rule.title)}.** {rule.severity.capitalize()}; asked of {kinds(rule)}{across}."
    yield ""
    yield f"{text(rule.why)} To mend it: {text(rule.remedy)}. [Source]({rule.source})"
    if rule.parameters:
        yield ""
        for name, it in rule.parameters.items():
            default = json.dumps(it.default, ensure_ascii=False)
            yield f"- `{name}`: {text(it.docs)}; `{default}` unless said"
    example = next(it for it in CASES if isinstance(it, Bad) and it.rule == rule.id)
    yield ""
    yield from bad(example)


def kinds(rule: AnyRule) -> str:
    left = list(rule.kinds)
    named = []
    if set(WORKLOADS) <= set(left):
        named.append("everything that makes pods")
        left = [it for it in left if it not in WORKLOADS]
    names = [it.rpartition(":")[2] for it in left]
    if len(names) > 6:
        names = [*names[:5], f"{len(names) - 5} kinds more"]
    return ", ".join([*named, *names])


def bad(case: Bad) -> Iterator[str]:
    """The first bad case of the rule, as the edit that it is."""
    yield f"Bad, of `{case.title}`:"
    yield ""
    yield "```yaml"
    for path, value in case.edit.items():
        if value is ABSENT:
            yield f"# without {path}"
        else:
            yield f"{path}: {shown(value)}"
    for title in case.without:
        yield f"# without {title}"
    for it in case.more:
        yield f"# beside it: {shown(it)}"
    for name, value in case.parameters.items():
        yield f"# with the parameter {name}: {shown(value)}"
    yield "```"


def shown(value: object) -> str:
    """A value on one line, without what a reader might take for a secret."""
    line = json.dumps(value, ensure_ascii=False).replace(CANARY, "example")
    return line if len(line) <= MOST_CHARACTERS else f"{line[:MOST_CHARACTERS]} ..."


def text(words: str) -> str:
    return words.replace("<", "&lt;")


def cell(words: str) -> str:
    return text(words).replace("|", "\\|")


def test_the_page_has_every_rule_as_it_is():
    page = PAGE.read_text()
    head, mark, below = page.partition(MARK)
    assert mark, f"{PAGE.name} has no {MARK!r}"

    if os.environ.get("UPDATE_GOLDEN"):
        PAGE.write_text(head + MARK + generated())
    else:
        assert below == generated(), "UPDATE_GOLDEN=1 ./aks test tests/policy/test_docs.py"


@pytest.mark.parametrize("language", ["json", "yaml"])
def test_what_the_page_shows_of_configuration_is_taken(language):
    head = PAGE.read_text().partition(MARK)[0]
    section = {"json": "## Levels and parameters", "yaml": "## Exemptions"}[language]
    (shown,) = re.findall(
        rf"```{language}\n(.*?)```", head.partition(section)[2].partition("\n## ")[0], re.DOTALL
    )

    try:
        if language == "json":
            assert parse_config(shown, "x.json", all_rules()).levels
        else:
            assert parse_exemptions(shown, [it.id for it in all_rules()], ["prod"])
    except PolicyConfigError as error:
        pytest.fail(str(error))


def test_no_example_shows_what_stands_for_a_secret_in_the_cases():
    assert CANARY not in PAGE.read_text()
