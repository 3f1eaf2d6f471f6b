"""Charts from the stack and from files of the catalogue, and values that are held to a schema."""

import json
from copy import deepcopy

import pytest

from settings.chart_values import SchemaError, read_schema, wrong_values
from settings.checks.charts import INGRESS_RELEASE
from settings.explain import explain
from settings.load import check, load
from settings.sources import read_sources
from tests.settings.estate import ROOT, SETTINGS, VALUES_SCHEMA, dump, folder, shipped, told_of

CHART = {
    "namespace": "course",
    "chart": "oci://registry.example/charts/redis-exporter",
    "version": "6.1.0",
}
FILE = {"kind": "chart", **CHART, "values": {"replicaCount": 2, "image": {"tag": "1.2"}}}
EXPORTER = "workloads/exporter.yaml"
SCHEMAS = ROOT.parent / "shared/chart-schemas"
"""Schemas of real charts, where someone has laid them beside the project."""


def files(over=None, file=None, **more):
    data = deepcopy(shipped()["Pulumi.dev.yaml"])
    charts = {} if over is None else {"exporter": over["exporter"]} if "exporter" in over else over
    data["config"][SETTINGS]["charts"] = charts
    found = {"Pulumi.dev.yaml": dump(data), **more}
    return {**found, EXPORTER: dump(file)} if file else found


@pytest.fixture
def charts(tmp_path):
    """Loads the estate with other files, and gives its charts."""

    def charts(**given):
        root = folder().root
        texts = {**folder().texts, **files(**given)}
        for name, text in texts.items():
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_text(text)
        assert root.exists()
        return load(tmp_path, "dev").charts

    return charts


def told(over=None, file=None, **more):
    return told_of("dev", files(over, file, **more))


def wrong(values, schema=VALUES_SCHEMA, kubernetes="1.35"):
    return [(*it.path, it.rule, it.remedy) for it in wrong_values(schema, values, kubernetes)]


def test_a_stack_says_a_chart_and_needs_no_kind(charts):
    found = charts(over={"metrics": CHART})["metrics"]
    assert (found.release("metrics"), found.namespace, found.version) == (
        "metrics",
        "course",
        "6.1.0",
    )


def test_a_file_of_kind_chart_is_one_under_its_name_and_no_workload(charts, tmp_path):
    found = charts(file=FILE)
    assert [*found] == ["exporter"]
    assert found["exporter"].release("exporter") == "exporter"
    assert "exporter" not in load(tmp_path, "dev").workloads


def test_the_stacks_values_are_merged_over_the_files_at_every_depth(charts):
    over = {"exporter": {"version": "6.2.0", "values": {"image": {"repository": "r"}}}}
    found = charts(over=over, file=FILE)["exporter"]
    assert found.version == "6.2.0"
    assert found.values == {"replicaCount": 2, "image": {"tag": "1.2", "repository": "r"}}


def test_a_null_takes_back_a_value_of_the_file_and_of_the_chart(charts):
    over = {"exporter": {"values": {"image": {"tag": None}}}}
    assert charts(over=over, file=FILE)["exporter"].values == {"replicaCount": 2, "image": {}}
    of_the_chart = {**FILE, "values": {"image": None}}
    assert charts(file=of_the_chart)["exporter"].values == {"image": None}


def test_null_leaves_a_chart_of_the_catalogue_out(charts):
    assert charts(over={"exporter": None}, file=FILE) == {}


def test_null_for_a_chart_that_is_not_there_removes_nothing():
    [fault] = told({"exporterr": None}, FILE)
    assert "charts.exporterr: removes nothing: there is no such chart; did you mean" in fault


def test_a_key_that_is_no_setting_is_told_where_it_stands():
    [fault] = told(None, {**FILE, "atomc": True})
    assert fault.startswith(f"{EXPORTER}:")
    assert "atomc: no such setting; did you mean 'atomic'?" in fault
    [fault] = told({"exporter": {"atomc": True}}, FILE)
    assert fault.startswith("Pulumi.dev.yaml:")
    [fault] = told({"exporter": {"atomc": None}}, FILE)
    assert "removes nothing: there is no such key; did you mean 'atomic'?" in fault


