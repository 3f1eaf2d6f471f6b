"""A job says how often it is tried."""

from collections.abc import Iterator, Mapping
from typing import Any

from policy.objects import dig
from policy.rule import Parameters, Rule, Violation
from policy.rules._batch import jobs


def _check(it: Mapping[str, Any], _parameters: Parameters) -> Iterator[Violation]:
    if dig(it, "backoffLimit") is None and dig(it, "backoffLimitPerIndex") is None:
        yield "backoffLimit", "is tried up to 7 times"


RULE = Rule(
    id="job-backoff-limit",
    title="A job says how often it is tried",
    area="availability",
    severity="advisory",
    kinds=(
        "Job",
        "CronJob",
    ),
    each=jobs,
    check=_check,
    why="Six attempts by default: work that is not repeatable is done again.",
    remedy="set backoffLimit or backoffLimitPerIndex",
    source="https://kubernetes.io/docs/concepts/workloads/controllers/job/",
)
