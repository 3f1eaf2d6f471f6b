"""GitHub's workflows as actionlint reads them: expressions, contexts, needs, rights, what one workflow gives another.

It is built from its pinned module in half a minute and leaves 6 MB. Its rules are its own, and GitHub's are not told by
running anything there.
"""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.cluster.estate import ROOT
from tests.cluster.go_program import built

SOURCE = Path(__file__).with_name("actionlint")
WORKFLOWS = ROOT / ".github/workflows"


def said_of(folder):
    """What actionlint says of the workflows in a project's folder, its scripts by shellcheck."""
    program = built(SOURCE, "github.com/rhysd/actionlint/cmd/actionlint")
    shellcheck = Path(sys.executable).with_name("shellcheck")
    assert shellcheck.is_file()
    files = sorted((folder / ".github/workflows").glob("*.yml"))
    assert files
    return subprocess.run(
        [program, "-no-color", "-oneline", "-shellcheck", shellcheck, "-pyflakes=", *files],
        capture_output=True,
        text=True,
        check=False,
        cwd=folder,
    ).stdout


def test_actionlint_has_nothing_to_say_of_the_workflows():
    assert said_of(ROOT) == ""


@pytest.mark.parametrize(
    ("file", "old", "new", "says"),
    [
        ("review.yml", "${{ matrix.stack }}", "${{ matrix.stak }}", 'property "stak" is not defined'),
        ("review.yml", "needs: review", "needs: reviews", 'needs job "reviews" which does not exist'),
        ("review.yml", "steps.review.outputs", "steps.revew.outputs", 'property "revew" is not defined'),
        ("review.yml", "contents: read", "contents: reed", '"reed" is invalid as permission'),
        ("review.yml", "pull-requests: write", "pull-request: write", 'unknown permission scope "pull-request"'),
        ("review.yml", 'marker="', 'echo "${{ github.head_ref }}"; marker="', "potentially untrusted"),
        ("review.yml", 'if [ -n "$found" ]', "if [ -n $found ]", "SC2070"),
        ("promote.yml", '"0 6 * * 1"', '"0 6 * * 9"', "invalid CRON format"),
        ("promote.yml", "inputs.workloads", "inputs.workload", 'property "workload" is not defined'),
        ("deploy.yml", "stack: dev", "stak: dev", 'input "stak" is not defined'),
        ("up.yml", "inputs.stack }}", "inputs.stak }}", 'property "stak" is not defined'),
    ],
)  # fmt: skip
def test_a_slip_in_a_workflow_is_found(tmp_path, file, old, new, says):
    folder = tmp_path / ".github/workflows"
    folder.mkdir(parents=True)
    (tmp_path / ".git").mkdir()
    for path in WORKFLOWS.glob("*.yml"):
        (folder / path.name).write_text(path.read_text())
    text = (folder / file).read_text()
    assert old in text
    (folder / file).write_text(text.replace(old, new))
    assert says in said_of(tmp_path)
