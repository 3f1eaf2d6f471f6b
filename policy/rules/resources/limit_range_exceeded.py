"""Containers stay inside the LimitRange."""

from collections.abc import Iterator

from policy.kinds import WORKLOADS
from policy.objects import Container, containers, dig, mapping, quantity
from policy.rule import Parameters, StackRule, Violation
from policy.rules._amounts import ranges, stated
from policy.stack import Stack


def _check(it: Container, stack: Stack, _parameters: Parameters) -> Iterator[Violation]:
    if it.field == "ephemeralContainers":
        return
    for limits, held in ranges(stack, it.pod.object.namespace):
        for resource in mapping(held, "max"):
            largest = quantity(mapping(held, "max")[resource])
            for part in ("limits", "requests"):
                amount = quantity(dig(it.spec, "resources", part, resource))
                if amount is not None and largest is not None and amount > largest:
                    yield f"resources.{part}.{resource}", f"is above the maximum of {limits.title}"
        for resource in mapping(held, "min"):
            least = quantity(mapping(held, "min")[resource])
            amount = quantity(stated(it.spec, "requests", resource))
            if amount is not None and least is not None and amount < least:
                yield f"resources.requests.{resource}", f"is below the minimum of {limits.title}"


RULE = StackRule(
    id="limit-range-exceeded",
    title="Containers stay inside the LimitRange",
    area="resources",
    severity="mandatory",
    kinds=WORKLOADS,
    each=containers,
    reach="namespace",
    check=_check,
    why="The API server refuses the pod.",
    remedy="change the amount, or the LimitRange",
    source="https://kubernetes.io/docs/concepts/policy/limit-range/",
)
