"""Settings with what is wrong taken out, so that the cross-checks can still look at the rest.

A user mends every fault in one go only if one fault does not hide the others. What a model refuses is replaced by its
default or by something harmless, and no cross-check is believed about anything near it (`Doubts`). Where even that
would make up faults (the target is unknown, a map that others refer to is missing) there is nothing to look at.
"""

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from settings.azure_identity import AzureRole
from settings.charts import Chart
from settings.explain_errors import MOST_FAULTS, Path, container_at, model_at, path_of
from settings.stack import Settings
from settings.workload import Workload

Model = TypeVar("Model", bound=BaseModel)

_ROUNDS = 5
"""A round takes out what the last one brought to light; more than two have not been seen."""

_QUOTA: dict[str, Any] = {"requests": {}, "limits": {}, "pods": 1_000_000}
_STAND_INS: dict[str, dict[str, Any]] = {
    "Settings": {"environment": "none", "monitoring": {"namespace": "none"}},
    "ClusterSettings": {"kubernetesVersion": "1.35"},
    "NamespaceSettings": {"quota": _QUOTA},
    "Quota": _QUOTA,
    "NodePool": {"min": 1, "max": 1},
    "External": {"cidrs": ["192.0.2.0/28"]},
    "Monitoring": {"namespace": "none"},
    "Image": {"tag": "none"},
    "KeyVault": {},
    "PriorityQuota": {"pods": 1_000_000},
    "PriorityClass": {"value": 0, "description": "none"},
    "PullSecret": {},
    "SharedIdentity": {},
}
"""What stands in for a required key, or a whole entry of a map, by the model that has it: it breaks no check."""

_DECISIVE = (
    "target",
    "cni",
    "fqdnPolicies",
    "disks",
    "nodeSelectors",
    "service",
    "ports",
    "containers",
)
"""Keys at the top that change what is right elsewhere: without what they say nothing else is believed."""

_OF_NAMESPACE = ("resources", "security", "imagePullSecrets", "containers", "volumes")
"""Keys of a workload that are held against its namespace."""

_ALSO_DOUBTFUL = {
    "autoscale": ("disruption", "replicas", "rollout"),
    "availability": ("autoscale", "disruption", "replicas", "rollout"),
    "replicas": ("autoscale", "disruption", "rollout"),
    "config": ("env", "mounts", "containers"),
    "containers": ("secrets",),
    "env": ("secrets",),
    "mounts": ("volumes",),
    "resources": ("autoscale", "volumes"),
    "rollout": ("probes", "containers"),
    "secrets": ("env", "containers", "azureIdentity"),
    "security": ("volumes", "containers"),
    "terminationGracePeriodSeconds": ("preStop", "containers"),
    "volumes": ("mounts", "containers"),
    "job": ("volumes",),
    "release": ("rollout",),
    "routes": ("release",),
    "uses": ("azureIdentity",),
}
"""Keys of a workload whose checks read another key."""


class _NotMendableError(Exception):
    pass


class Doubts:
    """Key paths of the settings object about which no cross-check is believed."""

    def __init__(self, paths: Iterable[Path] = ()) -> None:
        self.paths: set[Path] = set()
        self.above: set[Path] = set()
        for path in paths:
            self.add(*path)

    def add(self, *path: str | int) -> None:
        """Doubt `path`, what is below it and the maps that hold it."""
        self.paths.add(path)
        self.above.update(path[:length] for length in range(len(path)))

    def about(self, path: Path | None) -> bool:
        """Whether `path` touches a doubtful one; a fault without a path is believed."""
        if path is None:
            return False
        return path in self.above or any(
            path[:length] in self.paths for length in range(len(path) + 1)
        )


def mended(
    root: Mapping[str, Any],
    workloads: Mapping[str, Mapping[str, Any]],
    sealed: Iterable[Path],
    doubts: Doubts,
) -> Settings | None:
    """The stack's settings without what the model refuses and without `sealed`; None if that cannot be."""
    own = [path for path in sealed if path[:1] != ("workloads",)]
    try:
        settings, removed = _mended(Settings, root, own)
    except _NotMendableError:
        return None
    for path in removed:
        doubts.add(*(path[:-1] or path))
        if path[0] == "namespaces" and path[2:3] not in (("quota",), ("access",)):
            tenants = [name for name, it in workloads.items() if it.get("namespace") == path[1]]
            for name in tenants:
                for key in _OF_NAMESPACE:
                    doubts.add("workloads", name, key)
    return settings


