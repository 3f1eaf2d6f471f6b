"""Where one plan keeps data: claims, the claims of StatefulSets, what pods write to, stores in Azure, and backups."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from review.guard.lost import holds_data
from review.guard.pairs import title
from review.guard.rows_cluster import CLUSTER
from review.guard.table import plain_type
from review.marks import is_mark, known, known_list, names
from review.meaning.controllers import Controller, Key, containers, controllers, ignored, stable
from review.meaning.counts import Count, counts
from review.plan import Plan, Resource

Name = tuple[str, str]
"""Namespace, name."""

CLAIM: Final = "kubernetes:core:PersistentVolumeClaim"
VOLUME: Final = "kubernetes:core:PersistentVolume"
CLASS: Final = "kubernetes:storage.k8s.io:StorageClass"
NAMESPACE: Final = "kubernetes:core:Namespace"
INSTANCE: Final = "azure-native:dataprotection:BackupInstance"
POLICY: Final = "azure-native:dataprotection:BackupPolicy"

BUILT_IN: Final = frozenset(
    {
        "azureblob-fuse-premium",
        "azureblob-nfs-premium",
        "azurefile",
        "azurefile-csi",
        "azurefile-csi-premium",
        "azurefile-premium",
        "default",
        "managed",
        "managed-csi",
        "managed-csi-premium",
        "managed-premium",
    }
)
"""Classes that AKS makes; all of them delete: https://learn.microsoft.com/azure/aks/concepts-storage#storage-classes"""

_STORES: Final = frozenset(
    {
        "azure-native:compute:Disk",
        "azure-native:compute:Snapshot",
        "azure-native:containerregistry:Registry",
        "azure-native:dataprotection:BackupVault",
        "azure-native:keyvault:Key",
        "azure-native:keyvault:Vault",
        "azure-native:monitor:AzureMonitorWorkspace",
        "azure-native:operationalinsights:Table",
        "azure-native:operationalinsights:Workspace",
        "azure-native:storage:BlobContainer",
        "azure-native:storage:BlobServiceProperties",
        "azure-native:storage:FileServiceProperties",
        "azure-native:storage:FileShare",
        "azure-native:storage:StorageAccount",
        CLUSTER,
        POLICY,
    }
)


@dataclass(frozen=True)
class Thing:
    """One resource that holds data, or says how it is kept."""

    title: str
    urn: str
    token: str
    inputs: Mapping[str, Any]
    ignored: tuple[str, ...]
    stays: bool
    """Whether the program leaves it where it is when it goes (`retainOnDelete`)."""


@dataclass(frozen=True)
class Claim:
    """What a claim asks for."""

    size: str
    """`8Gi`; `size unknown` where only a deployment tells."""

    storage_class: str
    """Empty: the cluster's default class."""

    @property
    def text(self) -> str:
        """`8Gi of managed-csi`."""
        return f"{self.size} of {self.storage_class or 'the default class'}"


@dataclass(frozen=True)
class Backup:
    """One instance of Azure Backup for AKS."""

    title: str
    urn: str
    included: tuple[str, ...]
    """Namespaces; empty: all of them."""

    excluded: tuple[str, ...]
    snapshots: bool
    """Whether disks are among what it keeps."""

    unknown: bool
    """Whether only a deployment tells what it covers."""

    def covers(self, namespace: str) -> bool:
        """Whether disks of a namespace are kept for sure."""
        inside = not self.included or namespace in self.included
        sure = self.snapshots and not self.unknown
        return sure and inside and namespace not in self.excluded


@dataclass(frozen=True)
class Side:
    """What one plan says of its data."""

    claims: Mapping[Name, Thing]
    sets: Mapping[Name, Controller]
    """StatefulSets with claims of their own, or that had a chance to."""

    writers: Mapping[Key, Mapping[str, str]]
    """Of every controller, by `container:/path`, what is mounted there: `claim x`, `claims x`, `emptyDir`, ..."""

    urns: Mapping[Key, str]
    """Of each controller."""

    pools: Mapping[Key, str]
    """Label of the pool of each controller whose pods use claims."""

    counts: Mapping[Key, Count]
    namespaces: Mapping[str, Thing]
    volumes: Mapping[str, Thing]
    classes: Mapping[str, Thing]
    stores: Mapping[str, Thing]
    """By URN without the stack, as backups."""

    backups: Mapping[str, Backup]
    protected: Mapping[str, tuple[str, str, bool, bool]]
    """URN, title, `protect` and `retainOnDelete` of whatever holds data."""

    def reclaim(self, storage_class: str) -> str:
        """`Delete`, `Retain`; empty where no plan tells."""
        found = self.classes.get(storage_class)
        if found is not None:
            said = found.inputs.get("reclaimPolicy", "Delete")
            return said if isinstance(said, str) else ""
        return "Delete" if storage_class in BUILT_IN or not storage_class else ""


