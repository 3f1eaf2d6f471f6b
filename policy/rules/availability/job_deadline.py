"""A job has a deadline."""

from collections.abc import Iterator, Mapping
from typing import Any

from policy.objects import dig
from policy.rule import Parameters, Rule, Violation
from policy.rules._batch import jobs


def _check(it: Mapping[str, Any], _parameters: Parameters) -> Iterator[Violation]:
    if (
        dig(it, "activeDeadlineSeconds") is None
        and dig(it, "template", "spec", "activeDeadlineSeconds") is None
    ):
        yield "activeDeadlineSeconds", "may hang for good"


RULE = Rule(
    id="job-deadline",
    title="A job has a deadline",
    area="availability",
    severity="advisory",
    kinds=(
        "Job",
        "CronJob",
    ),
    each=jobs,
    check=_check,
    why="One that hangs holds its pod, quota and, with Forbid, all later runs.",
    remedy="set activeDeadlineSeconds",
    source="https://kubernetes.io/docs/concepts/workloads/controllers/job/",
)
