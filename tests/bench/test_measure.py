"""The measured processes themselves, on the smallest estate."""

import json
from pathlib import Path

import yaml

from bench import measure, objects, yaml_floor
from bench.bounds import MEASURED, SDK_FLOOR, YAML_FLOOR

ROOT = Path(__file__).parents[2]


def test_every_command_and_every_floor_is_measured_on_a_project_of_its_own(tmp_path):
    said = []

    costs, counts = measure.estates(ROOT, tmp_path, [2], 1, said.append)

    assert costs.keys() == counts.keys() == {2}
    assert {*costs[2]} == {YAML_FLOOR, *MEASURED, SDK_FLOOR}
    assert all(it.cpu_seconds > 0 for it in costs[2].values())
    assert said == ["an estate of 2 workloads", "  the SDK alone"]
    written = list(yaml.safe_load_all((tmp_path / "2/floor-0.yaml").read_text()))
    rendered = [
        it
        for path in sorted((tmp_path / "2/out-yaml-0").rglob("*.yaml"))
        for it in yaml.safe_load_all(path.read_text())
    ]
    assert written == rendered
    assert counts[2] == len(rendered)


def test_the_objects_of_the_floor_are_those_that_were_rendered(tmp_path):
    for name, items in (("a.json", [{"kind": "A"}]), ("b.json", [{"kind": "B"}, {"kind": "C"}])):
        (tmp_path / name).write_text(json.dumps({"kind": "List", "items": items}))

    objects.main(tmp_path, tmp_path / "objects")

    assert json.loads((tmp_path / "objects").read_text()) == [
        {"kind": "A"},
        {"kind": "B"},
        {"kind": "C"},
    ]


def test_the_floor_writes_what_stands_twice_twice(tmp_path):
    (tmp_path / "objects").write_text('[{"b": [1], "a": [1]}]')

    yaml_floor.main(tmp_path, tmp_path / "objects", tmp_path / "out")

    assert (tmp_path / "out").read_text() == "b:\n- 1\na:\n- 1\n"
