"""The recorder's plan of a program is what the real engine registered for it, resource by resource."""

import json
import os
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest

from review.plan import SECRET, UNKNOWN, PlanError
from review.recorder import record
from tests.review.programs import PROVIDER, planned
from tests.review.test_plan import SCHEMA

SAMPLES = Path(__file__).parents[1] / "engine_samples"
PLANTED = "planted-secret-value"

ANSWERED_BY_THE_STAND_IN = {
    ("aks-cluster", "resourceGroupName"),
    ("aks-wg1", "resourceGroupName"),
    ("aks-wg1", "resourceName"),
}
"""`name` outputs of Azure resources, which are no inputs: the stand-in that played azure-native in the recording
answered them in its preview, the real provider leaves them unknown."""

BOOKKEEPING = "__internal"
"""The engine's own notes among a provider's inputs."""


@pytest.fixture(scope="module")
def plan():
    secret = {"sample:password": {"secure": PLANTED}}
    return record(SAMPLES / "program", "dev", config_overrides=secret, kubernetes_version="1.35")


@pytest.fixture(scope="module")
def engine():
    steps = json.loads((SAMPLES / "1-create.preview.json").read_text())["steps"]
    return {step["urn"]: step["newState"] for step in steps}


def marked(value):
    if value == "[secret]":
        return SECRET
    if value == "04da6b54-80e4-46f7-96ec-b56ff0331ba9":
        return UNKNOWN
    if isinstance(value, dict):
        return {key: marked(item) for key, item in value.items() if key != BOOKKEEPING}
    return [marked(item) for item in value] if isinstance(value, list) else value


def test_it_registers_the_resources_that_the_engine_registered(plan, engine):
    assert len(plan.resources) == len(engine) == 20
    assert {row.urn for row in plan.resources} == set(engine)


@pytest.mark.parametrize("field", ["type", "parent", "provider"])
def test_a_field_of_every_resource_is_the_engine_s(plan, engine, field):
    ours = {row.urn: getattr(row, field) for row in plan.resources}
    assert ours == {urn: state.get(field, "") for urn, state in engine.items()}


def test_the_inputs_of_every_resource_are_the_engine_s(plan, engine):
    for row in plan.resources:
        ours, theirs = dict(row.inputs), marked(engine[row.urn].get("inputs", {}))
        for name, key in ANSWERED_BY_THE_STAND_IN:
            if row.name == name:
                assert (ours.pop(key), type(theirs.pop(key))) == (UNKNOWN, str)
        assert ours == theirs, row.urn


def test_the_dependencies_of_every_resource_are_the_engine_s(plan, engine):
    ours = {row.urn: row.dependencies for row in plan.resources}
    theirs = {urn: tuple(sorted(it.get("dependencies", ()))) for urn, it in engine.items()}
    assert ours == theirs


def test_the_options_of_every_resource_are_the_engine_s(plan, engine):
    others = {"urn", "custom", "type", "parent", "inputs", "outputs", "provider", "dependencies"}
    for row in plan.resources:
        theirs = {key: value for key, value in engine[row.urn].items() if key not in others}
        assert row.options == theirs, row.urn


def test_the_outputs_of_the_stack_are_the_engine_s(plan):
    events = {"endpoint": "https://shop.example", "kubeconfig": SECRET}
    assert plan.outputs == events


def test_the_sample_has_what_the_comparison_is_about(plan):
    options = [key for row in plan.resources for key in row.options]
    assert set(options) == {"protect", "ignoreChanges", "additionalSecretOutputs"}
    assert any(row.dependencies for row in plan.resources)
    text = plan.to_json()
    assert '{"$secret": true}' in text
    assert '{"$unknown": true}' in text


def test_the_plan_follows_its_schema(plan):
    jsonschema.Draft202012Validator(SCHEMA).validate(json.loads(plan.to_json()))


def test_the_secret_is_nowhere_in_the_plan(plan):
    assert PLANTED not in plan.to_json()
    assert PLANTED not in repr(plan)


def test_two_runs_give_the_same_bytes_however_python_orders_its_sets():
    def run(seed):
        code = (
            "import sys; from pathlib import Path; from review.recorder import record_json;"
            f"sys.stdout.write(record_json(Path({str(SAMPLES / 'program')!r}), 'dev'))"
        )
        root = str(SAMPLES.parents[1])
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": root}
        return subprocess.run(
            [sys.executable, "-c", code], env=environment, capture_output=True, check=True
        ).stdout

    assert run("1") == run("2") != b""


def test_a_urn_that_the_engine_refuses_as_a_duplicate_is_refused_with_both_places(tmp_path):
    diagnostics = json.loads((SAMPLES / "4-duplicate-urn.preview.json").read_text())["diagnostics"]
    [urn] = [it["urn"] for it in diagnostics if it["severity"] == "error"]
    with pytest.raises(PlanError) as refused:
        planned(
            tmp_path,
            """
            class Workload(pulumi.ComponentResource):
                def __init__(self, name, opts):
                    super().__init__("aks-platform:kubernetes:Workload", name, None, opts)
                    inside = pulumi.ResourceOptions(parent=self)
                    kubernetes("ConfigMap", f"{name}-config", {"apiVersion": "v1"}, inside)

            class Tenant(pulumi.ComponentResource):
                def __init__(self, name):
                    opts = pulumi.ResourceOptions(providers=[cluster])
                    super().__init__("aks-platform:kubernetes:Tenant", name, None, opts)
                    Workload("api", pulumi.ResourceOptions(parent=self))

            Tenant("shop")
            Tenant("lab")
            """,
            begin=PROVIDER,
            project={"name": "sample", "config": {}},
        )
    assert refused.value.message == (
        f"two resources have the URN {urn}, one under shop (__main__.py:21), one under lab (__main__.py:21); "
        "a logical name is unique in the stack for its chain of types: give them different names, such as 'lab-api'"
    ), "its children, which clash because it does, are not listed"
