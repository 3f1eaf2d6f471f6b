"""Cases of `settings/checks/cluster_security.py`."""

from tests.settings.cases.common import SUBSCRIPTION, case

VERSION = "0123456789abcdef0123456789abcdef"
KMS = {
    "keyId": f"https://course-kv.vault.azure.net/keys/etcd/{VERSION}",
    "vaultId": f"{SUBSCRIPTION}/Microsoft.KeyVault/vaults/course-kv",
}
OTHER = f"{SUBSCRIPTION}/Microsoft.KeyVault/vaults/other-kv"

CASES = [
    case("prod", "cluster.kms", {**KMS, "vaultId": OTHER}, "must be the vault of keyId (course-kv); got other-kv",
         at="cluster.kms.vaultId"),
    case("prod", "cluster.kms", {**KMS, "vaultNetworkAccess": "Private"},
         "needs an API server in the virtual network; got Private", at="cluster.kms.vaultNetworkAccess"),
    case("prod", "cluster.kms", {**KMS, "keyId": "https://course-kv.vault.azure.net/keys/etcd"},
         "must be a key with its version", at="cluster.kms.keyId"),
    case("dev", "cluster.defender", {}, "is required where 'observability' logs nothing",
         at="cluster.defender.workspaceId", before=(("dev", "observability.diagnostics", {"enabled": False}),)),
    case("prod", "cluster.azurePolicy", False, "must be on for cluster.safeguards; got false",
         before=(("prod", "cluster.safeguards", {"level": "Warn"}),)),
    case("prod", "cluster.storage", {"disk": False}, "must be on for the disks of redis; got false",
         at="cluster.storage.disk", before=(("prod", "backup", {"enabled": False}),)),
    case("prod", "cluster.imageCleaner", {"intervalHours": 23}, "must be hours from 24 to 2160",
         at="cluster.imageCleaner.intervalHours"),
]  # fmt: skip
