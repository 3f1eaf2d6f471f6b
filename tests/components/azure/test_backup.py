"""Backups of the cluster: where they lie, who takes them, and every right between them."""

from itertools import pairwise

import azure.mgmt.dataprotection.models as dataprotection
import azure.mgmt.storage.models as storage
import pytest
from azure.mgmt.kubernetesconfiguration.v2023_05_01 import models as kubernetesconfiguration

from components.azure import data_names
from components.azure.stack import AksStack
from settings.azure_roles import WORKLOAD_ROLES
from tests.components.azure.cloud import BACKED_UP, LOCATION, SUBSCRIPTION, planned, stack
from tests.components.azure.test_sdk import faults, models

MADE = f"{SUBSCRIPTION}/made"
CLUSTER = f"{MADE}/aks-cluster-managed-cluster"
SNAPSHOTS = f"{MADE}/aks-backup-snapshots"
STORAGE = f"{MADE}/aks-backup-storage-account"
ROLE_NAMES = {guid: name for name, guid in WORKLOAD_ROLES.items()}
OF_THE_PATH = {
    "resourceGroupName", "vaultName", "backupPolicyName", "backupInstanceName", "accountName", "containerName",
    "extensionName", "clusterRp", "clusterResourceName", "clusterName", "trustedAccessRoleBindingName", "resourceName",
}  # fmt: skip
RENAMED = {"networkRuleSet": "networkAcls", "enableHttpsTrafficOnly": "supportsHttpsTrafficOnly"}
"""Azure-native's names of a storage account's properties; it puts Azure's own back."""

AT_THE_TOP = {"location", "tags", "sku", "identity", "kind", "properties"}


@pytest.fixture(scope="module")
def rows():
    return planned(stack(**BACKED_UP))


def backed_up(**changes):
    return planned(stack(backup={**BACKED_UP["backup"], **changes}))


def body(row):
    given = {
        RENAMED.get(key, key): value for key, value in row.inputs.items() if key not in OF_THE_PATH
    }
    top = {key: given.pop(key) for key in AT_THE_TOP & given.keys()}
    return {**top, "properties": given} if given else top


def behind(rows, name):
    """Everything that `name` waits for, however far."""
    found, waiting = set(), [name]
    while waiting:
        for it in rows[waiting.pop()].dependencies:
            if it in rows and it not in found:
                found.add(it)
                waiting.append(it)
    return found


def test_a_stack_that_says_nothing_has_none():
    assert [it for it in planned(stack()) if it.startswith("aks-backup")] == []


def test_who_may_do_what_is_four_roles_each_on_one_thing(rows):
    rights = {
        name.removeprefix("aks-backup-"): (
            it.inputs["principalId"],
            ROLE_NAMES[it.inputs["roleDefinitionId"].rpartition("/")[2]],
            it.inputs["scope"],
        )
        for name, it in rows.items()
        if name.startswith("aks-backup-") and it.type.endswith(":RoleAssignment")
    }
    vault = "principal of aks-backup-vault-vault"
    assert rights == {
        "extension-writes": (
            "principal of aks-backup-extension",
            "Storage Blob Data Contributor",
            STORAGE,
        ),
        "vault-reads-cluster": (vault, "Reader", CLUSTER),
        "vault-reads-snapshots": (vault, "Reader", SNAPSHOTS),
        "cluster-makes-snapshots": (
            "principal of aks-identity-control-plane",
            "Contributor",
            SNAPSHOTS,
        ),
    }


def test_a_backup_is_asked_for_once_everything_stands(rows):
    needed = behind(rows, "aks-backup-instance")
    assert needed >= {
        "aks-backup-extension-writes",
        "aks-backup-vault-reads-cluster",
        "aks-backup-vault-reads-snapshots",
        "aks-backup-cluster-makes-snapshots",
        "aks-backup-trusted-access",
        "aks-backup-vault-policy",
        "aks-backup-storage-container",
    }


def test_the_cluster_is_changed_by_one_at_a_time(rows):
    order = [
        "aks-pool-wg2",
        "aks-maintenance-aksManagedNodeOSUpgradeSchedule",
        "aks-backup-extension",
        "aks-backup-trusted-access",
    ]
    for before, later in pairwise(order):
        assert before in behind(rows, later)


def test_the_extension_writes_to_the_account_as_itself_and_without_a_key(rows):
    given = rows["aks-backup-extension"].inputs
    assert given["configurationSettings"] == {
        "configuration.backupStorageLocation.bucket": "backup",
        "configuration.backupStorageLocation.config.resourceGroup": "rg-course-dev",
        "configuration.backupStorageLocation.config.storageAccount": rows[
            "aks-backup-storage-account"
        ].inputs["accountName"],
        "configuration.backupStorageLocation.config.storageAccountURI": "https://"
        f"{rows['aks-backup-storage-account'].inputs['accountName']}.blob.core.windows.net/",
        "configuration.backupStorageLocation.config.subscriptionId": SUBSCRIPTION.rpartition("/")[
            2
        ],
        "configuration.backupStorageLocation.config.useAAD": "true",
        "credentials.tenantId": "72f988bf-0000-4000-8000-2d7cd011db47",
    }
    account = rows["aks-backup-storage-account"].inputs
    assert account["allowSharedKeyAccess"] is False
    assert account["allowBlobPublicAccess"] is False
    assert rows["aks-backup-storage-container"].inputs["publicAccess"] == "None"


def rules(rows):
    given = rows["aks-backup-vault-policy"].inputs["properties"]["policyRules"]
    return {it["name"]: it for it in given}


