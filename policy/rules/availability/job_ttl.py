"""Time to live fits who keeps the job."""

from collections.abc import Iterator

from policy.objects import Object, dig
from policy.rule import Parameters, Rule, Violation


def _check(it: Object, _parameters: Parameters) -> Iterator[Violation]:
    given = dig(it.manifest, "spec", "ttlSecondsAfterFinished")
    if it.urn and given is not None:
        yield "spec.ttlSecondsAfterFinished", "deletes what the engine then makes, and runs, again"
    elif not it.urn and given is None:
        yield "spec.ttlSecondsAfterFinished", "stays for good once it has ended"


RULE = Rule(
    id="job-ttl",
    title="Time to live fits who keeps the job",
    area="availability",
    severity="advisory",
    kinds=("Job",),
    check=_check,
    why="Without it ended jobs stay for good; with it one that the engine manages vanishes and is run again.",
    remedy="set ttlSecondsAfterFinished for jobs that nobody manages, and for no others",
    source="https://kubernetes.io/docs/concepts/workloads/controllers/ttlafterfinished/",
)
