"""Deletions, protection that is taken off, and what goes along."""

import pytest

from review.guard.changes import guard
from review.guard.lost import holds_data
from tests.review.guard.plans import adding, edited, find, made, obj, plan, put, without

CLUSTER = "aks-cluster-managed-cluster"
POOL = "aks-pool-wg1"
REDIS = "course-redis-statefulset"
SPACE = "course-namespace"
GONE = {
    "azure-native:keyvault:Vault": {"vaultName": "kv"},
    "azure-native:keyvault:Key": {"vaultName": "kv", "keyName": "disk"},
    "azure-native:compute:Disk": {"diskName": "data"},
    "azure-native:compute:DiskEncryptionSet": {"diskEncryptionSetName": "des"},
    "azure-native:storage:StorageAccount": {"accountName": "st"},
    "azure-native:storage:BlobContainer": {"accountName": "st", "containerName": "c"},
    "azure-native:storage:FileShare": {"accountName": "st", "shareName": "s"},
    "azure-native:containerregistry:Registry": {"registryName": "r"},
    "azure-native:dataprotection:BackupVault": {"vaultName": "bv"},
    "azure-native:dataprotection:BackupInstance": {"vaultName": "bv", "backupInstanceName": "aks"},
    "azure-native:operationalinsights:Workspace": {"workspaceName": "log"},
    "azure-native:monitor:AzureMonitorWorkspace": {"azureMonitorWorkspaceName": "amw"},
    "azure-native:authorization:ManagementLockByScope": {"lockName": "l", "scope": "/s"},
}


def only(base, head):
    [found] = guard(base, head)
    return found


@pytest.mark.parametrize("type_", GONE)
def test_what_holds_data_in_azure_may_not_simply_go(type_):
    base = adding(plan(), made(type_, "thing", GONE[type_]))

    found = only(base, plan())

    assert (found.happens, found.severity, found.stopped) == ("deleted", "mandatory", False)
    assert found.resource.startswith(type_.rpartition(":")[2])
    assert found.why
    assert found.safe


@pytest.mark.parametrize(
    ("version", "kind", "namespace"),
    [
        ("v1", "PersistentVolumeClaim", "course"),
        ("v1", "PersistentVolume", None),
        ("apps/v1", "StatefulSet", "course"),
        ("apiextensions.k8s.io/v1", "CustomResourceDefinition", None),
        ("v1", "Namespace", None),
    ],
)
def test_what_holds_data_in_the_cluster_may_not_simply_go(version, kind, namespace):
    spec = {"template": {"spec": {"containers": []}}} if kind == "StatefulSet" else {}
    base = adding(plan(), obj(version, kind, "thing", {"spec": spec}, namespace))

    found = only(base, plan())

    assert (found.happens, found.severity) == ("deleted", "mandatory")


def test_what_holds_nothing_may_go():
    base = adding(plan(), obj("v1", "ConfigMap", "thing", {"data": {}}))

    assert guard(base, plan()) == []


def test_an_identity_that_goes_is_told_of_without_stopping():
    found = only(plan("dev"), without(plan("dev"), "aks-workload-blob-service-identity"))

    assert (found.happens, found.severity) == ("deleted", "advisory")
    assert found.resource == "UserAssignedIdentity id-course-dev-blob-service"


def test_anything_that_is_protected_may_not_simply_go():
    base = adding(plan(), obj("v1", "ConfigMap", "thing", {"data": {}}, options={"protect": True}))

    found = only(base, plan())

    assert (found.severity, found.stopped, found.why) == ("mandatory", True, "it was protected")


def test_what_is_left_where_it_is_only_falls_out_of_the_program():
    claim = obj("v1", "PersistentVolumeClaim", "d", {"spec": {}}, options={"retainOnDelete": True})

    found = only(adding(plan(), claim), plan())

    assert (found.happens, found.severity) == ("deleted", "advisory")
    assert "retainOnDelete" in found.why


