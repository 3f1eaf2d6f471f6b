"""No limit is below its request."""

from collections.abc import Iterator
from functools import partial

from policy.kinds import WORKLOADS
from policy.objects import Container, containers, mapping, quantity
from policy.rule import Parameters, Rule, Violation
from policy.rules._turns import in_turn


def _check(it: Container, _parameters: Parameters) -> Iterator[Violation]:
    requests = mapping(it.spec, "resources", "requests")
    limits = mapping(it.spec, "resources", "limits")

    def look(name: str) -> Iterator[Violation]:
        request, limit = quantity(requests[name]), quantity(limits[name])
        if request is not None and limit is not None and limit < request:
            yield f"resources.limits.{name}", f"is below the request of {requests[name]}"

    yield from in_turn(*(partial(look, name) for name in limits if name in requests))


RULE = Rule(
    id="container-limit-below-request",
    title="No limit is below its request",
    area="resources",
    severity="mandatory",
    kinds=WORKLOADS,
    each=containers,
    check=_check,
    why="The API server refuses the pod.",
    remedy="raise the limit or lower the request",
    source="https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/",
)
