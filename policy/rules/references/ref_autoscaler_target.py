"""An autoscaler has a target."""

from collections.abc import Iterator
from typing import Final

from policy.objects import Object, mapping
from policy.rule import Parameters, StackRule, Violation
from policy.rules._index import is_missing
from policy.stack import Stack
from policy.unknown import Undecided

_SCALED: Final = ("Deployment", "StatefulSet", "ReplicaSet", "ReplicationController")


def _check(it: Object, stack: Stack, _parameters: Parameters) -> Iterator[Violation]:
    target = mapping(it.manifest, "spec", "scaleTargetRef")
    kind, name = str(target.get("kind")), str(target.get("name"))
    if kind in _SCALED:
        if is_missing(stack, kind, it.namespace, name):
            yield (
                "spec.scaleTargetRef",
                f"scales {kind} {name}, which namespace {it.namespace} does not have",
            )
        return
    group = str(target.get("apiVersion") or "").rpartition("/")[0]
    if not stack.get(f"{kind}.{group}", it.namespace, name):
        raise Undecided(
            f"{kind} {it.namespace}/{name} is not in the stack, and of a kind that others make"
        )


RULE = StackRule(
    id="ref-autoscaler-target",
    title="An autoscaler has a target",
    area="references",
    severity="mandatory",
    kinds=("HorizontalPodAutoscaler",),
    reach="namespace",
    check=_check,
    why="It scales nothing, and its workload stays at its size.",
    remedy="name kind and name of a workload in the namespace",
    source="https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/",
)
