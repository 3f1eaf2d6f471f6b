"""Data that a change puts at risk: claims, stores and backups; further cases."""

import copy

import pytest

from review.meaning import data
from review.plan import SECRET, UNKNOWN
from tests.review.guard.plans import adding, edited, find, made, obj, plan, without
from tests.review.meaning.losing import (
    CLAIMED,
    CLUSTER,
    INSTANCE,
    POLICY,
    STORES,
    VAULT,
    backup,
    kept_days,
    mounting,
    template,
    vault,
    with_claim,
)
from tests.review.meaning.telling import (
    REDIS,
    WEB,
    findings,
    one,
    rules,
    shuffled,
    told,
    with_pod,
)


def test_a_claim_whose_name_is_not_known_is_another_one():
    base = with_claim(mounting(CLAIMED))

    it = one(
        findings(data, mounting({"persistentVolumeClaim": {"claimName": UNKNOWN}}, base), base)
    )
    assert "a claim that is not known yet" in it.message


def test_disks_stay_in_their_zones_when_the_pods_go_to_another_pool():
    it = one(findings(data, with_pod(REDIS, nodeSelector={"agentpool": "wg2"})))

    assert it.rule == "data-other-pool"
    assert "pool wg1 to pool wg2" in it.message


def test_a_namespace_that_goes_takes_all_claims_and_is_told_once():
    base = with_claim()
    names = [
        it.name
        for it in base.resources
        if it.inputs.get("metadata", {}).get("namespace") == "course"
    ]
    head = without(base, *names, "course-namespace")

    it = one(findings(data, head, base))
    assert it.resource == "Namespace course"
    assert it.message.startswith(
        "every claim in it goes: course/files (100Gi), course/data-redis-0 (8Gi each); "
    )


def test_a_cluster_that_is_made_anew_takes_every_disk():
    def elsewhere(inputs):
        inputs["location"] = "northeurope"

    it = one(findings(data, edited(plan(), CLUSTER, elsewhere)))
    assert it.message.startswith(
        "its node resource group goes, with every disk there: course/data-redis-0 (8Gi each)"
    )
    assert "snapshots of the backup stay" in it.message


def test_a_volume_that_deletes_where_it_kept_is_a_finding():
    def volume(policy):
        spec = {"persistentVolumeReclaimPolicy": policy, "capacity": {"storage": "1Gi"}}
        return adding(plan(), obj("v1", "PersistentVolume", "old", {"spec": spec}, namespace=None))

    it = one(findings(data, volume("Delete"), volume("Retain")))
    assert (it.rule, it.severity) == ("data-reclaim", "advisory")
    assert one(told(data, volume("Retain"), volume("Delete"))).sign == "changed"
    assert "nothing leads to its disk" in one(told(data, plan(), volume("Retain"))).message


def test_a_class_that_deletes_where_it_kept_counts_for_new_disks():
    def made_(policy):
        body = {"reclaimPolicy": policy, "provisioner": "disk.csi.azure.com"}
        return adding(
            plan(), obj("storage.k8s.io/v1", "StorageClass", "kept", body, namespace=None)
        )

    it = one(told(data, made_("Delete"), made_("Retain")))
    assert "Retain -> Delete for disks made from now on" in it.message


@pytest.mark.parametrize("token", STORES)
def test_a_store_that_goes_says_what_survives(token):
    inputs, words = STORES[token]
    base = adding(plan(), made(token, "store", inputs))

    it = one(told(data, plan(), base))
    assert (it.sign, it.rank) == ("lost", 0)
    assert words in it.message
    kept = adding(plan(), made(token, "store", inputs, options={"retainOnDelete": True}))
    assert "leaves the program and stays" in one(told(data, plan(), kept)).message


def test_a_store_that_is_made_anew_says_for_what():
    def flat(inputs):
        inputs["isHnsEnabled"] = True

    it = one(told(data, edited(plan(), "aks-backup-storage-account", flat)))
    assert "is deleted and made anew for isHnsEnabled" in it.message


