"""A claim that a pod mounts exists."""

from collections.abc import Iterator
from typing import Any

from policy.kinds import WORKLOADS
from policy.objects import Pod, dig, items, pods
from policy.rule import Parameters, StackRule, Violation
from policy.rules._index import in_namespace, is_missing
from policy.rules._turns import over
from policy.stack import Stack


def _check(it: Pod, stack: Stack, _parameters: Parameters) -> Iterator[Violation]:
    def look(volume: Any) -> Iterator[Violation]:
        name = dig(volume, "persistentVolumeClaim", "claimName")
        if name and _of_stateful_set(stack, it.object.namespace, str(name)):
            return
        if name and is_missing(stack, "PersistentVolumeClaim", it.object.namespace, name):
            yield (
                "persistentVolumeClaim.claimName",
                f"is no claim of namespace {it.object.namespace}",
            )

    yield from over(items(it.spec, "volumes"), look)


def _of_stateful_set(stack: Stack, namespace: str, name: str) -> bool:
    """Whether it is one of the claims that a StatefulSet makes: `data-redis-0`."""
    stem, _, number = name.rpartition("-")
    return number.isdigit() and any(
        stem == f"{dig(claim, 'metadata', 'name')}-{it.name}"
        for it in in_namespace(stack, "StatefulSet", namespace)
        if stem.endswith(f"-{it.name}")
        for _, claim in items(it.manifest, "spec", "volumeClaimTemplates")
    )


RULE = StackRule(
    id="ref-claim",
    title="A claim that a pod mounts exists",
    area="references",
    severity="mandatory",
    kinds=WORKLOADS,
    each=pods,
    reach="namespace",
    check=_check,
    why="The pod stays Pending.",
    remedy="add it, or correct the name",
    source="https://kubernetes.io/docs/concepts/storage/persistent-volumes/",
)
