"""What a measured process costs, and what is said of one that fails."""

import subprocess
import sys
from pathlib import Path

import pytest

from bench.process import BenchError, run

ROOT = Path(__file__).parents[2]


def python(program):
    return [sys.executable, "-c", program]


def test_cpu_time_of_a_process_and_of_what_it_starts_is_counted(tmp_path):
    busy = "import time\nend = time.process_time() + 0.1\nwhile time.process_time() < end: pass"
    parent = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {busy!r}])"

    assert 0.1 <= run(python(parent), tmp_path).cpu_seconds < 5


def test_sleep_is_time_by_the_clock_alone(tmp_path):
    cost = run(python("import time; time.sleep(0.5)"), tmp_path)

    assert cost.cpu_seconds < 0.5 <= cost.wall_seconds


def test_memory_is_that_of_the_peak():
    """Measured from a small process: a child starts with the peak of its parent, here all of pytest's."""
    program = (
        "import sys; from pathlib import Path; from bench.process import run\n"
        "for size in (1, 200):\n"
        "    text = f'b\"x\" * {size} * 1024**2'\n"
        "    print(run([sys.executable, '-c', text], Path()).peak_mib)"
    )

    done = subprocess.run(python(program), cwd=ROOT, capture_output=True, check=True, text=True)

    small, large = map(float, done.stdout.split())
    assert small < 60
    assert 200 <= large < 260


def test_only_the_given_project_is_on_the_path(tmp_path):
    (tmp_path / "only_here.py").touch()

    run(python("import only_here"), tmp_path)
    with pytest.raises(BenchError, match="No module named 'bench'"):
        run(python("import bench"), tmp_path)


def test_a_process_that_fails_is_shown_with_the_end_of_what_it_said(tmp_path):
    with pytest.raises(BenchError) as failed:
        run(
            python("import sys; print(*range(30), sep='\\n', file=sys.stderr); sys.exit(3)"),
            tmp_path,
        )

    lines = str(failed.value).splitlines()
    assert lines[0].endswith(": ended with 3")
    assert lines[1:] == [f"  {number}" for number in range(20, 30)]
