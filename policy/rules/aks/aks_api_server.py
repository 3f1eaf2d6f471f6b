"""The API server is private or open to known addresses."""

from collections.abc import Iterator
from typing import Final

from policy.objects import Object, dig, items, listed
from policy.rule import Parameters, Rule, Violation

_WIDE: Final = 8
"""Bits of a network that is as good as everywhere."""


def _check(it: Object, _parameters: Parameters) -> Iterator[Violation]:
    if dig(it.manifest, "apiServerAccessProfile", "enablePrivateCluster") is True:
        return
    place = "apiServerAccessProfile.authorizedIPRanges"
    if not listed(it.manifest, "apiServerAccessProfile", "authorizedIPRanges"):
        yield place, "is open to the whole Internet"
    for path, block in items(it.manifest, "apiServerAccessProfile", "authorizedIPRanges"):
        bits = str(block).partition("/")[2]
        if bits.isdigit() and int(bits) < _WIDE:
            yield path, "is a good part of the Internet"


RULE = Rule(
    id="aks-api-server",
    title="The API server is private or open to known addresses",
    area="aks",
    severity="mandatory",
    kinds=("azure-native:containerservice:ManagedCluster",),
    check=_check,
    why="The whole Internet may try credentials and holes at it.",
    remedy="set apiServerAccessProfile.enablePrivateCluster or authorizedIPRanges",
    source="https://learn.microsoft.com/azure/aks/api-server-authorized-ip-ranges",
)
