"""Label values are valid."""

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from policy.kinds import GROUPS
from policy.objects import Object, Pod, pods
from policy.rule import Parameters, Rule, Violation
from policy.rules._names import is_label_value
from policy.rules._turns import in_turn


def _check(it: Object, _parameters: Parameters) -> Iterator[Violation]:
    def look(path: str, key: str, labels: Mapping[str, Any]) -> Iterator[Violation]:
        if labels[key] is not None and not is_label_value(labels[key]):
            yield f'{path}["{key}"]', "is no value of a label"

    yield from in_turn(*(partial(look, "metadata.labels", key, it.labels) for key in it.labels))
    for path, pod in pods(it):
        if isinstance(pod, Pod) and it.kind != "Pod":
            place = f"{path.removesuffix('.spec')}.metadata.labels"
            yield from in_turn(*(partial(look, place, key, pod.labels) for key in pod.labels))


RULE = Rule(
    id="label-value",
    title="Label values are valid",
    area="conventions",
    severity="mandatory",
    kinds=tuple(GROUPS),
    check=_check,
    why="The API server refuses the object.",
    remedy="at most 63 letters, digits, - _ or ., beginning and ending with a letter or digit",
    source="https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/",
)
