"""A probe's timeout is not longer than its period."""

from collections.abc import Iterator
from functools import partial

from policy.kinds import WORKLOADS
from policy.objects import Container, dig, main_containers
from policy.rule import Parameters, Rule, Violation
from policy.rules._probes import PROBES, number
from policy.rules._turns import in_turn


def _check(it: Container, _parameters: Parameters) -> Iterator[Violation]:
    def look(key: str) -> Iterator[Violation]:
        probe = dig(it.spec, key)
        timeout, period = number(probe, "timeoutSeconds"), number(probe, "periodSeconds")
        if timeout > period:
            yield f"{key}.timeoutSeconds", f"is {timeout} s, longer than the period of {period} s"

    yield from in_turn(*(partial(look, key) for key in PROBES if key in it.spec))


RULE = Rule(
    id="probe-timeout-above-period",
    title="A probe's timeout is not longer than its period",
    area="availability",
    severity="advisory",
    kinds=WORKLOADS,
    each=main_containers,
    check=_check,
    why="Failures are found later than periodSeconds promises.",
    remedy="lower timeoutSeconds or raise periodSeconds",
    source="https://kubernetes.io/docs/concepts/workloads/pods/probes/",
)