def of_plan(plan: Plan) -> Side:
    """Read the plan once."""
    found = controllers(plan)
    everyone = counts(plan, found)
    claims: dict[Name, Thing] = {}
    plain: dict[str, dict[str, Thing]] = {NAMESPACE: {}, VOLUME: {}, CLASS: {}}
    stores: dict[str, Thing] = {}
    backups: dict[str, Backup] = {}
    protected = {}
    for row in plan.resources:
        type_ = plain_type(row.type)
        if type_ == CLAIM:
            claims[names(row)] = _thing(row)
        elif type_ in plain:
            plain[type_][names(row)[1]] = _thing(row)
        elif type_ in _STORES:
            stores[stable(row.urn)] = _thing(row)
        elif type_ == INSTANCE:
            backups[stable(row.urn)] = _backup(row)
        if holds_data(row):
            options = row.options
            protected[stable(row.urn)] = (
                row.urn,
                title(row),
                options.get("protect") is True,
                options.get("retainOnDelete") is True,
            )
    writers = {key: mounts(one) for key, one in found.items()}
    persistent = {key for key, it in writers.items() if any(map(is_persistent, it.values()))}
    return Side(
        dict(sorted(claims.items())),
        {(it.namespace, it.name): it for it in found.values() if it.kind == "StatefulSet"},
        writers,
        {key: it.urn for key, it in found.items()},
        {key: everyone[key].pool for key in sorted(persistent)},
        {key: everyone[key] for key in found if key[0] == "StatefulSet"},
        dict(sorted(plain[NAMESPACE].items())),
        dict(sorted(plain[VOLUME].items())),
        dict(sorted(plain[CLASS].items())),
        dict(sorted(stores.items())),
        dict(sorted(backups.items())),
        dict(sorted(protected.items())),
    )


def _thing(row: Resource) -> Thing:
    return Thing(
        title(row),
        row.urn,
        row.type,
        row.inputs,
        ignored(row),
        row.options.get("retainOnDelete") is True,
    )


def _backup(row: Resource) -> Backup:
    info = known(
        known(known(row.inputs.get("properties")).get("policyInfo")).get("policyParameters")
    )
    listed = info.get("backupDatasourceParametersList")
    unknown = is_mark(row.inputs.get("properties")) or is_mark(listed)
    for it in known_list(listed):
        return Backup(
            title(row),
            row.urn,
            _texts(it.get("includedNamespaces")),
            _texts(it.get("excludedNamespaces")),
            it.get("snapshotVolumes") is True,
            unknown
            or is_mark(it.get("includedNamespaces"))
            or is_mark(it.get("excludedNamespaces")),
        )
    return Backup(title(row), row.urn, (), (), snapshots=False, unknown=unknown)


def _texts(value: Any) -> tuple[str, ...]:
    return (
        tuple(it for it in value if isinstance(it, str)) if isinstance(value, list | tuple) else ()
    )


def claim(spec: Any) -> Claim:
    """What the spec of a claim asks for."""
    spec = known(spec)
    size = known(known(spec.get("resources")).get("requests")).get("storage")
    named = spec.get("storageClassName", "")
    return Claim(
        size if isinstance(size, str) else "size unknown",
        named if isinstance(named, str) else "a class that is not known yet",
    )


def templates(of: Controller) -> dict[str, Claim]:
    """Claims that a StatefulSet makes for each replica, by name."""
    found = {}
    for it in known_list(of.spec.get("volumeClaimTemplates")):
        name = known(it.get("metadata")).get("name")
        if isinstance(name, str):
            found[name] = claim(it.get("spec"))
    return found


def mounts(of: Controller) -> dict[str, str]:
    """What is mounted at each path of each container, as far as data goes."""
    sources = {}
    for it in known_list(of.pod.get("volumes")):
        sources[str(it.get("name"))] = _source(it)
    for name in templates(of) if of.kind == "StatefulSet" else ():
        sources[name] = f"claims {name}"
    found = {}
    for container, fields in containers(of.pod):
        for mount in known_list(fields.get("volumeMounts")):
            source = sources.get(str(mount.get("name")), "")
            if source:
                path = mount.get("mountPath")
                found[f"{container}:{path if isinstance(path, str) else '(unknown)'}"] = source
    return dict(sorted(found.items()))


def _source(volume: Mapping[str, Any]) -> str:
    named = known(volume.get("persistentVolumeClaim")).get("claimName")
    if "persistentVolumeClaim" in volume:
        return f"claim {named}" if isinstance(named, str) else "a claim that is not known yet"
    if "ephemeral" in volume:
        return "a disk of the pod's own life"
    if "emptyDir" in volume or set(volume) <= {"name"}:
        return "emptyDir"
    kinds = sorted(set(volume) - {"name"})
    return kinds[0] if kinds else ""


def is_persistent(source: str) -> bool:
    """Whether what is written there outlives the pod."""
    return source.startswith(("claim ", "claims ", "a claim "))


def retention(of: Controller) -> Mapping[str, str]:
    """`whenDeleted` and `whenScaled` of a StatefulSet's claims, with the defaults."""
    said = known(of.spec.get("persistentVolumeClaimRetentionPolicy"))
    return {key: str(said.get(key) or "Retain") for key in ("whenDeleted", "whenScaled")}


def covering(side: Side, namespace: str) -> Iterator[Backup]:
    """The backups that keep disks of a namespace."""
    yield from (it for it in side.backups.values() if it.covers(namespace))


def claim_names(template: str, of: Controller, first: int, last: int) -> str:
    """`data-redis-0`, `data-redis-0 to -2`: those of the ordinals from `first` to before `last`."""
    head = f"{template}-{of.name}-{first}"
    return head if last - first <= 1 else f"{head} to -{last - 1}"


def listed(side: Side, namespaces: Sequence[str] | None = None) -> list[str]:
    """Every claim of a plan, or of some namespaces, with its size."""
    found = [
        f"{space}/{name} ({claim(it.inputs.get('spec')).size})"
        for (space, name), it in side.claims.items()
        if namespaces is None or space in namespaces
    ]
    for (space, _), it in side.sets.items():
        if namespaces is None or space in namespaces:
            full = side.counts[it.key].full
            found += [
                f"{space}/{claim_names(name, it, 0, full)} ({one.size} each)"
                for name, one in templates(it).items()
                if full
            ]
    return found
