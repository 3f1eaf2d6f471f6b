"""What is told of data to the last word: what survives, what nobody can say, and what is no news."""

import pytest

from review.meaning import data
from review.plan import UNKNOWN
from tests.review.guard.plans import adding, edited, made, obj, plan, without
from tests.review.meaning.losing import (
    CLAIMED,
    CLUSTER,
    INSTANCE,
    POLICY,
    VAULT,
    mounting,
    template,
    with_claim,
)
from tests.review.meaning.telling import REDIS, WEB, facts, findings, messages, one, told, with_spec


def test_a_claim_whose_class_only_a_deployment_tells_may_be_made_anew():
    it = one(told(data, with_claim(storage_class=UNKNOWN), with_claim()))

    assert (it.rule, it.verdict, it.path) == ("data-unknown", "unknown", "spec.storageClassName")
    assert (
        "whether it is deleted and made anew, empty, hangs on spec.storageClassName" in it.message
    )


def test_a_claim_that_is_made_anew_and_may_be_for_more_is_told_once():
    base = with_claim()
    head = with_claim(storage_class="managed-csi-premium")
    head = edited(head, "files", lambda it: it["spec"].update(volumeMode=UNKNOWN))

    assert [it.rule for it in findings(data, head, base)] == ["data-claim-lost"]


def volume(policy):
    spec = {"persistentVolumeReclaimPolicy": policy, "capacity": {"storage": "1Gi"}}
    return adding(plan(), obj("v1", "PersistentVolume", "old", {"spec": spec}, namespace=None))


def test_a_reclaim_policy_that_is_not_known_is_said_to_be():
    for head, base in ((volume(UNKNOWN), volume("Retain")), (volume("Retain"), volume(UNKNOWN))):
        it = one(told(data, head, base))
        assert (it.rule, it.verdict) == ("data-unknown", "unknown")
        assert it.path == "spec.persistentVolumeReclaimPolicy"


def test_a_volume_that_says_nothing_keeps():
    bare = edited(
        volume("Retain"), "old", lambda it: it["spec"].pop("persistentVolumeReclaimPolicy")
    )

    assert told(data, bare, volume("Retain")) == []
    assert "reclaim policy Retain -> Delete" in one(told(data, volume("Delete"), bare)).message


def in_course(base):
    return [
        it.name
        for it in base.resources
        if it.inputs.get("metadata", {}).get("namespace") == "course"
    ]


def test_a_namespace_that_the_program_lets_stay_takes_nothing():
    base = edited(
        with_claim(options={"retainOnDelete": True}), "course-namespace", retainOnDelete=True
    )
    head = without(base, *in_course(base), "course-namespace")

    found = findings(data, head, base)
    assert [it.resource for it in found] == ["StatefulSet course/redis"]
    assert "leaves the program and stays" in str(messages(facts(data, head, base)))


def test_a_namespace_without_claims_may_go():
    base = adding(plan(), obj("v1", "Namespace", "bare", {}, namespace=None))

    assert told(data, plan(), base) == []


def test_a_cluster_without_a_backup_that_goes_says_so():
    base = without(plan(), INSTANCE)
    head = edited(base, CLUSTER, lambda it: it.update(location="northeurope"))

    assert "; no backup of this plan has them" in one(findings(data, head, base)).message


def test_of_two_clusters_the_one_that_goes_is_named():
    other = made(
        "azure-native:containerservice:ManagedCluster",
        "a-second-cluster",
        {"resourceName": "aks-second", "location": "westeurope"},
    )
    base = adding(plan(), other)
    head = edited(base, CLUSTER, lambda it: it.update(location="northeurope"))

    assert one(findings(data, head, base)).resource == "ManagedCluster aks-course-prod"


def test_a_cluster_that_the_program_lets_stay_takes_no_disk():
    base = edited(plan(), CLUSTER, retainOnDelete=True)

    assert findings(data, without(base, CLUSTER), base) == []


def test_a_set_with_retaining_claims_in_a_cluster_that_goes_is_told_once():
    head = edited(without(plan(), REDIS), CLUSTER, lambda it: it.update(location="northeurope"))

    assert [it.resource for it in findings(data, head)] == ["ManagedCluster aks-course-prod"]


def policy_of(change):
    return edited(plan(), POLICY, lambda it: change(it["properties"]["policyRules"]))


@pytest.mark.parametrize(
    ("change", "path"),
    [
        (
            lambda it: it[0].update(lifecycles=UNKNOWN),
            "properties.policyRules[0].lifecycles",
        ),
        (
            lambda it: it[0]["lifecycles"].__setitem__(0, UNKNOWN),
            "properties.policyRules[0].lifecycles[0]",
        ),
        (
            lambda it: it[1]["trigger"]["schedule"].update(repeatingTimeIntervals=UNKNOWN),
            "properties.policyRules[1].trigger.schedule.repeatingTimeIntervals",
        ),
        (lambda it: it[1].update(trigger=UNKNOWN), "properties.policyRules[1].trigger"),
        (lambda it: it.__setitem__(0, UNKNOWN), "properties.policyRules[0]"),
        (
            lambda it: it[0]["lifecycles"][0]["deleteAfter"].update(duration="a while"),
            "properties.policyRules",
        ),
    ],
)
def test_rules_of_a_backup_that_nobody_can_read_are_unknown_and_not_gone(change, path):
    it = one(told(data, policy_of(change)))

    assert (it.rule, it.verdict, it.path) == ("data-unknown", "unknown", path)


