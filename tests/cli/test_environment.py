"""What the wrapper's tests do not reach: the tools of the tests, and telling a venv that works."""

import subprocess
import sys
import venv

import pytest

from cli import environment
from cli.environment import DEV, RUNTIME, InstallError, install_dev_tools


@pytest.fixture
def place(monkeypatch, tmp_path):
    """A project whose `.venv` runs this test, with the pins of both kinds."""
    (tmp_path / ".venv").mkdir()
    for pins in (RUNTIME, DEV):
        (tmp_path / pins).write_text("some==1\n")
    monkeypatch.setattr(environment, "ROOT", tmp_path)
    monkeypatch.setattr(environment, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(environment, "LOG", tmp_path / ".venv.log")
    monkeypatch.setattr(environment, "_PYTHON", sys.executable)
    monkeypatch.setattr(sys, "prefix", str(tmp_path / ".venv"))
    return tmp_path


@pytest.fixture
def pip(place, monkeypatch):
    """The pins that pip was asked to install; it fails for those in `fails`."""

    assert place == environment.ROOT

    class Stand(list):
        fails = ()

        def __call__(self, pins, log):
            self.append(pins)
            log.write(f"pip on {pins}\n".encode())
            log.flush()
            return pins not in self.fails

    stand = Stand()
    monkeypatch.setattr(environment, "_pip_installs", stand)
    return stand


def test_the_tools_of_the_tests_are_installed_on_their_first_use_alone(pip, capsys):
    install_dev_tools()
    install_dev_tools()

    assert pip == [DEV]
    assert capsys.readouterr().err == (
        "first run of the tests: installing their pinned packages ...\n"
    )


def test_tools_that_moved_are_installed_again(place, pip):
    install_dev_tools()
    (place / DEV).write_text("some==2\n")
    install_dev_tools()

    assert pip == [DEV, DEV]


def test_a_failure_leaves_the_environment_and_says_what_pip_said(place, pip):
    pip.fails = (DEV,)

    with pytest.raises(InstallError, match=r"could not be installed.*\n  pip on requirements-dev"):
        install_dev_tools()

    assert not environment.is_fresh(DEV)
    assert (place / ".venv").is_dir()


def test_an_environment_of_the_users_own_is_left_alone(pip, monkeypatch):
    monkeypatch.setattr(sys, "prefix", "/usr")

    install_dev_tools()

    assert pip == []
    assert environment.condemn() is False


@pytest.mark.parametrize("missing", ["pip", "pyvenv.cfg"])
def test_a_venv_without_what_makes_it_one_is_not_used(tmp_path, missing):
    folder = tmp_path / ".venv"
    venv.create(folder, with_pip=False, symlinks=True)
    if missing == "pyvenv.cfg":
        (folder / missing).unlink()
    program = environment._USABLE.replace(str(environment.VENV), str(folder))

    assert subprocess.run([folder / "bin" / "python", "-I", "-c", program]).returncode != 0
    whole = environment._USABLE.replace(str(environment.VENV), sys.prefix)
    assert subprocess.run([sys.executable, "-I", "-c", whole]).returncode == 0
