"""The run of the pipeline, in a repository of its own with a stub in the place of the wrapper."""

import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
STUB = """#!/bin/sh
echo "asked $1$(case $2 in --cluster) echo " $2 $3" ;; esac) with CI=$CI"
if [ "$1" = render ]; then mkdir -p "$4" && touch "$4/some.yaml"; fi
"""


@pytest.fixture
def run(tmp_path):
    """Runs `.ci/run` with these lines added to the stub; the exit code and what was printed."""

    def run(more=""):
        (tmp_path / ".ci").mkdir()
        shutil.copy(ROOT / ".ci" / "run", tmp_path / ".ci")
        (tmp_path / "aks").write_text(STUB + more)
        (tmp_path / "aks").chmod(0o755)
        subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
        done = subprocess.run(
            [tmp_path / ".ci" / "run"], cwd="/", capture_output=True, text=True, check=False
        )
        return done.returncode, done.stdout

    return run


def test_a_run_passes_when_every_tier_has(run):
    code, out = run()

    assert code == 0
    assert out.endswith("passed: tests cluster gates preview render clean\n")
    assert [line for line in out.splitlines() if line.startswith("asked")] == [
        f"asked {command} with CI=true"
        for command in ("test", "test --cluster tests/cluster", "check", "preview", "render")
    ]


@pytest.mark.parametrize(
    ("command", "tier"), [("test", "tests cluster"), ("check", "gates"), ("preview", "preview")]
)
def test_a_failed_tier_fails_the_run_after_the_others_had_their_turn(run, command, tier):
    code, out = run(f'[ "$1" != {command} ]')

    assert code == 1
    assert out.endswith(f"FAILED: {tier}\n")
    assert "asked render" in out


def test_a_failure_on_the_real_api_server_alone_fails_the_run(run):
    assert run('[ "$2" != --cluster ]')[1].endswith("FAILED: cluster\n")


def test_a_render_that_writes_nothing_fails_the_run(run):
    assert run('rm -f "$4/some.yaml"')[1].endswith("FAILED: render\n")


def test_a_file_left_behind_fails_the_run_and_is_named(run):
    code, out = run("touch left-behind")

    assert code == 1
    assert "?? left-behind" in out
    assert out.endswith("FAILED: clean\n")


def test_a_tier_that_did_not_run_fails_the_run(run, tmp_path):
    run()
    script = tmp_path / ".ci" / "run"
    script.write_text(script.read_text().replace("\ntier tests ", "\n: tier tests "))

    done = subprocess.run([script], capture_output=True, text=True, check=False)

    assert (done.returncode, done.stdout.splitlines()[-1]) == (1, "FAILED: tests")
