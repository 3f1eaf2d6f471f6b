"""The committed schemas say what the models say, and editors find the same faults as we do."""

import json
from pathlib import Path

import jsonschema
import pytest
import yaml
from hypothesis import given
from hypothesis import settings as hypothesis
from hypothesis import strategies as st
from pydantic import ValidationError

from settings import schema
from settings.workload import Workload
from tests.settings.estate import change
from tests.settings.everything import STACK, WORKLOAD
from tests.settings.rich import BATCH, OVERRIDES, SHOP, rich_stack
from tests.settings.test_models import fresh, leaves

ROOT = Path(__file__).parents[2]
STACKS = sorted(ROOT.glob("Pulumi.*.yaml"))
WORKLOADS = sorted(ROOT.glob("workloads/*.yaml"))


SCHEMAS = {
    name: jsonschema.Draft202012Validator(it) for name, it in schema.schemas().items()
}  # fmt: skip
SETTINGS = "aks-platform:settings"


def faults(name, data):
    return [it.json_path for it in SCHEMAS[name].iter_errors(data)]


def overriding(workload):
    """A stack that says `workload` of a workload."""
    return {"config": {SETTINGS: {**STACK, "workloads": {"web": workload}}}}


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


def test_a_chart_is_whole_in_its_file_and_may_be_partial_in_the_stack():
    chart = {
        "kind": "chart",
        "namespace": "course",
        "chart": "oci://r.example/x",
        "version": "1.0.0",
    }
    assert faults("chart.schema.json", chart) == []
    assert len(faults("chart.schema.json", {**chart, "kind": "deployment", "atomc": True})) == 2
    data = yaml.safe_load((ROOT / "Pulumi.dev.yaml").read_text())
    for override in ({"version": "1.1.0", "values": {"any": None}}, None):
        data["config"][SETTINGS]["charts"] = {"x": override}
        assert faults("stack.schema.json", data) == []
    data["config"][SETTINGS]["charts"] = {"x": {"atomc": True}}
    assert len(faults("stack.schema.json", data)) == 1


def test_a_stale_or_missing_schema_is_named_and_writing_mends_it(tmp_path):
    assert schema.stale(tmp_path) == [*SCHEMAS]
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


def test_what_says_all_that_can_be_said_is_valid_in_an_editor_too():
    assert faults("workload.schema.json", WORKLOAD) == []
    assert faults("stack.schema.json", {"config": {SETTINGS: STACK}}) == []
    own = {key: value for key, value in WORKLOAD.items() if key != "name"}
    assert faults("stack.schema.json", overriding(own)) == []
    for text in (SHOP, BATCH):
        assert faults("workload.schema.json", yaml.safe_load(text)) == []
    assert faults("stack.schema.json", rich_stack()) == []
    assert faults("stack.schema.json", overriding(yaml.safe_load(OVERRIDES)["shop"])) == []


SHORT = [
    ("service", 80), ("service.ports.http", 80), ("ports.http", 80), ("ports.dns", {"port": 53, "protocol": "UDP"}),
    ("uses", ["api:53/UDP", "internet:3478/UDP", "10.0.0.0/8:9/SCTP"]), ("probes.readiness", "/readyz"),
    ("probes.readiness", "tcp"), ("probes.readiness", "none"), ("env.A", "b"), ("env.A", {"secret": "KEY"}),
    ("mounts./x", "data"), ("mounts./x", {"volume": "data"}), ("scratch", ["/tmp"]), ("scratch", {"/tmp": "1Gi"}),
    ("release", "canary"), ("preStop", 5), ("containers.proxy.before", "complete"),
    ("containers.proxy.before", {"main": "healthy"}), ("volumes.data.downward.a", "limits.cpu"),
    ("volumes.data.downward.a", "metadata.name"),
    ("job.cases", ["a"]), ("job.cases", 6), ("job.cases", "cases/smoke.txt"), ("availability", "ha"),
]  # fmt: skip
WRONG = [
    ("service", "80"), ("service", 0), ("ports.dns", {"port": 53, "protocol": "DNS"}), ("uses", ["api/UDP"]),
    ("service.ports.http", "80"), ("probes.readiness", "readyz"),
    ("probes.readiness", 5), ("probes.readiness", {"httpget": {}}), ("env.A", 5), ("env.A", {"field": "a"}),
    ("env.A", {"secrett": "KEY"}), ("mounts./x", 5), ("mounts./x", {"readonly": True}), ("mounts.x", "data"),
    ("scratch", "/tmp"), ("scratch", ["tmp"]), ("scratch", {"/tmp": 64}), ("release", "canaryy"), ("release", 5),
    ("preStop", "5s"), ("preStop", -1), ("containers.proxy.before", "completed"),
    ("containers.proxy.before", {"main": "done"}), ("volumes.data.downward.a", "limits"), ("job.cases", 0),
    ("job.cases", []), ("job.cases", "/cases.txt"), ("job.cases", {"lists": ["a"]}), ("availability", "high"),
]  # fmt: skip


@pytest.mark.parametrize(("path", "value"), SHORT, ids=str)
def test_every_short_form_is_valid_in_a_file_and_in_an_override(path, value):
    data = change(fresh(WORKLOAD), path.split("."), value)
    assert faults("workload.schema.json", data) == []
    Workload.model_validate(data)
    assert faults("stack.schema.json", overriding(change({}, path.split("."), value))) == []


@pytest.mark.parametrize(("path", "value"), WRONG, ids=str)
def test_every_wrong_form_is_marked_in_a_file_and_in_an_override(path, value):
    data = change(fresh(WORKLOAD), path.split("."), value)
    with pytest.raises(ValidationError):
        Workload.model_validate(data)
    [place] = faults("workload.schema.json", data)
    assert place.startswith(f"$.{path.split('.')[0]}")
    assert len(faults("stack.schema.json", overriding(change({}, path.split("."), value)))) == 1


@pytest.mark.parametrize(
    "path",
    ["service", "env.A", "env", "mounts./x", "scratch./tmp", "containers.proxy", "containers.proxy.before.main",
     "probes.readiness", "volumes.data.downward.a", "release.match", "job.cases", "nodeSelector.tier"],
)  # fmt: skip
def test_null_removes_at_every_depth_of_an_override(path):
    assert faults("stack.schema.json", overriding(change({}, path.split("."), None))) == []


def test_an_item_of_a_list_in_an_override_is_whole_since_the_list_is_replaced():
    assert faults("stack.schema.json", overriding({"routes": [{"host": "public"}]})) == []
    assert len(faults("stack.schema.json", overriding({"routes": [{"path": "/x"}]}))) == 1


VALUES = st.sampled_from([value for _, value in SHORT + WRONG]) | st.sampled_from(
    ["1", 1, "", "a", "/a", True, None, [], {}, ["a"], "1Gi", "50%", 70, -1]
)


@hypothesis(max_examples=200, deadline=None)
@given(st.sampled_from(list(leaves(WORKLOAD))), VALUES)
def test_what_the_model_takes_an_editor_takes(leaf, value):
    data = change(fresh(WORKLOAD), list(leaf[0]), value)
    try:
        Workload.model_validate(data)
    except ValidationError:
        return
    assert faults("workload.schema.json", data) == []
