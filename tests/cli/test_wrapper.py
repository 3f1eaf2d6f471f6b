"""The wrapper on copies of it, with a stub in the place of Python, venv and pip that notes what it is asked."""

import os
import shlex
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PYTHON = shlex.quote(sys.executable)

# Answers the wrapper's probe with its own path, makes a "venv" of itself, and is slow or fails as pip where the test
# says so. environment.py runs under the real interpreter: it is what the tests are about.
STUB = f"""#!/bin/sh
echo "$*" | head -n 1 >> "$STUB_LOG"
case "$*" in
    *ensurepip*) echo "$0" ;;
    *environment.py*) exec {PYTHON} "$@" ;;
    *"-m venv "*) mkdir -p "$4/bin" && cp "$0" "$4/bin/python" ;;
    *"-m pip"*)
        while [ -e "$STUB_PIP_SLOW" ]; do sleep 0.02; done
        echo "no network here"
        [ ! -e "${{0%/*}}/../damaged" ] && [ ! -e "$STUB_PIP_FAILS" ] ;;
    "-m cli"*) shift 2; echo "in $(pwd) with $PYTHONPATH${{PYTHONDONTWRITEBYTECODE+ uncompiled}}:" "$@" ;;
esac
"""
OLD = f"""#!/bin/sh
exec {PYTHON} -I -c 'import sys; sys.version_info = (3, 10, 9); exec(sys.argv[1])' "$3"
"""


class Project:
    """A copy of what the wrapper needs, in a folder whose name has a space."""

    def __init__(self, place: Path) -> None:
        self.root = place / "a project"
        self.bin = place / "bin"
        self.log = place / "log"
        self.pip_fails = place / "pip-fails"
        self.pip_slow = place / "pip-slow"
        for folder in (self.root / "cli", self.bin):
            folder.mkdir(parents=True)
        shutil.copy(ROOT / "aks", self.root)
        shutil.copy(ROOT / "cli" / "environment.py", self.root / "cli")
        self.pins = self.root / "requirements.txt"
        self.pins.write_text("click==1\n")
        for tool in ("cat", "cmp", "cp", "head", "mkdir", "readlink", "sleep"):
            (self.bin / tool).symlink_to(str(shutil.which(tool)))

    def add(self, name: str, script: str = STUB) -> Path:
        path = self.bin / name
        path.write_text(script)
        path.chmod(0o755)
        return path

    def start(
        self, *arguments: str, wrapper: Path | None = None, cwd: Path | None = None, **env: str
    ) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [str(wrapper or self.root / "aks"), *arguments],
            cwd=cwd or self.root,
            env={
                "PATH": str(self.bin),
                "STUB_LOG": str(self.log),
                "STUB_PIP_FAILS": str(self.pip_fails),
                "STUB_PIP_SLOW": str(self.pip_slow),
                **env,
            },
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def run(self, *arguments: str, **options: object) -> tuple[int, str, str]:
        """Exit code, stdout and stderr; the log then holds the calls of this run alone."""
        self.log.write_text("")
        process = self.start(*arguments, **options)  # type: ignore[arg-type]
        out, err = process.communicate(timeout=20)
        return process.returncode, out, err

    def calls(self, part: str) -> int:
        return sum(part in line for line in self.log.read_text().splitlines())


@pytest.fixture
def project(tmp_path):
    return Project(tmp_path)


@pytest.fixture
def fresh(project):
    project.add("python3")
    assert project.run()[0] == 0
    return project


def wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline, "nothing happened for a minute"
        time.sleep(0.01)


def test_the_first_run_installs_the_pins_and_says_so_in_one_line(project):
    project.add("python3.12")

    code, out, err = project.run("preview", "two words")

    assert (code, out) == (0, f"in {project.root} with {project.root}: preview two words\n")
    assert err == "first run: installing the pinned packages ...\n"
    assert project.calls("-m pip") == 1


def test_a_fresh_environment_costs_no_python_but_the_command_itself(fresh):
    code, _, err = fresh.run("--help")

    assert (code, err) == (0, "")
    assert fresh.log.read_text() == "-m cli --help\n"


def test_the_newest_python_on_the_path_is_taken(project):
    for name in ("python3", "python3.11", "python3.14"):
        project.add(name)

    project.run()

    assert project.calls(f"environment.py {project.bin}/python3.14") == 1


def test_a_python_that_is_too_old_is_passed_over(project):
    project.add("python3", OLD)
    project.add("python")

    assert project.run()[0] == 0
    assert project.calls(f"environment.py {project.bin}/python") == 1


def test_without_a_new_enough_python_the_user_learns_what_to_install(project):
    project.add("python3", OLD)

    code, out, err = project.run("preview")

    assert (code, out) == (2, "")
    assert err.startswith("error: Python 3.11 or newer, with its venv module, is needed")
    assert "brew install" in err
    assert "apt install" in err
    assert len(err.splitlines()) == 2
    assert not (project.root / ".venv").exists()


def test_aks_python_overrides_the_search(project, tmp_path):
    project.add("python3.14")
    mine = shutil.copy(project.add("chosen"), tmp_path / "my python")

    assert project.run(AKS_PYTHON=str(mine))[0] == 0
    assert project.calls(f"environment.py {mine}") == 1


