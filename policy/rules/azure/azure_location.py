"""Resources are where they may be."""

from collections.abc import Iterator
from typing import Any

from policy.objects import Object, dig
from policy.rule import Parameter, Parameters, Rule, Violation
from policy.rules._azure import TAGGED


def _check(it: Object, parameters: Parameters) -> Iterator[Violation]:
    allowed, location = parameters["allowed"], dig(it.manifest, "location")
    if allowed and location and _plain(location) not in {*map(_plain, allowed), "global"}:
        yield "location", "is none of the allowed locations"


def _plain(location: Any) -> str:
    """As Azure compares them: West Europe is westeurope."""
    return str(location).replace(" ", "").lower()


RULE = Rule(
    id="azure-location",
    title="Resources are where they may be",
    area="azure",
    severity="mandatory",
    kinds=TAGGED,
    parameters={
        "allowed": Parameter(
            default=[],
            docs="locations as Azure spells them, westeurope for example; without any nothing is asked",
        )
    },
    check=_check,
    why="Data leaves the region that was agreed on.",
    remedy="use an allowed location",
    source="https://learn.microsoft.com/azure/reliability/cross-region-replication-azure",
)
