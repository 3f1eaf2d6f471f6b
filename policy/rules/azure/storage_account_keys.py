"""Storage is not opened with shared keys."""

from collections.abc import Iterator

from policy.objects import Object, dig
from policy.rule import Parameters, Rule, Violation


def _check(it: Object, _parameters: Parameters) -> Iterator[Violation]:
    if dig(it.manifest, "allowSharedKeyAccess") is not False:
        yield "allowSharedKeyAccess", "can be opened with a shared key"


RULE = Rule(
    id="storage-account-keys",
    title="Storage is not opened with shared keys",
    area="azure",
    severity="advisory",
    kinds=("azure-native:storage:StorageAccount",),
    check=_check,
    why="A key is all data, without a name in the log.",
    remedy="set allowSharedKeyAccess to false",
    source="https://learn.microsoft.com/azure/storage/common/shared-key-authorization-prevent",
)
