"""Kubernetes objects against the schemas of one Kubernetes version, unknown fields included.

The schemas are those of the `kubernetes_validate` package, offline. Its own validator takes 10 ms an object; here each
kind is compiled once (8 ms), and then an object takes 3 us on two shared cores. Errors are built on failure only.
"""

import functools
import importlib.util
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path as FilePath
from typing import Any, Final, NamedTuple

import jsonschema_rs

from manifests.patches import PATCHED
from review.faults import Path, missing_field, no_such_field, spelled, wrong_value
from review.marks import is_mark
from review.plan import PlanError, Resource

Definitions = dict[str, Any]
"""By name, such as `io.k8s.api.apps.v1.Deployment`."""

_NAMES: Final = {
    "array": "a list",
    "boolean": "true or false",
    "integer": "a whole number",
    "number": "a number",
    "object": "a map",
    "string": "text",
}

_STABLE: Final = re.compile(r"v\d+")


class KubernetesSchemas:
    """The kinds of one version, compiled as they come. Raises `PlanError` for a version without schemas."""

    def __init__(self, version: str) -> None:
        self._version = version.removeprefix("v")
        self._definitions: Definitions = _definitions(self._version)
        self._kinds = _kinds(self._definitions)
        self._validators: dict[str, jsonschema_rs.Draft202012Validator] = {}

    def faults(self, resource: Resource) -> Iterator[str]:
        """Of the object in the resource's inputs; none for what is no Kubernetes object, such as a Helm release."""
        manifest = resource.inputs
        api_version, kind = manifest.get("apiVersion"), manifest.get("kind")
        if not isinstance(api_version, str) or not isinstance(kind, str):
            return
        known = self._kinds.get(api_version, {})
        if (name := known.get(kind)) is None:
            yield from self._unknown_kind(api_version, kind)
            return
        validator = self._validator(name)
        if not validator.is_valid(manifest):
            # A patch holds a part of its object, and may leave out what the whole must have.
            partial = resource.type.endswith("Patch")
            hint = _patch_of(manifest)
            for error in validator.iter_errors(manifest):
                for fault in self._explained(error, manifest, name, partial):
                    yield f"{fault}{hint}"

    def _unknown_kind(self, api_version: str, kind: str) -> Iterator[str]:
        """A kind of a custom resource passes; a group without a dot has none, nor has one of Kubernetes' own."""
        group = api_version.partition("/")[0]
        home = self._at_home(kind)
        if (known := self._kinds.get(api_version)) and not home:
            yield no_such_field((kind,), known).replace(
                "no such field", f"no such kind in {api_version}"
            )
        elif "." not in group or group in self._groups:
            hint = f"; {kind} is in {' or '.join(home)}" if home else ""
            yield f"apiVersion: Kubernetes {self._version} has no {kind} in {api_version}{hint}"

    @functools.cached_property
    def _groups(self) -> frozenset[str]:
        return frozenset(it.partition("/")[0] for it in self._kinds if "/" in it)

    def _at_home(self, kind: str) -> list[str]:
        """Where the version has a kind of that name: the stable versions, else all."""
        found = sorted(it for it, kinds in self._kinds.items() if kind in kinds)
        return [it for it in found if _STABLE.fullmatch(it.rpartition("/")[2])] or found

    def _validator(self, name: str) -> jsonschema_rs.Draft202012Validator:
        if name not in self._validators:
            needed: Definitions = {}
            _collect(name, self._definitions, needed)
            schema = {"$ref": f"#/$defs/{name}", "$defs": needed}
            self._validators[name] = jsonschema_rs.Draft202012Validator(schema)
        return self._validators[name]

    def _explained(
        self,
        error: jsonschema_rs.ValidationError,
        manifest: Mapping[str, Any],
        name: str,
        partial: bool,
    ) -> Iterator[str]:
        path: Path = tuple(error.instance_path)
        value = _at(manifest, path)
        if value is None:
            return  # a mark, or a null, which the API server takes for absent
        schema = self._schema_at(name, error.schema_path)
        match error.kind.name:
            case "additionalProperties":
                for key in error.kind.as_dict()["unexpected"]:
                    yield no_such_field((*path, key), schema.get("properties", {}))
            case "required":
                if not partial:
                    yield missing_field(path, error.kind.as_dict()["property"])
            case "type" | "oneOf":
                yield wrong_value(path, _rule(schema), value)
            case "enum":
                options = [option for option in schema["enum"] if option is not None]
                yield wrong_value(path, f"one of {', '.join(map(str, options))}", value)
            case _:
                yield f"{spelled(path)}: {error.message}"

    def _schema_at(self, name: str, path: list[str | int]) -> Any:
        """The subschema that holds the keyword at the end of `path`."""
        schema: Any = {"$ref": name, "$defs": self._definitions}
        for step in path[:-1]:
            schema = self._definitions[name] if step == "$ref" else schema[step]
        return schema