def test_recovery_points_that_go_earlier_are_mandatory():
    it = one(findings(data, kept_days("P7D")))

    assert (it.rule, it.severity) == ("data-retention", "mandatory")
    assert "14 -> 7; what is older goes" in it.message
    assert one(told(data, kept_days("P4W"))).message.endswith("14 -> 28")


def test_a_retention_that_is_not_known_is_said():
    it = one(findings(data, kept_days(UNKNOWN)))

    assert (it.rule, it.verdict) == ("data-unknown", "unknown")


def test_another_schedule_of_backups_is_a_fact():
    def weekly(inputs):
        trigger = inputs["properties"]["policyRules"][1]["trigger"]
        trigger["schedule"]["repeatingTimeIntervals"] = ["R/2026-01-01T02:00:00+00:00/P1W"]

    assert (
        "backups are made by R/2026-01-01T02:00:00+00:00/P1W"
        in one(told(data, edited(plan(), POLICY, weekly))).message
    )


@pytest.mark.parametrize(
    ("head", "rule"),
    [
        (vault(retentionDurationInDays=7), "data-retention"),
        (vault(state="Off"), "data-protection"),
        (vault(immutability="Disabled"), "data-protection"),
        (vault(state=UNKNOWN), "data-unknown"),
    ],
)
def test_a_vault_that_keeps_less_is_a_finding(head, rule):
    assert rules(findings(data, head)) == [rule]


def test_a_vault_that_keeps_more_is_a_fact():
    assert findings(data, vault(retentionDurationInDays=30)) == []
    assert "for more days" in one(told(data, vault(retentionDurationInDays=30))).message
    assert one(told(data, vault(state="AlwaysOn"))).sign == "changed"


def test_logs_that_are_kept_for_less_are_a_finding():
    name = next(it.name for it in plan().resources if it.type.endswith(":Table"))

    def less(inputs):
        inputs["totalRetentionInDays"] = 30

    assert rules(findings(data, edited(plan(), name, less))) == ["data-retention"]


def test_a_store_of_less_redundancy_is_a_finding():
    def local(inputs):
        inputs["sku"]["name"] = "Standard_LRS"

    it = one(findings(data, edited(plan(), "aks-backup-storage-account", local)))
    assert "sku.name Standard_ZRS -> Standard_LRS" in it.message


@pytest.mark.parametrize(
    "head",
    [
        without(plan(), INSTANCE),
        backup(excludedNamespaces=["course"]),
        backup(includedNamespaces=["logging"]),
        backup(snapshotVolumes=False),
    ],
)
def test_claims_that_no_backup_covers_any_more_are_named(head):
    it = one(findings(data, head))

    assert (it.rule, it.severity) == ("data-backup-lost", "advisory")
    assert it.message == (
        "no backup covers the disks of course any more: course/data-redis-0 (8Gi each)"
    )
    assert "from now on" in one(told(data, plan(), head)).message


def test_a_namespace_without_claims_may_leave_the_backup():
    assert told(data, backup(excludedNamespaces=["logging"])) == []


def test_a_backup_whose_namespaces_are_not_known_is_said():
    it = one(findings(data, backup(includedNamespaces=UNKNOWN)))

    assert (it.rule, it.verdict) == ("data-unknown", "unknown")


def test_protection_that_is_taken_off_data_is_a_fact():
    head = edited(plan(), REDIS, protect=None)

    assert one(told(data, head)).message == (
        "protect no longer keeps the data of StatefulSet course/redis: the next change may delete it"
    )


def test_equal_plans_say_nothing_and_shuffled_ones_the_same():
    head = without(with_claim(template(size="16Gi")), INSTANCE)

    assert told(data, plan(), shuffled(plan())) == []
    assert told(data, shuffled(head), shuffled(plan(), 2)) == told(data, head)


@pytest.mark.parametrize("value", [UNKNOWN, SECRET, None, [], "x"])
def test_what_stands_where_a_map_should_be_is_no_traceback(value):
    for name in (REDIS, WEB, POLICY, INSTANCE, VAULT, "course-namespace"):
        key = "spec" if "spec" in find(plan(), name).inputs else "properties"

        def change(inputs, key=key):
            inputs[key] = copy.deepcopy(value)

        told(data, edited(plan(), name, change))
        told(data, plan(), edited(plan(), name, change))
