"""Past runs are kept in small numbers."""

from collections.abc import Iterator
from functools import partial

from policy.objects import Object, dig
from policy.rule import Parameter, Parameters, Rule, Violation
from policy.rules._turns import in_turn


def _check(it: Object, parameters: Parameters) -> Iterator[Violation]:
    def look(key: str) -> Iterator[Violation]:
        kept = dig(it.manifest, "spec", key)
        if isinstance(kept, int) and kept > parameters["most"]:
            yield f"spec.{key}", f"keeps {kept} runs"
        elif kept == 0 and key == "failedJobsHistoryLimit":
            yield f"spec.{key}", "keeps no failed run to look at"

    yield from in_turn(
        *(partial(look, f"{sort}JobsHistoryLimit") for sort in ("failed", "successful"))
    )


RULE = Rule(
    id="cronjob-history",
    title="Past runs are kept in small numbers",
    area="availability",
    severity="advisory",
    kinds=("CronJob",),
    parameters={"most": Parameter(default=10, docs="how many runs of each sort may be kept")},
    check=_check,
    why="Without failed runs nobody sees why; many of them fill quota and API server.",
    remedy="keep 1 to 10: failedJobsHistoryLimit, successfulJobsHistoryLimit",
    source="https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/",
)
