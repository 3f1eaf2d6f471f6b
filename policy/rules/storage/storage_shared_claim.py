"""Replicas do not share a disk of one node."""

from collections.abc import Iterator
from typing import Any

from policy.objects import Pod, dig, items, listed, pods
from policy.rule import Parameters, StackRule, Violation
from policy.rules._claims import WRITTEN_BY_MANY
from policy.rules._index import most
from policy.rules._turns import over
from policy.stack import Stack


def _check(it: Pod, stack: Stack, _parameters: Parameters) -> Iterator[Violation]:
    recreated = dig(it.object.manifest, "spec", "strategy", "type") == "Recreate"
    several = most(stack, it.object) > 1

    def look(volume: Any) -> Iterator[Violation]:
        name = dig(volume, "persistentVolumeClaim", "claimName")
        claim = stack.get("PersistentVolumeClaim", it.object.namespace, name) if name else None
        if claim is None or (recreated and not several):
            return
        modes = listed(claim.manifest, "spec", "accessModes")
        if modes and not any(mode in WRITTEN_BY_MANY for mode in modes):
            when = "at once" if several else "during a rollout"
            yield "persistentVolumeClaim", f"is a disk of one node, and several pods want it {when}"

    yield from over(items(it.spec, "volumes"), look)


RULE = StackRule(
    id="storage-shared-claim",
    title="Replicas do not share a disk of one node",
    area="storage",
    severity="advisory",
    kinds=("Deployment",),
    each=pods,
    reach="namespace",
    check=_check,
    why="Pods on a second node wait for the disk, and a rolling update never ends.",
    remedy="use a StatefulSet, strategy Recreate with one replica, or ReadWriteMany on files",
    source="https://kubernetes.io/docs/concepts/storage/persistent-volumes/#access-modes",
)
