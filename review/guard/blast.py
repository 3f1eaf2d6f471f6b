"""What goes with a resource: what the engine replaces along with it, what is inside it, whose pods it carries.

Counted in the base plan: that is what runs before the change.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cached_property
from typing import Any, Final

from review.analyses.pods import RELEASE, Pods, pods_of
from review.guard.findings import Blast
from review.guard.pairs import mapping, title
from review.guard.rows_cluster import CLUSTER
from review.guard.rows_kubernetes import PROVIDER
from review.guard.rows_pools import POOL
from review.guard.table import path_parameters, plain_type
from review.plan import UNKNOWN, Plan, Resource

GROUP: Final = "azure-native:resources:ResourceGroup"
NAMESPACE: Final = "kubernetes:core:Namespace"
CLAIM: Final = "kubernetes:core:PersistentVolumeClaim"
STATEFUL_SET: Final = "kubernetes:apps:StatefulSet"
_CONTROLLERS: Final = ("Deployment", "StatefulSet", "DaemonSet", "Job", "CronJob")
_TEMPLATED: Final = "volumeClaimTemplates"

_PARENTS: Final[Mapping[str, frozenset[str]]] = {
    "resourceGroupName": frozenset({GROUP}),
    "virtualNetworkName": frozenset({"azure-native:network:VirtualNetwork"}),
    "resourceName": frozenset({CLUSTER, "azure-native:managedidentity:UserAssignedIdentity"}),
    "clusterName": frozenset({CLUSTER}),
    "vaultName": frozenset(
        {"azure-native:dataprotection:BackupVault", "azure-native:keyvault:Vault"}
    ),
    "accountName": frozenset({"azure-native:storage:StorageAccount"}),
    "privateZoneName": frozenset({"azure-native:privatedns:PrivateZone"}),
}
"""Types whose name an input of that key is. Any other path parameter may come of anything that a resource waits for."""

_MADE_OF: Final[Mapping[str, tuple[str, ...]]] = {
    "azure-native:authorization:RoleAssignment": ("principalId",),
    "azure-native:network:PrivateEndpoint": ("subnet",),
}
"""Inputs beside the path that replace a resource when they change, and that often come of another one."""


class _Taken:
    """What is known to go, growing along a plan."""

    def __init__(self, root: Resource) -> None:
        self._types: dict[str, str] = {}
        self._namespaces: set[str] = set()
        self.cluster = False
        self._add(root)

        self.may_hold = not _is_object(root) or bool(self._namespaces)

    def has(self, it: Resource) -> bool:
        return it.urn in self._types

    def adds(self, it: Resource) -> bool:
        """Whether `it` goes with what went before; if so, it is noted."""
        inside = self._holds(it) if _is_object(it) else self._names(it)
        if it.urn in self._types or not (inside or self._is_asked_to(it)):
            return False
        self._add(it)
        return True

    def _add(self, it: Resource) -> None:
        type_ = self._types[it.urn] = plain_type(it.type)
        self.cluster |= type_ in (CLUSTER, PROVIDER)
        if type_ == NAMESPACE:
            self._namespaces.add(str(mapping(it.inputs.get("metadata")).get("name")))

    def _holds(self, it: Resource) -> bool:
        space = mapping(it.inputs.get("metadata")).get("namespace", it.inputs.get("namespace"))
        return space in self._namespaces if isinstance(space, str) else False

    def _is_asked_to(self, it: Resource) -> bool:
        """By the program's own options."""
        asked = it.options.get("replaceWith")
        with_ = asked if isinstance(asked, list) else []
        # Of a file that people hand over they may be anything.
        named = [*with_, it.options.get("deletedWith")]
        return any(isinstance(urn, str) and urn in self._types for urn in named)

    def _names(self, it: Resource) -> bool:
        above = {self._types[urn] for urn in it.dependencies if urn in self._types}
        if not above:
            return False
        type_ = plain_type(it.type)
        keys = (*path_parameters().get(type_, ()), *_MADE_OF.get(type_, ()))
        return any(
            _is_unknown(it.inputs.get(key)) and (key not in _PARENTS or above & _PARENTS[key])
            for key in keys
        )


