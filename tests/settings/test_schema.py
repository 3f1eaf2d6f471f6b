"""The committed schemas say what the models say, and editors find the same faults as we do."""

import json
from pathlib import Path

import jsonschema
import pytest
import yaml

from settings import schema

ROOT = Path(__file__).parents[2]
STACKS = sorted(ROOT.glob("Pulumi.*.yaml"))
WORKLOADS = sorted(ROOT.glob("workloads/*.yaml"))


def faults(name, data):
    found = jsonschema.Draft202012Validator(schema.schemas()[name]).iter_errors(data)
    return [it.json_path for it in found]


def test_the_committed_schemas_are_fresh():
    assert schema.stale(ROOT) == [], "run ./aks schema and read the diff"


@pytest.mark.parametrize("path", [*STACKS, *WORKLOADS], ids=lambda it: it.name)
def test_every_shipped_file_names_its_schema_and_keeps_to_it(path):
    text = path.read_text()
    first = text.splitlines()[0]
    named = (path.parent / first.partition("$schema=")[2]).resolve()
    assert first.startswith("# yaml-language-server: $schema=")
    assert named.is_file()
    assert faults(named.name, yaml.safe_load(text)) == []


def test_an_editor_marks_a_misspelt_key_at_any_depth():
    data = yaml.safe_load((ROOT / "Pulumi.prod.yaml").read_text())
    settings = data["config"]["aks-platform:settings"]
    settings["nodePools"]["wg1"]["vmSizee"] = "x"
    settings["workloads"]["blob-service"]["autoscale"]["maxx"] = 1
    settings["images"]["Blob"] = {"tag": "1"}
    assert len(faults("stack.schema.json", data)) == 3


def test_an_override_may_be_partial_and_null_removes():
    data = yaml.safe_load((ROOT / "Pulumi.dev.yaml").read_text())
    overrides = data["config"]["aks-platform:settings"]["workloads"]
    overrides["web"] = None
    overrides["redis"] = {"volumes": {"data": {"disk": None}}, "replicas": None}
    assert faults("stack.schema.json", data) == []


def test_a_stale_or_missing_schema_is_named_and_writing_mends_it(tmp_path):
    assert schema.stale(tmp_path) == ["stack.schema.json", "workload.schema.json"]
    schema.write(tmp_path)
    assert schema.stale(tmp_path) == []
    (tmp_path / schema.FOLDER / "stack.schema.json").write_text("{}")
    assert schema.stale(tmp_path) == ["stack.schema.json"]


def test_every_property_has_a_hover_text():
    definitions = json.loads(schema.text(schema.stack_schema()))["$defs"]

    def hover(node):
        below = [node, *node.get("anyOf", [])]
        targets = [definitions[it["$ref"].rpartition("/")[2]] for it in below if "$ref" in it]
        return any(it.get("description") for it in [*below, *targets])

    bare = [
        f"{name}.{key}"
        for name, definition in definitions.items()
        for key, value in definition.get("properties", {}).items()
        if not hover(value)
    ]
    assert bare == []
