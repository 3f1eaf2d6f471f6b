"""A startup probe takes the place of a long delay."""

from collections.abc import Iterator
from functools import partial

from policy.kinds import WORKLOADS
from policy.objects import Container, dig, main_containers
from policy.rule import Parameter, Parameters, Rule, Violation
from policy.rules._probes import PROBES, number
from policy.rules._turns import in_turn


def _check(it: Container, parameters: Parameters) -> Iterator[Violation]:
    def look(key: str) -> Iterator[Violation]:
        delay = number(dig(it.spec, key), "initialDelaySeconds")
        if delay > parameters["seconds"]:
            yield f"{key}.initialDelaySeconds", f"waits {delay} s at every start"

    yield from in_turn(*(partial(look, key) for key in PROBES if key in it.spec))


RULE = Rule(
    id="probe-initial-delay",
    title="A startup probe takes the place of a long delay",
    area="availability",
    severity="advisory",
    kinds=WORKLOADS,
    each=main_containers,
    parameters={"seconds": Parameter(default=30, docs="the longest delay")},
    check=_check,
    why="A fixed delay is too short on a slow day and lost time on all others.",
    remedy="replace initialDelaySeconds by a startupProbe",
    source="https://kubernetes.io/docs/concepts/workloads/pods/probes/",
)
