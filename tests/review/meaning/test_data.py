"""Data that a change puts at risk: claims, stores and backups."""

import pytest

from review.meaning import data
from review.plan import UNKNOWN
from tests.review.guard.plans import adding, obj, plan, without
from tests.review.meaning.losing import CLAIMED, INSTANCE, called, mounting, template, with_claim
from tests.review.meaning.telling import (
    REDIS,
    WEB,
    findings,
    one,
    rules,
    told,
    with_container,
    with_spec,
)


def test_a_claim_that_is_deleted_says_its_size_what_becomes_of_the_disk_and_what_covers_it():
    it = one(told(data, plan(), with_claim()))

    assert (it.rule, it.severity, it.area) == ("data-claim-lost", "mandatory", "data")
    assert it.resource == "PersistentVolumeClaim course/files"
    assert it.message == (
        "is deleted: 100Gi of data; managed-csi deletes its disk with it; "
        "BackupInstance aks-course-prod has snapshots of it up to its last run"
    )


def test_without_a_backup_that_covers_the_namespace_it_says_so():
    bare = without(plan(), INSTANCE)

    assert "no backup of this plan covers course" in one(told(data, bare, with_claim(bare))).message


def test_a_disk_of_a_class_that_retains_stays_under_a_name_nobody_knows_here():
    kept = obj(
        "storage.k8s.io/v1", "StorageClass", "kept", {"reclaimPolicy": "Retain"}, namespace=None
    )
    base = adding(plan(), kept)

    message = one(findings(data, base, with_claim(base, storage_class="kept"))).message
    assert "its disk stays (Retain) under a name that no plan has" in message


def test_a_class_that_the_plan_does_not_have_leaves_the_verdict_open():
    it = one(findings(data, plan(), with_claim(storage_class="fast")))

    assert it.verdict == "unknown"
    assert "whether its disk goes hangs on class fast" in it.message


def test_a_claim_that_the_program_lets_stay_is_a_fact():
    it = one(told(data, plan(), with_claim(options={"retainOnDelete": True})))

    assert (
        it.message
        == "PersistentVolumeClaim course/files (100Gi of managed-csi) leaves the program and stays "
        + ("where it is (`retainOnDelete`)")
    )


def test_a_claim_that_is_made_anew_loses_its_data():
    it = one(findings(data, with_claim(storage_class="managed-csi-premium"), with_claim()))

    assert it.message.startswith(
        "is deleted and made anew, empty, for spec.storageClassName: 100Gi of data"
    )
    assert it.path == "spec.storageClassName"


@pytest.mark.parametrize(
    ("size", "words"),
    [
        ("200Gi", "grows in place, 100Gi -> 200Gi"),
        ("50Gi", "cannot shrink from 100Gi to 50Gi: it stays as it is, with its data"),
        (UNKNOWN, "whether it grows is known after deployment only"),
    ],
)
def test_another_size_of_a_claim_is_a_fact(size, words):
    assert words in one(told(data, with_claim(size=size), with_claim())).message


def test_one_amount_in_another_spelling_is_no_change():
    assert told(data, with_claim(size="102400Mi"), with_claim()) == []


def test_a_new_claim_says_whether_a_backup_covers_it():
    assert one(told(data, with_claim())).message == (
        "PersistentVolumeClaim course/files is new: 100Gi of managed-csi; the backup covers it"
    )
    bare = without(plan(), INSTANCE)
    assert one(told(data, with_claim(bare), bare)).message.endswith(
        "no backup of this plan covers course"
    )


def test_claims_of_a_set_that_goes_stay_and_are_named():
    it = one(findings(data, without(plan(), REDIS)))

    assert (it.rule, it.severity) == ("data-left-behind", "advisory")
    assert it.message == (
        "goes, its claims stay with their data and nothing here manages them: data-redis-0 (8Gi each)"
    )


def test_claims_of_a_set_that_deletes_them_go_with_it():
    base = with_spec(REDIS, persistentVolumeClaimRetentionPolicy={"whenDeleted": "Delete"})

    it = one(findings(data, without(base, REDIS), base))
    assert (it.rule, it.severity) == ("data-claim-lost", "mandatory")
    assert "`whenDeleted: Delete`" in it.message
    assert "managed-csi-premium deletes its disk with it" in it.message


