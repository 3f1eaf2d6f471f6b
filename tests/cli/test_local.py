"""`./aks local`: what it says and how it ends; the control plane itself is tested in tests/cluster."""

import pytest

from cli.application import run
from tests.cluster.control_plane import keeper
from tests.cluster.control_plane.errors import ControlPlaneError


@pytest.fixture(autouse=True)
def state(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    return tmp_path


def test_up_says_where_kubeconfig_and_logs_lie(monkeypatch, capsys, state):
    asked = []

    def up(*given):
        asked.append(given)
        return keeper.Kept(7, ready=True, kubernetes="v1.35.4")

    monkeypatch.setattr(keeper, "up", up)

    assert run(["local", "up"]) == 0
    assert asked == [("1.35", 0)]
    assert capsys.readouterr().out.splitlines() == [
        "Kubernetes v1.35.4 runs as process 7",
        f"  export KUBECONFIG={state}/aks-platform/control-plane/kubeconfig",
        f"  logs: {state}/aks-platform/control-plane/*.log",
    ]


def test_version_and_port_can_be_chosen(monkeypatch):
    asked = []
    monkeypatch.setattr(keeper, "up", lambda *it: asked.append(it) or keeper.Kept(7, ready=True))

    run(["local", "up", "--kubernetes", "1.36", "--port", "6443"])

    assert asked == [("1.36", 6443)]


def test_what_hinders_it_is_one_line(monkeypatch, capsys):
    def up(*_):
        raise ControlPlaneError("port 1 cannot be had")

    monkeypatch.setattr(keeper, "up", up)

    assert run(["local", "up"]) == 2
    assert capsys.readouterr().err == "error: port 1 cannot be had\n"


def test_nothing_running_is_no_fault_of_down_and_an_exit_code_of_status(capsys):
    assert run(["local", "down"]) == 0
    assert run(["local", "status"]) == 1
    assert capsys.readouterr().out == "nothing ran\nnothing runs\n"


def test_status_tells_of_what_a_crash_left_and_down_removes_it(capsys):
    keeper.folder().mkdir(parents=True)

    assert run(["local", "status"]) == 1
    assert "a run that was killed left files" in capsys.readouterr().out
    run(["local", "down"])
    assert not keeper.folder().exists()


def test_a_state_folder_that_cannot_be_read_is_one_line(monkeypatch, capsys, tmp_path):
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "file"))

    assert run(["local", "status"]) == 2
    [line] = capsys.readouterr().err.splitlines()
    assert line.endswith("cannot be used: Not a directory")


@pytest.mark.parametrize("arguments", [["sideways"], ["up", "--port", "70000"]])
def test_what_it_does_not_know_is_refused(arguments):
    assert run(["local", *arguments]) == 2
