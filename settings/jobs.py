"""Work that ends: jobs, batches of cases, and when a cronjob runs."""

from collections.abc import Iterable
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field, PrivateAttr

from settings.forms import ShortForm
from settings.section import Section
from settings.values import (
    AbsolutePath,
    Count,
    CronSchedule,
    IndexRanges,
    Positive,
    ProjectedPath,
    TimeZone,
)

_Listed = Annotated[list[Annotated[str, Field(min_length=1)]], Field(min_length=1)]


class Cases(Section):
    """A batch of cases, one an index of the job: exactly one of `list`, `file`, `count`."""

    ONE_OF: ClassVar = ("list", "file", "count")

    list: _Listed | None = None
    """The cases themselves. Each pod finds its own, and nothing else, in the file `mountPath`."""

    file: ProjectedPath | None = None
    """A file below `workloads/` with a case a line, for example `cases/smoke.txt`; space around a case, empty lines
    and those that begin with `#` do not count."""

    count: Positive | None = None
    """How many; the program finds its case by `JOB_COMPLETION_INDEX`."""

    mount_path: AbsolutePath = "/etc/case"
    """File that holds the pod's own case, for `list` and `file`."""

    _read: tuple[str, ...] = PrivateAttr(default=())

    def hold(self, texts: Iterable[str]) -> None:
        """Keep what `file` says: done once, while the settings are loaded."""
        self._read = tuple(texts)

    @property
    def texts(self) -> tuple[str, ...]:
        """The cases in the order of their indexes; none of a `count`, and of a `file` that is not read yet."""
        return tuple(self.list) if self.list else self._read


def _cases(value: Any) -> dict[str, Any] | None:
    """`[a, b]` is short for `{list: [a, b]}`, 6 for `{count: 6}`, `cases.txt` for `{file: cases.txt}`."""
    if isinstance(value, list):
        return {"list": value}
    if isinstance(value, int) and not isinstance(value, bool):
        return {"count": value}
    return {"file": value} if isinstance(value, str) else None


class SuccessPolicy(Section):
    """When an Indexed job counts as done before all of it is; at least one of the two."""

    succeeded_indexes: IndexRanges | None = None
    """Indexes that must succeed, for example `0-2,5`; omitted: any."""

    succeeded_count: Positive | None = None
    """How many of them are enough; omitted: all."""


class JobRun(Section):
    """How often a job runs and what a failure costs."""

    cases: (
        Annotated[
            Cases,
            ShortForm(
                _cases,
                "must be a list of cases, how many there are, a file of them, or a map of settings",
                Cases | _Listed | Positive | ProjectedPath,
            ),
        ]
        | None
    ) = None
    """A batch: one index a case. Stands for `completions` and `completionMode: Indexed`."""

    completions: Positive = 1
    """Successful runs wanted; in mode Indexed one each index."""

    parallelism: Positive = 1
    """Pods at once."""

    completion_mode: Literal["NonIndexed", "Indexed"] = "NonIndexed"
    """`Indexed` gives every pod its JOB_COMPLETION_INDEX."""

    backoff_limit: Count | None = None
    """Retries before the whole job fails; Kubernetes' default is 6."""

    backoff_limit_per_index: Count | None = None
    """Retries of one index; only in mode Indexed."""

    max_failed_indexes: Count | None = None
    """Failed indexes that end the job; only with `backoffLimitPerIndex`."""

    success_policy: SuccessPolicy | None = None
    """When the job counts as done early; only in mode Indexed."""

    active_deadline_seconds: Positive | None = None
    """The job is ended past this time."""

    ttl_seconds_after_finished: Count | None = None
    """How long a finished job, its pods and their logs stay; omitted: until it is replaced or deleted."""

    suspend: bool = False
    """Whether the job waits, without a pod, until this is false."""

    restart_policy: Literal["Never", "OnFailure"] = "Never"
    """`OnFailure` restarts the container in its pod; `backoffLimitPerIndex` needs `Never`."""

    @property
    def indexed(self) -> bool:
        """Whether every pod has an index."""
        return self.cases is not None or self.completion_mode == "Indexed"

    @property
    def runs(self) -> int:
        """Successful runs wanted; 1 for a file of cases that is not read yet."""
        if self.cases is None:
            return self.completions
        return len(self.cases.texts) or self.cases.count or 1


class Cron(Section):
    """When a cronjob runs."""

    schedule: CronSchedule
    """Five fields, for example `*/5 * * * *`."""

    time_zone: TimeZone = "Etc/UTC"
    """IANA name, so that summer time does what people expect."""

    concurrency_policy: Literal["Allow", "Forbid", "Replace"] = "Forbid"
    """`Forbid` skips a run while the last one still runs."""

    starting_deadline_seconds: Positive = 120
    """How late a run may start; under 10 the controller may never start it."""

    successful_jobs_history_limit: Count = 3
    """Finished jobs kept."""

    failed_jobs_history_limit: Count = 3
    """Failed jobs kept."""

    suspend: bool = False
    """Whether no further run starts."""
