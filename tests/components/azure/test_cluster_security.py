"""What guards the cluster: secrets, policies, images, etcd, disks."""

import azure.mgmt.containerservicesafeguards.models as safeguards
import pytest

from tests.components.azure.cloud import GUARDED, SUBSCRIPTION, VAULT, planned, stack
from tests.components.azure.test_sdk import body as body_of
from tests.components.azure.test_sdk import faults, models

LOGS = f"{SUBSCRIPTION}/made/aks-telemetry-logs-workspace"
OWN_LOGS = (
    "/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/rg-shared/providers/"
    "Microsoft.OperationalInsights/workspaces/log-course"
)


@pytest.fixture(scope="module")
def guarded():
    return planned(stack(**GUARDED))


def cluster(**changes):
    return planned(stack(**changes))["aks-cluster-managed-cluster"].inputs


def test_secrets_follow_the_vault_as_often_as_the_stack_says():
    given = cluster(
        **{"cluster.keyVaultProvider": {"rotation": False, "rotationPollInterval": "1h"}}
    )
    assert given["addonProfiles"]["azureKeyvaultSecretsProvider"] == {
        "enabled": True,
        "config": {"enableSecretRotation": "false", "rotationPollInterval": "1h"},
    }


def test_switches_of_the_stack_reach_the_cluster():
    given = cluster(
        **{
            "cluster.azurePolicy": False,
            "cluster.disableLocalAccounts": False,
            "cluster.nodeResourceGroupRestriction": "Unrestricted",
            "cluster.imageCleaner": {"enabled": False, "intervalHours": 24},
            "cluster.storage": {"disk": False, "file": False, "blob": True, "snapshot": False},
        }
    )
    assert given["addonProfiles"]["azurepolicy"] == {"enabled": False}
    assert given["disableLocalAccounts"] is False
    assert given["nodeResourceGroupProfile"] == {"restrictionLevel": "Unrestricted"}
    assert given["securityProfile"]["imageCleaner"] == {"enabled": False, "intervalHours": 24}
    assert given["storageProfile"] == {
        "diskCSIDriver": {"enabled": False},
        "fileCSIDriver": {"enabled": False},
        "snapshotController": {"enabled": False},
        "blobCSIDriver": {"enabled": True},
    }


def test_a_stack_that_says_nothing_has_neither_kms_nor_defender_nor_safeguards():
    rows = planned(stack())
    profile = rows["aks-cluster-managed-cluster"].inputs["securityProfile"]
    assert profile.keys() == {"workloadIdentity", "imageCleaner"}
    assert [it for it in rows if "safeguards" in it or "key-rights" in it] == []


def test_etcd_is_encrypted_with_a_key_that_the_control_plane_may_use_before_there_is_a_cluster(
    guarded,
):
    managed = guarded["aks-cluster-managed-cluster"]
    kms = managed.inputs["securityProfile"]["azureKeyVaultKms"]
    assert kms == {
        "enabled": True,
        "keyId": GUARDED["cluster.kms"]["keyId"],
        "keyVaultNetworkAccess": "Public",
    }
    right = guarded["aks-key-rights-crypto-user"]
    assert right.inputs["scope"] == VAULT
    assert right.inputs["principalId"] == "principal of aks-identity-control-plane"
    assert right.inputs["principalType"] == "ServicePrincipal"
    assert right.inputs["roleDefinitionId"].endswith("/12338af0-0e69-4776-bea7-57ae8d297424")
    assert right.name in managed.dependencies


def test_a_vault_without_public_access_is_named_to_azure():
    kms = {**GUARDED["cluster.kms"], "vaultNetworkAccess": "Private"}
    given = cluster(**{"cluster.kms": kms})["securityProfile"]["azureKeyVaultKms"]
    assert (given["keyVaultNetworkAccess"], given["keyVaultResourceId"]) == ("Private", VAULT)


def test_defender_writes_where_the_cluster_logs_or_where_the_stack_says(guarded):
    for given, workspace in (
        (guarded["aks-cluster-managed-cluster"].inputs, LOGS),
        (cluster(**{"cluster.defender": {"workspaceId": OWN_LOGS}}), OWN_LOGS),
    ):
        assert given["securityProfile"]["defender"] == {
            "logAnalyticsWorkspaceResourceId": workspace,
            "securityMonitoring": {"enabled": True},
        }


def test_defender_without_any_workspace_is_refused():
    nothing = {
        "observability.containerInsights": {"enabled": False},
        "observability.diagnostics": {"enabled": False},
    }
    with pytest.raises(ValueError, match=r"cluster\.defender requires workspaceId"):
        planned(stack(**nothing, **{"cluster.defender": {}}))


def test_safeguards_come_after_pools_and_windows_and_are_never_protected():
    row = planned(stack(**GUARDED), protect=True)["aks-safeguards-level"]
    assert row.inputs == {
        "resourceUri": f"{SUBSCRIPTION}/made/aks-cluster-managed-cluster",
        "level": "Enforce",
        "excludedNamespaces": ["logging"],
    }
    assert "aks-maintenance-aksManagedNodeOSUpgradeSchedule" in row.dependencies
    windowless = stack(**GUARDED, **{"cluster.maintenance": {}, "cluster.profile": "dev"})
    assert "aks-pool-wg2" in planned(windowless)["aks-safeguards-level"].dependencies
    assert not row.options.get("protect")


def test_azures_own_clients_know_every_property_and_every_word(guarded):
    sent = body_of(guarded["aks-cluster-managed-cluster"])
    assert list(faults(models.ManagedCluster(sent), sent)) == []
    sent = {"properties": dict(guarded["aks-safeguards-level"].inputs)}
    del sent["properties"]["resourceUri"]
    assert list(faults(safeguards.DeploymentSafeguard(sent), sent)) == []
    sent["properties"]["level"] = "Shout"
    assert len(list(faults(safeguards.DeploymentSafeguard(sent), sent))) == 1
