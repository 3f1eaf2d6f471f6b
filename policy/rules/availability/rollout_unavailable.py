"""A rollout leaves a pod that serves."""

from collections.abc import Iterator

from policy.objects import Object, dig
from policy.rule import Parameters, StackRule, Violation
from policy.rules._index import fewest
from policy.rules._shares import share
from policy.stack import Stack


def _check(it: Object, stack: Stack, _parameters: Parameters) -> Iterator[Violation]:
    if dig(it.manifest, "spec", "strategy", "type") == "Recreate":
        return
    replicas = fewest(stack, it)
    down = dig(it.manifest, "spec", "strategy", "rollingUpdate", "maxUnavailable")
    if 0 < replicas <= share(down, replicas, up=False, default="25%"):
        place = "spec.strategy.rollingUpdate.maxUnavailable"
        yield (
            place,
            f"lets all {replicas} pods go at once" if replicas > 1 else "lets the one pod go",
        )


RULE = StackRule(
    id="rollout-unavailable",
    title="A rollout leaves a pod that serves",
    area="availability",
    severity="advisory",
    kinds=("Deployment",),
    reach="namespace",
    check=_check,
    why="For a while no pod is there.",
    remedy="set maxUnavailable to 0 and maxSurge to 1, or raise replicas",
    source="https://kubernetes.io/docs/concepts/workloads/controllers/deployment/",
)
