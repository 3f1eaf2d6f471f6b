"""Every container has a memory limit.

A default in a LimitRange of the namespace is one, too.
"""

from collections.abc import Iterator

from policy.kinds import WORKLOADS
from policy.objects import Container, containers
from policy.rule import Parameters, StackRule, Violation
from policy.rules._amounts import lacks
from policy.stack import Stack


def _check(it: Container, stack: Stack, _parameters: Parameters) -> Iterator[Violation]:
    if it.field != "ephemeralContainers" and lacks(stack, it, "limits", "memory"):
        yield "resources.limits.memory", "may take all memory of its node"


RULE = StackRule(
    id="container-memory-limit",
    title="Every container has a memory limit",
    area="resources",
    severity="advisory",
    kinds=WORKLOADS,
    each=containers,
    reach="namespace",
    check=_check,
    why="One leak takes the node's memory from all its pods.",
    remedy="set resources.limits.memory",
    source="https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/",
)
