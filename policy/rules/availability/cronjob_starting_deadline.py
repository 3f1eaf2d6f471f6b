"""A missed run has a deadline."""

from collections.abc import Iterator

from policy.objects import Object, dig
from policy.rule import Parameter, Parameters, Rule, Violation


def _check(it: Object, parameters: Parameters) -> Iterator[Violation]:
    deadline = dig(it.manifest, "spec", "startingDeadlineSeconds")
    if deadline is None:
        yield "spec.startingDeadlineSeconds", "counts missed runs without end"
    elif deadline < parameters["seconds"]:
        yield "spec.startingDeadlineSeconds", f"is {deadline} s: a run may never be started"


RULE = Rule(
    id="cronjob-starting-deadline",
    title="A missed run has a deadline",
    area="availability",
    severity="advisory",
    kinds=("CronJob",),
    parameters={
        "seconds": Parameter(default=10, docs="the least: the controller looks every 10 s")
    },
    check=_check,
    why="After 100 missed runs without one it is never started again; below 10 s it may never start.",
    remedy="set startingDeadlineSeconds to 60 or more",
    source="https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/",
)
