"""Cases of the rules of the cluster."""

from tests.policy.case import ABSENT, bad, good, unclear

CLUSTER = "ManagedCluster aks"

CASES = [
    bad("aks-local-accounts", CLUSTER, {"disableLocalAccounts": False}),
    bad("aks-local-accounts", CLUSTER, {"disableLocalAccounts": ABSENT}),
]

SYSTEM, WORK = "AgentPool system", "AgentPool work"
TEST = {"tags.environment": "test"}
ACCESS = "apiServerAccessProfile"
BOOT = "agentPoolProfiles[boot]"
UNKNOWN = {"$unknown": True}
LTS = {"kubernetesVersion": "1.33.2", "supportPlan": "AKSLongTermSupport"}

CASES += [
    bad("aks-entra", CLUSTER, {"aadProfile.enableAzureRBAC": False}),
    bad(
        "aks-entra",
        CLUSTER,
        {"aadProfile": ABSENT},
        "aadProfile.managed,aadProfile.enableAzureRBAC",
    ),
    good("aks-entra", CLUSTER, {"aadProfile.tenantID": "72f988bf"}),
    bad("aks-rbac", CLUSTER, {"enableRBAC": False}),
    good("aks-rbac", CLUSTER, {"enableRBAC": ABSENT}),
    bad("aks-workload-identity", CLUSTER, {"oidcIssuerProfile.enabled": False}),
    bad(
        "aks-workload-identity",
        CLUSTER,
        {"securityProfile.workloadIdentity": ABSENT},
        "securityProfile.workloadIdentity.enabled",
    ),
    good("aks-workload-identity", CLUSTER, {"securityProfile.imageCleaner": ABSENT}),
    bad("aks-api-server", CLUSTER, {f"{ACCESS}.authorizedIPRanges": ABSENT}),
    good(
        "aks-api-server",
        CLUSTER,
        {f"{ACCESS}.authorizedIPRanges": ABSENT, f"{ACCESS}.enablePrivateCluster": True},
    ),
    good("aks-api-server", CLUSTER, {f"{ACCESS}.authorizedIPRanges": [UNKNOWN]}),
    bad(
        "aks-api-server-ranges",
        CLUSTER,
        {f"{ACCESS}.authorizedIPRanges": ["198.51.100.0/26", "0.0.0.0/0"]},
        f"{ACCESS}.authorizedIPRanges[1]",
    ),
    good("aks-api-server-ranges", CLUSTER, {f"{ACCESS}.authorizedIPRanges": ["198.51.100.7"]}),
    unclear(
        "aks-api-server-ranges",
        CLUSTER,
        {f"{ACCESS}.authorizedIPRanges": ["198.51.100.0/26", UNKNOWN]},
    ),
    bad("aks-network-policy", CLUSTER, {"networkProfile.networkPolicy": "none"}),
    bad("aks-network-policy", CLUSTER, {"networkProfile.networkPolicy": ABSENT}),
    good("aks-network-policy", CLUSTER, {"networkProfile.networkPolicy": "calico"}),
    bad("aks-tier", CLUSTER, {"sku.tier": "Free"}),
    good("aks-tier", CLUSTER, {"sku.tier": "Free", **TEST}),
    unclear("aks-tier", CLUSTER, {"sku.tier": "Free", "tags": UNKNOWN}),
    bad("aks-upgrade-channel", CLUSTER, {"autoUpgradeProfile.upgradeChannel": "none"}),
    good("aks-upgrade-channel", CLUSTER, {"autoUpgradeProfile.upgradeChannel": "stable"}),
    bad("aks-node-os-channel", CLUSTER, {"autoUpgradeProfile.nodeOSUpgradeChannel": "Unmanaged"}),
    good(
        "aks-node-os-channel",
        CLUSTER,
        {"autoUpgradeProfile.nodeOSUpgradeChannel": "SecurityPatch"},
    ),
    bad("aks-version", CLUSTER, {"kubernetesVersion": "1.33"}),
    bad("aks-version", CLUSTER, {"kubernetesVersion": "1.31.4"}),
    good("aks-version", CLUSTER, {"kubernetesVersion": "1.36.2"}),
    good("aks-version", CLUSTER, {"kubernetesVersion": ABSENT}),
    good("aks-version", CLUSTER, LTS),
    bad("aks-run-command", CLUSTER, {f"{ACCESS}.disableRunCommand": ABSENT}),
    good("aks-run-command", CLUSTER, {f"{ACCESS}.disableRunCommand": True}),
    bad(
        "aks-azure-policy",
        CLUSTER,
        {"addonProfiles.azurepolicy.enabled": False},
        "addonProfiles.azurepolicy",
    ),
    good("aks-azure-policy", CLUSTER, {"addonProfiles.azurepolicy.config": {"version": "v2"}}),
    good("aks-local-accounts", CLUSTER, {"aadProfile": ABSENT}),
    bad("aks-azure-policy", CLUSTER, {"addonProfiles": ABSENT}, "addonProfiles.azurepolicy"),
    bad(
        "aks-secret-rotation",
        CLUSTER,
        {"addonProfiles.azureKeyvaultSecretsProvider.config.enableSecretRotation": "false"},
    ),
    good(
        "aks-secret-rotation",
        CLUSTER,
        {"addonProfiles.azureKeyvaultSecretsProvider": {"enabled": False}},
    ),
    bad(
        "aks-image-cleaner",
        CLUSTER,
        {"securityProfile.imageCleaner.enabled": False},
        "securityProfile.imageCleaner",
    ),
    good("aks-image-cleaner", CLUSTER, {"securityProfile.imageCleaner.intervalHours": 24}),
    bad("aks-managed-identity", CLUSTER, {"identity": ABSENT}, "identity.type"),
    good("aks-managed-identity", CLUSTER, {"identity.type": "SystemAssigned"}),
    bad("aks-retired", CLUSTER, {"networkProfile.networkPlugin": "kubenet"}),
    bad("aks-retired", CLUSTER, {"networkProfile.networkPolicy": "azure"}),
    bad("aks-retired", CLUSTER, {"networkProfile.loadBalancerSku": "basic"}),
    bad("aks-retired", CLUSTER, {f"{BOOT}.osSKU": "CBLMariner"}),
    bad("aks-retired", WORK, {"osSKU": "Windows2019"}),
    bad("aks-retired", WORK, {"type": "AvailabilitySet"}),
    good("aks-retired", WORK, {"osSKU": "AzureLinux3"}),
    bad(
        "aks-node-group-lock",
        CLUSTER,
        {"nodeResourceGroupProfile": ABSENT},
        "nodeResourceGroupProfile.restrictionLevel",
    ),
    good("aks-node-group-lock", CLUSTER, {"nodeResourceGroupProfile.restrictionLevel": "ReadOnly"}),
    bad(
        "aks-maintenance",
        "MaintenanceConfiguration upgrade",
        {"configName": "default"},
        "autoUpgradeProfile.upgradeChannel",
    ),
    good(
        "aks-maintenance",
        CLUSTER,
        {"autoUpgradeProfile.upgradeChannel": "none"},
        without=("MaintenanceConfiguration upgrade",),
    ),
    good("aks-maintenance", CLUSTER, TEST, without=("MaintenanceConfiguration upgrade",)),
    bad("aks-diagnostics", "DiagnosticSetting aks", {"logs[0].enabled": False}, "resourceName"),
    bad("aks-diagnostics", "DiagnosticSetting aks", {"logs[0].category": "guard"}, "resourceName"),
    good(
        "aks-diagnostics",
        "DiagnosticSetting aks",
        {"logs": [{"categoryGroup": "audit", "enabled": True}]},
    ),
    unclear("aks-diagnostics", "DiagnosticSetting aks", {"logs": UNKNOWN}),
    bad("pool-system-taint", SYSTEM, {"nodeTaints": []}),
    bad("pool-system-taint", CLUSTER, {f"{BOOT}.nodeTaints": ABSENT}),
    good("pool-system-taint", WORK, {"nodeTaints": []}),
    bad("pool-autoscaling", WORK, {"enableAutoScaling": False}),
    bad("pool-autoscaling", WORK, {"maxCount": 2}),
    good("pool-autoscaling", WORK, {"maxCount": 3}),
    bad("pool-host-encryption", WORK, {"enableEncryptionAtHost": False}),
    good("pool-host-encryption", WORK, {"enableEncryptionAtHost": False, **TEST}),
    bad("pool-ephemeral-disk", WORK, {"osDiskType": "Managed"}),
    good("pool-ephemeral-disk", WORK, {"osDiskType": "Managed", **TEST}),
    bad("pool-public-ip", WORK, {"enableNodePublicIP": True}),
    bad("pool-public-ip", CLUSTER, {f"{BOOT}.enableNodePublicIP": True}),
    good("pool-public-ip", WORK, {"enableNodePublicIP": ABSENT}),
    bad("pool-zones", WORK, {"availabilityZones": ["1"]}),
    bad("pool-zones", WORK, {"availabilityZones": ABSENT}),
    good("pool-zones", WORK, {"availabilityZones": ABSENT, **TEST}),
    bad("pool-upgrade", WORK, {"upgradeSettings": ABSENT}, "upgradeSettings.maxSurge"),
    bad("pool-upgrade", WORK, {"upgradeSettings.maxSurge": "1"}),
    good("pool-upgrade", WORK, {"upgradeSettings.maxSurge": "10%"}),
]
