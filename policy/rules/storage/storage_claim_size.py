"""A claim says how much it needs."""

from collections.abc import Iterator, Mapping
from typing import Any

from policy.objects import dig, quantity
from policy.rule import Parameter, Parameters, Rule, Violation
from policy.rules._claims import claims


def _check(it: Mapping[str, Any], parameters: Parameters) -> Iterator[Violation]:
    given = dig(it, "resources", "requests", "storage")
    size, maximum = quantity(given), quantity(parameters["maximum"])
    if not size:
        yield "resources.requests.storage", "says no size"
    elif maximum is not None and size > maximum:
        yield (
            "resources.requests.storage",
            f"is above the {parameters['maximum']} that a claim may have",
        )


RULE = Rule(
    id="storage-claim-size",
    title="A claim says how much it needs",
    area="storage",
    severity="mandatory",
    kinds=(
        "PersistentVolumeClaim",
        "StatefulSet",
    ),
    each=claims,
    parameters={
        "maximum": Parameter(
            default="", docs="the largest claim, 1Ti for example; empty asks nothing"
        )
    },
    check=_check,
    why="The API server refuses one without; disks above the parameter are a mistake.",
    remedy="set resources.requests.storage",
    source="https://kubernetes.io/docs/concepts/storage/persistent-volumes/",
)
