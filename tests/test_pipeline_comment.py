"""The script that brings a review's comment up to date, run with a stand-in for GitHub's command line."""

import subprocess
from pathlib import Path

import pytest
import yaml

WORKFLOW = Path(__file__).parents[1] / ".github/workflows/review.yml"
STAND_IN = """#!/bin/sh
echo "$@" >> "$ASKED"
case "$*" in
    *--paginate*) printf '%b' "$FOUND"; exit "$CODE" ;;
esac
"""


@pytest.fixture
def asked(tmp_path):
    """Runs the script where GitHub knows the comments with the ids `found`; gives its exit code and what it asked."""
    (tmp_path / "gh").write_text(STAND_IN)
    (tmp_path / "gh").chmod(0o755)
    data = yaml.safe_load(WORKFLOW.read_text())
    assert data["defaults"]["run"]["shell"] == "bash"
    [script] = [it["run"] for it in data["jobs"]["comment"]["steps"] if "run" in it]

    def run(found, code=0):
        log = tmp_path / "asked"
        variables = {
            "PATH": f"{tmp_path}:/usr/bin:/bin",
            "ASKED": str(log),
            "FOUND": found,
            "CODE": str(code),
            "REPOSITORY": "course/platform",
            "NUMBER": "7",
            "STACK": "prod",
        }
        # As GitHub calls it for `shell: bash`.
        shell = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script]
        done = subprocess.run(shell, env=variables, cwd=tmp_path, check=False)
        return done.returncode, log.read_text().splitlines()

    return run


def test_without_a_comment_one_is_written(asked):
    code, [search, write] = asked("")
    assert code == 0
    assert "issues/7/comments --paginate" in search
    assert 'startswith("<!-- aks-platform review: prod -->")' in search
    assert write == "api --silent repos/course/platform/issues/7/comments -F body=@review-prod.md"


def test_the_first_comment_with_the_mark_gets_the_new_text_and_no_other_is_written(asked):
    code, [_, write] = asked("33\\n34\\n")
    assert code == 0
    assert write == (
        "api --silent -X PATCH repos/course/platform/issues/comments/33 -F body=@review-prod.md"
    )


def test_of_more_comments_than_a_pipe_holds_the_first_is_taken(asked):
    code, [_, write] = asked("33\\n" * 24_000)
    assert code == 0
    assert "issues/comments/33 " in write


def test_where_nobody_can_tell_which_comments_there_are_none_is_written(asked):
    code, said = asked("", code=1)
    assert code == 1
    assert len(said) == 1
