"""Liveness does not ask what readiness asks.

Kubernetes' own advice lets both ask the same where liveness is more patient than readiness.
"""

from collections.abc import Iterator

from policy.kinds import WORKLOADS
from policy.objects import Container, dig, main_containers
from policy.rule import Parameters, Rule, Violation
from policy.rules._probes import handler, patience


def _check(it: Container, _parameters: Parameters) -> Iterator[Violation]:
    liveness, readiness = dig(it.spec, "livenessProbe"), dig(it.spec, "readinessProbe")
    asked = handler(liveness)
    if asked and asked == handler(readiness) and patience(liveness) <= patience(readiness):
        yield "livenessProbe", "kills for what makes it unready"


RULE = Rule(
    id="probe-liveness-equals-readiness",
    title="Liveness does not ask what readiness asks",
    area="availability",
    severity="advisory",
    kinds=WORKLOADS,
    each=main_containers,
    check=_check,
    why="A pod that is merely overloaded is killed, and its load goes to the next.",
    remedy="ask a cheaper endpoint or the port, or drop the livenessProbe",
    source="https://kubernetes.io/docs/concepts/workloads/pods/probes/",
)
