"""A scaled workload does not fix its replicas.

The engine leaves alone what ignoreChanges names.
"""

from collections.abc import Iterator

from policy.kinds import CONTROLLERS
from policy.objects import Object, dig, listed
from policy.rule import Parameters, StackRule, Violation
from policy.rules._index import autoscalers
from policy.stack import Stack


def _check(it: Object, stack: Stack, _parameters: Parameters) -> Iterator[Violation]:
    if dig(it.manifest, "spec", "replicas") is None:
        return
    if "spec.replicas" in listed(it.options, "ignoreChanges"):
        return
    for scaler in autoscalers(stack, it):
        yield "spec.replicas", f"is what {scaler.title} decides"
        return


RULE = StackRule(
    id="autoscaler-fixed-replicas",
    title="A scaled workload does not fix its replicas",
    area="availability",
    severity="advisory",
    kinds=CONTROLLERS,
    reach="namespace",
    check=_check,
    why="Each deployment throws it back to that number.",
    remedy="remove spec.replicas",
    source="https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/",
)
