"""There is a revision to go back to."""

from collections.abc import Iterator

from policy.objects import Object, dig
from policy.rule import Parameters, Rule, Violation


def _check(it: Object, _parameters: Parameters) -> Iterator[Violation]:
    if dig(it.manifest, "spec", "revisionHistoryLimit") == 0:
        yield "spec.revisionHistoryLimit", "keeps no revision"


RULE = Rule(
    id="rollout-history",
    title="There is a revision to go back to",
    area="availability",
    severity="advisory",
    kinds=("Deployment", "StatefulSet", "DaemonSet"),
    check=_check,
    why="After a bad release kubectl rollout undo finds nothing.",
    remedy="set revisionHistoryLimit to 1 or more",
    source="https://kubernetes.io/docs/concepts/workloads/controllers/deployment/",
)
