"""What test_data and test_data_further share."""

import copy
from dataclasses import replace

from tests.review.guard.plans import adding, edited, obj, plan, replacing
from tests.review.meaning.telling import (
    REDIS,
    WEB,
    container,
    with_container,
    with_pod,
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


def called(name, base=None):
    """The StatefulSet under another name."""

    def change(it):
        inputs = copy.deepcopy(dict(it.inputs))
        inputs["metadata"]["name"] = name
        return replace(it, inputs=inputs)

    return replacing(base or plan(), REDIS, change)


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


def kept_days(days):
    def change(inputs):
        rule = inputs["properties"]["policyRules"][0]["lifecycles"][0]
        rule["deleteAfter"]["duration"] = days

    return edited(plan(), POLICY, change)


def vault(**changes):
    def change(inputs):
        settings = inputs["properties"]["securitySettings"]
        settings["softDeleteSettings"] |= changes
        settings["immutabilitySettings"]["state"] = changes.get("immutability", "Unlocked")

    return edited(plan(), VAULT, change)


def backup(**fields):
    def change(inputs):
        given = inputs["properties"]["policyInfo"]["policyParameters"][
            "backupDatasourceParametersList"
        ][0]
        given.update(fields)

    return edited(plan(), INSTANCE, change)