class Newest(NamedTuple):
    """All kinds of the newest version that there are schemas of."""

    definitions: Definitions
    kinds: Mapping[str, Mapping[str, str]]
    """Names of definitions, by `apiVersion` and kind."""


def newest_version() -> str:
    """The newest version that there are schemas of, such as `1.37`."""
    major, minor = max(_folders())
    return f"{major}.{minor}"


@functools.cache
def newest() -> Newest:
    """What the fields of Kubernetes mean, for those who do not hold an object to one version; read in 14 ms."""
    definitions = _definitions(newest_version())
    return Newest(definitions, _kinds(definitions))


def _patch_of(manifest: Mapping[str, Any]) -> str:
    """Where to look for what may be wrong with an object that a workload patches."""
    metadata = manifest.get("metadata") or {}
    annotations, labels = metadata.get("annotations") or {}, metadata.get("labels") or {}
    if PATCHED not in annotations:
        return ""
    workload = labels.get("app.kubernetes.io/name", "?")
    return f"; see 'patch' of workload {workload}, which changes this {manifest['kind']}"


def _at(manifest: Any, path: Path) -> Any:
    """The value at `path`; None where a mark stands in the way."""
    value = manifest
    for step in path:
        if is_mark(value):
            return None
        value = value[step]
    return None if is_mark(value) else value


def _rule(schema: Mapping[str, Any]) -> str:
    options = schema.get("oneOf", [schema])
    types = [name for option in options for name in _types(option) if name != "null"]
    return " or ".join(_NAMES.get(name, name) for name in types)


def _types(schema: Mapping[str, Any]) -> list[str]:
    types = schema.get("type", [])
    return [types] if isinstance(types, str) else list(types)


def _kinds(definitions: Definitions) -> dict[str, dict[str, str]]:
    """Names of the definitions, by `apiVersion` and kind."""
    kinds: dict[str, dict[str, str]] = {}
    for name, schema in definitions.items():
        if ".apimachinery." in name:
            continue  # such as DeleteOptions, which names every group there ever was
        for it in schema.get("x-kubernetes-group-version-kind", ()):
            api_version = f"{it['group']}/{it['version']}" if it["group"] else it["version"]
            kinds.setdefault(api_version, {})[it["kind"]] = name
    return kinds


def _collect(name: str, definitions: Definitions, needed: Definitions) -> None:
    """Add the definition and all that it refers to: what is compiled is what the kind needs."""
    if name not in needed:
        needed[name] = definitions[name]
        for inner in _references(definitions[name]):
            _collect(inner, definitions, needed)


def _references(schema: Any) -> Iterator[str]:
    if isinstance(schema, dict):
        for key, value in schema.items():
            if key == "$ref" and isinstance(value, str):
                yield value.rpartition("/")[2]
            else:
                yield from _references(value)
    elif isinstance(schema, list):
        for item in schema:
            yield from _references(item)


@functools.cache
def _definitions(version: str) -> Definitions:
    folder = _folders().get(_minor(version))
    if folder is None:
        known = ", ".join(f"{major}.{minor}" for major, minor in sorted(_folders()))
        raise PlanError(f"no schemas for Kubernetes {version}; there are those of {known}")
    definitions: Definitions = json.loads((folder / "_definitions.json").read_bytes())["$defs"]
    return definitions


@functools.cache
def _folders() -> dict[tuple[int, int], FilePath]:
    """Strict schemas by minor version. The package is looked up, not imported: that takes 0.1 s."""
    spec = importlib.util.find_spec("kubernetes_validate")
    assert spec is not None
    assert spec.submodule_search_locations is not None
    root = FilePath(spec.submodule_search_locations[0]) / "kubernetes-json-schema"
    return {_minor(path.name): path for path in root.glob("v*-local-strict")}


def _minor(version: str) -> tuple[int, int]:
    match = re.match(r"v?(\d+)\.(\d+)", version)
    return (int(match[1]), int(match[2])) if match else (0, 0)
