"""A claim names its class."""

from collections.abc import Iterator, Mapping
from typing import Any

from policy.objects import dig
from policy.rule import Parameters, Rule, Violation
from policy.rules._claims import claims


def _check(it: Mapping[str, Any], _parameters: Parameters) -> Iterator[Violation]:
    if dig(it, "storageClassName") is None and not dig(it, "volumeName"):
        yield "storageClassName", "takes whatever class the cluster has by default"


RULE = Rule(
    id="storage-claim-class",
    title="A claim names its class",
    area="storage",
    severity="advisory",
    kinds=(
        "PersistentVolumeClaim",
        "StatefulSet",
    ),
    each=claims,
    check=_check,
    why="The cluster's default decides on kind and price of the disk, and can change.",
    remedy="set storageClassName",
    source="https://kubernetes.io/docs/concepts/storage/persistent-volumes/",
)