def mended_workload(name: str, data: Mapping[str, Any], doubts: Doubts) -> Workload | None:
    """One workload of the stack without what the model refuses; None if that cannot be."""
    try:
        workload, removed = _mended(Workload, data, ())
    except _NotMendableError:
        return None
    for key in {str(path[0]) for path in removed}:
        for doubtful in (key, *_ALSO_DOUBTFUL.get(key, ())):
            doubts.add("workloads", name, doubtful)
        if key == "resources":
            doubts.add("namespaces", workload.namespace, "quota")
    return workload


def _mended(model: type[Model], data: Any, paths: Iterable[Path]) -> tuple[Model, list[Path]]:
    """The model of what is left of `data`, and what was taken out or replaced."""
    data, removed = _copy(data), []
    for _ in range(_ROUNDS):
        # From the end: an index stays right while what comes after it goes.
        for path in sorted(paths, key=lambda it: [str(step).zfill(6) for step in it], reverse=True):
            removed.append(_take_out(model, data, path))
        try:
            return model.model_validate(data), removed
        except ValidationError as error:
            if error.error_count() > MOST_FAULTS:  # nothing of it can be believed
                break
            paths = {path_of(it, data) for it in error.errors(include_url=False)}
    raise _NotMendableError


def _copy(data: Any) -> Any:
    """Unlike `deepcopy` without the sharing that aliases bring: what goes in one place stays in the other."""
    if isinstance(data, Mapping):
        return {key: _copy(value) for key, value in data.items()}
    return [_copy(item) for item in data] if isinstance(data, list) else data


def _take_out(model: type[BaseModel], data: Any, path: Path) -> Path:
    """Remove or replace what stands at `path`, or the least around it that can be; returns what that was."""
    if not path:
        raise _NotMendableError
    holder, owner = _at(data, path[:-1]), model_at(model, path[:-1])
    if holder is None:  # gone already, with what was around it
        return path
    fields = owner.model_fields.values() if owner else ()
    field = next((it for it in fields if it.alias == path[-1]), None)
    if owner and field is None:
        if isinstance(holder, list):  # an item of a short form
            del holder[int(path[-1]) : int(path[-1]) + 1]
        else:
            holder.pop(path[-1], None)
        return path
    if path[0] in _DECISIVE:
        raise _NotMendableError
    if item := _item(path):
        _take_entry_out(model, _at(data, item[:-1]), item)
        return item
    if owner is None or field is None:
        _take_entry_out(model, holder, path)
        return path
    return _take_field_out(model, data, path, owner.__name__, field.is_required())


def _take_field_out(
    model: type[BaseModel], data: Any, path: Path, owner: str, required: bool
) -> Path:
    holder, step = _at(data, path[:-1]), str(path[-1])
    if step in _STAND_INS.get(owner, {}):
        holder[step] = _copy(_STAND_INS[owner][step])
    elif owner == "Host" and step == "host":
        holder[step] = _own_host(path)
    elif required:
        return _take_out(model, data, path[:-1])
    elif model is Settings and _has_names(model, path):
        raise _NotMendableError  # others refer to its entries
    else:
        holder.pop(step, None)
    return path


def _item(path: Path) -> Path:
    """The way to the item of a list that `path` runs through: a half of one could clash with another."""
    return next((path[: index + 1] for index, it in enumerate(path) if isinstance(it, int)), ())


def _take_entry_out(model: type[BaseModel], holder: Any, path: Path) -> None:
    """As `_take_out`, for an item of a list or an entry of a map that users name."""
    entry, step = model_at(model, path), path[-1]
    if isinstance(holder, list):
        del holder[int(step) : int(step) + 1]
    elif entry is not None and entry.__name__ == "Host":
        holder[step] = _own_host(path)
    elif entry is not None and step in holder and entry.__name__ in _STAND_INS:
        holder[step] = _copy(_STAND_INS[entry.__name__])
    elif entry not in (None, Chart, AzureRole) and model is Settings:  # nobody refers to those
        raise _NotMendableError
    else:
        holder.pop(step, None)


def _own_host(path: Path) -> str:
    """A host name that no other key has."""
    return f"{hash(path) % 10**9}.invalid"


def _has_names(model: type[BaseModel], path: Path) -> bool:
    """Whether users name things at `path`, or one step below, that the rest refers to."""
    below = model_at(model, path)
    keys = (str(it.alias) for it in below.model_fields.values()) if below else ()
    return any(
        container_at(model, it) is dict and model_at(model, (*it, "*"))
        for it in (path, *((*path, key) for key in keys))
    )


def _at(data: Any, path: Path) -> Any:
    """What stands at `path`; None where nothing does."""
    for step in path:
        try:
            data = data[step]
        except (KeyError, IndexError, TypeError):
            return None
    return data
