"""The bounds that this project holds itself to (issue 3, "Speed and memory"), and whether a figure is within."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from bench.process import Cost

STATED_AT: Final = 1000
"""Workloads for which the bounds are stated: with fewer, starting Python is most of what is measured."""

GROWTH_FROM: Final = 100

SLACK: Final = 1.5
"""A figure past its bound by more than half fails the run; less may be the noise of a shared machine."""

YAML_FLOOR: Final = "yaml floor"
SDK_FLOOR: Final = "SDK floor"
RENDER: Final = "render"
RENDER_JSON: Final = "render --format json"
PLAN: Final = "plan --json"
MEASURED: Final = (RENDER, RENDER_JSON, PLAN)

TIMES_YAML_FLOOR: Final = {RENDER: 1.3, RENDER_JSON: 0.5, PLAN: 6.0}
PLAN_PEAK_MIB: Final = 350.0
GROWTH: Final = 11.0
PREVIEW_TIMES_SLOWEST: Final = 1.2
HELP_SECONDS: Final = 0.25
AZURE_TIMES_SDK: Final = 1.3
"""Of the cluster part: our components beside the SDK alone with the same resources."""

Costs = Mapping[int, Mapping[str, Cost]]
"""By number of workloads, then by what was measured."""


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One measured figure beside its bound."""

    name: str
    measured: float
    bound: float

    @property
    def verdict(self) -> Literal["ok", "past its bound", "past its bound by more than half"]:
        """A figure equal to its bound is within."""
        if self.measured <= self.bound:
            return "ok"
        return (
            "past its bound"
            if self.measured <= self.bound * SLACK
            else "past its bound by more than half"
        )

    @property
    def fails(self) -> bool:
        """Whether the run ends with exit code 1."""
        return self.measured > self.bound * SLACK


def of_estates(costs: Costs) -> Iterator[Figure]:
    """What the estates say; nothing for sizes that were not measured."""
    if STATED_AT not in costs:
        return
    at = costs[STATED_AT]
    for name in MEASURED:
        ratio = at[name].cpu_seconds / at[YAML_FLOOR].cpu_seconds
        bound = TIMES_YAML_FLOOR[name]
        yield Figure(name=f"{name}, x yaml floor", measured=ratio, bound=bound)
    yield Figure(name=f"{PLAN}, peak MiB", measured=at[PLAN].peak_mib, bound=PLAN_PEAK_MIB)
    if GROWTH_FROM not in costs:
        return
    for name in MEASURED:
        growth = at[name].cpu_seconds / costs[GROWTH_FROM][name].cpu_seconds
        title = f"{name}, time({STATED_AT:,}) / time({GROWTH_FROM})"
        yield Figure(name=title, measured=growth, bound=GROWTH)


def of_preview(together: Cost, alone: Mapping[str, Cost]) -> Figure:
    """`together` plans all the stacks that `alone` plans one by one."""
    slowest = max(it.wall_seconds for it in alone.values())
    return Figure(
        name=f"preview of {len(alone)} stacks, x the slowest alone",
        measured=together.wall_seconds / slowest,
        bound=PREVIEW_TIMES_SLOWEST,
    )


def of_azure(ours: float, sdk: float) -> Figure:
    """CPU seconds of clusters made by our components, and by the SDK alone, both without the start."""
    return Figure(name="cluster part, x the SDK alone", measured=ours / sdk, bound=AZURE_TIMES_SDK)


def of_help(cost: Cost) -> Figure:
    """How long a user waits for the list of commands."""
    return Figure(name="./aks --help, seconds", measured=cost.wall_seconds, bound=HELP_SECONDS)
