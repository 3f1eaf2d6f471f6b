"""PodDisruptionBudgets that let no pod be evicted: a drain waits for them, and an upgrade of nodes fails.

https://kubernetes.io/docs/tasks/run-application/configure-pdb/ : percentages round up, of both fields.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from review.analyses.reachability.selectors import Selector, selector
from review.analyses.reachability.shapes import RefusedError
from review.marks import known, names
from review.meaning.controllers import Controller, Key
from review.meaning.rollouts import share
from review.plan import Plan

SOURCE: Final = "https://kubernetes.io/docs/tasks/run-application/configure-pdb/"

Budget = tuple[str, str, str, Mapping[str, Any]]
"""Namespace, name, URN, spec."""


def budgets(plan: Plan) -> tuple[Budget, ...]:
    """Every budget of the plan, sorted by namespace and name."""
    found = [
        (*names(row), row.urn, known(row.inputs.get("spec")))
        for row in plan.resources
        if row.inputs.get("kind") == "PodDisruptionBudget" and row.type.startswith("kubernetes:")
    ]
    return tuple(sorted(found, key=lambda it: it[:3]))


def blocking(
    given: Iterable[Budget],
    controllers: Mapping[Key, Controller],
    counts: Mapping[Key, int],
    only: frozenset[Key] | None = None,
) -> Iterator[tuple[Controller, Budget, str]]:
    """Controllers no pod of which may be evicted at rest, with the budget and why; `only` those keys, if given."""
    by_namespace: dict[str, list[Controller]] = {}
    for key, it in controllers.items():
        if (only is None or key in only) and it.kind not in ("Job", "CronJob", "DaemonSet"):
            by_namespace.setdefault(it.namespace, []).append(it)
    for budget in given:
        namespace, _, _, spec = budget
        among = by_namespace.get(namespace, ())
        if not among or not _may_block(spec):
            continue
        try:
            wanted = selector(spec.get("selector"), ("spec", "selector"))
        except RefusedError:
            continue
        for it in among:
            count = counts.get(it.key, 1)
            why = _why(spec, count)
            if why and count and _matches(wanted, it):
                yield it, budget, why


def _may_block(spec: Mapping[str, Any]) -> bool:
    return "minAvailable" in spec or str(spec.get("maxUnavailable")) in ("0", "0%", "0.0")


def _why(spec: Mapping[str, Any], count: int) -> str:
    most = spec.get("maxUnavailable")
    if most is not None:
        return f"maxUnavailable {most}" if share(most, count, up=True) == 0 else ""
    least = share(spec.get("minAvailable", 1), count, up=True)
    if least is None or least < count:
        return ""
    return f"minAvailable {spec.get('minAvailable', 1)} of {count}"


def _matches(wanted: Selector, it: Controller) -> bool:
    labels = known(known(it.template.get("metadata")).get("labels"))
    for operator, key, values in wanted:
        has = key in labels
        met = {
            "Exists": has,
            "DoesNotExist": not has,
            "In": has and labels[key] in values,
            "NotIn": not has or labels[key] not in values,
        }
        if not met[operator]:
            return False
    return True
