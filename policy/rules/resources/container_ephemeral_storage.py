"""What a container may write on the node is bounded.

What may be written on the node is an emptyDir, but one in memory, and a root file system that is not read-only.
"""

from collections.abc import Iterator
from typing import Any

from policy.kinds import WORKLOADS
from policy.objects import Pod, dig, items, pods
from policy.rule import Parameters, StackRule, Violation
from policy.rules._amounts import effective
from policy.rules._turns import in_turn, is_windows, of_containers, over
from policy.stack import Stack


def _check(it: Pod, stack: Stack, _parameters: Parameters) -> Iterator[Violation]:
    def unbounded(container: Any) -> bool:
        return effective(stack, it, container, "limits", "ephemeral-storage") is None

    def volume(item: Any) -> Iterator[Violation]:
        held = dig(item, "emptyDir")
        if held is None or dig(held, "sizeLimit") is not None:
            return
        if dig(held, "medium") == "Memory":
            return
        if any(unbounded(container) for _, container in items(it.spec, "containers")):
            yield "emptyDir.sizeLimit", "may fill the disk of its node"

    def container(item: Any) -> Iterator[Violation]:
        read_only = dig(item, "securityContext", "readOnlyRootFilesystem") is True
        if not read_only and not is_windows(it) and unbounded(item):
            yield "resources.limits.ephemeral-storage", "may fill the disk of its node"

    yield from in_turn(
        lambda: over(items(it.spec, "volumes"), volume),
        lambda: of_containers(it, container, ("initContainers", "containers")),
    )


RULE = StackRule(
    id="container-ephemeral-storage",
    title="What a container may write on the node is bounded",
    area="resources",
    severity="advisory",
    kinds=WORKLOADS,
    each=pods,
    reach="namespace",
    check=_check,
    why="A full disk makes the kubelet evict pods, others' among them.",
    remedy="set a sizeLimit of the emptyDir, or limits.ephemeral-storage",
    source="https://kubernetes.io/docs/concepts/storage/ephemeral-storage/",
)
