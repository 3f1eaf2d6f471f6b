"""`./aks review` as a process, on a copy of the project with a history of its own."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest

ROOT = Path(__file__).parents[2]
CODE = (
    *("cli", "components", "manifests", "policy", "review", "settings", "workloads"),
    *("__main__.py", "Pulumi.yaml", "requirements.txt", ".gitignore"),
    *(it.name for it in ROOT.glob("Pulumi.*.yaml")),
)
CANARY = "canary-Zx9-value"


def git(folder, *arguments):
    own = ["-c", "user.name=a", "-c", "user.email=a@b", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", *own, *arguments], cwd=folder, check=True, capture_output=True)


def run(folder, *arguments, check=None, **env):
    done = subprocess.run(
        [sys.executable, "-m", "cli", "review", *arguments],
        cwd=folder,
        env={**os.environ, "COLUMNS": "100", "PYTHONPATH": str(folder), **env},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Traceback" not in done.stderr
    if check is not None:
        assert done.returncode == check, done.stdout[-2000:] + done.stderr
    return done


def edited(path, pattern, new):
    text, count = re.subn(pattern, new, path.read_text(), count=1, flags=re.MULTILINE)
    assert count, pattern
    path.write_text(text)


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    folder = tmp_path_factory.mktemp("review") / "project"
    folder.mkdir()
    for name in CODE:
        if (ROOT / name).is_dir():
            ignored = shutil.ignore_patterns("__pycache__")
            shutil.copytree(ROOT / name, folder / name, ignore=ignored)
        else:
            shutil.copy2(ROOT / name, folder / name)
    git(folder, "init", "-q", "-b", "main")
    git(folder, "add", "--all")
    git(folder, "commit", "-q", "-m", "one")
    return folder


@pytest.fixture(scope="module")
def changed(project):
    """A pull request: more replicas and another image in a workload's file, no TLS any more."""
    edited(project / "workloads" / "web-feature-login.yaml", r"^replicas: 1", "replicas: 3")
    edited(project / "Pulumi.dev.yaml", r"^ *tls: .*\n", "")
    return project


@pytest.fixture(scope="module")
def as_json(changed):
    done = run(changed, "dev", "--base", "main", "--format", "json", check=1)
    return json.loads(done.stdout)


def test_the_json_is_what_its_schema_says(as_json):
    schema = json.loads((ROOT / "docs" / "review-schema.json").read_text())

    jsonschema.Draft202012Validator(schema).validate(as_json)
    assert as_json["stack"] == "dev"
    assert as_json["base"].startswith("main (")
    assert as_json["head"] == "working tree, 2 files not committed"


def test_findings_and_changes_name_the_line_that_caused_them(as_json):
    [replicas] = [
        it for it in as_json["changes"] if it["resource"] == "Deployment course/web-feature-login"
    ]
    assert "spec.replicas" in {it["path"] for it in replicas["properties"]}
    assert replicas["place"]["file"] == "workloads/web-feature-login.yaml"
    dropped = [it for it in as_json["findings"] if it["rule"] == "exposure-tls-dropped"]
    assert {it["place"]["file"] for it in dropped} == {"Pulumi.dev.yaml"}


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ("text", "web-feature-login"),
        ("markdown", "web-feature-login"),
        ("html", "web-feature-login"),
        ("sarif", '"uri": "Pulumi.dev.yaml"'),
    ],
)
def test_every_form_comes_from_what_was_kept_and_goes_to_a_file(
    changed, as_json, tmp_path, form, said
):
    assert as_json
    output = tmp_path / "review"
    done = run(changed, "dev", "--base", "main", "--format", form, "-o", str(output), check=1)

    text = output.read_text()
    assert done.stdout == ""
    assert "exposure-tls-dropped" in text
    assert said in text
    assert [it.name for it in tmp_path.iterdir()] == ["review"]


def test_without_what_was_kept_it_says_the_same(changed, as_json):
    done = run(changed, "dev", "--base", "main", "--format", "json", "--no-cache", check=1)

    assert json.loads(done.stdout) == as_json


def test_another_stack_is_a_base(changed):
    done = run(changed, "local", "--base", "local", "--format", "json", check=0)

    found = json.loads(done.stdout)
    assert (found["changes"], found["findings"]) == ([], [])


def test_the_working_tree_and_git_stay_as_they_were(changed):
    status = subprocess.run(
        ["git", "status", "--porcelain"], cwd=changed, capture_output=True, text=True, check=True
    ).stdout
    worktrees = subprocess.run(
        ["git", "worktree", "list"], cwd=changed, capture_output=True, text=True, check=True
    ).stdout

    assert {it[3:] for it in status.splitlines()} == {
        "Pulumi.dev.yaml",
        "workloads/web-feature-login.yaml",
    }
    assert len(worktrees.splitlines()) == 1


def test_a_secret_of_the_stack_is_in_no_form_nor_in_what_is_kept(changed):
    stack = changed / "Pulumi.dev.yaml"
    before = stack.read_text()
    secret = f"  aks-platform:business-data-registry-credentials:\n    secure: {CANARY}\n"
    stack.write_text(before.replace("config:\n", f"config:\n{secret}", 1))
    try:
        for form in ("text", "markdown", "html", "json", "sarif"):
            done = run(changed, "dev", "--base", "main", "--format", form)
            assert done.returncode == 1, done.stderr
            assert CANARY not in done.stdout + done.stderr
    finally:
        stack.write_text(before)
    kept = [it for it in (changed / ".aks-cache").rglob("*") if it.is_file()]
    assert kept
    assert not any(CANARY.encode() in it.read_bytes() for it in kept)


BAD = {
    "no such commit": (["dev", "--base", "mian"], "did you mean 'main'"),
    "no such stack": (["devv", "--base", "main"], "no stack 'devv'"),
    "no base": (["dev"], "--base"),
    "a plan that was cut": (["dev", "--base", "cut.json"], "cut.json"),
    "a plan of another version": (["dev", "--base", "later.json"], "version"),
    "a plan of another project": (["dev", "--base", "other.json"], "'other'"),
    "no plan at all": (["dev", "--base", "file:Pulumi.yaml"], "Pulumi.yaml"),
}


@pytest.mark.parametrize("kind", BAD)
def test_bad_input_is_one_error_that_says_what_to_do(project, kind):
    arguments, said = BAD[kind]
    empty = {"version": 1, "project": "other", "stack": "dev", "resources": [], "outputs": {}}
    (project / "cut.json").write_text(json.dumps(empty)[:-20])
    (project / "later.json").write_text(json.dumps(empty | {"version": 9}))
    (project / "other.json").write_text(json.dumps(empty))
    try:
        done = run(project, *arguments, check=2)
    finally:
        for name in ("cut", "later", "other"):
            (project / f"{name}.json").unlink()
    assert said in done.stderr
    assert done.stdout == ""
