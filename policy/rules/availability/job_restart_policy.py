"""Pods of a job may end."""

from collections.abc import Iterator, Mapping
from typing import Any

from policy.objects import dig
from policy.rule import Parameters, Rule, Violation
from policy.rules._batch import jobs


def _check(it: Mapping[str, Any], _parameters: Parameters) -> Iterator[Violation]:
    policy = dig(it, "template", "spec", "restartPolicy")
    if policy is None:
        yield "template.spec.restartPolicy", "is Always where nobody says, and no job may have that"
    elif policy not in ("OnFailure", "Never"):
        yield "template.spec.restartPolicy", "is none that a job may have"


RULE = Rule(
    id="job-restart-policy",
    title="Pods of a job may end",
    area="availability",
    severity="mandatory",
    kinds=(
        "Job",
        "CronJob",
    ),
    each=jobs,
    check=_check,
    why="The API server refuses a job whose restartPolicy is Always, which is the default.",
    remedy="set restartPolicy to OnFailure or Never",
    source="https://kubernetes.io/docs/concepts/workloads/controllers/job/",
)
