"""No pod requests more than the largest node has."""

from collections.abc import Iterator
from functools import partial

from policy.kinds import WORKLOADS
from policy.objects import Pod, pods, quantity
from policy.rule import Parameter, Parameters, StackRule, Violation
from policy.rules._amounts import amount_text, of_pod
from policy.rules._turns import in_turn
from policy.stack import Stack


def _check(it: Pod, stack: Stack, parameters: Parameters) -> Iterator[Violation]:
    def look(resource: str) -> Iterator[Violation]:
        largest = quantity(parameters[resource])
        if largest is None:
            return
        asked = of_pod(stack, it, "requests", resource)
        if asked > largest:
            text = amount_text(asked, resource)
            yield (
                "",
                f"requests {text} {resource}, and no node has more than {parameters[resource]}",
            )

    yield from in_turn(partial(look, "cpu"), partial(look, "memory"))


RULE = StackRule(
    id="container-exceeds-node",
    title="No pod requests more than the largest node has",
    area="resources",
    severity="mandatory",
    kinds=WORKLOADS,
    each=pods,
    parameters={
        "cpu": Parameter(
            default="", docs="CPU that pods can use on the largest node; empty asks nothing"
        ),
        "memory": Parameter(
            default="", docs="memory that pods can use on the largest node; empty asks nothing"
        ),
    },
    reach="namespace",
    check=_check,
    why="It stays Pending for good.",
    remedy="lower the requests, or add a pool of larger machines",
    source="https://kubernetes.io/docs/concepts/scheduling-eviction/kube-scheduler/",
)
