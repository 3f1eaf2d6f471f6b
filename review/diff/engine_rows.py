"""Resources as the engine writes them, in previews and states, to rows of a plan.

Secrets and unknowns become the marks of a plan; no ciphertext and no value of a secret gets any further.
https://github.com/pulumi/pulumi/blob/master/sdk/go/common/apitype/core.go (`ResourceV3`), and `sdk/go/common/resource`
for the signatures of special objects.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from review import urn as urns
from review.diff.paths import step
from review.diff.shapes import ANY, KubernetesShape, Shape, of_kind
from review.plan import SECRET, UNKNOWN, Resource

SIGNATURE: Final = "4dabf18193072939515e22adb298388d"
SECRET_SIGNATURE: Final = "1b47061264138c4ac30d75fd1eb44270"
OUTPUT_SIGNATURE: Final = "d0e6a833031e9bbcd3f4e8bde6ca49a4"
MASKED: Final = "[secret]"
UNKNOWNS: Final = frozenset(
    {
        "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
        "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
        "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
        "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
        "030794c1-ac77-496b-92df-f27374a8bd58",
        "e48ece36-62e2-4504-bad9-02848725956a",
        "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
    }
)
"""What stands for an unknown text, truth value, number, list, asset, archive and object."""

DEEPEST: Final = 100
"""Levels of a value; Kubernetes and Azure nest 20, the schema of a CustomResourceDefinition 40."""

_OPTIONS: Final = (
    "additionalSecretOutputs",
    "aliases",
    "customTimeouts",
    "deleteBeforeReplace",
    "deletedWith",
    "hideDiffs",
    "ignoreChanges",
    "protect",
    "replaceOnChanges",
    "replaceWith",
    "replacementTrigger",
    "retainOnDelete",
)
_LISTS: Final = frozenset(
    {"additionalSecretOutputs", "aliases", "ignoreChanges", "replaceOnChanges", "replaceWith"}
)
UNRECORDED: Final = ("deleteBeforeReplace", "pluginDownloadURL")
"""Options of a plan that the engine writes into no state."""


class RowError(ValueError):
    """Why an entry is no resource."""


def row(state: Mapping[str, Any]) -> Resource:
    """One resource of a preview or a state; raise `RowError` for what is none."""
    urn = text_of(state, "urn")
    if urn.count("::") < 3 or not urns.type_chain(urn):
        raise RowError("urn is no URN")
    inputs = state.get("inputs")
    if not isinstance(inputs, Mapping | None):
        raise RowError("inputs is no object")
    needed = state.get("dependencies") or ()
    if not isinstance(needed, list | tuple) or not all(isinstance(it, str) for it in needed):
        raise RowError("dependencies is no list of text")
    return Resource(
        urn=urn,
        type=text_of(state, "type") if state.get("type") is not None else urns.type_of(urn),
        name=urns.name_of(urn),
        parent=_optional(state, "parent"),
        provider=_optional(state, "provider"),
        inputs={
            key: value
            for key, value in plain(inputs or {}).items()
            if not key.startswith("__") and value is not None
        },
        dependencies=tuple(sorted(map(clean, needed))),
        options=_options(state),
    )


def _options(state: Mapping[str, Any]) -> dict[str, Any]:
    """As a plan has them, where the engine has another key or another form."""
    found = {key: plain(state[key]) for key in _OPTIONS if state.get(key)}
    for key in _LISTS & found.keys():
        # Whoever reads on takes them for lists of text, which the engine's own types are.
        named = found.pop(key)
        if isinstance(named, list) and (texts := [it for it in named if isinstance(it, str)]):
            found[key] = texts
    paths = state.get("hideDiff") or state.get("hideDiffs")
    if isinstance(paths, list) and paths:
        found["hideDiffs"] = [_path(it) for it in paths]
    if isinstance(hooks := state.get("resourceHooks"), Mapping) and hooks:
        found["hooks"] = {_snake(clean(key)): plain(names) for key, names in hooks.items()}
    return found


def _path(value: Any) -> Any:
    """`spec.ports[0]` of `["spec", "ports", 0]`."""
    if not isinstance(value, list):
        return plain(value)
    at = ""
    for it in value:
        at = step(at, clean(it)) if isinstance(it, str) else f"{at}[{it}]"
    return at


def _snake(name: str) -> str:
    """`before_create` of `BeforeCreate`."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()


def text_of(entry: Mapping[str, Any], key: str) -> str:
    """The text under a key; raise `RowError` where there is none."""
    if not isinstance(found := entry.get(key), str) or not found:
        raise RowError(f"{key} is missing or no text")
    return clean(found)


def plain(value: Any, depth: int = 0) -> Any:
    """A value of the engine's as a plan has it."""
    if isinstance(value, str):
        if value == MASKED:
            return dict(SECRET)
        return dict(UNKNOWN) if value in UNKNOWNS else clean(value)
    if depth > DEEPEST:
        raise RowError(f"a value is nested more than {DEEPEST} levels deep")
    if isinstance(value, dict):
        if (signature := value.get(SIGNATURE)) is not None:
            return _special(signature, value, depth)
        return {clean(key): plain(it, depth + 1) for key, it in value.items()}
    if isinstance(value, list):
        return [plain(it, depth + 1) for it in value]
    return value


def _special(signature: Any, value: Mapping[str, Any], depth: int) -> Any:
    if signature == SECRET_SIGNATURE or value.get("secret") is True:
        return dict(SECRET)
    if signature == OUTPUT_SIGNATURE:
        return plain(value["value"], depth + 1) if "value" in value else dict(UNKNOWN)
    return {clean(key): plain(it, depth + 1) for key, it in value.items()}


def clean(text: str) -> str:
    """`text` without halves of characters, which no file and no terminal takes."""
    return (
        text
        if text.isascii()
        else text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    )


def uncovered(resource: Resource) -> tuple[Resource, tuple[str, ...]]:
    """`resource` without texts in the place of what holds a secret, and the paths where something is hidden by one.

    Where the schema of Kubernetes has a list there is a list of one unknown, and an unknown in the place of an object:
    nobody takes it for a text, and nobody for nothing. What is in a Secret is one anyway.
    """
    kind = resource.inputs.get("kind")
    if not resource.type.startswith("kubernetes:") or not isinstance(kind, str):
        return resource, ()
    shape = of_kind(str(resource.inputs.get("apiVersion")), kind)
    paths: list[str] = []
    inputs = _uncovered(resource.inputs, shape, "", paths)
    if not paths or kind == "Secret":
        return resource, tuple(paths)
    return replace(resource, inputs=inputs), tuple(paths)


def _uncovered(value: Any, shape: Shape, at: str, paths: list[str]) -> Any:
    if value == SECRET:
        if not isinstance(shape, KubernetesShape) or not shape.structured:
            return value
        paths.append(at)
        return [dict(UNKNOWN)] if shape.listed else dict(UNKNOWN)
    if isinstance(value, dict) and shape is not ANY and value != UNKNOWN:
        return {
            key: _uncovered(it, shape.field(key), step(at, key), paths) for key, it in value.items()
        }
    if isinstance(value, list) and shape is not ANY:
        return [
            _uncovered(it, shape.item(), f"{at}[{number}]", paths)
            for number, it in enumerate(value)
        ]
    return value


def _optional(state: Mapping[str, Any], key: str) -> str:
    found = state.get(key)
    if not isinstance(found, str | None):
        raise RowError(f"{key} is no text")
    return clean(found or "")
