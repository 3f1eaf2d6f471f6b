"""Every container requests memory.

A default in a LimitRange of the namespace is one, too.
"""

from collections.abc import Iterator

from policy.kinds import WORKLOADS
from policy.objects import Container, containers
from policy.rule import Parameters, StackRule, Violation
from policy.rules._amounts import lacks
from policy.stack import Stack


def _check(it: Container, stack: Stack, _parameters: Parameters) -> Iterator[Violation]:
    if it.field != "ephemeralContainers" and lacks(stack, it, "requests", "memory"):
        yield "resources.requests.memory", "requests no memory"


RULE = StackRule(
    id="container-memory-request",
    title="Every container requests memory",
    area="resources",
    severity="mandatory",
    kinds=WORKLOADS,
    each=containers,
    reach="namespace",
    check=_check,
    why="Without it a node is filled beyond its memory, and this pod is evicted first.",
    remedy="set resources.requests.memory",
    source="https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/",
)
