"""Stores in Azure that keep data for less long, or less safely: field by field."""

from itertools import pairwise

import pytest

from review.meaning import data
from review.plan import UNKNOWN
from tests.review.guard.plans import adding, made, plan, put
from tests.review.meaning.telling import findings, one, told

VAULT = "azure-native:dataprotection:BackupVault"
REGISTRY = "azure-native:containerregistry:Registry"
BLOBS = "azure-native:storage:BlobServiceProperties"
FILES = "azure-native:storage:FileServiceProperties"
ACCOUNT = "azure-native:storage:StorageAccount"
KEYS = "azure-native:keyvault:Vault"
LOGS = "azure-native:operationalinsights"
SOFT = "properties.securitySettings.softDeleteSettings"


def store(token, path, value, **options):
    inputs = {"name": "x"}
    if value is not None:
        put(inputs, path, value)
    return adding(plan(), made(token, "store", inputs, options=options))


@pytest.mark.parametrize(
    ("token", "path"),
    [
        (VAULT, f"{SOFT}.retentionDurationInDays"),
        (REGISTRY, "policies.softDeletePolicy.retentionDays"),
        (REGISTRY, "policies.retentionPolicy.days"),
        (f"{LOGS}:Table", "retentionInDays"),
        (f"{LOGS}:Table", "totalRetentionInDays"),
        (f"{LOGS}:Workspace", "retentionInDays"),
        (BLOBS, "deleteRetentionPolicy.days"),
        (BLOBS, "containerDeleteRetentionPolicy.days"),
        (BLOBS, "restorePolicy.days"),
        (FILES, "shareDeleteRetentionPolicy.days"),
    ],
)
def test_fewer_days_are_a_finding_and_more_a_fact(token, path):
    long, short = store(token, path, 30), store(token, path, 7)

    it = one(told(data, short, long))
    assert (it.rule, it.severity, it.path) == ("data-retention", "advisory", path)
    assert it.message == (f"keeps what it has for fewer days: {path} 30 -> 7; what is older goes")
    assert one(told(data, long, short)).message.endswith(f"for more days: {path} 7 -> 30")
    assert one(findings(data, store(token, path, None), long)).message.endswith(
        "30 -> nothing; what is older goes"
    )
    assert one(told(data, store(token, path, UNKNOWN), long)).verdict == "unknown"


@pytest.mark.parametrize(
    ("token", "path", "order"),
    [
        (VAULT, f"{SOFT}.state", ["AlwaysOn", "On", "Off"]),
        (
            VAULT,
            "properties.securitySettings.immutabilitySettings.state",
            ["Locked", "Unlocked", "Disabled"],
        ),
        (REGISTRY, "policies.softDeletePolicy.status", ["enabled", "disabled"]),
        (KEYS, "properties.enablePurgeProtection", [True, False]),
        (KEYS, "properties.enableSoftDelete", [True, False]),
        (BLOBS, "deleteRetentionPolicy.enabled", [True, False]),
        (BLOBS, "containerDeleteRetentionPolicy.enabled", [True, False]),
        (BLOBS, "isVersioningEnabled", [True, False]),
        (FILES, "shareDeleteRetentionPolicy.enabled", [True, False]),
        (
            ACCOUNT,
            "sku.name",
            [
                *("Standard_RAGZRS", "Standard_GZRS", "Standard_RAGRS", "Standard_GRS"),
                *("Standard_ZRS", "Standard_LRS"),
            ],
        ),
    ],
)
def test_each_step_down_is_a_finding_and_each_step_up_a_fact(token, path, order):
    for safe, less in pairwise(order):
        it = one(told(data, store(token, path, less), store(token, path, safe)))
        assert (it.rule, it.severity, it.path) == ("data-protection", "advisory", path)
        back = one(told(data, store(token, path, safe), store(token, path, less)))
        assert (back.sign, back.path) == ("changed", path)
    assert findings(data, store(token, path, None), store(token, path, order[-1])) == []
    unknown, safest = store(token, path, UNKNOWN), store(token, path, order[0])
    for pair in ((unknown, safest), (safest, unknown)):
        assert one(told(data, *pair)).rule == "data-unknown"


def test_what_the_program_ignores_keeps_its_days_and_its_words():
    for token, path, one_, other in (
        (BLOBS, "deleteRetentionPolicy.days", 30, 7),
        (BLOBS, "isVersioningEnabled", True, False),
    ):
        base, head = (store(token, path, it, ignoreChanges=[path]) for it in (one_, other))
        assert told(data, head, base) == []


def test_a_backup_vault_that_goes_is_no_key_vault():
    base = adding(
        plan(),
        made(VAULT, "store", {"vaultName": "v", "properties": {"softDeleteRetentionInDays": 7}}),
        made(KEYS, "keys", {"vaultName": "k", "properties": {"softDeleteRetentionInDays": 7}}),
        made("azure-native:keyvault:Key", "key", {"keyName": "k"}),
    )

    found = sorted(it.message for it in told(data, plan(), base))
    assert found == [
        "BackupVault v goes: its recovery points go once their soft delete ends",
        "Key k goes: what it encrypted can be read once it is recovered, within the days of the vault's soft delete",
        "Vault k goes: it can be recovered for 7 days",
    ]


def test_a_key_vault_that_does_not_say_its_days_has_those_of_azure():
    base = adding(plan(), made(KEYS, "keys", {"vaultName": "k"}))

    assert one(told(data, plan(), base)).message == (
        "Vault k goes: it can be recovered within the days of its soft delete (90 where it does not say)"
    )


def test_protection_and_keeping_are_told_of_each_by_itself():
    def with_(**options):
        return adding(
            plan(), *(made(ACCOUNT, it, {"accountName": it}, options=options) for it in "ab")
        )

    assert one(told(data, with_(), with_(protect=True))).resource == "StorageAccount a"
    assert one(told(data, with_(), with_(protect=True))).message == (
        "protect no longer keeps the data of StorageAccount a, StorageAccount b: the next change may delete it"
    )
    assert one(told(data, with_(), with_(retainOnDelete=True))).message == (
        "retainOnDelete no longer keeps the data of StorageAccount a, StorageAccount b: "
        "it goes when the program no longer names it"
    )
    assert told(data, with_(protect=True), with_()) == []