def test_a_namespace_that_goes_takes_everything_inside_along_in_one_finding():
    inside = [
        it.name
        for it in plan().resources
        if it.inputs.get("metadata", {}).get("namespace") == "course"
    ]

    found = only(plan(), without(plan(), SPACE, *inside))

    assert found.resource == "Namespace course"
    assert "StatefulSet course/redis" in found.blast.workloads
    assert found.blast.disks == ("1 x course/data-redis (8Gi)",)
    assert len(found.blast.workloads) == 7
    assert found.stopped


def test_the_same_namespace_without_what_is_inside_says_the_same():
    found = only(plan(), without(plan(), SPACE))

    assert len(found.blast.workloads) == 7


def test_a_cluster_that_goes_takes_all_that_runs_there():
    found = guard(plan(), without(plan(), CLUSTER))[0]

    assert found.resource == "ManagedCluster aks-course-prod"
    assert found.blast.pools == ("system", "wg1", "boot")
    assert found.blast.nodes == (9, 14)
    assert "DaemonSet logging/log-agent" in found.blast.workloads
    assert "Release nginx-ingress/nginx-ingress" in found.blast.workloads
    assert "Service course/web" in found.blast.others
    assert found.blast.disks == ("1 x course/data-redis (8Gi)",)


def test_a_pool_takes_the_pods_that_are_bound_to_it_and_no_others():
    found = only(plan(), edited(plan(), POOL, lambda it: it.update(vmSize="Standard_D4ds_v5")))

    assert found.blast.pools == ("wg1",)
    assert found.blast.nodes == (3, 6)
    assert "DaemonSet logging/log-agent" not in found.blast.workloads
    assert "StatefulSet course/redis" in found.blast.workloads
    assert found.blast.others == ()


def test_a_pool_of_the_system_takes_no_workload():
    found = only(
        plan(), edited(plan(), "aks-pool-system", lambda it: it.update(vmSize="Standard_D8ds_v5"))
    )

    assert found.blast.workloads == ()
    assert found.blast.nodes == (3, 5)


def test_a_group_takes_the_network_the_identities_and_the_cluster():
    found = only(
        plan(), edited(plan(), "aks-resource-group", lambda it: it.update(resourceGroupName="x"))
    )

    assert {"VirtualNetwork vnet-course-prod", "ManagedCluster aks-course-prod"} <= set(
        found.blast.others
    )
    assert found.blast.pools == ("system", "wg1", "boot")


def test_an_identity_takes_its_role_assignments_and_not_the_cluster():
    name = "aks-identity-control-plane"
    found = only(plan(), edited(plan(), name, lambda it: it.update(resourceName="other")))

    assert found.blast.others == (
        "RoleAssignment aks-identity-kubelet-operator",
        "RoleAssignment aks-identity-nodes-subnet-contributor",
        "RoleAssignment aks-backup-cluster-makes-snapshots",
    )


def test_an_upgrade_of_the_cluster_names_its_nodes_and_no_further_resource():
    base = edited(plan(), CLUSTER, ignoreChanges=None)
    found = only(base, edited(base, CLUSTER, lambda it: it.update(kubernetesVersion="1.36")))

    assert (found.happens, found.severity) == ("inPlace", "advisory")
    assert found.blast.nodes == (9, 14)
    assert found.blast.others == ()


def test_a_claim_takes_the_pods_that_mount_it():
    claim = obj(
        "v1",
        "PersistentVolumeClaim",
        "videos",
        {"spec": {"storageClassName": "a", "resources": {"requests": {"storage": "1Ti"}}}},
    )
    volume = {"name": "videos", "persistentVolumeClaim": {"claimName": "videos"}}
    base = adding(plan(), claim)
    base = edited(
        base,
        "course-web-deployment",
        lambda it: it["spec"]["template"]["spec"].update(volumes=[volume]),
    )
    found = only(base, edited(base, "videos", lambda it: it["spec"].update(storageClassName="b")))

    assert found.blast.workloads == ("Deployment course/web",)
    assert found.blast.disks == ("course/videos (1Ti)",)


def test_a_stateful_set_counts_a_disk_for_each_replica():
    base = edited(plan(), REDIS, lambda it: it["spec"].update(replicas=3))
    found = only(base, edited(base, REDIS, lambda it: it["spec"].update(serviceName="x")))

    assert found.blast.pods == (3, 3)
    assert found.blast.disks == ("3 x course/data-redis (8Gi)",)


