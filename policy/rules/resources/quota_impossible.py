"""A pod fits the quota of its namespace."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import partial
from typing import Final

from policy.kinds import WORKLOADS
from policy.objects import Object, Pod, listed, mapping, pods, quantity
from policy.rule import Parameters, StackRule, Violation
from policy.rules._amounts import amount_text, of_pod
from policy.rules._index import once
from policy.rules._turns import in_turn
from policy.stack import Stack
from policy.unknown import Undecided

_AMOUNTS: Final = {
    "cpu": ("requests", "cpu"),
    "memory": ("requests", "memory"),
    **{
        f"{part}.{resource}": (part, resource)
        for part in ("requests", "limits")
        for resource in ("cpu", "memory", "ephemeral-storage")
    },
}


def _check(it: Pod, stack: Stack, _parameters: Parameters) -> Iterator[Violation]:
    asked: dict[tuple[str, str], Decimal] = {}

    def look(quota: Object, key: str, allowed: Decimal) -> Iterator[Violation]:
        if key == "pods":
            if allowed == 0:
                yield "", f"may have no pod: {quota.title} allows 0"
            return
        part, resource = _AMOUNTS[key]
        if (part, resource) not in asked:
            asked[part, resource] = of_pod(stack, it, part, resource)
        amount = asked[part, resource]
        if amount > allowed:
            most = f"{quota.title} allows {amount_text(allowed, resource)} in all"
            yield "", f"one pod asks for {amount_text(amount, resource)} {key}, and {most}"

    bounds, hidden = _bounds(stack).get(it.object.namespace, ((), None))
    yield from in_turn(*(partial(look, *bound) for bound in bounds))
    if hidden:
        raise hidden


_Bounds = tuple[list[tuple[Object, str, Decimal]], Undecided | None]


@once
def _bounds(stack: Stack) -> Mapping[str, _Bounds]:
    """What the quotas of each namespace allow all pods together; those of some pods alone do not count."""
    found: dict[str, _Bounds] = {}
    for quota in stack.of("ResourceQuota"):
        bounds, hidden = found.get(quota.namespace, ([], None))
        try:
            for key, value in mapping(quota.manifest, "spec", "hard").items():
                allowed = quantity(value)
                if (
                    allowed is not None
                    and (key == "pods" or key in _AMOUNTS)
                    and not _scoped(quota)
                ):
                    bounds.append((quota, key, allowed))
        except Undecided as undecided:
            hidden = hidden or undecided
        found[quota.namespace] = (bounds, hidden)
    return found


def _scoped(quota: Object) -> bool:
    return bool(
        listed(quota.manifest, "spec", "scopes") or mapping(quota.manifest, "spec", "scopeSelector")
    )


RULE = StackRule(
    id="quota-impossible",
    title="A pod fits the quota of its namespace",
    area="resources",
    severity="mandatory",
    kinds=WORKLOADS,
    each=pods,
    reach="namespace",
    check=_check,
    why="Not one pod is ever made.",
    remedy="raise the quota or lower the pod's amounts",
    source="https://kubernetes.io/docs/concepts/policy/resource-quotas/",
)
