"""Why pods restart: which fields of their template are not the same, in words and ranked, without secret values."""

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final, NamedTuple

from review.meaning.config_references import (
    Config,
    Name,
    changed_keys,
    references,
    renamed,
    successors,
    titled,
)
from review.meaning.controllers import Controller, is_ignored, is_mark, known
from review.meaning.images import parsed
from review.meaning.pod_template import Difference, completed, differences
from review.plan import SECRET

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
_SAID: Final = ("nodeSelector", "resources", "Probe", "terminationGracePeriodSeconds", "replicas")
"""Fields whose values are said: numbers and names that hold no secret."""


def reasons(
    old: Controller,
    new: Controller,
    before: Mapping[Name, Config],
    after: Mapping[Name, Config],
) -> tuple[Reason, ...]:
    """Every reason why pods of `old` are not those of `new`, the weightiest first; none where they stay."""
    one, other = completed(old.template), completed(new.template)
    if one == other:
        return ()
    reads_old, reads_new = references(one.get("spec") or {}), references(other.get("spec") or {})
    follow = successors(reads_old, reads_new)
    found = []
    for (kind, name), then in follow.items():
        if is_ignored(f"{new.path}.spec", new.ignored):
            break
        reads = reads_new[kind, then]
        keys = changed_keys(
            kind,
            before.get((kind, old.namespace, name)),
            after.get((kind, new.namespace, then)),
            reads,
        )
        path = f"{new.path}.spec".removeprefix(".")
        found.append(Reason(15, f"{titled(kind, name)}: {keys}", path, sure=True))
    rest = [
        it
        for it in differences(renamed(one, follow), other)
        if not is_ignored(f"{new.path}.{it.path}".removeprefix("."), new.ignored)
    ]
    told = [_reason(it, new.path) for it in rest]
    if any(it.rank == 0 for it in told):
        told = [it for it in told if not it.path.endswith(f"labels.{VERSION_LABEL}")]
    return tuple(sorted({*found, *_merged(told)}))


def _merged(found: Iterable[Reason]) -> list[Reason]:
    """Several fields of one text are one reason: a probe, a security context."""
    merged: dict[str, Reason] = {}
    for it in found:
        known_one = merged.get(it.text)
        if known_one is None or (it.sure and not known_one.sure):
            merged[it.text] = it
    return list(merged.values())


def _reason(it: Difference, above: str) -> Reason:
    path = f"{above}.{it.path}".removeprefix(".")
    sure = it.sure == "yes"
    inside = _IN_CONTAINER.fullmatch(it.path)
    if inside is None:
        rank, text = _of_pod(it)
    elif not inside["rest"]:
        what = {"initContainers": "init container"}.get(inside["list"], "container")
        state = "is new" if it.old is None else "is gone" if it.new is None else "is another"
        rank, text = 5, f"{what} {inside['name']} {state}"
    else:
        rank, text = _of_container(inside["name"], inside["rest"], it)
        if rank == 0:
            return Reason(rank, text, path, sure, _said(it.old), _said(it.new))
    return Reason(rank, text if sure else f"{text} (known after deployment only)", path, sure)


def _of_container(name: str, rest: str, it: Difference) -> tuple[int, str]:
    field = re.split(r"[.\[]", rest, maxsplit=1)[0]
    rank = _RANKS.get(field, 60)
    if field == "image":
        return rank, f"image of {name}{_versions(it.old, it.new)}"
    if field == "env":
        key = re.match(r"env\[([^\]]*)\]", rest)
        if key and key[1] == "order":
            return rank, f"order of the env of {name}"
        return rank, f"env {key[1]} of {name}" if key else f"env of {name}"
    if field == "resources":
        return rank, f"resources of {name}: {rest.removeprefix('resources.')}{_arrow(it)}"
    if field.endswith("Probe") and rest != field:
        return rank, f"{field} of {name}: {rest.removeprefix(f'{field}.')}{_arrow(it)}"
    if field == "volumeMounts":
        mount = rest.removeprefix("volumeMounts").partition("]")[0].lstrip("[")
        return rank, f"mount {mount or 's'} of {name}" if mount else f"mounts of {name}"
    return rank, f"{field} of {name}"


def _of_pod(it: Difference) -> tuple[int, str]:
    steps = it.path.split(".")
    if steps[0] == "metadata":
        what = steps[1].removesuffix("s") if len(steps) > 1 else "metadata"
        name = it.path.partition(f"{steps[1]}.")[2] if len(steps) > 1 else ""
        return (80 if what == "label" else 70), f"{what} {name} of its pods".replace("  ", " ")
    rest = it.path.removeprefix("spec.")
    field = re.split(r"[.\[]", rest, maxsplit=1)[0]
    if field == "volumes":
        name = rest.removeprefix("volumes").partition("]")[0].lstrip("[")
        return 50, f"volume {name}" if name else "volumes"
    if field == "securityContext":
        return 35, "securityContext of the pod"
    if field in ("nodeSelector", "terminationGracePeriodSeconds"):
        return 36, f"{rest}{_arrow(it)}"
    return 60, field


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
    """Both values, where they are short and plain."""
    if not any(word in it.path for word in _SAID) or "httpHeaders" in it.path or "exec" in it.path:
        return ""
    return f" {_said(it.old) or 'nothing'} -> {_said(it.new) or 'nothing'}"


def _said(value: Any) -> str:
    if value is None:
        return ""
    if is_mark(value):
        return "[secret]" if value == SECRET else "unknown before deployment"
    return str(value) if isinstance(value, str | int | float) else "{…}" if known(value) else "[…]"
