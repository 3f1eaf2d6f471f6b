"""Cases of `settings/checks/jobs.py`."""

from tests.settings.cases.common import PLENTY, case
from tests.settings.estate import GONE

NONE_FAIL = ("regression-tests", "job.maxFailedIndexes", GONE)
NO_RETRIES = ("regression-tests", "job.backoffLimitPerIndex", GONE)
INDEXED = (
    ("regression-tests", "job.cases", GONE), ("regression-tests", "job.completions", 6),
    ("regression-tests", "job.completionMode", "Indexed"),
)  # fmt: skip
CASES = [
    case("regression-tests", "job.cases", GONE, "goes with completionMode Indexed only; got 2; add "
         "'completionMode: Indexed' or 'cases'", at="job.backoffLimitPerIndex", before=(NONE_FAIL,)),
    case("regression-tests", "job.restartPolicy", "OnFailure", "must be Never beside backoffLimitPerIndex"),
    case("regression-tests", "job.backoffLimitPerIndex", GONE, "goes with backoffLimitPerIndex only; got 2",
         at="job.maxFailedIndexes"),
    case("regression-tests", "job.maxFailedIndexes", 7, "must not exceed the number of cases (6); got 7"),
    case("regression-tests", "job.maxFailedIndexes", 7, "must not exceed completions (6); got 7", before=INDEXED),
    case("regression-tests", "job.cases", 100_001, "must be at most 100,000 indexes; got 100,001; run them in several"),
    case("regression-tests", "job.completions", 100_001, "must be at most 100,000 indexes", before=INDEXED),
    case("regression-tests", "job.parallelism", 100_001, "must be at most 100,000 pods for indexes",
         before=(("dev", "namespaces.testing.quota", PLENTY | {"pods": 200_000}),)),
    case("regression-tests", "job.completions", 6, "must be absent beside 'cases', which says how many there are; "
         "got 6; remove it; null removes one that comes from the catalogue"),
    case("dev", "workloads.regression-tests.job.completionMode", "Indexed", "must be absent beside 'cases'"),
    case("regression-tests", "job.cases", {}, "must have exactly one of list, file, count; got none; add one"),
    case("regression-tests", "job.cases", {"list": ["a", "b"], "count": 2}, "got list, count; keep one"),
    case("regression-tests", "job.cases", {"list": ["a", "b", "a"]},
         "is case 0 again (workloads/regression-tests.yaml:", at="job.cases.list[2]"),
    case("regression-tests", "job.cases", {"list": [f"{it}" for it in range(10_001)]},
         "must be at most 10,000 cases; got 10,001; run them in several jobs", at="job.cases.list"),
    case("regression-tests", "job.cases", {"list": ["a" * 900_000, "b" * 21_601]},
         "must hold at most 921,600 bytes (900 KiB): a ConfigMap holds 1 MiB; got 921,601", at="job.cases.list",
         before=(NONE_FAIL,)),
    case("regression-tests", "volumes.cases", {"mountPath": "/data", "emptyDir": {"sizeLimit": "1Mi"}},
         "is the name of the volume that holds the cases; rename the volume"),
    case("regression-tests", "env.JOB_COMPLETION_INDEX", "0",
         "is set by Kubernetes, and says which case is the pod's own; remove it"),
    case("regression-tests", "job.cases", {"list": ["a", "b"], "mountPath": "/tmp/"}, "is taken by volume tmp",
         at="job.cases.mountPath"),
    case("regression-tests", "job.cases", {"list": ["a", "b"], "mountPath": "/"}, "must be a file, for example",
         at="job.cases.mountPath"),
    case("regression-tests", "job.successPolicy", {"succeededCount": 1}, "goes with completionMode Indexed only",
         before=(NONE_FAIL, NO_RETRIES, ("regression-tests", "job.cases", GONE))),
    case("regression-tests", "job.successPolicy", {}, "must have succeededIndexes, succeededCount or both"),
    case("regression-tests", "job.successPolicy.succeededIndexes", "3-1",
         "must rise, each index once and each range from its lower to its higher end; got '3-1'"),
    case("regression-tests", "job.successPolicy.succeededIndexes", "0-2,2", "must rise, each index once"),
    case("regression-tests", "job.successPolicy.succeededIndexes", "0-2,6",
         "must name indexes that the job has, 0 to 5; got '0-2,6'; lower the highest"),
    case("regression-tests", "job.successPolicy", {"succeededIndexes": "0-2,5", "succeededCount": 5},
         "must not exceed the indexes that count: succeededIndexes names 4; got 5",
         at="job.successPolicy.succeededCount"),
    case("regression-tests", "job.successPolicy.succeededCount", 7, "there are 6; got 7"),
    case("business-data-sync", "job.suspend", True,
         "would start runs that wait for ever; write 'cron: {suspend: true}'"),
]  # fmt: skip
