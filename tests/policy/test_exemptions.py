"""Exemptions: what they cover, and every fault of the file at once."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy.exemptions import Exemption, matches, parse_exemptions, read_exemptions
from policy.faults import PolicyConfigError

RULES = ["privileged-container", "image-digest"]
STACKS = ["dev", "prod"]
ENTRY = """
- rule: privileged-container
  resource: DaemonSet monitoring/agent
  reason: reads counters
  owner: team-a
  expires: 2027-03-31
"""


def parsed(text: str) -> tuple[Exemption, ...]:
    return parse_exemptions(text, RULES, STACKS)


def faults(text: str) -> list[str]:
    with pytest.raises(PolicyConfigError) as caught:
        parsed(text)
    return [str(it) for it in caught.value.faults]


def test_an_entry_says_what_who_why_and_until_when():
    (found,) = parsed(ENTRY)

    assert found == Exemption(
        rule="privileged-container",
        resource="DaemonSet monitoring/agent",
        reason="reads counters",
        owner="team-a",
        expires=date(2027, 3, 31),
        line=2,
    )


@pytest.mark.parametrize("text", ["", "# nothing yet\n", "[]"])
def test_a_file_may_be_empty(text):
    assert parsed(text) == ()


def test_no_file_is_no_exemption(tmp_path):
    assert read_exemptions(tmp_path / "none.yaml", RULES) == ()


@pytest.mark.parametrize(
    ("resource", "path", "covered"),
    [
        ("DaemonSet monitoring/agent", "*", True),
        ("DaemonSet monitoring/agen", "*", False),
        ("DaemonSet monitoring/*", "*", True),
        ("* monitoring/agent", "*", True),
        ("daemonset monitoring/agent", "*", False),
        ("DaemonSet monitoring/agent", "spec.containers[a].image", True),
        ("DaemonSet monitoring/agent", "spec.containers[*].image", True),
        ("DaemonSet monitoring/agent", "spec.containers[b].image", False),
        ("DaemonSet monitoring/agen?", "*", False),
        ("DaemonSet monitoring/agen[t]", "*", False),
        ("DaemonSet agent-daemon", "*", True),
    ],
)
def test_only_a_star_is_a_wildcard(resource, path, covered):
    (entry,) = parsed(ENTRY)
    exemption = Exemption(**{**vars(entry), "resource": resource, "path": path})
    titles = ["DaemonSet monitoring/agent", "DaemonSet agent-daemon"]

    assert exemption.covers("privileged-container", titles, "spec.containers[a].image") is covered
    assert not exemption.covers("image-digest", titles, "spec.containers[a].image")


@given(st.text(), st.text(), st.text())
def test_a_pattern_matches_what_stands_in_the_place_of_its_star(before, middle, after):
    if "*" not in before + after:
        assert matches(f"{before}*{after}", before + middle + after)
        assert matches(before, before)


def test_an_entry_may_be_of_some_stacks():
    (entry,) = parsed(f"{ENTRY}  stacks: [prod]\n")

    assert [entry.concerns(it) for it in ("prod", "dev", "")] == [True, False, True]


def test_an_entry_that_names_no_stack_is_of_all():
    (entry,) = parsed(ENTRY)

    assert [entry.concerns(it) for it in ("prod", "dev", "")] == [True, True, True]


def test_stacks_are_not_looked_at_where_nobody_says_which_there_are():
    (entry,) = parse_exemptions(f"{ENTRY}  stacks: [elsewhere]\n", RULES)

    assert entry.stacks == ("elsewhere",)


def test_what_cannot_be_read_says_why(tmp_path):
    (tmp_path / "folder").mkdir()
    (tmp_path / "latin").write_bytes(b"- \xfc")

    for name, reason in (("folder", "Is a directory"), ("latin", "is not UTF-8 text")):
        with pytest.raises(PolicyConfigError) as caught:
            read_exemptions(tmp_path / name, RULES)
        (fault,) = caught.value.faults
        assert str(fault) == f"policy/exemptions.yaml: cannot be read: {reason}"


def test_every_fault_is_told_at_once_with_its_line():
    found = faults(
        """