def test_claims_of_another_size_stay_as_they_are():
    it = one(told(data, template(size="16Gi")))

    assert it.message == (
        "StatefulSet course/redis: data-redis-0 stay as they are, with their data (8Gi of managed-csi-premium); "
        "only claims of new replicas are of 16Gi of managed-csi-premium"
    )


def test_claims_of_another_name_leave_the_data_behind():
    found = findings(data, template(name="store"))

    it = one(found, rule="data-left-behind")
    assert it.severity == "mandatory"
    assert "no longer has claims data: data-redis-0 (8Gi each) stay" in it.message


def test_a_scaled_down_set_keeps_or_deletes_claims_by_its_policy():
    three = with_spec(REDIS, replicas=3)
    assert one(told(data, plan(), three)).message == (
        "StatefulSet course/redis: 3 -> 1 replicas; the claims of those that go stay: data-redis-1 to -2 (8Gi each)"
    )

    deletes = {"whenScaled": "Delete"}
    base = with_spec(REDIS, three, persistentVolumeClaimRetentionPolicy=deletes)
    it = one(findings(data, with_spec(REDIS, base, replicas=1), base))
    assert (it.rule, it.severity) == ("data-claim-lost", "mandatory")


def test_another_policy_for_claims_is_a_fact_beside_the_finding_of_the_guard():
    head = with_spec(REDIS, persistentVolumeClaimRetentionPolicy={"whenDeleted": "Delete"})

    assert one(told(data, head)).message == (
        "StatefulSet course/redis: whenDeleted Retain -> Delete: when the set is deleted its claims go with it"
    )


def test_a_set_under_another_name_starts_empty_and_that_is_mandatory():
    it = one(told(data, called("cache")))

    assert (it.rule, it.severity, it.resource) == (
        "data-left-behind",
        "mandatory",
        "StatefulSet course/cache",
    )
    assert (
        "is what redis was, by its images, and starts with empty disks: data-redis-0 (8Gi each)"
        in it.message
    )


def test_a_set_under_another_name_whose_claims_go_with_it_loses_them():
    deletes = {"persistentVolumeClaimRetentionPolicy": {"whenDeleted": "Delete"}}
    base = with_spec(REDIS, **deletes)

    assert rules(findings(data, called("cache", base), base)) == ["data-claim-lost"]


def test_a_new_set_with_claims_is_told():
    fact = one(told(data, plan(), without(plan(), REDIS)))

    assert fact.message == (
        "StatefulSet course/redis is new, with claims a replica: data 8Gi of managed-csi-premium; the backup covers it"
    )


def test_an_empty_dir_where_a_claim_was_loses_what_is_written():
    base = with_claim(mounting(CLAIMED))

    it = one(findings(data, mounting({"emptyDir": {}}, base), base))
    assert (it.rule, it.severity) == ("data-not-kept", "mandatory")
    assert it.message == (
        "what its pods write to /var/files of web was kept on claim files and now is lost with each pod (emptyDir)"
    )
    fact = one(told(data, base, mounting({"emptyDir": {}}, base)))
    assert fact.sign == "gained"


def test_a_mount_that_goes_loses_what_is_written():
    base = with_claim(mounting(CLAIMED))

    it = one(findings(data, with_container(WEB, base, volumeMounts=[]), base))
    assert it.message.endswith("now is lost with each pod (nothing is mounted there)")


def test_another_claim_at_the_same_place_is_a_finding():
    base = with_claim(mounting(CLAIMED))
    other = mounting({"persistentVolumeClaim": {"claimName": "other"}}, base)

    it = one(findings(data, other, base))
    assert (it.rule, it.severity) == ("data-other-claim", "advisory")
    assert "claim other at /var/files of web in place of claim files" in it.message


def test_the_same_claim_at_another_place_is_a_fact():
    base = with_claim(mounting(CLAIMED))
    head = with_container(WEB, base, volumeMounts=[{"name": "files", "mountPath": "/srv"}])

    assert one(told(data, head, base)).message == (
        "pods of Deployment course/web have claim files at /srv of web now, no longer at /var/files of web"
    )