_COUNTED: Final = frozenset(
    {
        *("completions", "maxReplicas", "minReplicas", "parallelism", "replicaCount", "replicas"),
        *("controller", "jobTemplate", "namespace", "scaleTargetRef", "spec", "values"),
    }
)
"""Numbers of pods, and what holds them."""


def _counts(path: str) -> bool:
    """Whether the number of pods hangs on a field of a controller or its autoscaler; what is in each pod does not."""
    return ".template" not in path and path.rpartition(".")[2] in _COUNTED


class Surroundings:
    """One plan, asked what a change of one of its resources takes along."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan

    def along(self, root: Resource) -> list[Resource]:
        """Everything that is replaced or deleted with `root`, in the plan's order, without `root` itself.

        The engine replaces what takes a name or an id of it into its own path; Azure deletes what is inside a group or
        a cluster, Kubernetes what is inside a namespace.
        """
        taken = _Taken(root)
        # What is waited for comes first in a plan. Most objects can only take along what the program ties to them.
        among = self._plan.resources if taken.may_hold else self._tied
        found = [it for it in among if taken.adds(it)]
        if taken.cluster:
            found = [it for it in self._plan.resources if taken.has(it) or _is_object(it)]
        return [it for it in found if it.urn != root.urn]

    def blast(self, root: Resource) -> Blast:
        """In numbers and names, `root` included where it is a pool or a workload."""
        gone = [root, *self.along(root)]
        pools = [it for it in gone if plain_type(it.type) == POOL]
        names = [_pool_name(it) for it in pools]
        nodes = [_nodes(it.inputs) for it in pools]
        for it in gone:
            if plain_type(it.type) == CLUSTER and isinstance(
                inline := it.inputs.get("agentPoolProfiles"), list
            ):
                names += [str(mapping(one).get("name")) for one in inline]
                nodes += [_nodes(mapping(one)) for one in inline]
        pods = self._pods_of(gone, set(map(_pool_name, pools)))
        listed = {it.title for it in pods}
        return Blast(
            pools=tuple(names),
            nodes=(sum(it[0] for it in nodes), sum(it[1] for it in nodes)),
            workloads=tuple(it.title for it in pods),
            pods=(sum(it.rest for it in pods), sum(it.full for it in pods)),
            uncounted=tuple(it.title for it in pods if any(map(_counts, it.unknown))),
            disks=tuple(self._disks(gone, pods)),
            others=tuple(
                text
                for it in gone[1:]
                if not it.type.startswith("aks-platform:")
                and it not in pools
                and (text := title(it)) not in listed
            ),
        )

    def pods_of(self, root: Resource) -> Blast:
        """The nodes and pods of a cluster or a pool whose nodes go one after the other; nothing for anything else."""
        if plain_type(root.type) not in (CLUSTER, POOL):
            return Blast()
        return replace(self.blast(root), others=())

    def bound_to(self, pool: Resource) -> list[Pods]:
        """Workloads whose pods name the pool."""
        return [it for it in self._pods if it.pool == _pool_name(pool)]

    @cached_property
    def _pods(self) -> list[Pods]:
        return pods_of(self._plan)

    def _pods_of(self, gone: Iterable[Resource], pools: set[str]) -> list[Pods]:
        keys: set[tuple[str, str, str]] = set()
        claims: set[tuple[str, str]] = set()
        for it in gone:
            metadata = mapping(it.inputs.get("metadata"))
            key = (str(metadata.get("namespace", "default")), str(metadata.get("name")))
            if it.type == RELEASE:
                space, name = it.inputs.get("namespace", "default"), it.inputs.get("name", it.name)
                keys.add(("Release", str(space), str(name)))
            elif it.inputs.get("kind") in _CONTROLLERS:
                keys.add((it.inputs["kind"], *key))
            elif plain_type(it.type) == CLAIM:
                claims.add(key)
        return [
            it
            for it in self._pods
            if (it.kind, it.namespace, it.name) in keys
            or (it.pool in pools)
            or self._mounts(it, claims)
        ]

    def _mounts(self, pods: Pods, claims: set[tuple[str, str]]) -> bool:
        used = self._claims.get((pods.kind, pods.namespace, pods.name), ())
        return any((pods.namespace, name) in claims for name in used)

    @cached_property
    def _tied(self) -> list[Resource]:
        options = ("replaceWith", "deletedWith")
        return [it for it in self._plan.resources if any(map(it.options.get, options))]

    @cached_property
    def _storage(self) -> list[Resource]:
        return [it for it in self._plan.resources if plain_type(it.type) in (CLAIM, STATEFUL_SET)]

    @cached_property
    def _claims(self) -> Mapping[tuple[str, str, str], list[str]]:
        """Claims that the pods of each controller name."""
        found: dict[tuple[str, str, str], list[str]] = {}
        for it in self._plan.resources:
            kind = it.inputs.get("kind")
            if _is_object(it) and kind in _CONTROLLERS:
                metadata = mapping(it.inputs.get("metadata"))
                key = (kind, str(metadata.get("namespace", "default")), str(metadata.get("name")))
                found[key] = [
                    name
                    for volume in _volumes(it.inputs)
                    if isinstance(
                        name := mapping(volume.get("persistentVolumeClaim")).get("claimName"), str
                    )
                ]
        return found

    def _disks(self, gone: Iterable[Resource], pods: Iterable[Pods]) -> Iterable[str]:
        """Claims that go or whose pods do, with their sizes."""
        users = {(it.kind, it.namespace, it.name): it for it in pods}
        used = {
            (key[1], name) for key, names in self._claims.items() if key in users for name in names
        }
        urns = {it.urn for it in gone}
        for it in self._storage:
            metadata = mapping(it.inputs.get("metadata"))
            space, name = str(metadata.get("namespace", "default")), str(metadata.get("name"))
            spec = mapping(it.inputs.get("spec"))
            if plain_type(it.type) == CLAIM and (it.urn in urns or (space, name) in used):
                yield f"{space}/{name} ({_size(spec)})"
            elif plain_type(it.type) == STATEFUL_SET and (
                row := users.get(("StatefulSet", space, name))
            ):
                for claim in spec.get(_TEMPLATED) or ():
                    of = mapping(mapping(claim).get("metadata")).get("name")
                    yield f"{row.full} x {space}/{of}-{name} ({_size(mapping(mapping(claim).get('spec')))})"


def _is_object(it: Resource) -> bool:
    return it.type.startswith("kubernetes:")


def _is_unknown(value: Any) -> bool:
    return value == UNKNOWN or (isinstance(value, Mapping) and UNKNOWN in value.values())


def _volumes(manifest: Mapping[str, Any]) -> Iterable[Mapping[str, Any]]:
    spec = mapping(manifest.get("spec"))
    job = mapping(mapping(spec.get("jobTemplate")).get("spec")) or spec
    volumes = mapping(mapping(job.get("template")).get("spec")).get("volumes")
    return [mapping(it) for it in volumes] if isinstance(volumes, list) else ()


def _size(spec: Mapping[str, Any]) -> str:
    size = mapping(mapping(spec.get("resources")).get("requests")).get("storage")
    return size if isinstance(size, str) else "size unknown"


def _pool_name(it: Resource) -> str:
    name = it.inputs.get("agentPoolName")
    return name if isinstance(name, str) else it.name


def _nodes(pool: Mapping[str, Any]) -> tuple[int, int]:
    count = _count(pool.get("count"), 1)
    return _count(pool.get("minCount"), count), _count(pool.get("maxCount"), count)


def _count(value: Any, otherwise: int) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) else otherwise
