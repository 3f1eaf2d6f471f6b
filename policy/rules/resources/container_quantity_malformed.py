"""Amounts are quantities of Kubernetes."""

from collections.abc import Iterator
from functools import partial

from policy.kinds import WORKLOADS
from policy.objects import Container, containers, mapping, quantity
from policy.rule import Parameters, Rule, Violation
from policy.rules._turns import in_turn


def _check(it: Container, _parameters: Parameters) -> Iterator[Violation]:
    def look(part: str, name: str) -> Iterator[Violation]:
        value = mapping(it.spec, "resources", part)[name]
        amount = quantity(value)
        if value is not None and (amount is None or amount < 0):
            yield f"resources.{part}.{name}", "is no quantity"

    for part in ("requests", "limits"):
        yield from in_turn(
            *(partial(look, part, key) for key in mapping(it.spec, "resources", part))
        )


RULE = Rule(
    id="container-quantity-malformed",
    title="Amounts are quantities of Kubernetes",
    area="resources",
    severity="mandatory",
    kinds=WORKLOADS,
    each=containers,
    check=_check,
    why="The API server refuses the object.",
    remedy="write it as 250m, 1, 512Mi or 2Gi",
    source="https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/",
)
