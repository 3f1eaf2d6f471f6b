"""Rows of the stack file about what guards the cluster. Azure fields are those of the resource as it is registered."""

from collections.abc import Mapping
from typing import Final

from settings.reference_rows import Row

_CLUSTER: Final = "ManagedCluster: "
_PROVIDER: Final = f"{_CLUSTER}addonProfiles.azureKeyvaultSecretsProvider"
_PROFILE: Final = f"{_CLUSTER}securityProfile."
_STORAGE: Final = f"{_CLUSTER}storageProfile."
_ID: Final = (
    "/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/rg-shared/providers"
)
_VAULT: Final = f"{_ID}/Microsoft.KeyVault/vaults/course-kv"
_KEY: Final = "https://course-kv.vault.azure.net/keys/etcd/0123456789abcdef0123456789abcdef"
_WORKSPACE: Final = f"{_ID}/Microsoft.OperationalInsights/workspaces/log-course"

_KEYS: Final[Mapping[str, Row]] = {
    "keyVaultProvider": Row("{rotationPollInterval: 1h}", f"{_PROVIDER}.config"),
    "azurePolicy": Row("false", f"{_CLUSTER}addonProfiles.azurepolicy.enabled"),
    "defender": Row("{}", f"{_PROFILE}defender.securityMonitoring.enabled"),
    "safeguards": Row("{level: Warn}", "DeploymentSafeguard: level"),
    "imageCleaner": Row("{intervalHours: 48}", f"{_PROFILE}imageCleaner.intervalHours"),
    "kms": Row(f"{{keyId: {_KEY}, vaultId: {_VAULT}}}", f"{_PROFILE}azureKeyVaultKms"),
    "storage": Row("{blob: true}", f"{_CLUSTER}storageProfile"),
    "disableLocalAccounts": Row("false", f"{_CLUSTER}disableLocalAccounts"),
    "nodeResourceGroupRestriction": Row(
        "Unrestricted", f"{_CLUSTER}nodeResourceGroupProfile.restrictionLevel"
    ),
}

SECURITY: Final[Mapping[str, Mapping[str, Row]]] = {
    "ClusterSecurity": _KEYS,
    "KeyVaultProvider": {
        "rotation": Row("false", f"{_PROVIDER}.config.enableSecretRotation"),
        "rotationPollInterval": Row("1h", f"{_PROVIDER}.config.rotationPollInterval"),
    },
    "Defender": {
        "workspaceId": Row(_WORKSPACE, f"{_PROFILE}defender.logAnalyticsWorkspaceResourceId"),
    },
    "Safeguards": {
        "level": Row("Enforce", "DeploymentSafeguard: level"),
        "excludedNamespaces": Row("[logging]", "DeploymentSafeguard: excludedNamespaces[]"),
    },
    "ImageCleaner": {
        "enabled": Row("false", f"{_PROFILE}imageCleaner.enabled"),
        "intervalHours": Row("48", f"{_PROFILE}imageCleaner.intervalHours"),
    },
    "Kms": {
        "keyId": Row(_KEY, f"{_PROFILE}azureKeyVaultKms.keyId"),
        "vaultId": Row(_VAULT, "RoleAssignment: scope"),
        "vaultNetworkAccess": Row("Private", f"{_PROFILE}azureKeyVaultKms.keyVaultNetworkAccess"),
    },
    "Storage": {
        "disk": Row("false", f"{_STORAGE}diskCSIDriver.enabled"),
        "file": Row("false", f"{_STORAGE}fileCSIDriver.enabled"),
        "blob": Row("true", f"{_STORAGE}blobCSIDriver.enabled"),
        "snapshot": Row("false", f"{_STORAGE}snapshotController.enabled"),
    },
}

VAULT_CREATE: Final[Mapping[str, Row]] = {
    "name": Row("course-kv", "Vault: vaultName"),
    "sku": Row("premium", "Vault: properties.sku.name"),
    "softDeleteDays": Row("30", "Vault: properties.softDeleteRetentionInDays"),
    "purgeProtection": Row("false", "Vault: properties.enablePurgeProtection"),
    "privateEndpoint": Row("true", "PrivateEndpoint: privateLinkServiceConnections"),
    "audit": Row("false", "DiagnosticSetting: logs"),
}

REGISTRY_CREATE: Final[Mapping[str, Row]] = {
    "name": Row("courseregistry", "Registry: registryName"),
    "sku": Row("Premium", "Registry: sku.name"),
    "privateEndpoint": Row("true", "PrivateEndpoint: privateLinkServiceConnections"),
}
