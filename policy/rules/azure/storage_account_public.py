"""No blob is public.

Without a word none is.
"""

from collections.abc import Iterator

from policy.objects import Object, dig
from policy.rule import Parameters, Rule, Violation


def _check(it: Object, _parameters: Parameters) -> Iterator[Violation]:
    if dig(it.manifest, "allowBlobPublicAccess") is True:
        yield "allowBlobPublicAccess", "may show blobs to everybody"


RULE = Rule(
    id="storage-account-public",
    title="No blob is public",
    area="azure",
    severity="mandatory",
    kinds=("azure-native:storage:StorageAccount",),
    check=_check,
    why="Whoever guesses a name reads the data.",
    remedy="set allowBlobPublicAccess to false",
    source="https://learn.microsoft.com/azure/storage/blobs/anonymous-read-access-prevent",
)
