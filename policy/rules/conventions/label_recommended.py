"""Objects carry the common labels."""

from collections.abc import Iterator

from policy.objects import Object
from policy.rule import Parameter, Parameters, Rule, Violation
from policy.rules._names import LABELLED


def _check(it: Object, parameters: Parameters) -> Iterator[Violation]:
    missing = [key for key in parameters["labels"] if not it.labels.get(key)]
    if missing:
        yield "metadata.labels", f"has no {', '.join(missing)}"


RULE = Rule(
    id="label-recommended",
    title="Objects carry the common labels",
    area="conventions",
    severity="advisory",
    kinds=LABELLED,
    parameters={
        "labels": Parameter(
            default=[
                "app.kubernetes.io/name",
                "app.kubernetes.io/instance",
                "app.kubernetes.io/part-of",
                "app.kubernetes.io/managed-by",
            ],
            docs="labels that every object carries",
        )
    },
    check=_check,
    why="Tools, costs and selectors find what belongs together by them.",
    remedy="set app.kubernetes.io/name, instance, part-of and managed-by",
    source="https://kubernetes.io/docs/concepts/overview/working-with-objects/common-labels/",
)
