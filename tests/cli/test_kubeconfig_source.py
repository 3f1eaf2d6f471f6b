"""Where server and CA come from: a file, Pulumi, Azure, and what is said where none has them."""

import io
import os
import sys
from pathlib import Path

import pytest

from cli import kubeconfig_source
from cli.errors import UserError
from cli.kubeconfig_source import Question, asked, from_file

QUESTION = Question(stack="dev", cluster="aks-course-dev", resource_group="rg-course-dev")
PLANTED = "canary-5f2d"


@pytest.fixture
def program(tmp_path, monkeypatch):
    """Puts a shell script on a PATH that has no other program."""
    monkeypatch.setenv("PATH", str(tmp_path))

    def write(name, text):
        path = tmp_path / name
        path.write_text(f"#!/bin/sh\n{text}\n")
        path.chmod(0o755)
        return path

    return write


def test_pulumi_is_asked_first_for_the_stacks_own_output(program, tmp_path):
    program("pulumi", f'echo "$@" > {tmp_path}/asked; echo from pulumi')
    program("az", "echo from az")
    assert asked(QUESTION) == ("from pulumi\n", "pulumi")
    assert (tmp_path / "asked").read_text() == ("stack output kubeconfig --show-secrets -s dev\n")


@pytest.fixture
def typed():
    """Somebody at the terminal types a line."""
    theirs = os.dup(0)
    reading, writing = os.pipe()
    os.write(writing, b"typed\n")
    os.close(writing)
    os.dup2(reading, 0)
    yield
    os.dup2(theirs, 0)
    os.close(reading)
    os.close(theirs)


@pytest.mark.usefixtures("typed")
def test_it_is_asked_in_the_project_and_waits_for_nobody(program, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    program("pulumi", 'pwd; while read -r line; do echo "$line"; done')
    assert asked(QUESTION).text == f"{Path(kubeconfig_source.ROOT).resolve()}\n"


@pytest.mark.parametrize("failing", ["exit 255", "exit 0", "echo ' '"])
def test_azure_is_asked_where_pulumi_has_no_answer(program, tmp_path, failing):
    program("pulumi", failing)
    program("az", f'echo "$@" > {tmp_path}/asked; echo from az')
    assert asked(QUESTION) == ("from az\n", "az")
    assert (tmp_path / "asked").read_text() == (
        "aks get-credentials --resource-group rg-course-dev --name aks-course-dev --file - --format exec\n"
    )


def test_azure_is_asked_in_the_subscription_of_the_stack(program, tmp_path):
    program("az", f'echo "$@" > {tmp_path}/asked; echo from az')
    asked(QUESTION._replace(subscription="99999999-2222-4333-8444-555555555555"))
    assert " --subscription 99999999-2222" in (tmp_path / "asked").read_text()


@pytest.mark.usefixtures("program")
def test_without_either_the_message_says_which_commands_tell_it():
    with pytest.raises(UserError) as caught:
        asked(QUESTION)
    assert str(caught.value).splitlines() == [
        "nothing here tells where the cluster of stack 'dev' is: pulumi is not on the PATH; az is not on the PATH",
        "  one of these does, on a machine that has signed in:",
        "    pulumi stack output kubeconfig --show-secrets -s dev > FILE",
        "    az aks get-credentials --resource-group rg-course-dev --name aks-course-dev --file - --format exec > FILE",
        "  then: ./aks kubeconfig dev --from FILE",
    ]


def test_a_program_that_fails_is_quoted_by_its_last_line_and_never_by_its_output(program):
    program("pulumi", f"echo {PLANTED}; echo warning >&2; echo 'error: no stack' >&2; exit 255")
    program("az", f"echo {'x' * 400} >&2; exit 1")
    with pytest.raises(UserError) as caught:
        asked(QUESTION)
    message = str(caught.value).splitlines()[0]
    assert (
        "pulumi failed with exit code 255: error: no stack; az failed with exit code 1: x"
        in message
    )
    assert len(message) < 400
    assert PLANTED not in str(caught.value)


def test_a_program_that_says_nothing_or_cannot_be_run_is_told(program):
    program("pulumi", "exit 0")
    program("az", "").write_text("#!/nowhere/at/all\n")
    with pytest.raises(UserError, match="pulumi said nothing; az cannot be run: No such file"):
        asked(QUESTION)


def test_a_program_that_hangs_is_left(program, monkeypatch):
    monkeypatch.setattr(kubeconfig_source, "WAIT_SECONDS", 0.2)
    program("pulumi", "exec /bin/sleep 20")
    with pytest.raises(UserError, match=r"pulumi did not answer within 0\.2 s"):
        asked(QUESTION)


def test_a_file_is_read_and_named(tmp_path):
    path = tmp_path / "file"
    path.write_bytes("\ufeffkind: Config".encode())
    assert from_file(str(path)) == ("kind: Config", str(path))


def test_standard_input_is_read_for_a_hyphen(monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"kind: Config")))
    assert from_file("-") == ("kind: Config", "standard input")


def test_a_file_that_cannot_be_read_is_said(tmp_path):
    (tmp_path / "bytes").write_bytes(b"\xff\xfe")
    with pytest.raises(UserError, match="bytes: is not UTF-8"):
        from_file(str(tmp_path / "bytes"))
    with pytest.raises(UserError, match="cannot be read: Is a directory"):
        from_file(str(tmp_path))
    with pytest.raises(UserError, match="gone: cannot be read: No such file"):
        from_file(str(tmp_path / "gone"))