- rule: privileged-containers
  resource: agent
  reasn: typo
  owner: ""
  expires: soon
- just text
- rule: image-digest
  resource: Deployment a/b
  reason: r
  owner: o
  expires: 2027-02-30
  stacks: [prd]
"""
    )

    assert found == [
        "policy/exemptions.yaml:2: [0].reason: is missing",
        "policy/exemptions.yaml:2: [0].rule: there is no rule 'privileged-containers'; "
        "did you mean 'privileged-container'?",
        "policy/exemptions.yaml:3: [0].resource: must be a kind and a name, for example "
        "'Deployment course/web'; got 'agent'",
        "policy/exemptions.yaml:4: [0].reasn: there is no such key; did you mean 'reason'?",
        "policy/exemptions.yaml:5: [0].owner: must be a text; got ''",
        "policy/exemptions.yaml:6: [0].expires: must be a date, for example 2027-03-31; got 'soon'",
        "policy/exemptions.yaml:7: [1]: must be a map; got 'just text'",
        "policy/exemptions.yaml:12: [2].expires: must be a date, for example 2027-03-31; got '2027-02-30'",
        "policy/exemptions.yaml:13: [2].stacks: there is no stack 'prd'; did you mean 'prod'?",
    ]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("rule: x", ":1: must be a list of exemptions; got a map"),
        ("\n- a: [", "yaml:2: is no YAML: expected the node content, but found"),
        ("-\n", "yaml:1: [0]: must be a map; got 'null'"),
        (f"{ENTRY}  stacks: [prod, 1]\n", "must be a list of stacks"),
        ("- \x00", "is no YAML"),
        (ENTRY.replace("privileged-container", "5"), "[0].rule: must be a text; got 5"),
        (ENTRY.replace("privileged-container", '" "'), "[0].rule: must be a text; got ' '"),
        (
            ENTRY.replace("privileged-container", "zzzz"),
            "there is no rule 'zzzz'; ./aks lint --list",
        ),
        (ENTRY.replace("DaemonSet monitoring/agent", "5"), "[0].resource: must be a text; got 5"),
        (
            ENTRY.replace("DaemonSet monitoring/agent", '" "'),
            "[0].resource: must be a text; got ' '",
        ),
        (ENTRY.replace("  expires: 2027-03-31\n", ""), "yaml:2: [0].expires: is missing"),
        (f"{ENTRY}  stacks: [1]\n", "must be a list of stacks"),
        (f"{ENTRY}  stacks: [zzzz]\n", "there is no stack 'zzzz'; stacks here: dev, prod"),
        (ENTRY.replace("team-a", ""), "[0].owner: must be a text; got 'null'"),
        ("- !!python/object:os.system {}", "is no YAML"),
        ("- &a [*a]", "must be a map; got a list"),
        (ENTRY.replace("2027-03-31", "2027-03-31T10:00:00Z"), "must be a date"),
        (ENTRY.replace("2027-03-31", "20270331"), "must be a date"),
        (ENTRY.replace("2027-03-31", "'20270331'"), "must be a date"),
        (f"{ENTRY}  stacks: prod\n", "must be a list of stacks"),
        (f"{ENTRY}  stacks: []\n", "must be a list of stacks"),
        (f"{ENTRY}  path: 3\n", "[0].path: must be a text; got 3"),
    ],
)
def test_what_is_no_exemption_is_told(text, words):
    (found,) = faults(text)

    assert words in found


def test_a_file_is_read_as_its_text_is(tmp_path):
    path = tmp_path / "exemptions.yaml"
    path.write_text(ENTRY)

    assert read_exemptions(path, RULES, STACKS) == parsed(ENTRY)
    assert [it.rule for it in parsed(ENTRY)] == ["privileged-container"]


@pytest.mark.parametrize("text", ["[" * 5_000, f"- rule: {'9' * 5_000}"])
def test_yaml_that_no_reader_takes_is_a_fault_and_no_traceback(text):
    (fault,) = faults(text)

    assert "is no YAML that can be read" in fault
