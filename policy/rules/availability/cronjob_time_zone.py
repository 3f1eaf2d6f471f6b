"""The time zone has its own field."""

from collections.abc import Iterator

from policy.objects import Object, dig
from policy.rule import Parameters, Rule, Violation


def _check(it: Object, _parameters: Parameters) -> Iterator[Violation]:
    schedule = dig(it.manifest, "spec", "schedule")
    if isinstance(schedule, str) and schedule.lstrip().startswith(("TZ=", "CRON_TZ=")):
        yield "spec.schedule", "has a time zone in it"


RULE = Rule(
    id="cronjob-time-zone",
    title="The time zone has its own field",
    area="availability",
    severity="mandatory",
    kinds=("CronJob",),
    check=_check,
    why="TZ= or CRON_TZ= in a schedule is refused from 1.29 on.",
    remedy="set timeZone, Etc/UTC for example",
    source="https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/#time-zones",
)
