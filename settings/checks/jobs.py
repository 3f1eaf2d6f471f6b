"""Jobs: what goes with indexes, how many cases there may be, and what ends a job early."""

from collections.abc import Iterator

from settings.case_files import MOST_BYTES, MOST_CASES, too_large, too_many, twice
from settings.faults import Fault, shown
from settings.jobs import JobRun
from settings.sources import Sources
from settings.stack import Settings
from settings.workload import Workload

At = tuple[str, ...]

CASES_VOLUME = "cases"
"""The pod's volume with the cases; one of the user's own would meet it."""

INDEX = "JOB_COMPLETION_INDEX"
"""The Job controller's own variable. It keeps one that is there already."""

MOST_INDEXES = 100_000
"""https://kubernetes.io/docs/concepts/workloads/controllers/job/#backoff-limit-per-index"""


def check(settings: Settings, sources: Sources) -> Iterator[Fault]:
    """What one job says about its indexes must agree with itself."""
    for name, workload in settings.workloads.items():
        job = workload.job
        if job is None:
            continue
        at = ("workloads", name, "job")
        yield from _retries(job, at, sources)
        yield from _cases(workload, job, at, sources)
        yield from _success(job, at, sources)
        yield from _life(workload, job, at, sources)


def _retries(job: JobRun, at: At, sources: Sources) -> Iterator[Fault]:
    if job.backoff_limit_per_index is not None:
        if not job.indexed:
            yield sources.fault(
                (*at, "backoffLimitPerIndex"),
                "goes with completionMode Indexed only",
                str(job.backoff_limit_per_index),
                "add 'completionMode: Indexed' or 'cases'",
            )
        if job.restart_policy != "Never":
            yield sources.fault(
                (*at, "restartPolicy"),
                "must be Never beside backoffLimitPerIndex",
                repr(job.restart_policy),
                "write 'restartPolicy: Never'",
            )
    elif job.max_failed_indexes is not None:
        yield sources.fault(
            (*at, "maxFailedIndexes"),
            "goes with backoffLimitPerIndex only",
            str(job.max_failed_indexes),
            "add 'backoffLimitPerIndex'",
        )
    known = job.cases is None or job.cases.texts or job.cases.count
    if job.max_failed_indexes is not None and known and job.max_failed_indexes > job.runs:
        yield sources.fault(
            (*at, "maxFailedIndexes"),
            f"must not exceed {'the number of cases' if job.cases else 'completions'} ({job.runs:,})",
            str(job.max_failed_indexes),
            "lower it",
        )


def _cases(workload: Workload, job: JobRun, at: At, sources: Sources) -> Iterator[Fault]:
    cases = job.cases
    key, most = ("cases", "count") if cases else ("completions",), MOST_INDEXES
    if job.indexed and job.runs > most:
        yield sources.fault(
            (*at, *key),
            f"must be at most {most:,} indexes",
            f"{job.runs:,}",
            "run them in several jobs",
        )
    if job.indexed and job.parallelism > most:
        yield sources.fault(
            (*at, "parallelism"),
            f"must be at most {most:,} pods for indexes",
            f"{job.parallelism:,}",
            "lower it",
        )
    if cases is None:
        return
    for name, alias in (("completions", "completions"), ("completion_mode", "completionMode")):
        if name in job.model_fields_set:
            yield sources.fault(
                (*at, alias),
                "must be absent beside 'cases', which says how many there are",
                str(getattr(job, name)),
                "remove it; null removes one that comes from the catalogue",
            )
    at = (*at, "cases")
    given = [it for it in cases.ONE_OF if getattr(cases, it) is not None]
    if len(given) != 1:
        yield sources.fault(
            at,
            "must have exactly one of list, file, count",
            ", ".join(given) or "none",
            "keep one" if given else "add one",
        )
    if cases.list:
        yield from _listed(cases.list, (*at, "list"), sources)
    if cases.count is None:
        yield from _mounted(workload, cases.mount_path, at, sources)


def _listed(listed: list[str], at: At, sources: Sources) -> Iterator[Fault]:
    """What `case_files.read` holds a file to."""
    if len(listed) > MOST_CASES:
        yield sources.fault(at, *too_many(len(listed)))
        return
    size = sum(len(it.encode()) for it in listed)
    if size > MOST_BYTES:
        yield sources.fault(at, *too_large(size))
    for first, later, row in twice(listed):
        file, line, _ = sources.place((*at, first))
        yield sources.fault(
            (*at, later),
            f"is case {first} again ({file}:{line})",
            shown(row),
            "remove one: an index has a case of its own",
        )


def _mounted(workload: Workload, path: str, at: At, sources: Sources) -> Iterator[Fault]:
    if CASES_VOLUME in workload.volumes:
        yield sources.fault(
            ("workloads", workload.name, "volumes", CASES_VOLUME),
            "is the name of the volume that holds the cases",
            remedy="rename the volume",
        )
    if INDEX in workload.env:
        yield sources.fault(
            ("workloads", workload.name, "env", INDEX),
            "is set by Kubernetes, and says which case is the pod's own",
            remedy="remove it",
        )
    if path == "/":
        yield sources.fault(
            (*at, "mountPath"), "must be a file, for example '/etc/case'", repr(path), "name a file"
        )


def _success(job: JobRun, at: At, sources: Sources) -> Iterator[Fault]:
    policy = job.success_policy
    if policy is None:
        return
    at = (*at, "successPolicy")
    if not job.indexed:
        yield sources.fault(
            at,
            "goes with completionMode Indexed only",
            remedy="add 'completionMode: Indexed' or 'cases'",
        )
        return
    if policy.succeeded_indexes is None and policy.succeeded_count is None:
        yield sources.fault(
            at,
            "must have succeededIndexes, succeededCount or both",
            remedy="add 'succeededCount: 1'",
        )
    least, chosen, last = 0, job.runs, job.runs - 1
    if policy.succeeded_indexes is not None:
        chosen = 0
        for piece in policy.succeeded_indexes.split(","):
            first, _, end = piece.partition("-")
            low, high = int(first), int(end or first)
            if low < least or high < low or (end and high == low):
                yield sources.fault(
                    (*at, "succeededIndexes"),
                    "must rise, each index once and each range from its lower to its higher end",
                    repr(policy.succeeded_indexes),
                    "write them in order, for example '0-2,5'",
                )
                return
            least, chosen = high + 1, chosen + high - low + 1
        if least > job.runs:
            yield sources.fault(
                (*at, "succeededIndexes"),
                f"must name indexes that the job has, 0 to {last:,}",
                repr(policy.succeeded_indexes),
                "lower the highest",
            )
            return
    if policy.succeeded_count is not None and policy.succeeded_count > chosen:
        among = "succeededIndexes names" if policy.succeeded_indexes else "there are"
        yield sources.fault(
            (*at, "succeededCount"),
            f"must not exceed the indexes that count: {among} {chosen:,}",
            str(policy.succeeded_count),
            "lower it",
        )


def _life(workload: Workload, job: JobRun, at: At, sources: Sources) -> Iterator[Fault]:
    if workload.kind == "cronjob" and job.suspend:
        yield sources.fault(
            (*at, "suspend"),
            "would start runs that wait for ever",
            remedy="write 'cron: {suspend: true}'",
        )