def test_a_rule_of_a_backup_that_goes_keeps_nothing():
    found = one(findings(data, policy_of(lambda it: it[0].update(lifecycles=[]))))

    assert (found.rule, found.severity) == ("data-retention", "mandatory")
    assert "14 -> nothing" in found.message


@pytest.mark.parametrize(
    ("duration", "days"), [("P1Y", 365), ("P2M", 60), ("P3W", 21), ("P1Y1M1W1D", 403), ("P90D", 90)]
)
def test_durations_are_counted_in_days(duration, days):
    def change(rules):
        rules[0]["lifecycles"][0]["deleteAfter"]["duration"] = duration

    assert one(told(data, policy_of(change))).message.endswith(f" 14 -> {days}")


def test_a_schedule_that_goes_is_told_as_none():
    def change(rules):
        rules[1]["trigger"]["schedule"].pop("repeatingTimeIntervals")

    assert (
        "backups are made by no schedule, they were by R/"
        in one(told(data, policy_of(change))).message
    )
    assert ", they were by none" in one(told(data, plan(), policy_of(change))).message


def backed(**fields):
    def change(inputs):
        given = inputs["properties"]["policyInfo"]["policyParameters"]
        given["backupDatasourceParametersList"][0].update(fields)

    return edited(plan(), INSTANCE, change)


def test_a_backup_that_was_not_known_loses_nothing_when_it_is():
    assert (
        told(data, backed(includedNamespaces=["logging"]), backed(includedNamespaces=UNKNOWN)) == []
    )


def test_a_backup_that_may_cover_a_namespace_is_not_said_to():
    base = with_claim(backed(includedNamespaces=UNKNOWN))
    head = without(base, "files")

    assert one(findings(data, head, base)).message.endswith(
        "; which namespaces the backup covers is known after deployment only"
    )


def test_pods_without_a_pool_are_said_to_run_in_any():
    def free(inputs):
        inputs["spec"]["template"]["spec"].pop("nodeSelector")

    head = edited(plan(), REDIS, free)
    assert one(findings(data, head)).resource == "StatefulSet course/redis"
    assert "its pods go from pool wg1 to any pool, " in one(findings(data, head)).message
    assert "its pods go from any pool to pool wg1, " in one(findings(data, plan(), head)).message


def test_pods_without_disks_may_go_to_another_pool():
    def other(inputs):
        inputs["spec"]["template"]["spec"]["nodeSelector"] = {"agentpool": "wg2"}

    assert told(data, edited(plan(), WEB, other)) == []


def test_a_set_without_pods_has_no_claims_to_lose():
    base = with_spec(REDIS, replicas=0)

    assert told(data, without(base, REDIS), base) == []


def test_every_claim_of_a_set_with_three_replicas_is_named():
    base = with_spec(REDIS, replicas=3)

    assert (
        "data-redis-0 to -2 (8Gi each)" in one(findings(data, without(base, REDIS), base)).message
    )


def test_claims_that_go_with_a_scaled_down_replica_say_which_and_where():
    retention = {"whenScaled": "Delete", "whenDeleted": "Retain"}
    base = with_spec(REDIS, replicas=2, persistentVolumeClaimRetentionPolicy=retention)

    it = one(findings(data, with_spec(REDIS, base, replicas=1), base))
    assert it.message == (
        "2 -> 1 replicas, and the claims of those that go are deleted (`whenScaled: Delete`): data-redis-1 (8Gi each)"
    )
    assert it.path == "spec.replicas"


def test_claims_that_stay_when_scaled_are_told_of_the_policy_too():
    head = with_spec(REDIS, persistentVolumeClaimRetentionPolicy={"whenScaled": "Delete"})

    assert one(told(data, head)).message == (
        "StatefulSet course/redis: whenScaled Retain -> Delete: when a replica is scaled away its claims go with it"
    )
    assert one(told(data, plan(), head)).message.endswith("its claims stay, with their data")


@pytest.mark.parametrize(
    ("source", "named"),
    [
        ({"ephemeral": {}}, "a disk of the pod's own life"),
        ({}, "emptyDir"),
        ({"nfs": {"server": "s"}}, "nfs"),
    ],
)
def test_what_is_mounted_instead_of_a_claim_is_named(source, named):
    base = with_claim(mounting(CLAIMED))

    assert one(findings(data, mounting(source, base), base)).message.endswith(
        f"now is lost with each pod ({named})"
    )


def test_a_claim_for_another_claim_is_told_once_and_one_of_a_set_is_the_templates_to_tell():
    other = {"persistentVolumeClaim": {"claimName": "other"}}
    base = with_claim(mounting(CLAIMED))

    assert [it.rule for it in told(data, mounting(other, base), base)] == ["data-other-claim"]
    assert [it.rule for it in told(data, template(name="store"))] == ["data-left-behind"]


