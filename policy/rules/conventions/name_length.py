"""Names leave room for what is put behind them."""

from collections.abc import Iterator
from typing import Final

from policy.objects import Object, dig
from policy.rule import Parameters, Rule, Violation

_MOST: Final = {"CronJob": 52, "Job": 63, "StatefulSet": 52}
"""A CronJob's jobs have 11 characters more, and a Job's name is a label of its pods, of 63 at most; the name of a
StatefulSet is in one with a hash of 10 characters and a hyphen."""


def _check(it: Object, _parameters: Parameters) -> Iterator[Violation]:
    name, most = dig(it.manifest, "metadata", "name"), _MOST[it.kind]
    if isinstance(name, str) and len(name) > most:
        yield (
            "metadata.name",
            f"has {len(name)} characters, and {most} leave room for what is put behind it",
        )


RULE = Rule(
    id="name-length",
    title="Names leave room for what is put behind them",
    area="conventions",
    severity="mandatory",
    kinds=("CronJob", "Job", "StatefulSet"),
    check=_check,
    why="Pods and jobs get no name or label, so they are never made.",
    remedy="shorten the name",
    source="https://kubernetes.io/docs/concepts/overview/working-with-objects/names/",
)
