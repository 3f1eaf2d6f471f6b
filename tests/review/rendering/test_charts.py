"""What is rendered of a chart: its values, and the command that installs it."""

import shutil

import pytest
import yaml

from review.plan import Plan
from review.planner import plan_stacks
from review.rendering.stack import render
from tests.program import ROOT
from tests.settings.estate import SETTINGS

DIGEST = f"sha256:{'0' * 64}"
EXPORTER = {
    "kind": "chart",
    "namespace": "course",
    "chart": "oci://registry.example/charts/redis-exporter",
    "version": "6.1.0",
    "digest": DIGEST,
    "skipCrds": True,
    "values": {"replicaCount": 2, "args": ["--debug"], "image": {"tag": "1.2"}},
}


@pytest.fixture
def project(tmp_path):
    """The estate with a chart in its catalogue, which dev overrides."""
    root = tmp_path / "project"
    root.mkdir()
    for name in ("Pulumi.yaml", "Pulumi.dev.yaml", "__main__.py"):
        shutil.copy(ROOT / name, root / name)
    shutil.copytree(ROOT / "workloads", root / "workloads")
    (root / "workloads" / "exporter.yaml").write_text(yaml.safe_dump(EXPORTER))
    stack = yaml.safe_load((root / "Pulumi.dev.yaml").read_text())
    stack["config"][SETTINGS]["charts"] = {"exporter": {"values": {"replicaCount": 3}}}
    (root / "Pulumi.dev.yaml").write_text(yaml.safe_dump(stack, sort_keys=False))
    return root


def test_its_values_stand_in_the_folder_of_its_namespace_with_the_command_for_them(
    project, tmp_path
):
    out = tmp_path / "out"
    done = render(project, "dev", out, "yaml")

    file = out / "course" / "exporter.values"
    assert yaml.safe_load(file.read_text()) == {**EXPORTER["values"], "replicaCount": 3}
    notes = [*done.notes(out)]
    assert "chart exporter is a Helm chart, not among these objects; after them:" in notes
    assert notes[-1] == (
        f"  helm install exporter {EXPORTER['chart']}@{DIGEST} --version 6.1.0 --namespace course "
        f"--skip-crds --values {file}"
    )


def test_the_plan_has_the_same_values_in_one_resource_behind_the_bounds_of_its_namespace(project):
    plan = plan_stacks(project, ["dev"])["dev"]
    assert isinstance(plan, Plan), plan
    rows = {it.name: it for it in plan.resources}
    release = rows["course-exporter-release"]

    assert release.inputs["values"] == {**EXPORTER["values"], "replicaCount": 3}
    assert release.inputs["chart"] == f"{EXPORTER['chart']}@{DIGEST}"
    assert release.parent == rows["course-exporter"].urn
    waits_for = {urn.rpartition("::")[2] for urn in release.dependencies}
    assert {"course-namespace", "course-quota", "course-limits"} <= waits_for
    assert {it.parent for it in rows.values() if it.name == "course-exporter"} == {
        rows["course-web"].parent
    }
