"""A cron job says whether runs may overlap."""

from collections.abc import Iterator

from policy.objects import Object, dig
from policy.rule import Parameters, Rule, Violation


def _check(it: Object, _parameters: Parameters) -> Iterator[Violation]:
    if dig(it.manifest, "spec", "concurrencyPolicy") not in ("Forbid", "Replace"):
        yield "spec.concurrencyPolicy", "lets runs overlap"


RULE = Rule(
    id="cronjob-concurrency",
    title="A cron job says whether runs may overlap",
    area="availability",
    severity="advisory",
    kinds=("CronJob",),
    check=_check,
    why="Allow is the default: slow runs pile up and work on the same data.",
    remedy="set concurrencyPolicy to Forbid or Replace",
    source="https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/",
)
