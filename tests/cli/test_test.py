"""`./aks test`: what it asks of pytest, and how it ends."""

import subprocess

import pytest

from cli import test
from cli.application import run


@pytest.fixture
def pytest_run(monkeypatch):
    """Takes pytest's place: keeps the command, and ends with the code it is told."""

    class Stand:
        code = 0
        command: list[str]

        def __call__(self, command, **_):
            self.command = command
            return subprocess.CompletedProcess(command, self.code)

    stand = Stand()
    monkeypatch.setattr(test.subprocess, "run", stand)
    monkeypatch.setattr(test, "install_dev_tools", lambda: None)
    return stand


def test_the_cluster_tests_are_left_out(pytest_run):
    run(["test"])

    assert f"--ignore={test.CLUSTER_TESTS}" in pytest_run.command


def test_the_cluster_tests_are_added_on_request(pytest_run, monkeypatch, tmp_path):
    monkeypatch.setattr(test, "CLUSTER_TESTS", tmp_path)

    assert run(["test", "--cluster"]) == 0
    assert not any(it.startswith("--ignore") for it in pytest_run.command)


def test_asking_for_cluster_tests_that_are_not_there_is_an_error(
    pytest_run, monkeypatch, tmp_path, capsys
):
    monkeypatch.setattr(test, "CLUSTER_TESTS", tmp_path / "absent")

    assert run(["test", "--cluster"]) == 2
    assert capsys.readouterr().err == (
        "error: this checkout has no tests for a cluster: tests/cluster does not exist\n"
    )
    assert not hasattr(pytest_run, "command")


def test_what_the_command_does_not_know_goes_to_pytest_last_so_that_it_wins(pytest_run):
    run(["test", "tests/settings", "-k", "quantity", "-n", "0", "--pdb"])

    assert pytest_run.command[-6:] == ["tests/settings", "-k", "quantity", "-n", "0", "--pdb"]


@pytest.mark.parametrize("processors", [1, 2, 64])
def test_the_tests_use_the_processors_up_to_a_bound(pytest_run, monkeypatch, processors):
    monkeypatch.setattr(test.os, "cpu_count", lambda: processors)

    run(["test"])

    assert f"--numprocesses={min(processors, 4)}" in pytest_run.command


@pytest.mark.parametrize(("choice", "option"), [("always", "--color=yes"), ("never", "--color=no")])
def test_the_choice_of_colour_reaches_pytest(pytest_run, choice, option):
    run(["--color", choice, "test"])

    assert option in pytest_run.command


@pytest.mark.parametrize(("pytests", "ours"), [(0, 0), (1, 1), (2, 2), (4, 2), (5, 2)])
def test_a_run_in_which_no_test_ran_is_not_a_failed_test(pytest_run, pytests, ours):
    pytest_run.code = pytests

    assert run(["test"]) == ours
