"""`./aks pod-security`: what a user types, reads and gets."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from cli.application import run
from tests.review.analyses.test_pod_security import PROBE, namespace, secure, workload

ROOT = Path(__file__).parents[2]


@pytest.fixture
def folder(tmp_path):
    """A folder with a good and a bad workload, a Service and the Namespace."""

    def write(name, *manifests):
        text = yaml.safe_dump_all(manifests)
        (tmp_path / name).write_text(text)
        return tmp_path

    write(
        "a.yaml", workload(name="good", namespace="shop"), {"apiVersion": "v1", "kind": "Service"}
    )
    write("b.yaml", workload(spec=secure(privileged=True), name="bad", namespace="shop"))
    write("c.yaml", namespace("shop", enforce="baseline", enforce_version="v1.30"))
    return tmp_path


def test_a_folder_is_judged_by_the_labels_in_it(folder, capsys):
    assert run(["pod-security", str(folder)]) == 1

    text = capsys.readouterr().out
    assert "Deployment shop/bad  refused by baseline of v1.30, meets privileged" in text
    assert (
        '  privileged: container "web" must not set securityContext.privileged=true; remove it  '
        "spec.template.spec.containers[0].securityContext.privileged\n"
    ) in text
    assert "2 objects: 1 allowed, 1 refused for 1 violation\n" in text
    assert "skipped: 1 Service" in text
    assert "shop/good" not in text


def test_json_has_an_entry_an_object_and_the_keys_of_the_contract(folder, capsys):
    assert run(["pod-security", str(folder), "--format", "json"]) == 1

    said = capsys.readouterr()
    assert json.loads(said.out) == [
        {
            "kind": "Deployment",
            "namespace": "shop",
            "name": "bad",
            "level": "baseline",
            "allowed": False,
            "violations": [
                {
                    "control": "privileged",
                    "message": 'container "web" must not set securityContext.privileged=true',
                    "path": "spec.template.spec.containers[0].securityContext.privileged",
                }
            ],
        },
        {
            "kind": "Deployment",
            "namespace": "shop",
            "name": "good",
            "level": "baseline",
            "allowed": True,
            "violations": [],
        },
    ]
    assert "skipped: 1 Service" in said.err


def test_a_file_that_is_allowed_exits_0(folder, capsys):
    assert run(["pod-security", str(folder / "a.yaml")]) == 0

    assert "1 object: 1 allowed, 0 refused" in capsys.readouterr().out


@pytest.mark.parametrize(("version", "code"), [("1.33", 0), ("1.34", 1), ("v1.34", 1)])
def test_the_version_decides_what_is_refused(tmp_path, capsys, version, code):
    spec = secure()
    spec["containers"][0] |= PROBE
    (tmp_path / "it.yaml").write_text(yaml.safe_dump(workload(spec=spec)))

    arguments = ["--level", "baseline", "--kubernetes", version]
    assert run(["pod-security", str(tmp_path), *arguments]) == code
    assert ("hostProbesAndHostLifecycle" in capsys.readouterr().out) is bool(code)


def test_what_is_broken_is_named_with_its_line_and_the_rest_is_judged(folder, capsys):
    (folder / "d.yaml").write_text("a: b\n---\nkind: Pod\nspec: [\n")

    assert run(["pod-security", str(folder), "--format", "json"]) == 2

    said = capsys.readouterr()
    assert len(json.loads(said.out)) == 2
    assert f"error: {folder}/d.yaml:" in said.err


def test_standard_input_is_read():
    text = yaml.safe_dump(workload(spec=secure(privileged=True)))

    done = subprocess.run(
        [sys.executable, "-m", "cli", "pod-security", "-"],
        cwd=ROOT,
        input=text,
        capture_output=True,
        text=True,
    )

    assert done.returncode == 1
    assert "  -:1\n" in done.stdout


@pytest.mark.parametrize(
    "arguments",
    [
        ["nowhere"],
        ["{folder}", "--kubernetes", "35"],
        ["{folder}", "--kubernetes", "1.x"],
        ["{folder}", "--level", "privileged"],
        ["{folder}/empty"],
        [],
    ],
)
def test_what_cannot_be_understood_exits_2_without_a_traceback(folder, capsys, arguments):
    (folder / "empty").mkdir()

    assert run(["pod-security", *(it.format(folder=folder) for it in arguments)]) == 2

    said = capsys.readouterr()
    assert "Traceback" not in said.out + said.err
    assert said.out == ""


@pytest.mark.parametrize("stack", ["dev", "prod", "local"])
def test_every_shipped_stack_lets_its_own_workloads_run(stack, capsys):
    assert run(["pod-security", stack]) == 0

    assert "11 objects: 11 allowed, 0 refused" in capsys.readouterr().out


def test_a_stack_is_judged_by_the_rules_of_its_own_version(capsys):
    assert run(["pod-security", "prod", "--level", "restricted"]) == 1

    text = capsys.readouterr().out
    assert "DaemonSet logging/log-agent  refused by restricted of v1.35, meets privileged" in text
    assert "10 allowed, 1 refused for 3 violations" in text