class TestProtection:
    def test_a_stack_that_takes_it_off_is_told_once(self):
        head = plan()
        for it in plan().resources:
            if it.options.get("protect"):
                head = edited(head, it.name, protect=None)

        found = only(plan(), head)

        assert (found.happens, found.severity, found.path) == (
            "unprotected",
            "mandatory",
            "options.protect",
        )
        assert {
            "ManagedCluster aks-course-prod",
            "Namespace course",
            "StatefulSet course/redis",
        } <= set(found.blast.others)
        assert "further resources without data lose it, too" in found.why

    def test_one_resource_is_named(self):
        found = only(plan(), edited(plan(), REDIS, protect=None))

        assert found.resource == "StatefulSet course/redis"

    def test_what_holds_no_data_is_no_reason_to_stop(self):
        found = only(plan(), edited(plan(), "aks-identity-kubelet-operator", protect=None))

        assert found.severity == "advisory"

    def test_what_is_no_longer_left_behind_is_told(self):
        base = edited(plan(), REDIS, retainOnDelete=True)
        found = only(base, plan())

        assert (found.path, found.severity) == ("options.retainOnDelete", "mandatory")

    def test_putting_it_on_is_nothing(self):
        head = edited(plan("dev"), REDIS, protect=True, retainOnDelete=True)

        assert guard(plan("dev"), head) == []


def test_the_types_that_hold_data_are_protected_in_prod():
    bare = [
        it.name
        for it in plan().resources
        if holds_data(it) and not it.options.get("protect") and not it.type.endswith(":Release")
    ]

    assert bare == []


def test_a_lock_that_goes_names_the_setting():
    lock = made(
        "azure-native:authorization:ManagementLockByScope", "lock", {"lockName": "l", "scope": "/s"}
    )

    assert "cluster.lock" in only(adding(plan(), lock), plan()).safe


def test_edits_leave_the_plan_as_it_was():
    before = find(plan(), REDIS)
    edited(plan(), REDIS, lambda it: put(it, "spec.serviceName", "x"))

    assert find(plan(), REDIS) == before
    assert before.inputs["spec"]["serviceName"] == "redis-headless"


def moved_to(head, pool):
    """Every pod of the pool wg1 bound to another."""
    for it in head.resources:
        if "wg1" in str(it.inputs.get("spec", {})) or it.type.endswith(":Release"):
            head = edited(head, it.name, lambda inputs: bind(inputs, pool))
    return head


def bind(value, pool):
    for key, it in value.items() if isinstance(value, dict) else enumerate(value):
        if key == "agentpool":
            value[key] = pool
        elif isinstance(it, dict | list):
            bind(it, pool)


def blue_green(name):
    """A plan of prod whose pool wg1 is named as a blue/green one is, with another machine in each."""
    it = find(plan(), POOL)
    size = f"Standard_D{len(name)}ds_v5"
    new = made(it.type, f"aks-pool-{name}", {**it.inputs, "agentPoolName": name, "vmSize": size})
    return moved_to(adding(without(plan(), POOL), new), name)


def test_a_blue_green_pool_that_changes_is_no_reason_to_stop():
    job, found = guard(blue_green("wg1ab12"), blue_green("wg1cd345"))

    assert (job.resource, job.severity) == ("Job testing/regression-tests", "advisory")
    assert (found.happens, found.severity) == ("deleted", "advisory")
    assert found.resource == "AgentPool wg1ab12"
    assert found.blast.nodes == (3, 6)
    assert found.blast.workloads == ()
    assert "no workload is bound to it any more" in found.why


def test_a_pool_that_goes_while_a_workload_is_bound_to_it_is():
    head = blue_green("wg1cd345")
    head = edited(head, "course-web-deployment", lambda it: bind(it, "wg1ab12"))

    found, _job = guard(blue_green("wg1ab12"), head)

    assert (found.happens, found.severity) == ("deleted", "mandatory")
    assert found.blast.workloads == ("Deployment course/web",)
