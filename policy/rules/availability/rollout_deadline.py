"""A rollout is not given up before pods may be ready."""

from collections.abc import Iterator

from policy.objects import Object, dig, main_containers
from policy.rule import Parameters, Rule, Violation
from policy.rules._probes import number, patience
from policy.unknown import Undecided


def _check(it: Object, _parameters: Parameters) -> Iterator[Violation]:
    deadline = dig(it.manifest, "spec", "progressDeadlineSeconds")
    if not isinstance(deadline, int):
        deadline = 600
    ready = dig(it.manifest, "spec", "minReadySeconds") or 0
    longest = 0
    for _, container in main_containers(it):
        if isinstance(container, Undecided):
            raise container
        startup = dig(container.spec, "startupProbe")
        starts = patience(startup) + number(startup, "initialDelaySeconds") if startup else 0
        delay = number(dig(container.spec, "readinessProbe"), "initialDelaySeconds")
        longest = max(longest, starts + delay)
    if ready + longest >= deadline:
        message = (
            f"gives up after {deadline} s, and probes allow {ready + longest} s until a pod counts"
        )
        yield "spec.progressDeadlineSeconds", message


RULE = Rule(
    id="rollout-deadline",
    title="A rollout is not given up before pods may be ready",
    area="availability",
    severity="advisory",
    kinds=("Deployment",),
    check=_check,
    why="It is reported as failed though its pods may still start in time.",
    remedy="raise progressDeadlineSeconds above what probes and minReadySeconds allow",
    source="https://kubernetes.io/docs/concepts/workloads/controllers/deployment/",
)
