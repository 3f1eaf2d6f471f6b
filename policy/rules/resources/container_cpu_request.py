"""Every container requests CPU.

A default in a LimitRange of the namespace is one, too.
"""

from collections.abc import Iterator

from policy.kinds import WORKLOADS
from policy.objects import Container, containers
from policy.rule import Parameters, StackRule, Violation
from policy.rules._amounts import lacks
from policy.stack import Stack


def _check(it: Container, stack: Stack, _parameters: Parameters) -> Iterator[Violation]:
    if it.field != "ephemeralContainers" and lacks(stack, it, "requests", "cpu"):
        yield "resources.requests.cpu", "requests no CPU"


RULE = StackRule(
    id="container-cpu-request",
    title="Every container requests CPU",
    area="resources",
    severity="advisory",
    kinds=WORKLOADS,
    each=containers,
    reach="namespace",
    check=_check,
    why="Without it the scheduler counts nothing, and the container starves first.",
    remedy="set resources.requests.cpu",
    source="https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/",
)
