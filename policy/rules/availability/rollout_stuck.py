"""A rollout may add or remove a pod."""

from collections.abc import Iterator
from typing import Any, Final

from policy.objects import Object, dig
from policy.rule import Parameters, Rule, Violation

_QUARTER: Final[Any] = "25%"
_NONE: Final = (0, "0", "0%")


def _check(it: Object, _parameters: Parameters) -> Iterator[Violation]:
    if it.kind == "Deployment":
        place, surge, down = "strategy", _QUARTER, _QUARTER
    else:
        place, surge, down = "updateStrategy", 0, 1
    rolling = dig(it.manifest, "spec", place, "rollingUpdate")
    if rolling is None:
        return
    if _of(rolling, "maxSurge", surge) in _NONE and _of(rolling, "maxUnavailable", down) in _NONE:
        yield f"spec.{place}.rollingUpdate", "may neither add a pod nor remove one"


def _of(rolling: Any, key: str, default: Any) -> Any:
    found = dig(rolling, key)
    return default if found is None else found


RULE = Rule(
    id="rollout-stuck",
    title="A rollout may add or remove a pod",
    area="availability",
    severity="mandatory",
    kinds=("Deployment", "DaemonSet"),
    check=_check,
    why="The API server refuses maxSurge and maxUnavailable that are both 0.",
    remedy="set maxSurge to 1",
    source="https://kubernetes.io/docs/concepts/workloads/controllers/deployment/",
)
