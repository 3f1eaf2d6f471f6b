"""Commands of probes have time to run."""

from collections.abc import Iterator
from functools import partial

from policy.kinds import WORKLOADS
from policy.objects import Container, dig, main_containers
from policy.rule import Parameter, Parameters, Rule, Violation
from policy.rules._probes import PROBES, number
from policy.rules._turns import in_turn


def _check(it: Container, parameters: Parameters) -> Iterator[Violation]:
    def look(key: str) -> Iterator[Violation]:
        probe = dig(it.spec, key)
        timeout = number(probe, "timeoutSeconds")
        if dig(probe, "exec") is not None and timeout < parameters["seconds"]:
            yield f"{key}.timeoutSeconds", f"gives its command {timeout} s to start and answer"

    yield from in_turn(*(partial(look, key) for key in PROBES if key in it.spec))


RULE = Rule(
    id="probe-exec-timeout",
    title="Commands of probes have time to run",
    area="availability",
    severity="advisory",
    kinds=WORKLOADS,
    each=main_containers,
    parameters={"seconds": Parameter(default=2, docs="the least that a command must be given")},
    check=_check,
    why="A command has 1 s unless said otherwise; under load it takes longer, and the pod is restarted for it.",
    remedy="set timeoutSeconds to 2 or more",
    source="https://kubernetes.io/docs/concepts/workloads/pods/probes/",
)
