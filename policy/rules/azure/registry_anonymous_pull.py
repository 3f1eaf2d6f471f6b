"""The registry asks who pulls."""

from collections.abc import Iterator

from policy.objects import Object, dig
from policy.rule import Parameters, Rule, Violation


def _check(it: Object, _parameters: Parameters) -> Iterator[Violation]:
    if dig(it.manifest, "anonymousPullEnabled") is True:
        yield "anonymousPullEnabled", "gives images to everybody"


RULE = Rule(
    id="registry-anonymous-pull",
    title="The registry asks who pulls",
    area="azure",
    severity="mandatory",
    kinds=("azure-native:containerregistry:Registry",),
    check=_check,
    why="Everybody gets the images, and what is in them.",
    remedy="set anonymousPullEnabled to false",
    source="https://learn.microsoft.com/azure/container-registry/anonymous-pull-access",
)
