"""Cases of `settings/checks/backup.py`."""

from tests.settings.cases.common import case

ON = (("prod", "backup.enabled", True),)


def backup(key, value, says, at=""):
    """A fault of the backups of the stack prod."""
    return case("prod", f"backup.{key}", value, says, at=f"backup.{at or key}", before=ON)


CASES = [
    case("local", "backup.enabled", True, "has no effect with target kubeconfig; got true"),
    case("prod", "cluster.storage", {"snapshot": False}, "must be on for backup.volumeSnapshots; got false",
         at="cluster.storage.snapshot", before=ON),
    backup("namespaces", ["shop"], "must be a namespace of the stack; got shop", "namespaces[0]"),
    backup("excludedNamespaces", ["loging"], "did you mean 'logging'?", "excludedNamespaces[0]"),
    case("prod", "backup", {"enabled": True, "namespaces": ["course"], "excludedNamespaces": ["logging"]},
         "must not be there beside 'namespaces'", at="backup.excludedNamespaces"),
    backup("retention", {"days": 14, "weeks": 2}, "must be more than days (14): 2 weeks are 14 days",
           "retention.weeks"),
    case("prod", "backup.everyHours", 4,
         "must leave each disk at most 450 snapshots: 6 a day for 75 days and 11 weekly are 461",
         before=(("prod", "backup", {"enabled": True, "retention": {"days": 75, "weeks": 11}}),)),
]  # fmt: skip
