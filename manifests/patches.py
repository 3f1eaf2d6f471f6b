"""`patch`: fields that no setting has, merged into the objects of a workload as `kubectl patch` does.

A strategic merge, as the API server does it for its own kinds: lists with a merge key are merged item by item, other
lists are replaced, null removes. For custom resources it knows no merge keys, and every list is replaced.
https://kubernetes.io/docs/tasks/manage-kubernetes-objects/update-api-object-kubectl-patch/
"""

from collections.abc import Iterable, Sequence
from typing import Any, Final

from manifests import Manifest, Part
from settings.faults import did_you_mean
from settings.workload import Patch, Workload

PATCHED: Final = "aks-platform/patched"
"""Annotation with the reason, for whoever reads the cluster or a plan."""

DIRECTIVE: Final = "$patch"

MERGE_KEYS: Final[dict[tuple[str, str], str]] = {
    **{
        ("spec", name): "name"
        for name in (
            "containers",
            "ephemeralContainers",
            "evictionResponders",
            "imagePullSecrets",
            "initContainers",
            "resourceClaims",
            "schedulingGates",
            "volumes",
        )
    },
    ("spec", "hostAliases"): "ip",
    ("spec", "topologySpreadConstraints"): "topologyKey",
    ("spec", "ports"): "port",
    ("metadata", "ownerReferences"): "uid",
    ("metadata", "finalizers"): "",
    ("scheduling", "resourceClaims"): "name",
    ("ServiceAccount", "secrets"): "name",
    **{
        (owner, name): key
        for owner in ("containers", "ephemeralContainers", "initContainers")
        for name, key in (
            ("env", "name"),
            ("ports", "containerPort"),
            ("volumeDevices", "devicePath"),
            ("volumeMounts", "mountPath"),
        )
    },
}
"""Merge key of a list, by the field above it (of the object itself its kind) and its own; empty: a list of texts.

`x-kubernetes-patch-merge-key` of the API's OpenAPI schemas 1.25 to 1.37; a test holds it to them.
"""

BUILT_IN: Final = frozenset(
    {"", "apps", "autoscaling", "batch", "networking.k8s.io", "policy", "rbac.authorization.k8s.io"}
)
"""API groups whose kinds the API server itself defines."""


class PatchError(ValueError):
    """A patch that cannot be applied, by its key in the workload."""

    def __init__(
        self, path: Sequence[str | int], rule: str, value: str = "", remedy: str = ""
    ) -> None:
        """`path` is below the workload; rule, value and remedy as in `settings.faults.Fault`."""
        super().__init__(f"{'.'.join(map(str, path))}: {rule}")
        self.path, self.rule, self.value, self.remedy = tuple(path), rule, value, remedy


def patched(workload: Workload, parts: Iterable[Part]) -> list[Part]:
    """`parts` with the patches of `workload`, one after the other; raises `PatchError`."""
    found = list(parts)
    for name, patch in workload.patch.items():
        index = _index(name, found)
        found[index] = found[index]._replace(manifest=_merged(found[index].manifest, name, patch))
    return found


def _index(name: str, parts: Sequence[Part]) -> int:
    kind, _, wanted = name.partition("/")
    of_kind = [index for index, it in enumerate(parts) if it.manifest["kind"] == kind]
    matching = [it for it in of_kind if wanted in ("", _name(parts[it]))]
    if len(matching) == 1:
        return matching[0]
    if len(matching) > 1:
        names = ", ".join(f"{kind}/{_name(parts[it])}" for it in of_kind)
        rule = f"is one of {len(matching)} of this workload"
        raise PatchError(("patch", name), rule, remedy=f"name it: {names}")
    known = list(dict.fromkeys(_reference(it, parts) for it in parts))
    near = did_you_mean(name, known)
    rule = f"is no object of this workload, which has {', '.join(known)}"
    raise PatchError(("patch", name), rule, remedy=near or "name one of them, or remove the patch")


def _reference(part: Part, parts: Sequence[Part]) -> str:
    kind = str(part.manifest["kind"])
    alone = sum(it.manifest["kind"] == kind for it in parts) == 1
    return kind if alone else f"{kind}/{_name(part)}"


def _name(part: Part) -> str:
    """Behind the kind in a reference; the role of what is named by its content, so that no reference goes stale."""
    if part.manifest.get("immutable"):
        return part.role.lower()
    return str(part.manifest["metadata"]["name"])


def _merged(manifest: Manifest, name: str, patch: Patch) -> Manifest:
    at = ("patch", name, "merge")
    group = manifest["apiVersion"].rpartition("/")[0]
    merge = _Merge(strategic=group in BUILT_IN)
    found = merge.maps(manifest, patch.merge, str(manifest["kind"]), at)
    metadata = found["metadata"]
    annotations = {**metadata.get("annotations", {}), PATCHED: patch.reason}
    return {**found, "metadata": {**metadata, "annotations": annotations}}


