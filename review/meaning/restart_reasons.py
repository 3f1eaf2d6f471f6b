"""Why pods restart: which fields of their template are not the same, in words and ranked, without secret values."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, NamedTuple

from review.diff.paths import step
from review.diff.shapes import of_kind
from review.diff.walk import Difference, differences
from review.guard.values import ABSENT
from review.marks import is_mark, known
from review.meaning.config_references import (
    Config,
    Name,
    changed_keys,
    references,
    renamed,
    successors,
    titled,
)
from review.meaning.controllers import Controller, is_ignored
from review.meaning.images import parsed
from review.plan import SECRET, UNKNOWN

VERSION_LABEL: Final = "app.kubernetes.io/version"


class Reason(NamedTuple):
    """One field, or several that people see as one."""

    rank: int
    """0 first."""

    text: str
    """`image of web 5.0.4 -> 5.0.5`."""

    path: str
    """In the manifest of the controller."""

    sure: bool
    """False: it hangs on a value that is known after deployment only."""

    old: str = ""
    new: str = ""


_IN_CONTAINER: Final = re.compile(
    r"spec\.(?P<list>initContainers|containers|ephemeralContainers)\[(?P<name>[^\]]*)\]\.?(?P<rest>.*)"
)
_METADATA: Final = re.compile(r"metadata\.(?P<what>labels|annotations)\[?(?P<name>[^\]]*)\]?")
_MAPS: Final = ("annotations", "labels", "nodeSelector")
_LISTS: Final[Mapping[str, str]] = {
    "containers": "name",
    "env": "name",
    "initContainers": "name",
    "volumeMounts": "mountPath",
    "volumes": "name",
}
_RANKS: Final[Mapping[str, int]] = {
    "image": 0,
    "command": 10,
    "args": 11,
    "env": 20,
    "envFrom": 21,
    "securityContext": 35,
    "resources": 40,
    "ports": 42,
    "startupProbe": 45,
    "readinessProbe": 45,
    "livenessProbe": 45,
    "lifecycle": 46,
    "volumeMounts": 50,
}


class Changes(NamedTuple):
    """What of a controller is another one."""

    reasons: tuple[Reason, ...]
    """Why its pods are, the weightiest first."""

    in_place: tuple[str, ...]
    """Paths beside the template of its pods."""


def changes(
    old: Controller,
    new: Controller,
    before: Mapping[Name, Config],
    after: Mapping[Name, Config],
) -> Changes:
    """Every place where two manifests differ to the API server; what the program ignores is left out."""
    reads_old, reads_new = references(old.pod), references(new.pod)
    follow = successors(reads_old, reads_new)
    shape = of_kind(str(new.manifest.get("apiVersion", "v1")), new.kind)
    found = [
        it
        for whole in differences(renamed(old.manifest, follow), new.manifest, shape)
        for it in _parts(whole)
        if not is_ignored(it.path, new.ignored)
    ]
    above = f"{new.path}." if new.path else "spec."
    told = [_reason(it, above) for it in found if _below(it.path, above)]
    beside = tuple(it.path for it in found if not _below(it.path, above))
    if any(it.rank == 0 for it in told):
        told = [it for it in told if VERSION_LABEL not in it.path]
    told += _configs(old, new, follow, before, after)
    return Changes(tuple(sorted(_merged(told))), beside)


def _parts(it: Difference) -> Iterator[Difference]:
    """One for each item of a list or map that came or went as a whole, where readers look for items."""
    key = it.path.rpartition(".")[2]
    side = it.new if it.old is ABSENT else it.old
    if ABSENT not in (it.old, it.new) or is_mark(side) or it.order:
        yield it
        return
    items: dict[str, Any] = {}
    if key in _MAPS and isinstance(side, Mapping):
        items = {step(it.path, name): value for name, value in side.items()}
    elif key in _LISTS and isinstance(side, list):
        for number, value in enumerate(side):
            name = known(value).get(_LISTS[key])
            items[f"{it.path}[{name if isinstance(name, str) else number}]"] = value
    if not items:
        yield it
    for path, value in items.items():
        yield Difference(path, *((ABSENT, value) if it.old is ABSENT else (value, ABSENT)))


def _below(path: str, above: str) -> bool:
    return path.startswith(above) or above.startswith(f"{path}.")


def _configs(
    old: Controller,
    new: Controller,
    follow: Mapping[tuple[str, str], str],
    before: Mapping[Name, Config],
    after: Mapping[Name, Config],
) -> list[Reason]:
    """Configuration of another content, named by it."""
    path = f"{new.path}.spec".removeprefix(".")
    if is_ignored(path, new.ignored):
        return []
    reads = references(new.pod)
    found = []
    for (kind, name), then in follow.items():
        one, other = (kind, old.namespace, name), (kind, new.namespace, then)
        keys = changed_keys(kind, before.get(one), after.get(other), reads[kind, then])
        found.append(Reason(15, f"{titled(kind, name)}: {keys}", path, sure=True))
    return found


def _merged(found: Iterable[Reason]) -> list[Reason]:
    """Several fields of one text are one reason: a probe, a security context."""
    return [*{it.text: it for it in reversed([*found])}.values()]


def _reason(it: Difference, above: str) -> Reason:
    sure = UNKNOWN not in (it.old, it.new)
    rest = it.path.removeprefix(above)
    if above == "spec.":
        rest = f"spec.{rest}"
    inside = _IN_CONTAINER.fullmatch(rest)
    if inside is None:
        rank, text = _of_pod(rest, it)
    elif not inside["rest"]:
        what = {"initContainers": "init container"}.get(inside["list"], "container")
        state = "is new" if it.old is ABSENT else "is gone" if it.new is ABSENT else "is another"
        rank, text = 5, f"{what} {inside['name']} {state}"
    else:
        rank, text = _of_container(inside["name"], inside["rest"], it)
    old, new = (_said(it.old), _said(it.new)) if rank == 0 else ("", "")
    said = text if sure else f"{text} (known after deployment only)"
    return Reason(rank, said, it.path, sure, old, new)


def _of_container(name: str, rest: str, it: Difference) -> tuple[int, str]:
    field = re.split(r"[.\[]", rest, maxsplit=1)[0]
    rank = _RANKS.get(field, 60)
    if it.order:
        return rank, f"order of the {field} of {name}"
    if field == "image":
        return rank, f"image of {name}{_versions(it.old, it.new)}"
    if field == "env":
        key = re.match(r"env\[([^\]]*)\]", rest)
        return rank, f"env {key[1]} of {name}" if key else f"env of {name}"
    if field == "resources":
        return rank, f"resources of {name}: {rest.removeprefix('resources.')}{_arrow(it)}"
    if field.endswith("Probe") and rest != field:
        below = rest.removeprefix(f"{field}.")
        hidden = below.startswith("exec") or "httpHeaders" in below
        return rank, f"{field} of {name}: {below}{'' if hidden else _arrow(it)}"
    if field == "volumeMounts":
        mount = rest.removeprefix("volumeMounts").partition("]")[0].lstrip("[")
        return rank, f"mount {mount} of {name}" if mount else f"mounts of {name}"
    return rank, f"{field} of {name}"


def _of_pod(rest: str, it: Difference) -> tuple[int, str]:
    if rest.startswith("metadata"):
        key = _METADATA.fullmatch(rest)
        what = key["what"].removesuffix("s") if key else "metadata"
        name = (key["name"] or "").strip('".') if key else ""
        return (80 if what == "label" else 70), f"{what} {name} of its pods".replace("  ", " ")
    field = rest.removeprefix("spec.")
    first = re.split(r"[.\[]", field, maxsplit=1)[0]
    if it.order:
        return 60, f"order of the {first}"
    if first in ("containers", "initContainers"):
        return 5, first
    if first.startswith("serviceAccount"):
        return 60, "serviceAccountName"
    if first == "volumes":
        name = field.removeprefix("volumes").partition("]")[0].lstrip("[")
        return 50, f"volume {name}" if name else "volumes"
    if first == "securityContext":
        return 35, "securityContext of the pod"
    if first in ("nodeSelector", "terminationGracePeriodSeconds"):
        return 36, f"{field}{_arrow(it)}"
    return 60, first if first not in (
        "template",
        "spec",
        "jobTemplate",
        "",
    ) else "all of the template"


def _versions(old: Any, new: Any) -> str:
    if not (isinstance(old, str) and isinstance(new, str)):
        return ""
    one, other = parsed(old), parsed(new)
    if one.name != other.name:
        return f" {old} -> {new}"
    if one.tag != other.tag:
        return f" {one.tag or 'no tag'} -> {other.tag or 'no tag'}"
    return f" {one.version} -> {other.version}"


def _arrow(it: Difference) -> str:
    """Both values, of fields that hold no secret."""
    return f" {_said(it.old) or 'nothing'} -> {_said(it.new) or 'nothing'}"


def _said(value: Any) -> str:
    if value is None or value is ABSENT:
        return ""
    if is_mark(value):
        return "[secret]" if value == SECRET else "unknown before deployment"
    return str(value) if isinstance(value, str | int | float) else "{…}" if known(value) else "[…]"
