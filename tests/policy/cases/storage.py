"""Cases of the rules of storage."""

from tests.policy.case import ABSENT, bad, good, unclear

REDIS, CLAIM, WEB = (
    "StatefulSet shop/redis",
    "PersistentVolumeClaim shop/files",
    "Deployment shop/web",
)
VOLUME, CLASS = "PersistentVolume archive", "StorageClass retained"
TEMPLATE, OWN = "spec.volumeClaimTemplates[0].spec", "spec.volumeClaimTemplates[data].spec"
SIZE = "resources.requests.storage"
RETENTION = "spec.persistentVolumeClaimRetentionPolicy"
MOUNT = {"name": "files", "persistentVolumeClaim": {"claimName": "files"}}
MOUNTED = "spec.template.spec.volumes[files].persistentVolumeClaim"
DISK = (
    {
        "apiVersion": "v1",
        "kind": "PersistentVolumeClaim",
        "metadata": {"name": "files", "namespace": "shop"},
        "spec": {"accessModes": ["ReadWriteOnce"], "storageClassName": "managed-csi"},
    },
)

CASES = [
    bad("storage-claim-class", CLAIM, {"spec.storageClassName": ABSENT}),
    bad(
        "storage-claim-class",
        REDIS,
        {f"{TEMPLATE}.storageClassName": ABSENT},
        f"{OWN}.storageClassName",
    ),
    good("storage-claim-class", CLAIM, {"spec.storageClassName": "", "spec.volumeName": "a"}),
    bad("storage-claim-size", CLAIM, {f"spec.{SIZE}": ABSENT}),
    bad("storage-claim-size", CLAIM, {f"spec.{SIZE}": "2Ti"}, parameters={"maximum": "1Ti"}),
    bad("storage-claim-size", REDIS, {f"{TEMPLATE}.{SIZE}": "much"}, f"{OWN}.{SIZE}"),
    good("storage-claim-size", CLAIM, {f"spec.{SIZE}": "1Ti"}, parameters={"maximum": "1Ti"}),
    unclear("storage-claim-size", CLAIM, {f"spec.{SIZE}": {"$unknown": True}}),
    bad("storage-host-path", VOLUME, {"spec.hostPath": {"path": "/data"}}),
    bad("storage-host-path", VOLUME, {"spec.local": {"path": "/data"}}),
    good("storage-host-path", VOLUME, {"spec.hostPath": None}),
    bad("storage-retain-claims", REDIS, {f"{RETENTION}.whenDeleted": "Delete"}),
    good("storage-retain-claims", REDIS, {f"{RETENTION}.whenScaled": "Retain"}),
    bad("storage-reclaim", VOLUME, {"spec.persistentVolumeReclaimPolicy": "Delete"}),
    bad("storage-reclaim", CLASS, {"reclaimPolicy": ABSENT}),
    good("storage-reclaim", VOLUME, {"spec.persistentVolumeReclaimPolicy": ABSENT}),
    bad("storage-shared-disk", CLAIM, {"spec.storageClassName": "managed-csi"}, "spec.accessModes"),
    bad("storage-shared-disk", CLAIM, {"spec.storageClassName": "retained"}, "spec.accessModes"),
    good(
        "storage-shared-disk",
        CLAIM,
        {"spec.storageClassName": "managed-csi", "spec.volumeMode": "Block"},
    ),
    good(
        "storage-shared-disk",
        CLAIM,
        {"spec.storageClassName": "managed-csi", "spec.accessModes": ["ReadWriteOnce"]},
    ),
    bad(
        "storage-shared-claim",
        WEB,
        {"spec.template.spec.volumes[+]": MOUNT},
        MOUNTED,
        more=DISK,
    ),
    good("storage-shared-claim", WEB, {"spec.template.spec.volumes[+]": MOUNT}),
    good(
        "storage-shared-claim",
        WEB,
        {
            "spec.template.spec.volumes[+]": MOUNT,
            "spec.replicas": 1,
            "spec.strategy.type": "Recreate",
        },
        more=DISK,
    ),
]
