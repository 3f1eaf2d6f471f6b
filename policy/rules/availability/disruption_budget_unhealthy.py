"""Broken pods do not hold up a drain."""

from collections.abc import Iterator

from policy.objects import Object, dig
from policy.rule import Parameters, Rule, Violation


def _check(it: Object, _parameters: Parameters) -> Iterator[Violation]:
    if dig(it.manifest, "spec", "unhealthyPodEvictionPolicy") != "AlwaysAllow":
        yield (
            "spec.unhealthyPodEvictionPolicy",
            "keeps pods that never get ready from being evicted",
        )


RULE = Rule(
    id="disruption-budget-unhealthy",
    title="Broken pods do not hold up a drain",
    area="availability",
    severity="advisory",
    kinds=("PodDisruptionBudget",),
    check=_check,
    why="By default a pod that never gets ready cannot be evicted.",
    remedy="set unhealthyPodEvictionPolicy to AlwaysAllow",
    source="https://kubernetes.io/docs/tasks/run-application/configure-pdb/#unhealthy-pod-eviction-policy",
)
