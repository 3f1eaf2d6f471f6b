"""`./aks test`: what it asks of pytest, and how it ends."""

import subprocess
from pathlib import Path

import pytest

from cli import test
from cli.application import run
from tests.cluster.control_plane import programs
from tests.cluster.control_plane.errors import ControlPlaneError


@pytest.fixture
def pytest_run(monkeypatch):
    """Takes pytest's place: keeps the command, and ends with the code it is told."""

    class Stand:
        code = 0
        command: list[str]
        environment = None

        def __call__(self, command, env=None, **_):
            self.command, self.environment = command, env
            return subprocess.CompletedProcess(command, self.code)

    stand = Stand()
    monkeypatch.setattr(test.subprocess, "run", stand)
    monkeypatch.setattr(test, "install_dev_tools", lambda: None)
    monkeypatch.setattr(programs, "find", lambda *_: Path())
    return stand


def left_out(command):
    return [it.removeprefix("--ignore=") for it in command if it.startswith("--ignore")]


def test_the_tests_of_a_cluster_and_of_a_browser_are_left_out(pytest_run):
    run(["test"])

    assert left_out(pytest_run.command) == [str(test.CLUSTER_TESTS), str(test.BROWSER_TESTS)]


def test_the_cluster_tests_are_added_on_request(pytest_run, monkeypatch, tmp_path):
    monkeypatch.setattr(test, "CLUSTER_TESTS", tmp_path)

    assert run(["test", "--cluster"]) == 0
    assert left_out(pytest_run.command) == [str(test.BROWSER_TESTS)]


def test_the_tests_in_a_browser_are_added_on_request(pytest_run, monkeypatch):
    monkeypatch.setenv("AKS_CHROMIUM", "sh")

    assert run(["test", "--browser", "tests/browser"]) == 0
    assert left_out(pytest_run.command) == [str(test.CLUSTER_TESTS)]
    assert pytest_run.command[-1] == "tests/browser"


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ("", "none was found\n  Debian, Ubuntu: sudo apt-get install chromium"),
        ("no-such-browser", "AKS_CHROMIUM is 'no-such-browser', which is no program"),
    ],
)
def test_without_a_browser_its_tests_fail_and_say_how_to_get_one(
    pytest_run, monkeypatch, tmp_path, capsys, asked, words
):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("AKS_CHROMIUM", asked)

    assert run(["test", "--browser"]) == 2
    assert words in capsys.readouterr().err
    assert not hasattr(pytest_run, "command")


def test_asking_for_tests_in_a_browser_that_are_not_there_is_an_error(
    pytest_run, monkeypatch, tmp_path, capsys
):
    monkeypatch.setattr(test, "BROWSER_TESTS", tmp_path / "absent")

    assert run(["test", "--browser"]) == 2
    assert capsys.readouterr().err == (
        "error: this checkout has no tests for a browser: tests/browser does not exist\n"
    )
    assert not hasattr(pytest_run, "command")


def test_the_cluster_tests_run_on_the_kubernetes_of_the_stacks_or_the_one_asked_for(pytest_run):
    run(["test", "--cluster"])
    assert pytest_run.environment["AKS_CLUSTER_KUBERNETES"] == "1.35"
    run(["test", "--cluster", "--kubernetes", "1.35,1.36"])
    assert pytest_run.environment["AKS_CLUSTER_KUBERNETES"] == "1.35,1.36"


@pytest.mark.usefixtures("pytest_run")
def test_the_times_of_build_start_and_tests_are_printed(capsys):
    run(["test", "--cluster"])

    assert "Kubernetes v1.35.4: build 0 s, 0 starts of 0.0 s at most, tests 0 s" in (
        capsys.readouterr().out
    )


def test_a_control_plane_that_cannot_be_had_fails_the_cluster_tests(
    pytest_run, monkeypatch, capsys
):
    def find(*_):
        raise ControlPlaneError("no Go here")

    monkeypatch.setattr(programs, "find", find)

    assert run(["test", "--cluster"]) == 2
    assert capsys.readouterr().err == "error: no Go here\n"
    assert not hasattr(pytest_run, "command")


@pytest.mark.usefixtures("pytest_run")
def test_without_go_one_line_says_what_is_left_out_and_the_rest_runs(monkeypatch, capsys, tmp_path):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setenv("PATH", str(tmp_path))

    assert run(["test"]) == 0
    [line] = capsys.readouterr().err.splitlines()
    assert line.startswith("tests/cluster is left out: Kubernetes v1.35.4 is not built yet")
    assert "install Go 1.2" in line


def test_a_kubernetes_without_cluster_or_without_pins_is_refused(monkeypatch, capsys):
    monkeypatch.setattr(test, "install_dev_tools", lambda: None)

    assert run(["test", "--kubernetes", "1.35"]) == 2
    assert "add --cluster" in capsys.readouterr().err
    assert run(["test", "--cluster", "--kubernetes", "1.2"]) == 2
    assert "Kubernetes 1.2 is not pinned here; choose from 1.35, 1.36" in capsys.readouterr().err


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
