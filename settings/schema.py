"""JSON Schemas of the YAML sources, for editors: completion, hover texts and faults while typing.

Generated from the models, so that they cannot say anything else; `./aks schema --check` holds the committed ones.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from settings.charts import Chart
from settings.descriptions import describe_in_schemas
from settings.load import LOCATION_KEY
from settings.stack import PATH, Settings
from settings.workload import Workload

FOLDER = "docs/schemas"
DIALECT = "https://json-schema.org/draft/2020-12/schema"
_PARTIAL = "Override"


def schemas() -> dict[str, dict[str, Any]]:
    """The schemas by file name, below `FOLDER`."""
    return {
        "chart.schema.json": _closed(chart_schema()),
        "stack.schema.json": _closed(stack_schema()),
        "workload.schema.json": _closed(workload_schema()),
    }


def workload_schema() -> dict[str, Any]:
    """Of one file in `workloads/`."""
    describe_in_schemas()
    return {
        "$schema": DIALECT,
        "title": "A workload of the catalogue",
        **Workload.model_json_schema(),
    }


def chart_schema() -> dict[str, Any]:
    """Of one file of kind `chart` in `workloads/`."""
    describe_in_schemas()
    schema = Chart.model_json_schema()
    schema["required"] = ["kind", *schema["required"]]
    return {"$schema": DIALECT, "title": "A chart of the catalogue", **schema}


def stack_schema() -> dict[str, Any]:
    """Of `Pulumi.<stack>.yaml`. Overrides of workloads and charts are their schemas with nothing required."""
    describe_in_schemas()
    root = Settings.model_json_schema()
    definitions: dict[str, Any] = root.pop("$defs")
    overrides = Workload.model_json_schema()
    overrides_of = overrides.pop("$defs")
    for name, definition in {**overrides_of, "Workload": overrides}.items():
        definitions[f"{name}{_PARTIAL}"] = _optional(definition)
    definitions[f"Chart{_PARTIAL}"] = _optional(definitions["Chart"])
    for key, model in (("workloads", "Workload"), ("charts", "Chart")):
        named = root["properties"][key]
        [pattern] = named["patternProperties"]
        override = {"anyOf": [{"$ref": f"#/$defs/{model}{_PARTIAL}"}, {"type": "null"}]}
        named["patternProperties"] = {pattern: override}
        named.pop("default", None)
        definitions.pop(model, None)
    config = {
        "type": "object",
        "required": [PATH],
        "properties": {
            LOCATION_KEY: {
                "type": "string",
                "description": "Azure location in its short form, for example westeurope.",
            },
            PATH: root,
        },
    }
    return {
        "$schema": DIALECT,
        "title": "A stack of aks-platform",
        "type": "object",
        "required": ["config"],
        "properties": {"config": config},
        "$defs": _reachable(definitions, config),
    }


def _optional(definition: Mapping[str, Any]) -> dict[str, Any]:
    """Nothing required, null allowed everywhere (it removes), references turned to their optional forms."""
    result = {key: value for key, value in definition.items() if key != "required"}
    properties = definition.get("properties", {})
    result["properties"] = {key: _nullable(_renamed(value)) for key, value in properties.items()}
    return result


def _closed(node: Any) -> Any:
    """Maps with named keys take no other key: an editor then marks a misspelt one."""
    if isinstance(node, Mapping):
        closed = {key: _closed(value) for key, value in node.items()}
        return (
            {**closed, "additionalProperties": False} if "patternProperties" in closed else closed
        )
    return [_closed(item) for item in node] if isinstance(node, list) else node


def _nullable(schema: dict[str, Any]) -> dict[str, Any]:
    keep: dict[str, Any] = {key: schema[key] for key in ("description", "title") if key in schema}
    rest = {key: value for key, value in schema.items() if key not in keep and key != "default"}
    if {"type": "null"} in rest.get("anyOf", ()):
        return {**keep, **rest}
    return {**keep, "anyOf": [rest, {"type": "null"}]}


def _renamed(node: Any) -> Any:
    """References turned to the optional forms, and null allowed for every entry of a map. An override replaces a list
    as a whole: its items stay what they are."""
    if isinstance(node, list):
        return [_renamed(item) for item in node]
    if not isinstance(node, Mapping):
        return node
    renamed = {key: it if key == "items" else _renamed(it) for key, it in node.items()}
    if "$ref" in node:
        renamed["$ref"] = f"{node['$ref']}{_PARTIAL}"
    if isinstance(node.get("additionalProperties"), Mapping):
        renamed["additionalProperties"] = _nullable(renamed["additionalProperties"])
    for pattern, entry in renamed.get("patternProperties", {}).items():
        renamed["patternProperties"][pattern] = _nullable(entry)
    return renamed


def _reachable(definitions: Mapping[str, Any], root: Any) -> dict[str, Any]:
    """The definitions that `root` leads to, by name."""
    found: set[str] = set()
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Mapping):
            name = str(node.get("$ref", "")).rpartition("/")[2]
            if name and name not in found:
                found.add(name)
                waiting.append(definitions[name])
            waiting.extend(node.values())
        elif isinstance(node, list):
            waiting.extend(node)
    return {name: definitions[name] for name in sorted(found)}


def text(schema: Mapping[str, Any]) -> str:
    """A schema as it is committed."""
    return json.dumps(schema, indent=1, ensure_ascii=False) + "\n"


def stale(root: Path) -> list[str]:
    """Names of committed schemas that are missing or no longer what the models say."""
    folder = root / FOLDER
    return [
        name
        for name, schema in schemas().items()
        if not (folder / name).is_file()
        or (folder / name).read_text(encoding="utf-8") != text(schema)
    ]


def write(root: Path) -> list[Path]:
    """Write every schema below `root`, each beside its place and then renamed; returns the files."""
    folder = root / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, schema in schemas().items():
        path = folder / name
        beside = folder / f".{name}.new"
        beside.write_text(text(schema), encoding="utf-8")
        beside.replace(path)
        written.append(path)
    return written
