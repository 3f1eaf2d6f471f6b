"""docs/comparison.md: what is said of us has a test, what is said of others has a source."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs/comparison.md").read_text()
PEERS = (
    "AVM, Bicep",
    "AVM, Terraform",
    "AVM pattern",
    "azurerm-aks",
    "AKS-Construction",
    "Pulumi template",
)
HEAD = f"| feature | here | our tests | {' | '.join(PEERS)} |"
OWNERS = dict(zip(PEERS, ("B", "T", "K", "A", "C", "M"), strict=True))
"""The letter of a peer's marks."""

VERDICT = re.compile(r"(?:yes|option|partly|no|not found)(?:: .*)?")
WITHOUT_A_TEST = re.compile(r"(?:not yet|no: .+)")
TEST = re.compile(r"\[\w+: (?P<name>test_\w+)\]\((?P<file>\.\./tests/[\w/]+\.py)\)")
MARK = re.compile(r"\[([A-Z]\d+)\](?!:)")
SOURCE = re.compile(r"^\[(?P<mark>[A-Z]\d+)\]: (?P<address>\S+)$", re.MULTILINE)
ADDRESS = re.compile(
    r"https://github\.com/(?P<repository>[\w-]+/[\w.-]+)/blob/"
    r"(?P<state>[0-9a-f]{40}|(?:[\w-]+/)*\d+\.\d+\.\d+)/(?P<path>[\w./-]+\.\w+)"
)
FEATURES_OF_ISSUE = (
    *("production, dev and automatic values", "every value explained"),
    *("network and subnets", "addresses computed", "room for every node", "security groups"),
    *("way out chosen", "overlay networking", "private API server", "open to the internet"),
    *("own identities", "workload identity", "federated credentials", "sign-in by Entra"),
    *("the pipeline's own identity", "tainted system pool", "one operation at a time"),
    *("makes a new pool first", "ephemeral", "spot pools", "autoscaler's profile"),
    *("upgrade channels", "maintenance windows", "dated calendar", "start and stop"),
    *("Key Vault secrets", "the vault itself", "Azure Policy", "Defender"),
    *("managed Prometheus", "Container Insights", "control plane logs", "alerts", "Grafana"),
    *("Azure Backup", "may be pulled", "the registry itself", "kubeconfig", "contexts"),
    *("a change that replaces", "will refuse", "what goes with it", "protection and a lock"),
    *("cannot change in place", "rules before the plan", "Azure's own models"),
)
"""A word of each part of the cluster that a row must be about."""


def rows():
    """Cells of every row, by feature."""
    lines = PAGE.splitlines()
    starts = [at for at, line in enumerate(lines) if line == HEAD]
    return [cells for at in starts for cells in table(lines[at + 2 :])]


def table(lines):
    for line in lines:
        if not line.startswith("| "):
            return
        yield [it.strip() for it in re.split(r"(?<!\\)\|", line)[1:-1]]


def marks_of(cell):
    return MARK.findall(cell)


@cache
def functions(path):
    return {it.name for it in ast.parse(path.read_text()).body if isinstance(it, ast.FunctionDef)}


ROWS = rows()
ALL = [pytest.param(it, id=it[0]) for it in ROWS]


def test_every_part_of_the_cluster_has_a_row():
    features = "\n".join(it[0] for it in ROWS)
    assert [it for it in FEATURES_OF_ISSUE if it not in features] == []


def test_no_feature_is_there_twice_and_none_is_short_of_a_peer():
    features = [it[0] for it in ROWS]
    assert len(set(features)) == len(features) >= 30
    assert {len(it) for it in ROWS} == {3 + len(PEERS)}


@pytest.mark.parametrize("row", ALL)
def test_what_we_have_is_held_by_tests_that_are_there(row):
    _, here, tests, *_ = row
    found = list(TEST.finditer(tests))
    if WITHOUT_A_TEST.fullmatch(here):
        assert not found, "there is a test, so it is there"
        return
    assert VERDICT.fullmatch(here)
    assert found, "nothing holds it"
    assert TEST.sub("", tests).replace("<br>", "") == ""
    for it in found:
        path = (ROOT / "docs" / it["file"]).resolve()
        assert it["name"] in functions(path), f"{it['file']} has no {it['name']}"


@pytest.mark.parametrize("row", ALL)
def test_what_a_peer_has_is_a_verdict_with_a_file_of_that_peer(row):
    sources = {it["mark"] for it in SOURCE.finditer(PAGE)}
    for peer, cell in zip(PEERS, row[3:], strict=True):
        marks = marks_of(cell)
        assert VERDICT.fullmatch(MARK.sub("", cell).strip()), f"{peer}: {cell}"
        assert marks, f"{peer}: no source"
        assert {it[0] for it in marks} == {OWNERS[peer]}, f"{peer}: {cell}"
        assert set(marks) <= sources


def test_what_falls_short_says_how():
    """`partly` alone helps nobody."""
    cells = [cell for row in ROWS for cell in row[1:2] + row[3:]]
    assert [it for it in cells if re.match(r"(partly|not found)\b(?!: \w)", it)] == []


def test_every_source_is_a_file_of_a_repository_at_a_commit_or_version():
    wrong = [it["address"] for it in SOURCE.finditer(PAGE) if not ADDRESS.fullmatch(it["address"])]
    assert wrong == []


def test_every_mark_has_a_source_and_every_source_a_mark():
    assert {*marks_of(PAGE)} == {it["mark"] for it in SOURCE.finditer(PAGE)}


def test_a_mark_of_a_peer_is_a_file_of_its_owner():
    owners = {
        it["mark"][0]: ADDRESS.fullmatch(it["address"])["repository"].partition("/")[0]
        for it in SOURCE.finditer(PAGE)
    }
    assert owners == {
        **dict.fromkeys("BTKACP", "Azure"),
        "M": "pulumi",
        "O": "mitodl",
    }