class _Merge:
    """The algorithm of `k8s.io/apimachinery/pkg/util/strategicpatch`, without `$setElementOrder` and its like."""

    def __init__(self, *, strategic: bool) -> None:
        self._strategic = strategic

    def maps(self, base: Any, patch: Any, owner: str, at: tuple[str | int, ...]) -> Any:
        directive = patch.get(DIRECTIVE)
        if directive is not None:
            self._known(directive, ("replace", "delete"), at)
            return {} if directive == "delete" else _plain(patch)
        merged = {**base}
        for key, value in patch.items():
            here = (*at, key)
            if key.startswith("$"):
                raise PatchError(here, "is a directive that is not known here", remedy=_DIRECTIVES)
            old = merged.get(key)
            if value is None:
                merged.pop(key, None)
            elif isinstance(old, dict) and isinstance(value, dict):
                merged[key] = self.maps(old, value, key, here)
            elif isinstance(value, list) and isinstance(old, list):
                merged[key] = self._lists(old, value, owner, key, here)
            else:
                merged[key] = self._new(value, here)
        return {key: it for key, it in merged.items() if it is not None}

    def _lists(
        self, old: list[Any], patch: list[Any], owner: str, key: str, at: tuple[str | int, ...]
    ) -> list[Any]:
        merge_key = MERGE_KEYS.get((owner, key)) if self._strategic else None
        if merge_key is None:
            return [it for it in map(_plain, patch) if it is not None]
        if not merge_key:
            both = [{"": it} for it in dict.fromkeys([*old, *patch])]
            changes, base = [{"": it} for it in patch], [{"": it} for it in old]
            return [it[""] for it in _ordered(both, changes, base, "")]
        base, changes = self._directed(old, patch, merge_key, at)
        merged = [*base]
        for index, change in enumerate(changes):
            names = [it.get(merge_key) for it in merged]
            if change[merge_key] in names:
                place = names.index(change[merge_key])
                merged[place] = self.maps(merged[place], change, key, (*at, index))
            else:
                merged.append(_plain(change))
        return _ordered(merged, changes, base, merge_key)

    def _directed(
        self, old: list[Any], patch: list[Any], merge_key: str, at: tuple[str | int, ...]
    ) -> tuple[list[Any], list[Any]]:
        """What is left of `old` after the items of `patch` that are directives, and the other items."""
        replaces, gone, changes = False, [], []
        for index, it in enumerate(patch):
            here = (*at, index)
            if not isinstance(it, dict):
                raise PatchError(here, "must be a map", remedy=f"give it a {merge_key!r}")
            directive = it.get(DIRECTIVE)
            if directive is not None:
                self._known(directive, ("replace", "delete"), here)
            replaces |= directive == "replace"
            if directive != "replace" and merge_key not in it:
                rule = f"must have a {merge_key!r}, by which the items of this list are told apart"
                raise PatchError(here, rule, remedy="add it")
            if directive is None:
                changes.append(it)
            elif directive == "delete":
                gone.append(it[merge_key])
        if replaces:
            return [_plain(it) for it in changes], []
        return [it for it in old if it.get(merge_key) not in gone], changes

    def _new(self, value: Any, at: tuple[str | int, ...]) -> Any:
        """`value` where there was nothing, its directives followed; None where that leaves nothing."""
        if isinstance(value, list):
            replace = {DIRECTIVE: "replace"}
            items = [self._new(it, (*at, index)) for index, it in enumerate(value) if it != replace]
            return [it for it in items if it is not None]
        if not isinstance(value, dict):
            return value
        directive = value.get(DIRECTIVE)
        if directive is not None:
            self._known(directive, ("replace", "delete"), at)
            if directive == "delete":
                return None
        inner = {key: self._new(it, (*at, key)) for key, it in value.items() if key != DIRECTIVE}
        return {key: it for key, it in inner.items() if it is not None}

    def _known(self, directive: Any, known: tuple[str, ...], at: tuple[str | int, ...]) -> None:
        if not self._strategic or directive not in known:
            rule = "must be 'replace' or 'delete'"
            if not self._strategic:
                rule = "is for kinds of Kubernetes itself: this one is merged without directives"
            raise PatchError((*at, DIRECTIVE), rule, repr(directive), _DIRECTIVES)


_DIRECTIVES: Final = "null removes a field; a list without a merge key is replaced as a whole"


def _plain(value: Any) -> Any:
    """`value` as it stands where there was nothing: without nulls and directives.

    The API server keeps a null in a new item of a list, and then reads it as the type's zero: `cpu: null` is a limit
    of 0. Nobody means that.
    """
    if isinstance(value, dict):
        return {key: _plain(it) for key, it in value.items() if it is not None and key != DIRECTIVE}
    return [_plain(it) for it in value] if isinstance(value, list) else value


def _ordered(merged: list[Any], changes: list[Any], base: list[Any], merge_key: str) -> list[Any]:
    """In the order of the API server: items of the patch in its order, the others in between where they were.

    An item that was not there before stands in front of all that it is compared with.
    """
    asked = [it[merge_key] for it in changes]
    place: dict[Any, int] = {}
    for index, it in enumerate(base):
        place.setdefault(it.get(merge_key), index)
    left = [it for it in merged if it.get(merge_key) not in asked]
    right = sorted(
        (it for it in merged if it.get(merge_key) in asked),
        key=lambda it: asked.index(it[merge_key]),
    )
    found: list[Any] = []
    while left and right:
        one, other = (place.get(it[0].get(merge_key)) for it in (left, right))
        first = one is not None and other is not None and one < other
        found.append((left if first else right).pop(0))
    return found + left + right
