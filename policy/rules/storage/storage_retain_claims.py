"""Claims outlive their StatefulSet."""

from collections.abc import Iterator
from functools import partial

from policy.objects import Object, dig
from policy.rule import Parameters, Rule, Violation
from policy.rules._turns import in_turn


def _check(it: Object, _parameters: Parameters) -> Iterator[Violation]:
    def look(key: str) -> Iterator[Violation]:
        if dig(it.manifest, "spec", "persistentVolumeClaimRetentionPolicy", key) == "Delete":
            yield (
                f"spec.persistentVolumeClaimRetentionPolicy.{key}",
                "deletes the data with the pods",
            )

    yield from in_turn(partial(look, "whenDeleted"), partial(look, "whenScaled"))


RULE = Rule(
    id="storage-retain-claims",
    title="Claims outlive their StatefulSet",
    area="storage",
    severity="advisory",
    kinds=("StatefulSet",),
    check=_check,
    why="Deleting or replacing the StatefulSet deletes its disks.",
    remedy="set persistentVolumeClaimRetentionPolicy to Retain, or leave it out",
    source="https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#persistentvolumeclaim-retention",
)
