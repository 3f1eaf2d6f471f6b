import copy
from dataclasses import replace

import pytest

from review.meaning import data
from review.plan import SECRET, UNKNOWN
from tests.review.guard.plans import adding, edited, find, made, obj, plan, replacing, without
from tests.review.meaning.telling import (
    REDIS,
    WEB,
    container,
    findings,
    one,
    rules,
    shuffled,
    told,
    with_container,
    with_pod,
    with_spec,
)

INSTANCE, POLICY, VAULT = "aks-backup-instance", "aks-backup-vault-policy", "aks-backup-vault-vault"
CLUSTER = "aks-cluster-managed-cluster"
MOUNT = [{"name": "files", "mountPath": "/var/files"}]


def claim(name="files", size="100Gi", storage_class="managed-csi", namespace="course", **options):
    spec = {
        "accessModes": ["ReadWriteOnce"],
        "resources": {"requests": {"storage": size}},
        "storageClassName": storage_class,
    }
    return obj("v1", "PersistentVolumeClaim", name, {"spec": spec}, namespace=namespace, **options)


def with_claim(base=None, **fields):
    return adding(base or plan(), claim(**fields))


def mounting(source, base=None):
    """The web workload with one volume at /var/files."""
    head = with_container(WEB, base, volumeMounts=MOUNT)
    return with_pod(WEB, head, volumes=[{"name": "files", **source}])


CLAIMED = {"persistentVolumeClaim": {"claimName": "files"}}


def template(**changes):
    """The StatefulSet's claim otherwise: `size`, `name`."""

    def change(inputs):
        [it] = inputs["spec"]["volumeClaimTemplates"]
        if "size" in changes:
            it["spec"]["resources"]["requests"]["storage"] = changes["size"]
        if "name" in changes:
            it["metadata"]["name"] = changes["name"]
            container(inputs)["volumeMounts"][0]["name"] = changes["name"]

    return edited(plan(), REDIS, change)


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


def called(name, base=None):
    """The StatefulSet under another name."""

    def change(it):
        inputs = copy.deepcopy(dict(it.inputs))
        inputs["metadata"]["name"] = name
        return replace(it, inputs=inputs)

    return replacing(base or plan(), REDIS, change)


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


STORES = {
    "azure-native:storage:StorageAccount": ({"accountName": "st"}, "within 14 days"),
    "azure-native:storage:FileShare": (
        {"shareName": "s", "accountName": "st"},
        "soft delete of shares",
    ),
    "azure-native:keyvault:Vault": (
        {"vaultName": "kv", "properties": {"softDeleteRetentionInDays": 7}},
        "it can be recovered for 7 days",
    ),
    "azure-native:containerregistry:Registry": ({"registryName": "acr"}, "no image of it survives"),
    "azure-native:compute:Disk": ({"diskName": "d"}, "nothing of it survives but snapshots"),
}


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


def kept_days(days):
    def change(inputs):
        rule = inputs["properties"]["policyRules"][0]["lifecycles"][0]
        rule["deleteAfter"]["duration"] = days

    return edited(plan(), POLICY, change)


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


def vault(**changes):
    def change(inputs):
        settings = inputs["properties"]["securitySettings"]
        settings["softDeleteSettings"] |= changes
        settings["immutabilitySettings"]["state"] = changes.get("immutability", "Unlocked")

    return edited(plan(), VAULT, change)


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


def backup(**fields):
    def change(inputs):
        given = inputs["properties"]["policyInfo"]["policyParameters"][
            "backupDatasourceParametersList"
        ][0]
        given.update(fields)

    return edited(plan(), INSTANCE, change)


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
