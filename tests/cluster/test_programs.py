"""Finding and building the programs: one line for whatever hinders it, nothing half-made left."""

import os
import signal
import subprocess
import sys
import time

import pytest

from tests.cluster.control_plane import programs
from tests.cluster.control_plane.errors import ControlPlaneError
from tests.cluster.estate import ROOT
from tests.cluster.processes import alive, ended


@pytest.fixture
def cache(monkeypatch, tmp_path):
    """An empty cache, and a folder in front of the PATH for a stand-in of Go."""
    monkeypatch.delenv(programs.BIN, raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    (tmp_path / "bin").mkdir()
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:/usr/bin:/bin")
    return tmp_path / "cache" / "local-control-plane"


def go(cache, script):
    place = cache.parents[1] / "bin" / "go"
    place.write_text(f"#!/bin/sh\n{script}\n")
    place.chmod(0o755)


BUILDS = 'while [ "$1" != -o ]; do shift; done; mkdir -p "$2"; cd "$2"; touch ' + " ".join(
    name if name != "etcd" else "server" for name in programs.NAMES
)


def test_a_version_and_its_pins_name_the_folder(cache):
    assert programs.folder("1.35").parent == cache
    assert programs.folder("1.35").name.startswith(f"{programs.version('1.35')}-")
    assert programs.folder("1.35") != programs.folder("1.36")


def test_the_programs_are_built_once(cache):
    go(cache, f"{BUILDS}; chmod +x *")
    said = []

    place = programs.find("1.35", said.append)
    assert {it.name for it in place.iterdir()} == {*programs.NAMES}
    assert programs.find("1.35", said.append) == place
    assert len(said) == 1


def test_without_go_the_remedy_is_named(cache, monkeypatch):
    monkeypatch.setenv("PATH", str(cache))

    with pytest.raises(ControlPlaneError, match=r"no Go on the PATH; install Go 1\.\d+"):
        programs.find("1.35", print)


@pytest.mark.parametrize(
    ("script", "words"),
    [
        ("echo x.go:1: undefined: y; exit 1", r"\(go ended with 1\): x\.go:1: undefined: y$"),
        ("echo a: no space left on device; echo b; exit 1", "no space left on device$"),
        ("kill -9 $$", r"\(go ended with -?\d+\): no word$"),
    ],
)
def test_a_build_that_fails_says_its_last_line_and_leaves_nothing(cache, script, words):
    go(cache, script)

    with pytest.raises(ControlPlaneError, match=words):
        programs.find("1.35", lambda _: None)
    assert [it.name for it in cache.iterdir()] == ["lock"]


STARTER = (
    # What a shell starts in the background ignores Ctrl-C, and so does all that it starts.
    "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); "
    "from tests.cluster.control_plane import programs; programs.find('1.35', print)"
)


@pytest.fixture
def building(cache):
    """A process in the middle of a build whose compiler has a child, and the ids of `go`, compiler and child."""
    pids = cache.parents[1] / "pids"
    go(
        cache,
        # Like Go's, this compiler writes to a pipe of its parent's and not to ours.
        f"sh -c 'sleep 600 & echo $PPID $$ $! > {pids}.new; mv {pids}.new {pids}; wait' "
        "> /dev/null 2>&1 & wait",
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        [sys.executable, "-c", STARTER], cwd=ROOT, env=environment, stderr=subprocess.DEVNULL
    ) as starter:
        deadline = time.monotonic() + 30
        while not pids.exists() and starter.poll() is None and time.monotonic() < deadline:
            time.sleep(0.05)
        started = [int(it) for it in pids.read_text().split()]
        yield starter, started
        for pid in [*alive(started), *alive([starter.pid])]:
            os.kill(pid, signal.SIGKILL)


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_a_build_that_is_killed_leaves_no_compiler(building, number):
    starter, pids = building
    assert alive(pids) == pids

    starter.send_signal(number)

    assert ended(pids)


def test_a_build_whose_go_is_killed_leaves_no_compiler(building):
    starter, pids = building

    os.kill(pids[0], signal.SIGKILL)

    assert starter.wait(30)
    assert ended(pids)


def test_what_a_killed_build_left_is_removed_by_the_next(cache):
    go(cache, f"{BUILDS}; chmod +x *")
    (cache / "unfinished-before").mkdir(parents=True)

    programs.find("1.35", lambda _: None)

    assert not (cache / "unfinished-before").exists()


def test_a_cache_that_cannot_be_written_is_named(cache):
    cache.parent.write_text("a file in the place of the folder")
    go(cache, BUILDS)

    with pytest.raises(ControlPlaneError, match=r"the cache .* cannot be used: Not a directory"):
        programs.find("1.35", lambda _: None)


def test_a_folder_without_etcd_is_named_with_what_it_lacks(cache, monkeypatch, tmp_path):
    for name in programs.NAMES[1:]:
        (tmp_path / "bin" / name).touch(mode=0o755)
    monkeypatch.setenv(programs.BIN, str(tmp_path / "bin"))

    with pytest.raises(ControlPlaneError, match=r"has no program etcd$"):
        programs.find("1.35", print)
    assert not cache.exists()