def test_a_value_of_the_wrong_type_is_told_in_the_file_that_says_it():
    [fault] = told({"exporter": {"atomic": False}}, {**FILE, "timeoutSeconds": 0})
    assert fault.startswith(f"{EXPORTER}:")
    [fault] = told({"exporter": {"timeoutSeconds": 0}}, FILE)
    assert fault.startswith("Pulumi.dev.yaml:")


def test_what_is_missing_is_told_in_the_file_of_the_chart():
    [fault] = told(None, {"kind": "chart", "namespace": "course", "chart": CHART["chart"]})
    assert fault.startswith(f"{EXPORTER}:1: version: is required")


def test_an_override_below_workloads_is_sent_to_the_charts():
    data = deepcopy(shipped()["Pulumi.dev.yaml"])
    data["config"][SETTINGS]["workloads"]["exporter"] = {"replicas": 2}
    [fault] = told_of("dev", {"Pulumi.dev.yaml": dump(data), EXPORTER: dump(FILE)})
    assert "it is a chart: say it below 'charts'" in fault


def test_one_name_is_one_file_whatever_its_kind():
    [fault] = told(None, FILE, **{"workloads/exporter.yml": dump(FILE)})
    assert f"is the name of the workload in {EXPORTER}, too" in fault


def test_one_wrong_chart_hides_no_fault_elsewhere():
    data = deepcopy(shipped()["Pulumi.dev.yaml"])
    data["config"][SETTINGS]["charts"] = {"exporter": {**CHART, "chart": "redis"}}
    data["config"][SETTINGS]["nodePools"]["wg1"]["min"] = 99
    found = told_of("dev", {"Pulumi.dev.yaml": dump(data)})
    assert len(found) == 2
    assert any("must be an OCI reference without version" in it for it in found)


def test_every_fault_of_the_values_is_told_at_once_with_its_line_and_what_was_meant():
    values = {"replicaCount": "two", "image": {"tga": 1}, "mode": "clustre", "hosts": [{"hots": 1}]}
    given = {**FILE, "values": values, "valuesSchema": "charts/exporter.json"}
    found = told(None, given)
    text = files(file=given)[EXPORTER].split("\n")
    lines = {it.split(": ")[1]: int(it.split(":")[1]) for it in found}
    assert sorted(lines) == [
        "values.hosts[0]",
        "values.image.tga",
        "values.mode",
        "values.replicaCount",
    ]
    assert text[lines["values.image.tga"] - 1].strip() == "tga: 1"
    assert text[lines["values.replicaCount"] - 1].strip() == "replicaCount: two"
    assert any("did you mean 'tag'?" in it for it in found)
    assert any("'standalone'" in it or '"standalone"' in it for it in found)


def test_what_the_chart_may_say_itself_need_not_be_there_and_an_item_of_a_list_must():
    assert wrong({}) == []
    assert wrong({"image": {}}) == []
    assert wrong({"hosts": [{"host": "a"}, {}]}) == [
        ("hosts", 1, '"host" is a required property', "correct it")
    ]


def test_a_null_is_no_value():
    assert wrong({"replicaCount": None, "image": {"tag": None}}) == []


def test_of_several_forms_each_says_what_it_misses():
    [(key, rule, _)] = wrong({"port": "1"})
    assert key == "port"
    assert "integer" in rule
    assert "^[a-z]+$" in rule


def test_no_value_is_in_what_is_told_of_it():
    planted = {"auth": {"password": ["hunter2"]}, "mode": "hunter2", "replicaCount": "hunter2"}
    assert "hunter2" not in str(wrong({**planted, "image": {"tag": {"hunter2": 1}}}))
    given = {**FILE, "values": planted, "valuesSchema": "charts/exporter.json"}
    assert [it for it in told(None, given) if "hunter2" in it and "password" in it] == []


@pytest.mark.parametrize(
    ("schema", "says"),
    [
        ({"type": "objct"}, "is no schema"),
        ({"$ref": "https://registry.example/other.json"}, "is no schema"),
        ({"$ref": "#/$defs/Missing"}, "is no schema"),
        (5, "is no schema"),
    ],
)
def test_what_is_no_schema_or_refers_to_what_is_elsewhere_is_refused(schema, says):
    with pytest.raises(SchemaError, match=says):
        wrong({}, schema)


