"""The resources of Azure in the small estate that no rule has anything to say against."""

from typing import Any

_TAGS = {"environment": "prod", "owner": "platform-team"}
_KEPT = {"$options": {"protect": True}}
_PLACE = {"resourceGroupName": "rg", "location": "westeurope", "tags": _TAGS}
_POOL = {
    "resourceGroupName": "rg",
    "resourceName": "aks",
    "tags": _TAGS,
    "availabilityZones": ["1", "2", "3"],
    "enableAutoScaling": True,
    "minCount": 3,
    "maxCount": 6,
    "enableEncryptionAtHost": True,
    "enableNodePublicIP": False,
    "osDiskType": "Ephemeral",
    "osSKU": "AzureLinux",
    "osType": "Linux",
    "upgradeSettings": {"maxSurge": "33%"},
    "vmSize": "Standard_D4ds_v5",
}
_SYSTEM = {"mode": "System", "nodeTaints": ["CriticalAddonsOnly=true:NoSchedule"]}
_AKS = "azure-native:containerservice"


def _maintenance(name: str) -> tuple[str, dict[str, Any]]:
    return f"{_AKS}:MaintenanceConfiguration", {"configName": name, "resourceName": "aks"}


AZURE: dict[str, tuple[str, dict[str, Any]]] = {
    "ManagedCluster aks": (
        f"{_AKS}:ManagedCluster",
        {
            **_PLACE,
            **_KEPT,
            "resourceName": "aks",
            "disableLocalAccounts": True,
            "enableRBAC": True,
            "kubernetesVersion": "1.35",
            "aadProfile": {"managed": True, "enableAzureRBAC": True},
            "addonProfiles": {
                "azurepolicy": {"enabled": True},
                "azureKeyvaultSecretsProvider": {
                    "enabled": True,
                    "config": {"enableSecretRotation": "true"},
                },
            },
            "agentPoolProfiles": [
                {
                    **_SYSTEM,
                    "name": "boot",
                    "count": 3,
                    "osSKU": "AzureLinux",
                    "enableNodePublicIP": False,
                }
            ],
            "apiServerAccessProfile": {
                "authorizedIPRanges": ["198.51.100.0/26"],
                "disableRunCommand": True,
            },
            "autoUpgradeProfile": {"upgradeChannel": "patch", "nodeOSUpgradeChannel": "NodeImage"},
            "identity": {"type": "UserAssigned"},
            "networkProfile": {
                "networkPlugin": "azure",
                "networkPolicy": "cilium",
                "loadBalancerSku": "standard",
            },
            "nodeResourceGroupProfile": {"restrictionLevel": "ReadOnly"},
            "oidcIssuerProfile": {"enabled": True},
            "securityProfile": {
                "imageCleaner": {"enabled": True, "intervalHours": 168},
                "workloadIdentity": {"enabled": True},
            },
            "sku": {"name": "Base", "tier": "Standard"},
        },
    ),
    "AgentPool system": (f"{_AKS}:AgentPool", {**_POOL, **_SYSTEM, "agentPoolName": "system"}),
    "AgentPool work": (f"{_AKS}:AgentPool", {**_POOL, "mode": "User", "agentPoolName": "work"}),
    "MaintenanceConfiguration upgrade": _maintenance("aksManagedAutoUpgradeSchedule"),
    "MaintenanceConfiguration node-os": _maintenance("aksManagedNodeOSUpgradeSchedule"),
    "DiagnosticSetting aks": (
        "azure-native:monitor:DiagnosticSetting",
        {"name": "aks", "logs": [{"category": "kube-audit-admin", "enabled": True}]},
    ),
    "NetworkSecurityGroup nodes": (
        "azure-native:network:NetworkSecurityGroup",
        {
            **_PLACE,
            "securityRules": [
                {
                    "name": "web",
                    "access": "Allow",
                    "direction": "Inbound",
                    "sourceAddressPrefix": "Internet",
                    "destinationPortRanges": ["80", "443"],
                }
            ],
        },
    ),
    "Vault kv": (
        "azure-native:keyvault:Vault",
        {
            **_PLACE,
            **_KEPT,
            "vaultName": "kv",
            "properties": {
                "enablePurgeProtection": True,
                "enableRbacAuthorization": True,
                "publicNetworkAccess": "Disabled",
            },
        },
    ),
    "Registry acr": (
        "azure-native:containerregistry:Registry",
        {
            **_PLACE,
            **_KEPT,
            "registryName": "acr",
            "adminUserEnabled": False,
            "anonymousPullEnabled": False,
        },
    ),
    "StorageAccount st": (
        "azure-native:storage:StorageAccount",
        {
            **_PLACE,
            **_KEPT,
            "accountName": "st",
            "allowBlobPublicAccess": False,
            "allowSharedKeyAccess": False,
            "enableHttpsTrafficOnly": True,
            "minimumTlsVersion": "TLS1_2",
        },
    ),
    "BackupVault bv": (
        "azure-native:dataprotection:BackupVault",
        {
            **_PLACE,
            **_KEPT,
            "properties": {"securitySettings": {"softDeleteSettings": {"state": "On"}}},
        },
    ),
}
"""Type token and inputs by title."""
