"""What a review costs on an estate: everything worked out, and again after a change to one workload."""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bench import project
from bench.bounds import PLAN, YAML_FLOOR, Costs, Figure
from bench.estate import STACK
from bench.process import Cost, run

GROWTH_FROM: Final = 100
STATED_AT: Final = 1000

TIMES_FLOOR: Final = 4.0
"""Analyses, policies and report, on top of the two plans, beside the yaml floor."""

AGAIN: Final = 0.2
"""After a change to one workload, beside the full review."""

GROWTH: Final = 11.0
PEAK_MIB: Final = 1024.0

_KEPT: Final = ".aks-cache"


@dataclass(frozen=True, kw_only=True)
class Reviewed:
    """One estate."""

    full: Cost
    """Nothing kept: two plans, analyses, policies, report."""

    again: Cost
    """With what the last review kept, after a change to one more workload."""


def reviewing(code: Path, folder: Path, size: int, rounds: int) -> Reviewed:
    """Measure in `folder`, which is made: a project with a commit, of which a workload changes."""
    root = project.make(folder, code, size)
    _git(root, "init", "-q", "-b", "main")
    _git(root, "add", "--all")
    _git(root, "commit", "-q", "-m", "base")
    changing = _changes(root)
    full: Cost | None = None
    again: Cost | None = None
    for _ in range(rounds):
        next(changing)
        shutil.rmtree(root / _KEPT, ignore_errors=True)
        full = _review(root).least(full)
        next(changing)
        again = _review(root).least(again)
    assert full
    assert again
    return Reviewed(full=full, again=again)


def figures(found: Mapping[int, Reviewed], costs: Costs) -> Iterator[Figure]:
    """Beside the bounds of issue 8; nothing for sizes that were not measured."""
    if STATED_AT not in found or STATED_AT not in costs:
        return
    at, beside = found[STATED_AT], costs[STATED_AT]
    plans = 2 * beside[PLAN].cpu_seconds
    floor = beside[YAML_FLOOR].cpu_seconds
    yield Figure(
        name="review on top of two plans, x yaml floor",
        measured=(at.full.cpu_seconds - plans) / floor,
        bound=TIMES_FLOOR,
    )
    yield Figure(
        name="review after a change to one workload, x the full one",
        measured=at.again.cpu_seconds / at.full.cpu_seconds,
        bound=AGAIN,
    )
    yield Figure(name="review, peak MiB", measured=at.full.peak_mib, bound=PEAK_MIB)
    if GROWTH_FROM in found:
        yield Figure(
            name=f"review, time({STATED_AT:,}) / time({GROWTH_FROM})",
            measured=at.full.cpu_seconds / found[GROWTH_FROM].full.cpu_seconds,
            bound=GROWTH,
        )


def _review(root: Path) -> Cost:
    command = [sys.executable, "-m", "cli", "review", STACK, "--base", "main"]
    output = str(root / "out-review.html")
    return run([*command, "--format", "html", "-o", output], root, accepted=(0, 1))


def _changes(root: Path) -> Iterator[Path]:
    """Gives another workload a little more memory, one after the other."""
    for path in sorted(root.glob("workloads/*.yaml")):
        text = path.read_text(encoding="utf-8")
        more, count = re.subn(
            r"memory: (\d+)Mi", lambda it: f"memory: {int(it[1]) + 8}Mi", text, count=2
        )
        if count == 2:
            path.write_text(more, encoding="utf-8")
            yield path


def _git(root: Path, *arguments: str) -> None:
    own = ("-c", "user.name=bench", "-c", "user.email=bench@example", "-c", "commit.gpgsign=false")
    subprocess.run(["git", *own, *arguments], cwd=root, check=True, capture_output=True)
