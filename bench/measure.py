"""Runs every command and every floor in turn, several rounds of each, and keeps the least.

The rounds go through all of them before they begin again, so that a busy minute of the machine falls on a command and
on its floor alike. What is written stays until the end: ext4 does not hand out again what was deleted in the last
minute, and looking past it took more time than all of `render` (measured: 0.7 ms a file instead of 0.03).
"""

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from bench import project, reachability
from bench.bounds import PLAN, RENDER, RENDER_JSON, SDK_FLOOR, YAML_FLOOR
from bench.estate import STACK
from bench.process import Cost, run

Report = Callable[[str], None]

_BRACKETS: Final = 2
"""Lines of the list of objects that hold none."""


def estates(
    code: Path, folder: Path, sizes: Sequence[int], rounds: int, report: Report
) -> tuple[dict[int, dict[str, Cost]], dict[int, int]]:
    """Costs by size and name, and the number of objects by size; `folder` is empty and is filled."""
    costs: dict[int, dict[str, Cost]] = {}
    objects: dict[int, int] = {}
    for size in sizes:
        report(f"an estate of {size:,} workloads")
        estate = _Estate(code, project.make(folder / str(size), code, size))
        objects[size] = estate.objects
        costs[size] = {}
        for number in range(rounds):
            for name, cost in estate.round(number).items():
                costs[size][name] = cost.least(costs[size].get(name))
        report("  the SDK alone")
        costs[size][SDK_FLOOR] = run(_module("bench.sdk_floor", str(estate.objects)), code)
    return costs, objects


def preview(code: Path, stacks: Sequence[str], rounds: int) -> tuple[Cost, dict[str, Cost]]:
    """`./aks preview` of all `stacks` at once, and of each alone; `code` is the project itself."""
    together: Cost | None = None
    alone: dict[str, Cost] = {}
    for _ in range(rounds):
        together = _preview(code).least(together)
        for stack in stacks:
            alone[stack] = _preview(code, stack).least(alone.get(stack))
    assert together
    return together, alone


def _preview(code: Path, *stacks: str) -> Cost:
    return run(_module("cli", "preview", *stacks), code)


def reaching(code: Path, folder: Path, rounds: int) -> dict[str, Cost]:
    """`./aks reachability --format json` of a shut and of an open cluster, by kind."""
    least: dict[str, Cost] = {}
    for kind in (reachability.SHUT, reachability.OPEN):
        path = folder / f"{kind}.yaml"
        reachability.write(path, reachability.WORKLOADS, kind)
        for _ in range(rounds):
            command = _module("cli", "reachability", str(path), "--format", "json")
            least[kind] = run(command, code).least(least.get(kind))
    return least


CLUSTERS: Final = 10
"""Made by one process of the cluster part, so that its start is a small part of it."""


def azure_part(code: Path, folder: Path, stack: str, rounds: int) -> tuple[float, float]:
    """CPU seconds of the clusters by our components and by the SDK alone, the start of each taken off."""
    calls = str(folder / "calls.json")
    run(_module("bench.azure_part", "record", calls, stack), code)
    least: dict[tuple[str, int], Cost] = {}
    for _ in range(rounds):
        for count in (0, CLUSTERS):
            for what, given in (("ours", stack), ("sdk", calls)):
                cost = run(_module("bench.azure_part", what, str(count), given), code)
                least[what, count] = cost.least(least.get((what, count)))
    ours, sdk = (
        least[what, CLUSTERS].cpu_seconds - least[what, 0].cpu_seconds for what in ("ours", "sdk")
    )
    return ours, sdk


def help_page(code: Path, rounds: int) -> Cost:
    """`./aks --help`, through the wrapper where its own environment is the one that runs."""
    wrapped = Path(sys.prefix) == code / ".venv"
    command = [str(code / "aks"), "--help"] if wrapped else _module("cli", "--help")
    least: Cost | None = None
    for _ in range(rounds):
        least = run(command, code).least(least)
    assert least
    return least


def _module(name: str, *arguments: str) -> list[str]:
    return [sys.executable, "-m", name, *arguments]


class _Estate:
    """One generated project, warm: everything has run once, so that no byte code is compiled in a round."""

    def __init__(self, code: Path, root: Path) -> None:
        self._code, self._root = code, root
        self._objects = root / "objects.json"
        first = root / "out-first"
        self._run("render", STACK, "-o", str(first), "--format", "json")
        run(_module("bench.objects", str(first), str(self._objects)), code)
        with self._objects.open("rb") as lines:
            self.objects = sum(1 for _ in lines) - _BRACKETS

    def round(self, number: int) -> dict[str, Cost]:
        """Every command and the yaml floor, once."""
        floor = (str(self._root), str(self._objects), str(self._root / f"floor-{number}.yaml"))
        return {
            YAML_FLOOR: run(_module("bench.yaml_floor", *floor), self._code),
            RENDER: self._render("yaml", number),
            RENDER_JSON: self._render("json", number),
            PLAN: self._run("plan", STACK, "--json"),
        }

    def _render(self, form: str, number: int) -> Cost:
        output = self._root / f"out-{form}-{number}"
        return self._run("render", STACK, "-o", str(output), "--format", form)

    def _run(self, *arguments: str) -> Cost:
        return run(_module("cli", *arguments), self._root)
