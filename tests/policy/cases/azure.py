"""Cases of the rules of Azure's resources."""

from tests.policy.case import ABSENT, bad, good, unclear

CLUSTER, GROUP = "ManagedCluster aks", "NetworkSecurityGroup nodes"
VAULT, REGISTRY, STORAGE, BACKUP = "Vault kv", "Registry acr", "StorageAccount st", "BackupVault bv"
RULE = "securityRules[web]"
UNKNOWN = {"$unknown": True}
EUROPE = {"allowed": ["westeurope", "northeurope"]}
STATE = "properties.securitySettings.softDeleteSettings.state"

CASES = [
    bad("azure-protected", VAULT, {"$options.protect": False}, "tags"),
    good("azure-protected", VAULT, {"$options.protect": False, "tags.environment": "test"}),
    bad("azure-tags", CLUSTER, {"tags.owner": ABSENT}, "tags"),
    bad("azure-tags", VAULT, {"tags": ABSENT}),
    good("azure-tags", VAULT, {"tags.owner": ABSENT}, parameters={"tags": ["environment"]}),
    bad("azure-location", STORAGE, {"location": "eastus"}, parameters=EUROPE),
    good("azure-location", STORAGE, {"location": "Global"}, parameters=EUROPE),
    good("azure-location", STORAGE, {"location": "eastus"}),
    bad("azure-nsg-open", GROUP, {f"{RULE}.destinationPortRanges": ["22"]}, RULE),
    bad("azure-nsg-open", GROUP, {f"{RULE}.destinationPortRanges": ["10000-11000"]}, RULE),
    bad("azure-nsg-open", GROUP, {f"{RULE}.destinationPortRange": "*"}, RULE),
    good(
        "azure-nsg-open",
        GROUP,
        {f"{RULE}.destinationPortRanges": ["22"], f"{RULE}.sourceAddressPrefix": "198.51.100.0/26"},
    ),
    good(
        "azure-nsg-open", GROUP, {f"{RULE}.destinationPortRanges": ["22"], f"{RULE}.access": "Deny"}
    ),
    unclear(
        "azure-nsg-open",
        GROUP,
        {f"{RULE}.destinationPortRanges": ["22"], f"{RULE}.sourceAddressPrefix": UNKNOWN},
    ),
    bad("vault-purge-protection", VAULT, {"properties.enablePurgeProtection": ABSENT}),
    good("vault-purge-protection", VAULT, {"properties.enablePurgeProtection": True}),
    bad("vault-rbac", VAULT, {"properties.enableRbacAuthorization": False}),
    good("vault-rbac", VAULT, {"properties.enableRbacAuthorization": True}),
    bad("vault-network", VAULT, {"properties.publicNetworkAccess": "Enabled"}),
    good(
        "vault-network",
        VAULT,
        {
            "properties.publicNetworkAccess": "Enabled",
            "properties.networkAcls.defaultAction": "Deny",
        },
    ),
    bad("registry-admin-user", REGISTRY, {"adminUserEnabled": True}),
    good("registry-admin-user", REGISTRY, {"adminUserEnabled": ABSENT}),
    bad("registry-anonymous-pull", REGISTRY, {"anonymousPullEnabled": True}),
    good("registry-anonymous-pull", REGISTRY, {"anonymousPullEnabled": ABSENT}),
    good("storage-account-public", STORAGE, {"allowBlobPublicAccess": ABSENT}),
    bad("storage-account-public", STORAGE, {"allowBlobPublicAccess": True}),
    good("storage-account-public", STORAGE, {"allowBlobPublicAccess": False}),
    bad("storage-account-transport", STORAGE, {"enableHttpsTrafficOnly": False}),
    bad("storage-account-transport", STORAGE, {"minimumTlsVersion": "TLS1_0"}),
    good("storage-account-transport", STORAGE, {"minimumTlsVersion": "TLS1_3"}),
    bad("storage-account-keys", STORAGE, {"allowSharedKeyAccess": ABSENT}),
    good("storage-account-keys", STORAGE, {"allowSharedKeyAccess": False}),
    bad("backup-soft-delete", BACKUP, {STATE: "Off"}),
    good("backup-soft-delete", BACKUP, {STATE: "AlwaysOn"}),
]
