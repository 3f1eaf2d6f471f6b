"""A chart's values against a JSON Schema, as Helm would hold them to it, before Helm sees them.

Helm holds the chart's own values with ours merged over them to the schema. Those of the chart are not at hand, so a key
that must be there may be one of them: only what is missing in an item of a list, where Helm merges nothing, is told.
https://helm.sh/docs/topics/charts/#schema-files
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from settings.explain_errors import Path as KeyPath
from settings.faults import did_you_mean

_MASK = "the value"
"""Stands for the value in what the validator says: a value may be what nobody should see."""

_KUBERNETES = re.compile(r"/kubernetes-json-schema/.*/_definitions\.json$")
"""Kubernetes' own definitions, which charts refer to by address; a package of ours has them."""

UNKNOWN = "is no value of the chart"
"""Rule that a key breaks which the chart does not know."""

_MOST_KEYS = 8
_MOST_SCHEMA_BYTES = 4 * 1024 * 1024
"""The largest known to us has 114 KB."""


class Wrong(NamedTuple):
    """One fault of the values."""

    path: KeyPath
    """Below `values`."""

    rule: str
    remedy: str


class SchemaError(ValueError):
    """No schema that values can be held to; `rule` says why."""

    def __init__(self, rule: str, remedy: str) -> None:
        super().__init__(rule)
        self.rule, self.remedy = rule, remedy


def read_schema(folder: Path, name: str) -> Any:
    """The JSON file `name` below `folder`; raises `SchemaError`."""
    path = folder / name
    try:
        if not path.resolve().is_relative_to(folder.resolve()):
            raise SchemaError("must lie below the project, and a link leads out of it", "copy it")
        if not path.is_file():
            beside = path.parent.glob("*.json") if path.parent.is_dir() else ()
            known = [it.relative_to(folder).as_posix() for it in beside]
            raise SchemaError(
                "must be a file below the project", did_you_mean(name, known) or f"add {name!r}"
            )
        if path.stat().st_size > _MOST_SCHEMA_BYTES:
            raise SchemaError("is no schema: it has more than 4 MiB", "name another file")
        return json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SchemaError(f"cannot be read: {error.strerror}", "correct the path") from None
    except json.JSONDecodeError as error:
        raise SchemaError(f"is no JSON: line {error.lineno}: {error.msg}", "correct it") from None
    except (UnicodeDecodeError, RecursionError):
        raise SchemaError("is no JSON", "save it as UTF-8 text") from None


def wrong_values(schema: Any, values: Mapping[str, Any], kubernetes: str) -> list[Wrong]:
    """Every fault of `values`, in their order; `kubernetes` is the cluster's minor, for the definitions that a schema
    refers to. Raises `SchemaError` where `schema` is none, or refers to what is not at hand."""
    import jsonschema_rs  # only a stack with such a schema pays for it

    def fetch(address: str) -> Any:
        if _KUBERNETES.search(address):
            shared = _definitions(kubernetes)
            return {**shared, "$id": address, "definitions": shared["$defs"]}
        raise LookupError(address)

    try:
        validator = jsonschema_rs.validator_for(schema, mask=_MASK, retriever=fetch)
    except (jsonschema_rs.ValidationError, ValueError, TypeError) as error:
        raise SchemaError(f"is no schema: {_first_line(error)}", "correct it") from None
    found = [
        wrong
        for error in validator.iter_errors(_without_nulls(values))
        if _counts(error)
        for wrong in _told(error, schema)
    ]
    return list(dict.fromkeys(found))


def _definitions(minor: str) -> Any:
    """Kubernetes' schemas of the newest patch of `minor` that is at hand, else of the newest of all."""
    from kubernetes_validate.utils import (  # type: ignore[import-untyped]
        all_versions,
        schema_contents,
    )

    known = all_versions()
    version = [it for it in known if it.startswith(f"{minor}.")] or known
    return schema_contents(
        f"kubernetes-json-schema/v{version[-1]}-local-strict/_definitions.json", version[-1]
    )


def _first_line(error: Exception) -> str:
    return (str(getattr(error, "message", "")) or str(error)).split("\n")[0][:200]


def _without_nulls(node: Any) -> Any:
    """As Helm sees it: a null is no value but takes one back."""
    if isinstance(node, Mapping):
        return {key: _without_nulls(it) for key, it in node.items() if it is not None}
    return [_without_nulls(it) for it in node] if isinstance(node, list) else node


def _counts(error: Any) -> bool:
    """Whether no value that the chart itself has could make it good."""
    kind = error.kind.name
    if kind in ("required", "dependentRequired", "minProperties"):
        return any(isinstance(step, int) for step in error.instance_path)
    if kind in ("anyOf", "oneOf"):
        branches = error.kind.as_dict().get("context", ())
        return all(any(_counts(it) for it in branch) for branch in branches)
    return bool(kind != "not")


def _told(error: Any, schema: Any) -> Iterator[Wrong]:
    path, kind = tuple(error.instance_path), error.kind.name
    if kind in ("additionalProperties", "unevaluatedProperties"):
        known = _keys(schema, error.schema_path)
        listed = f"known here: {', '.join(sorted(known)[:_MOST_KEYS])}"
        listed += ", ..." if len(known) > _MOST_KEYS else ""
        for key in error.kind.as_dict()["unexpected"]:
            near = did_you_mean(key, known) or (listed if known else "remove it")
            yield Wrong((*path, key), UNKNOWN, near)
    elif kind in ("anyOf", "oneOf"):
        said = [it for branch in error.kind.as_dict().get("context", ()) for it in branch]
        texts = dict.fromkeys(_first_line(it) for it in said)
        yield Wrong(path, f"fits no form that the chart takes: {', or '.join(texts)}", "correct it")
    else:
        yield Wrong(path, _first_line(error), "correct it")


def _keys(schema: Any, path: Sequence[str | int]) -> list[str]:
    """The keys that the schema has a word on where its keyword at `path` forbids others; none in another document."""
    node = schema
    for step in path[:-1]:
        try:
            node = node[step]
        except (KeyError, IndexError, TypeError):
            return []
    found = node.get("properties") if isinstance(node, Mapping) else None
    return [*found] if isinstance(found, Mapping) else []
