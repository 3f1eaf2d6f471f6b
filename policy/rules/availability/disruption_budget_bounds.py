"""A disruption budget has one bound."""

from collections.abc import Iterator

from policy.objects import Object, dig
from policy.rule import Parameters, Rule, Violation
from policy.unknown import either, every


def _check(it: Object, _parameters: Parameters) -> Iterator[Violation]:
    most_down, least_up = (
        lambda: dig(it.manifest, "spec", "maxUnavailable") is not None,
        lambda: dig(it.manifest, "spec", "minAvailable") is not None,
    )
    if not either(most_down, least_up):
        yield "spec", "bounds nothing: it has neither minAvailable nor maxUnavailable"
    elif every(most_down, least_up):
        yield "spec.minAvailable", "stands beside maxUnavailable, and only one of them may be given"


RULE = Rule(
    id="disruption-budget-bounds",
    title="A disruption budget has one bound",
    area="availability",
    severity="mandatory",
    kinds=("PodDisruptionBudget",),
    check=_check,
    why="The API server refuses both; without either all pods may be evicted at once.",
    remedy="set maxUnavailable to 1, and leave minAvailable out",
    source="https://kubernetes.io/docs/tasks/run-application/configure-pdb/#specifying-a-poddisruptionbudget",
)
