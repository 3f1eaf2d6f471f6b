"""The control plane itself: whatever ends it, one clear line is said and no process is left."""

import os
import signal
import socket
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cluster.control_plane import keeper
from tests.cluster.control_plane.errors import ControlPlaneError
from tests.cluster.control_plane.nodes import pool
from tests.cluster.control_plane.plane import ControlPlane
from tests.cluster.control_plane.programs import NAMES
from tests.cluster.estate import ROOT
from tests.cluster.processes import alive, ended

PARENT = """
import sys, time
from pathlib import Path
from tests.cluster.control_plane.nodes import pool
from tests.cluster.control_plane.plane import ControlPlane
with ControlPlane(Path(sys.argv[1]), pool("wg1", 1)) as plane:
    print(*(it.pid for it in plane.processes.values()), flush=True)
    time.sleep(600)
"""


@pytest.mark.parametrize("name", NAMES)
def test_a_program_that_dies_is_named_and_takes_the_others_with_it(programs, name):
    with ControlPlane(programs, pool("wg1", 1)) as plane:
        pids = [it.pid for it in plane.processes.values()]
        plane.processes[name].kill()
        with pytest.raises(ControlPlaneError, match=f"^{name} ended with status -9"):
            plane.wait_for("nothing", lambda: False)
        directory = plane.directory

    assert alive(pids) == []
    assert not directory.exists()


def test_a_field_that_no_controller_has_written_yet_is_waited_for(programs):
    answers = iter([{"endpoints": None}, {}, {"endpoints": ["10.0.0.1"]}])
    with ControlPlane(programs, pool("wg1", 1)) as plane:
        plane.wait_for("endpoints", lambda: [*next(answers)["endpoints"]])
        with pytest.raises(
            ControlPlaneError, match=r"still waiting .* \(KeyError\('endpoints'\)\)"
        ):
            plane.wait_for("endpoints", lambda: {}["endpoints"], 1)


def test_a_parent_that_is_killed_leaves_no_process(programs):
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, programs],
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    with parent:
        pids = [int(it) for it in parent.stdout.readline().split()]
        assert len(alive(pids)) == len(NAMES)
        parent.kill()

    assert ended(pids)


@pytest.mark.parametrize("name", NAMES)
def test_a_program_that_lacks_or_cannot_start_leaves_nothing(programs, tmp_path, name):
    for it in NAMES:
        (tmp_path / it).symlink_to(programs / it)
    (tmp_path / name).unlink()
    (tmp_path / name).write_text("#!/bin/sh\necho no such luck\nexit 3\n")
    (tmp_path / name).chmod(0o755)
    plane = ControlPlane(tmp_path, pool("wg1", 1), timeout_seconds=20)

    with (
        pytest.raises(ControlPlaneError, match=f"^{name} ended with status 3: no such luck"),
        plane,
    ):
        plane.wait_for("nothing", lambda: False)

    assert not plane.processes
    assert not plane.directory.exists()


def test_a_port_that_is_taken_is_said(programs):
    with (
        socket.create_server(("127.0.0.1", 0)) as taken,
        pytest.raises(ControlPlaneError, match="cannot be had: Address already in use"),
        ControlPlane(programs, [], port=taken.getsockname()[1]),
    ):
        pass


@pytest.fixture
def state(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    yield tmp_path
    keeper.down()


def up(minor):
    """Start it from a process that ends, as a command does."""
    starter = (
        "import sys; from tests.cluster.control_plane import keeper; keeper.up(sys.argv[1], 0)"
    )
    subprocess.run(
        [sys.executable, "-c", starter, minor],
        check=True,
        start_new_session=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    return keeper.look()


def programs_of(pid):
    """Process ids of its children."""
    found = subprocess.run(["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True)
    return [int(it) for it in found.stdout.split()]


@pytest.mark.usefixtures("state", "programs")
def test_a_kept_control_plane_outlives_its_starter_and_refuses_a_second(kubernetes):
    kept = up(kubernetes)

    assert kept.ready
    assert os.getsid(kept.pid) == kept.pid
    assert stat.S_IMODE(keeper.kubeconfig().stat().st_mode) == 0o600
    with pytest.raises(ControlPlaneError, match=f"runs already \\(process {kept.pid}\\)"):
        keeper.up(kubernetes, 0)
    pids = [kept.pid, *programs_of(kept.pid)]
    assert len(pids) == 1 + len(NAMES)
    assert keeper.down()
    assert ended(pids)
    assert not keeper.folder().exists()
    assert not keeper.down()


@pytest.mark.usefixtures("state", "programs")
def test_a_killed_keeper_leaves_no_process_and_the_next_start_cleans_up(kubernetes):
    kept = up(kubernetes)
    pids = programs_of(kept.pid)
    stale = keeper.folder() / "stale"
    stale.touch()
    os.kill(kept.pid, signal.SIGKILL)

    assert ended([kept.pid, *pids])
    assert keeper.look() == keeper.Kept(0, ready=False, remains=True)
    assert up(kubernetes).ready
    assert not stale.exists()


@pytest.mark.usefixtures("state", "programs")
def test_a_kept_control_plane_ends_and_says_why_when_a_program_dies(kubernetes):
    kept = up(kubernetes)
    pids = programs_of(kept.pid)
    victim = next(
        it for it in pids if "etcd" in Path(f"/proc/{it}/cmdline").read_text().split("\0")[0]
    )
    os.kill(victim, signal.SIGKILL)

    assert ended([kept.pid, *pids])
    assert keeper.look().pid == 0
    assert "etcd ended with status -9" in keeper.log().read_text()