def test_backups_come_as_often_as_the_stack_says_and_are_kept_as_long(rows):
    found = rules(rows)
    kept = {
        name: it["lifecycles"][0]["deleteAfter"]["duration"]
        for name, it in found.items()
        if "lifecycles" in it
    }
    assert kept == {"Default": "P7D", "Weekly": "P56D"}
    trigger = found["Backup"]["trigger"]
    assert trigger["schedule"] == {"repeatingTimeIntervals": ["R/2026-01-01T02:00:00+00:00/PT12H"]}
    assert [it["tagInfo"]["tagName"] for it in trigger["taggingCriteria"]] == ["Weekly", "Default"]
    assert trigger["taggingCriteria"][0]["criteria"][0]["absoluteCriteria"] == ["FirstOfWeek"]


def test_once_a_day_without_weeks_has_one_rule():
    found = rules(backed_up(everyHours=24, retention={"days": 30}, start="23:30"))
    assert found.keys() == {"Default", "Backup"}
    schedule = found["Backup"]["trigger"]["schedule"]
    assert schedule == {"repeatingTimeIntervals": ["R/2026-01-01T23:30:00+00:00/P1D"]}


def test_what_is_in_it_is_what_the_stack_says(rows):
    for found, namespaces in ((rows, []), (backed_up(namespaces=["course"]), ["course"])):
        policy = found["aks-backup-instance"].inputs["properties"]["policyInfo"]
        parameters = policy["policyParameters"]
        assert parameters["dataStoreParametersList"][0]["resourceGroupId"] == SNAPSHOTS
        [what] = parameters["backupDatasourceParametersList"]
        assert what == {
            "objectType": "KubernetesClusterBackupDatasourceParameters",
            "includedNamespaces": namespaces,
            "excludedNamespaces": ["kube-system"],
            "includeClusterScopeResources": True,
            "snapshotVolumes": True,
        }


@pytest.mark.parametrize(
    ("redundancy", "vault", "account"),
    [
        ("Local", "LocallyRedundant", "Standard_LRS"),
        ("Zone", "ZoneRedundant", "Standard_ZRS"),
        ("Geo", "GeoRedundant", "Standard_GRS"),
    ],
)
def test_vault_and_account_lie_in_as_many_places(redundancy, vault, account):
    found = backed_up(redundancy=redundancy)
    given = found["aks-backup-vault-vault"].inputs["properties"]
    assert given["storageSettings"] == [{"datastoreType": "VaultStore", "type": vault}]
    assert found["aks-backup-storage-account"].inputs["sku"] == {"name": account}


def test_what_holds_backups_is_protected_with_its_stack():
    found = planned(stack(**BACKED_UP), protect=True)
    holding = ("aks-backup-vault-vault", "aks-backup-storage-account", "aks-backup-snapshots")
    assert all(found[name].options.get("protect") for name in holding)


def test_before_there_is_a_cluster_who_writes_is_not_known():
    found = planned(stack(**BACKED_UP), preview=True)
    assert found["aks-backup-extension-writes"].inputs["principalId"] == {"$unknown": True}
    assert found["aks-backup-vault-reads-cluster"].inputs["principalId"] == {"$unknown": True}


def test_names_are_within_azures_limits_and_apart_from_everybody_elses():
    seen = set()
    for changes in (
        {},
        {"cluster.dnsPrefix": "other"},
        {"resourceGroup": "rg-other"},
        {"platform": "a" * 40, "environment": "e" * 30},
    ):
        own = AksStack.of(stack(**changes), LOCATION)
        name = data_names.backup_storage(own)
        assert 3 <= len(name) <= 24
        assert name.isalnum()
        assert name == name.lower()
        assert name == data_names.backup_storage(AksStack.of(stack(**changes), LOCATION))
        seen.add(name)
        assert len(data_names.backup_vault(own)) <= 50
        assert len(data_names.snapshot_group(own)) <= 90
    assert len(seen) == 4


MODELS = {
    "aks-backup-vault-vault": dataprotection.BackupVaultResource,
    "aks-backup-vault-policy": dataprotection.BaseBackupPolicyResource,
    "aks-backup-instance": dataprotection.BackupInstanceResource,
    "aks-backup-storage-account": storage.StorageAccountCreateParameters,
    "aks-backup-storage-container": storage.BlobContainer,
    "aks-backup-trusted-access": models.TrustedAccessRoleBinding,
}


@pytest.mark.parametrize("name", MODELS)
def test_azures_own_client_knows_every_property_and_every_word(rows, name):
    sent = body(rows[name])
    assert list(faults(MODELS[name](sent), sent)) == []


def test_every_property_of_the_extension_survives_azures_own_client(rows):
    sent = body(rows["aks-backup-extension"])
    assert kubernetesconfiguration.Extension.deserialize(sent).serialize() == sent


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("aks-backup-vault-vault", lambda it: it["securitySettings"].update(softDelete={})),
        ("aks-backup-vault-policy", lambda it: it["policyRules"][0].update(isdefault=True)),
        ("aks-backup-instance", lambda it: it["policyInfo"].update(policy="x")),
        ("aks-backup-storage-account", lambda it: it.update(minimumTlsVersion="TLS9")),
    ],
)
def test_a_misspelt_property_or_word_would_be_found(name, change):
    sent = body(planned(stack(**BACKED_UP))[name])
    change(sent["properties"])
    assert len(list(faults(MODELS[name](sent), sent))) == 1
