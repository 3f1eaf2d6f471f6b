"""Liveness does not kill what still starts."""

from collections.abc import Iterator

from policy.kinds import WORKLOADS
from policy.objects import Container, dig, main_containers
from policy.rule import Parameter, Parameters, Rule, Violation
from policy.rules._probes import number, patience


def _check(it: Container, parameters: Parameters) -> Iterator[Violation]:
    liveness = dig(it.spec, "livenessProbe")
    if liveness is None or dig(it.spec, "startupProbe") is not None:
        return
    seconds = number(liveness, "initialDelaySeconds") + patience(liveness)
    if seconds < parameters["seconds"]:
        yield (
            "livenessProbe",
            f"kills {seconds} s after the start, and no startup probe holds it off",
        )


RULE = Rule(
    id="probe-liveness-without-startup",
    title="Liveness does not kill what still starts",
    area="availability",
    severity="advisory",
    kinds=WORKLOADS,
    each=main_containers,
    parameters={"seconds": Parameter(default=30, docs="what a start must be allowed to take")},
    check=_check,
    why="A slow start becomes an endless loop of restarts.",
    remedy="add a startupProbe with time enough",
    source="https://kubernetes.io/docs/concepts/workloads/pods/probes/",
)