def test_kubernetes_own_definitions_are_those_of_the_clusters_version():
    address = "https://raw.githubusercontent.com/x/kubernetes-json-schema/master/v1.36.1/_definitions.json"
    name = "io.k8s.api.core.v1.ResourceRequirements"
    schema = {"properties": {"resources": {"$ref": f"{address}#/definitions/{name}"}}}
    assert wrong({"resources": {"limits": {"cpu": "1"}}}, schema) == []
    [(*path, rule, _)] = wrong({"resources": {"limts": {}}}, schema)
    assert (path, rule) == (["resources", "limts"], "is no value of the chart")


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("charts/exportr.json", "must be a file below the project"),
        ("charts", "must be a file below the project"),
        ("charts/bad.json", "is no JSON: line 2"),
        ("charts/bytes.json", "is no JSON"),
        ("charts/deep.json", "is no JSON"),
        ("charts/large.json", "has more than 4 MiB"),
        ("charts/out.json", "a link leads out of it"),
        ("x" * 3000, "cannot be read: File name too long"),
    ],
)
def test_a_schema_that_cannot_be_read_says_why(tmp_path, name, says):
    root = tmp_path / "project"
    (root / "charts").mkdir(parents=True)
    (root / "charts" / "exporter.json").write_text(json.dumps(VALUES_SCHEMA))
    (root / "charts" / "bad.json").write_text("{\n,}")
    (root / "charts" / "bytes.json").write_bytes(b"\xff")
    (root / "charts" / "deep.json").write_text("[" * 100_000)
    (root / "charts" / "large.json").write_text(" " * (4 * 1024 * 1024 + 1))
    (tmp_path / "secret.json").write_text("{}")
    (root / "charts" / "out.json").symlink_to(tmp_path / "secret.json")
    with pytest.raises(SchemaError, match=says):
        read_schema(root, name)
    assert read_schema(root, "charts/exporter.json") == VALUES_SCHEMA


def test_the_schemas_of_real_charts_take_their_values_and_tell_a_misspelt_one():
    """Both or neither are beside the project."""
    found = {it.name.split("-1")[0].split("-2")[0]: it for it in SCHEMAS.glob("*.schema.json")}
    good = {
        "cert-manager": {"crds": {"enabled": True}, "replicaCount": 2},
        "nginx-ingress": {"controller": {"replicaCount": 2}},
    }
    bad = {
        "cert-manager": ({"crds": {"enbled": True}}, ["crds", "enbled"]),
        "nginx-ingress": ({"controller": {"replicaCount": "two"}}, ["controller", "replicaCount"]),
    }
    assert set(found) in (set(), set(good))
    for name, path in found.items():
        schema = json.loads(path.read_text())
        assert wrong(good[name], schema) == []
        values, at = bad[name]
        [(*where, _, _)] = wrong(values, schema)
        assert where == at


def test_the_ingress_controllers_release_is_taken():
    data = deepcopy(shipped()["Pulumi.dev.yaml"])
    settings = data["config"][SETTINGS]
    home = settings["ingress"].get("namespace", "nginx-ingress")
    settings["charts"] = {INGRESS_RELEASE: {**CHART, "namespace": home}}
    found = told_of("dev", {"Pulumi.dev.yaml": dump(data)})
    assert any("is the release of the ingress controller" in it for it in found)


def test_a_sealed_value_of_the_stack_is_one_fault():
    over = {"metrics": {**CHART, "values": {"auth": {"secure": "v1:abc"}}}}
    [fault] = told(over)
    assert "charts.metrics.values.auth: is a secret, and settings hold none" in fault


def test_sources_know_which_file_is_about_a_chart():
    sources = read_sources(folder().root, "dev")
    assert sources.described(("charts", "exporter")) is None
    assert sources.described(("workloads", "web")).file == "workloads/web.yaml"


def test_it_is_told_which_file_says_a_setting_of_a_chart(tmp_path):
    for name, text in {**folder().texts, **files({"exporter": {"version": "6.2.0"}}, FILE)}.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    sources = read_sources(tmp_path, "dev")
    rows = {it.key: it for it in explain(check(sources), sources, "charts.exporter")}
    found = {
        key: rows[f"charts.exporter.{key}"].source.partition(":")[0]
        for key in ("version", "chart", "values.image.tag", "atomic")
    }
    assert found == {
        "version": "Pulumi.dev.yaml",
        "chart": EXPORTER,
        "values.image.tag": EXPORTER,
        "atomic": "default",
    }
