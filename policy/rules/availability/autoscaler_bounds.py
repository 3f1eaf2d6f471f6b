"""An autoscaler has room."""

from collections.abc import Iterator

from policy.objects import Object, dig
from policy.rule import Parameters, Rule, Violation


def _check(it: Object, _parameters: Parameters) -> Iterator[Violation]:
    least, most = dig(it.manifest, "spec", "minReplicas"), dig(it.manifest, "spec", "maxReplicas")
    if isinstance(most, int) and (least if isinstance(least, int) else 1) > most:
        yield "spec.maxReplicas", "is below minReplicas"


RULE = Rule(
    id="autoscaler-bounds",
    title="An autoscaler has room",
    area="availability",
    severity="mandatory",
    kinds=("HorizontalPodAutoscaler",),
    check=_check,
    why="The API server refuses it.",
    remedy="set minReplicas to maxReplicas at most",
    source="https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/",
)
