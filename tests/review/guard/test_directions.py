"""Fields that may go one way and not the other."""

import pytest

from review.guard.changes import guard
from tests.review.guard.plans import adding, edited, made, plan, put

CLUSTER = "aks-cluster-managed-cluster"
IMMUTABILITY = "properties.securitySettings.immutabilitySettings.state"


@pytest.mark.parametrize(
    ("path", "old", "new", "happens"),
    [
        ("oidcIssuerProfile.enabled", True, False, "refused"),
        ("oidcIssuerProfile.enabled", False, True, None),
        ("aadProfile.managed", True, False, "refused"),
        ("aadProfile.managed", False, True, None),
        ("apiServerAccessProfile.enableVnetIntegration", True, False, "refused"),
        ("apiServerAccessProfile.enableVnetIntegration", False, True, "inPlace"),
        ("apiServerAccessProfile.enablePrivateCluster", False, True, "refused"),
        ("apiServerAccessProfile.enablePrivateCluster", True, False, "refused"),
        ("sku.tier", "Standard", "Free", "inPlace"),
        ("sku.tier", "Free", "Standard", None),
        ("securityProfile.workloadIdentity.enabled", True, False, "inPlace"),
        ("securityProfile.workloadIdentity.enabled", False, True, None),
        ("storageProfile.diskCSIDriver.enabled", True, False, "inPlace"),
        ("storageProfile.diskCSIDriver.enabled", False, True, None),
        ("storageProfile.fileCSIDriver.enabled", True, False, "inPlace"),
        ("addonProfiles.azureKeyvaultSecretsProvider.enabled", True, False, "inPlace"),
        ("addonProfiles.azureKeyvaultSecretsProvider.enabled", False, True, None),
        ("networkProfile.loadBalancerProfile.idleTimeoutInMinutes", 30, 10, "inPlace"),
        ("networkProfile.advancedNetworking.enabled", False, True, "inPlace"),
        ("autoScalerProfile.expander", "random", "priority", None),
        ("apiServerAccessProfile.authorizedIPRanges", ["10.0.0.0/8"], ["10.0.0.0/9"], None),
        ("tags.owner", "a", "b", None),
    ],
)
def test_which_way_a_field_of_the_cluster_may_go(path, old, new, happens):
    base = edited(plan(), CLUSTER, lambda it: put(it, path, old))
    head = edited(base, CLUSTER, lambda it: put(it, path, new))

    assert [it.happens for it in guard(base, head)] == ([happens] if happens else [])


@pytest.mark.parametrize(
    ("type_", "path", "old", "new", "happens"),
    [
        ("keyvault:Vault", "properties.enablePurgeProtection", True, False, "refused"),
        ("keyvault:Vault", "properties.enablePurgeProtection", False, True, None),
        ("keyvault:Vault", "properties.softDeleteRetentionInDays", 90, 7, "refused"),
        ("keyvault:Vault", "properties.networkAcls.defaultAction", "Allow", "Deny", None),
        ("network:VirtualNetwork", "addressSpace.addressPrefixes", ["a"], ["a", "b"], None),
        ("network:VirtualNetwork", "addressSpace.addressPrefixes", ["a", "b"], ["a"], "refused"),
        ("network:Subnet", "addressPrefix", "10.0.0.0/24", "10.0.0.0/23", "refused"),
        ("network:Subnet", "networkSecurityGroup.id", "a", "b", None),
        ("compute:Disk", "diskSizeGB", 64, 128, None),
        ("compute:Disk", "diskSizeGB", 128, 64, "refused"),
        ("dataprotection:BackupVault", IMMUTABILITY, "Unlocked", "Locked", None),
        ("dataprotection:BackupVault", IMMUTABILITY, "Locked", "Unlocked", "refused"),
        ("network:NatGateway", "publicIpAddresses", [{"id": "a"}], [{"id": "a"}, {"id": "b"}], None),
        ("network:NatGateway", "publicIpAddresses", [{"id": "a"}], [{"id": "b"}], "inPlace"),
    ],
)  # fmt: skip
def test_which_way_a_field_of_another_resource_may_go(type_, path, old, new, happens):
    inputs = {"location": "westeurope"}
    base = edited(
        adding(plan(), made(f"azure-native:{type_}", "it", inputs)),
        "it",
        lambda it: put(it, path, old),
    )
    head = edited(base, "it", lambda it: put(it, path, new))

    assert [it.happens for it in guard(base, head)] == ([happens] if happens else [])
