"""`./aks check`: which steps there are, and that each has its turn."""

import sys

import pytest

from cli import check
from cli.application import run


@pytest.fixture
def steps(monkeypatch):
    """Replaces the steps by these Python programs and installs nothing."""

    def replace(**programs):
        rows = [check.Step(name, ["-c", program]) for name, program in programs.items()]
        monkeypatch.setattr(check, "steps", lambda **_: rows)
        monkeypatch.setattr(check, "install_dev_tools", lambda: None)

    return replace


def names(**options):
    return [step.name for step in check.steps(**{"fix": False, "tests": True} | options)]


def test_every_gate_is_a_step():
    assert names() == ["format", "lint", "schemas", "types", "tests"]


def test_the_tests_can_be_left_to_another_step_of_the_pipeline():
    assert names(tests=False) == ["format", "lint", "schemas", "types"]


def test_nothing_is_changed_unless_asked_for():
    arguments = [it for step in check.steps(fix=False, tests=True) for it in step.arguments]

    assert arguments.count("--check") == 2
    assert "--fix" not in arguments


def test_fix_applies_the_format_and_the_safe_fixes():
    plan = {step.name: step.arguments for step in check.steps(fix=True, tests=True)}

    assert "--check" not in plan["format"]
    assert "--fix" in plan["lint"]
    assert "--unsafe-fixes" not in plan["lint"]


def test_a_failed_step_shows_what_it_said_and_the_rest_still_run(steps, capsys):
    steps(one="print('all is well')", two="import sys; print('here'); sys.exit('is why')", three="")

    assert run(["check"]) == 1

    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[:2] for line in lines if line.endswith(" s")] == [
        ["one", "ok"],
        ["two", "FAILED"],
        ["three", "ok"],
    ]
    assert sorted(lines[2:4]) == ["here", "is why"]
    assert "all is well" not in lines


def test_a_check_without_fault_is_one_line_a_step(steps, capsys):
    steps(one="", two="")

    assert run(["check"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 2


def test_a_step_runs_in_the_project_whatever_folder_the_caller_is_in(
    steps, capsys, monkeypatch, tmp_path
):
    monkeypatch.chdir(tmp_path)
    steps(one="import os, sys; sys.exit(os.getcwd())")

    run(["check"])

    assert capsys.readouterr().out.splitlines()[-1] == str(check.ROOT)


def test_a_step_uses_the_interpreter_of_the_command(steps, capsys):
    steps(one="import sys; sys.exit(sys.executable)")

    run(["check"])

    assert capsys.readouterr().out.splitlines()[-1] == sys.executable