def test_claims_of_a_namespace_that_goes_say_which_backup_has_them():
    base = with_claim()
    head = without(base, *in_course(base), "course-namespace")

    assert one(findings(data, head, base)).message.endswith(
        "; BackupInstance aks-course-prod has snapshots of it up to its last run"
    )


def test_a_class_whose_policy_is_not_known_is_said_to_be_so():
    def class_(policy):
        body = {"reclaimPolicy": policy, "provisioner": "disk.csi.azure.com"}
        return adding(
            plan(), obj("storage.k8s.io/v1", "StorageClass", "kept", body, namespace=None)
        )

    assert "unknown -> Delete" in one(told(data, class_("Delete"), class_(UNKNOWN))).message
    assert "Delete -> unknown" in one(told(data, class_(UNKNOWN), class_("Delete"))).message


def test_a_retention_that_was_not_known_is_not_said_to_have_grown():
    name = next(it.name for it in plan().resources if it.type.endswith(":Table"))
    base = edited(plan(), name, lambda it: it.update(totalRetentionInDays=UNKNOWN))

    it = one(told(data, plan(), base))
    assert (it.rule, it.path) == ("data-unknown", "totalRetentionInDays")


def test_switches_are_said_as_yaml_has_them():
    def vault(protected):
        inputs = {"vaultName": "kv", "properties": {"enablePurgeProtection": protected}}
        return adding(plan(), made("azure-native:keyvault:Vault", "kv", inputs))

    it = one(told(data, vault(False), vault(True)))
    assert it.message == (
        "its data is kept less safely: properties.enablePurgeProtection true -> false"
    )


def test_a_namespace_whose_sets_have_no_claims_may_leave_the_backup():
    bare = with_spec(REDIS, volumeClaimTemplates=[])

    base, head = (
        edited(bare, INSTANCE, lambda it, names=names: covers(it, names))
        for names in ([], ["course"])
    )
    assert told(data, head, base) == []


def covers(inputs, excluded):
    given = inputs["properties"]["policyInfo"]["policyParameters"]
    given["backupDatasourceParametersList"][0]["excludedNamespaces"] = excluded


def test_namespaces_that_a_backup_covers_from_now_on_come_by_name():
    base = backed(includedNamespaces=["logging"])
    more = [
        adding(it, obj("v1", "PersistentVolumeClaim", "f", {"spec": {}}, namespace="zoo"))
        for it in (base, plan())
    ]

    assert one(told(data, more[1], more[0])).message == (
        "a backup covers the disks of course, zoo from now on"
    )


def test_an_unknown_number_of_days_is_unknown_before_and_after():
    from_unknown = edited(plan(), VAULT, lambda it: days(it, UNKNOWN))

    assert one(told(data, plan(), from_unknown)).rule == "data-unknown"


def days(inputs, value):
    settings = inputs["properties"]["securitySettings"]["softDeleteSettings"]
    settings["retentionDurationInDays"] = value


@pytest.mark.parametrize(
    "name",
    [
        *("azureblob-fuse-premium", "azureblob-nfs-premium", "azurefile", "azurefile-csi"),
        *("azurefile-csi-premium", "azurefile-premium", "default", "managed", "managed-csi"),
        *("managed-csi-premium", "managed-premium", ""),
    ],
)
def test_classes_that_aks_makes_delete_with_the_claim(name):
    it = one(findings(data, plan(), with_claim(storage_class=name)))

    assert it.verdict == "fail"
    assert (
        f"{name or 'the default class'} deletes its disk with it".replace(
            "the default class", "the cluster's default class"
        )
        in it.message
    )


def test_a_claim_without_a_class_is_of_the_default_one():
    assert "100Gi of the default class" in one(told(data, with_claim(storage_class=""))).message


def test_pods_that_use_a_claim_beside_other_volumes_have_a_disk_to_follow():
    volumes = [{"name": "files", **CLAIMED}, {"name": "tmp", "emptyDir": {}}]
    mounts = [{"name": it, "mountPath": f"/{it}"} for it in ("files", "tmp")]

    def change(inputs, pool):
        spec = inputs["spec"]["template"]["spec"]
        spec.update(volumes=volumes, nodeSelector={"agentpool": pool})
        spec["containers"][0]["volumeMounts"] = mounts

    base, head = (edited(plan(), WEB, lambda it, to=to: change(it, to)) for to in ("wg1", "wg2"))
    assert [it.rule for it in findings(data, head, base)] == ["data-other-pool"]


def test_a_claim_whose_name_becomes_known_is_another_one_too():
    unknown = {"persistentVolumeClaim": {"claimName": UNKNOWN}}
    base = with_claim(mounting(unknown))

    it = one(findings(data, mounting(CLAIMED, base), base))
    assert it.rule == "data-other-claim"
    assert "in place of a claim that is not known yet" in it.message


def test_a_backup_of_which_nothing_is_known_is_said():
    head = edited(plan(), INSTANCE, lambda it: it.update(properties=UNKNOWN))

    assert one(findings(data, head)).rule == "data-unknown"
