"""Label values are valid."""

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from policy.kinds import GROUPS
from policy.objects import Object, pods
from policy.rule import Parameters, Rule, Violation
from policy.rules._names import is_label_value
from policy.rules._turns import in_turn
from policy.unknown import Undecided


def _check(it: Object, _parameters: Parameters) -> Iterator[Violation]:
    yield from in_turn(partial(_of, "metadata.labels", it.labels), partial(_of_pod, it))


def _of(path: str, labels: Mapping[str, Any]) -> Iterator[Violation]:
    for key, value in labels.items():
        if value is not None and not is_label_value(value):
            yield f'{path}["{key}"]', "is no value of a label"


def _of_pod(it: Object) -> Iterator[Violation]:
    for path, pod in pods(it) if it.kind != "Pod" else ():
        if isinstance(pod, Undecided):
            raise pod
        yield from _of(f"{path.removesuffix('.spec')}.metadata.labels", pod.labels)


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
