"""The run of the pipeline, in a repository of its own with a stub in the place of the wrapper."""

import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
TOOLS = ("bash", "dirname", "env", "find", "git", "id", "mkdir", "mktemp", "rm", "sh", "touch")
"""What the pipeline and the stub call: the path holds these, and no browser but one that a test puts there."""

STUB = """#!/bin/sh
echo "asked $1$(case $2 in --cluster | --browser) echo " $2 $3" ;; esac) with CI=$CI"
if [ "$1" = render ]; then mkdir -p "$4" && touch "$4/some.yaml"; fi
"""


@pytest.fixture
def tools(tmp_path, monkeypatch):
    """The folder of all programs that can be found, with a browser."""
    folder = tmp_path.with_name(f"{tmp_path.name}-tools")
    folder.mkdir()
    for name in TOOLS:
        (folder / name).symlink_to(shutil.which(name))
    program(folder / "chromium")
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.delenv("AKS_CHROMIUM", raising=False)
    return folder


def program(path, line="exit 0"):
    path.unlink(missing_ok=True)
    path.write_text(f"#!/bin/sh\n{line}\n")
    path.chmod(0o755)


@pytest.fixture
def run(tmp_path, tools):
    """Runs `.ci/run` with these lines added to the stub; the exit code and what was printed."""

    def run(more=""):
        (tmp_path / ".ci").mkdir()
        shutil.copy(ROOT / ".ci" / "run", tmp_path / ".ci")
        (tmp_path / "aks").write_text(STUB + more)
        (tmp_path / "aks").chmod(0o755)
        subprocess.run([tools / "git", "init", "-q"], cwd=tmp_path, check=True)
        done = subprocess.run(
            [tmp_path / ".ci" / "run"], cwd="/", capture_output=True, text=True, check=False
        )
        return done.returncode, done.stdout

    return run


def test_a_run_passes_when_every_tier_has(run):
    code, out = run()

    assert code == 0
    assert out.endswith("passed: tests cluster browser gates preview render clean\n")
    assert [line for line in out.splitlines() if line.startswith("asked")] == [
        f"asked {command} with CI=true"
        for command in (
            "test",
            "test --cluster tests/cluster",
            "test --browser tests/browser",
            "check",
            "preview",
            "render",
        )
    ]


@pytest.mark.parametrize(
    ("command", "tier"),
    [("test", "tests cluster browser"), ("check", "gates"), ("preview", "preview")],
)
def test_a_failed_tier_fails_the_run_after_the_others_had_their_turn(run, command, tier):
    code, out = run(f'[ "$1" != {command} ]')

    assert code == 1
    assert out.endswith(f"FAILED: {tier}\n")
    assert "asked render" in out


def test_a_failure_on_the_real_api_server_alone_fails_the_run(run):
    assert run('[ "$2" != --cluster ]')[1].endswith("FAILED: cluster\n")


def test_a_failure_in_the_browser_alone_fails_the_run(run):
    assert run('[ "$2" != --browser ]')[1].endswith("FAILED: browser\n")


def test_root_gets_the_browser_that_is_missing(run, tools):
    (tools / "chromium").unlink()
    program(tools / "id", "echo 0")
    program(tools / "apt-get", f'echo "$@" >> {tools}/asked')

    assert run()[0] == 0
    assert (tools / "asked").read_text().splitlines() == [
        "update -qq",
        "install -y -qq --no-install-recommends chromium",
    ]


@pytest.mark.parametrize(("user", "browser"), [(1000, False), (0, True)])
def test_nothing_is_installed_for_another_user_or_beside_a_browser(run, tools, user, browser):
    if not browser:
        (tools / "chromium").unlink()
    program(tools / "id", f"echo {user}")
    program(tools / "apt-get", f"touch {tools}/asked")
    run()

    assert not (tools / "asked").exists()


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
