"""Every field is one that the API knows."""

from collections.abc import Iterator

from policy.objects import Object, dig
from policy.rule import Parameters, Rule, Violation
from policy.rules._fields import SHAPES, strange


def _check(it: Object, _parameters: Parameters) -> Iterator[Violation]:
    shape = SHAPES.get(f"{dig(it.manifest, 'apiVersion')} {it.kind}")
    if shape is None:
        return
    for path, close in strange(it.manifest, shape):
        yield (
            path,
            f"is no field of {it.kind}; did you mean {close}"
            if close
            else f"is no field of {it.kind}",
        )


RULE = Rule(
    id="unknown-field",
    title="Every field is one that the API knows",
    area="conventions",
    severity="mandatory",
    kinds=tuple(sorted({key.partition(" ")[2] for key in SHAPES})),
    check=_check,
    why="The API server drops it, or refuses the object: what it was meant to set stays as it was.",
    remedy="correct its name or its place",
    source="https://kubernetes.io/docs/reference/using-api/api-concepts/#field-validation",
)