def test_an_aks_python_that_will_not_do_is_named_and_nothing_else_is_tried(project):
    project.add("python3")

    code, _, err = project.run(AKS_PYTHON="/nowhere/python")

    assert code == 2
    assert err.startswith("error: AKS_PYTHON is '/nowhere/python', which is no Python 3.11")


def test_links_lead_to_the_project_and_the_callers_folder_stays_current(fresh, tmp_path):
    elsewhere = tmp_path / "else where"
    elsewhere.mkdir()
    (tmp_path / "hop").symlink_to("a project/aks")
    link = elsewhere / "linked"
    link.symlink_to("../hop")

    code, out, err = fresh.run("render", wrapper=link, cwd=elsewhere)

    assert (code, out, err) == (0, f"in {elsewhere} with {fresh.root}: render\n", "")


def test_what_a_shell_sets_for_other_pythons_does_not_reach_the_command(fresh):
    _, out, _ = fresh.run("plan", PYTHONPATH="/theirs", PYTHONDONTWRITEBYTECODE="1")

    assert out == f"in {fresh.root} with {fresh.root}: plan\n"


@pytest.mark.parametrize("line", ["aks plan", "sh 'a project/aks' plan"])
def test_the_wrapper_knows_its_folder_however_it_is_called(fresh, tmp_path, line):
    decoy = tmp_path / "decoy"
    (decoy / "a project").mkdir(parents=True)

    done = subprocess.run(
        ["sh", "-c", line],
        cwd=tmp_path,
        env={
            "PATH": f"{fresh.root}:{os.environ['PATH']}",
            "STUB_LOG": str(fresh.log),
            "CDPATH": str(decoy),
        },
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout == f"in {tmp_path} with {fresh.root}: plan\n"


def test_moved_pins_are_installed_into_the_environment_that_is_there(fresh):
    fresh.pins.write_text("click==2\n")

    code, _, err = fresh.run()

    assert (code, err) == (0, "stale .venv: installing the pinned packages ...\n")
    assert (fresh.calls("-m pip"), fresh.calls("-m venv")) == (1, 0)
    fresh.run()
    assert fresh.calls("-m pip") == 0


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGKILL])
def test_an_interrupted_install_is_taken_up_by_the_next_run(fresh, ending):
    before = fresh.pins.read_text()
    fresh.pins.write_text("click==2\n")
    fresh.pip_slow.touch()
    fresh.log.write_text("")
    process = fresh.start()
    wait_until(lambda: fresh.calls("-m pip") == 1)
    os.killpg(process.pid, ending)
    _, err = process.communicate(timeout=10)
    assert err.splitlines()[1:] == (
        ["interrupted; the next run goes on from here"] if ending == signal.SIGINT else []
    )
    assert process.returncode in {-ending, 128 + ending}
    fresh.pip_slow.unlink()

    # Some packages may have moved already, so the old pins are no longer what is installed.
    fresh.pins.write_text(before)
    code, _, _ = fresh.run()

    assert code == 0
    assert (fresh.calls("-m pip"), fresh.calls("-m venv")) == (1, 0)


def test_two_runs_at_once_install_once(project):
    project.add("python3")
    project.pip_slow.touch()
    project.log.write_text("")
    first = project.start("first")
    wait_until(lambda: project.calls("-m pip") == 1)
    second = project.start("second")
    waiting = second.stderr.readline()
    project.pip_slow.unlink()

    assert waiting == "another run is installing the pinned packages: waiting for it ...\n"
    for process, argument in ((first, "first"), (second, "second")):
        out, _ = process.communicate(timeout=10)
        assert (process.returncode, out.split()[-1]) == (0, argument)
    assert project.calls("-m pip") == 1


def test_an_environment_whose_python_is_gone_is_made_anew(fresh):
    (fresh.root / ".venv" / "bin" / "python").unlink()
    (fresh.root / ".venv" / "leftover").touch()

    code, _, _ = fresh.run()

    assert code == 0
    assert fresh.calls("-m venv") == 1
    assert not (fresh.root / ".venv" / "leftover").exists()


def test_an_environment_in_which_pip_fails_is_made_anew(fresh):
    (fresh.root / ".venv" / "damaged").touch()
    fresh.pins.write_text("click==2\n")

    code, _, _ = fresh.run()

    assert code == 0
    assert (fresh.calls("-m pip"), fresh.calls("-m venv")) == (2, 1)
    assert sorted(path.name for path in fresh.root.iterdir()) == [
        ".venv",
        ".venv.log",
        "aks",
        "cli",
        "requirements.txt",
    ]


def test_a_failed_install_shows_what_pip_said_and_keeps_the_old_environment(fresh):
    (fresh.root / ".venv" / "kept").touch()
    fresh.pins.write_text("click==2\n")
    fresh.pip_fails.touch()

    code, out, err = fresh.run("preview")

    assert (code, out) == (2, "")
    assert "error: the pinned packages could not be installed" in err
    assert err.endswith("  no network here\n")
    assert len((fresh.root / ".venv.log").read_text().splitlines()) == 2, "an earlier run's output"
    assert (fresh.root / ".venv" / "kept").exists()


def test_an_environment_that_the_pulumi_cli_made_is_used_as_it_stands(project):
    stub = project.add("python3")
    (project.root / ".venv" / "bin").mkdir(parents=True)
    shutil.copy(stub, project.root / ".venv" / "bin" / "python")

    assert project.run()[0] == 0
    assert (project.calls("-m pip"), project.calls("-m venv")) == (1, 0)
