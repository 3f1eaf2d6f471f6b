"""Deleted backups are kept a while."""

from collections.abc import Iterator

from policy.objects import Object, mapping
from policy.rule import Parameters, Rule, Violation


def _check(it: Object, _parameters: Parameters) -> Iterator[Violation]:
    settings = mapping(it.manifest, "properties", "securitySettings", "softDeleteSettings")
    if settings.get("state") not in ("On", "AlwaysOn"):
        yield "properties.securitySettings.softDeleteSettings.state", "deletes backups at once"


RULE = Rule(
    id="backup-soft-delete",
    title="Deleted backups are kept a while",
    area="azure",
    severity="mandatory",
    kinds=("azure-native:dataprotection:BackupVault",),
    check=_check,
    why="Whoever deletes the data deletes its backup, too.",
    remedy="set securitySettings.softDeleteSettings.state to On",
    source="https://learn.microsoft.com/azure/backup/backup-azure-enhanced-soft-delete-about",
)
