"""A spread is one that the API server takes."""

from collections.abc import Iterator
from typing import Any, Final

from policy.kinds import WORKLOADS
from policy.objects import Pod, dig, items, pods
from policy.rule import Parameters, Rule, Violation
from policy.rules._turns import in_turn, over

_ACTIONS: Final = ("DoNotSchedule", "ScheduleAnyway")


def _check(it: Pod, _parameters: Parameters) -> Iterator[Violation]:
    yield from over(items(it.spec, "topologySpreadConstraints"), _look)


def _look(constraint: Any) -> Iterator[Violation]:
    def number(key: str) -> Iterator[Violation]:
        found = dig(constraint, key)
        if isinstance(found, int) and found < 1:
            yield key, "is no number above 0"

    def action() -> Iterator[Violation]:
        found = dig(constraint, "whenUnsatisfiable")
        if found is not None and found not in _ACTIONS:
            yield "whenUnsatisfiable", f"is neither {' nor '.join(_ACTIONS)}"
        elif found == "ScheduleAnyway" and dig(constraint, "minDomains") is not None:
            yield "minDomains", "is for DoNotSchedule alone"

    def key() -> Iterator[Violation]:
        if dig(constraint, "topologyKey") == "":
            yield "topologyKey", "names no label of nodes"

    yield from in_turn(lambda: number("maxSkew"), lambda: number("minDomains"), action, key)


RULE = Rule(
    id="schedule-spread-valid",
    title="A spread is one that the API server takes",
    area="availability",
    severity="mandatory",
    kinds=WORKLOADS,
    each=pods,
    check=_check,
    why="The API server refuses the pods.",
    remedy="give maxSkew 1, a topologyKey, and whenUnsatisfiable DoNotSchedule or ScheduleAnyway",
    source="https://kubernetes.io/docs/concepts/scheduling-eviction/topology-spread-constraints/",
)
