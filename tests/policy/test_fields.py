"""The fields that a rule knows are those of Kubernetes' own schemas, of the newest version that tests have."""

import json
import os
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from policy.kinds import GROUPS
from policy.rules._fields import FILE, SHAPES

FOLDER = "kubernetes-json-schema/v1.37.0-local/_definitions.json"
GROUP_KINDS = "x-kubernetes-group-version-kind"


def definitions() -> dict[str, Any]:
    spec = find_spec("kubernetes_validate")
    return json.loads((Path(spec.origin).parent / FOLDER).read_bytes())["$defs"]


def short(name: str) -> str:
    return ".".join(name.rsplit(".", 3)[-3:])


def referred(schema: Any) -> str:
    """What a field's fields are known by; of a list its items'."""
    schema = schema.get("items", schema)
    return schema.get("$ref", "").rpartition("/")[2]


def expected() -> dict[str, Any]:
    known = definitions()
    kinds = {}
    for name, schema in known.items():
        named = schema.get(GROUP_KINDS, [])
        for it in named if len(named) == 1 else ():
            if it["group"] in GROUPS.get(it["kind"], ()) and "alpha" not in it["version"]:
                version = f"{it['group']}/{it['version']}".removeprefix("/")
                kinds[f"{version} {it['kind']}"] = name
    found: dict[str, dict[str, str]] = {}
    left = sorted(kinds.values())
    while left:
        name = left.pop()
        fields = known[name].get("properties")
        if fields is None or short(name) in found:
            continue
        found[short(name)] = {}
        for key, schema in sorted(fields.items()):
            below = referred(schema)
            has_fields = bool(below and known[below].get("properties"))
            found[short(name)][key] = short(below) if has_fields else ""
            left += [below] * has_fields
    return {"kinds": {key: short(kinds[key]) for key in sorted(kinds)}, "fields": found}


def text(data: dict[str, Any]) -> str:
    """One kind, or one group of fields, a line."""
    parts = []
    for key, rows in data.items():
        lines = ",\n".join(
            f"  {json.dumps(name)}: {json.dumps(rows[name])}" for name in sorted(rows)
        )
        parts.append(f'"{key}": {{\n{lines}\n}}')
    return "{\n" + ",\n".join(parts) + "\n}\n"


def test_the_fields_are_those_of_the_schemas():
    wanted = text(expected())
    if os.environ.get("UPDATE_GOLDEN"):
        FILE.write_text(wanted, encoding="utf-8")

    assert FILE.read_text(encoding="utf-8") == wanted


def test_two_definitions_of_one_short_name_would_be_told_apart():
    names = [short(it) for it in definitions()]
    used = set(json.loads(FILE.read_bytes())["fields"])

    assert not {it for it in used if names.count(it) > 1}


def test_the_kinds_of_every_workload_are_known():
    assert {"apps/v1 Deployment", "batch/v1 CronJob", "v1 Service"} <= set(SHAPES)
