"""The ready pipelines: what each schema, linter and audit at hand can tell of them without running them.

GitHub's by its schema, by zizmor's audit and by shellcheck; those of Azure once their templates are written out, by the
schema and by shellcheck. That they run is tried nowhere here.
"""

import json
import re
import subprocess
import sys
from importlib import resources
from pathlib import Path

import jsonschema
import pytest
import yaml

from review.renderers.markdown_text import marker
from settings.load import stacks

ROOT = Path(__file__).parents[1]
GITHUB = sorted((ROOT / ".github/workflows").glob("*.yml"))
AZURE = sorted((ROOT / ".azure-pipelines").glob("*.yml"))
PINNED = re.compile(r"^[\w-]+/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$")
EACH = re.compile(r"\$\{\{ each (?P<name>\w+) in parameters\.(?P<key>\w+) \}\}")
IF = re.compile(r"\$\{\{ if ne\(parameters\.(?P<key>\w+), '(?P<value>[^']*)'\) \}\}")
OWN = re.compile(r"\$\{\{ (?P<path>[\w.]+) \}\}")


def schema(name):
    file = resources.files("check_jsonschema") / f"builtin_schemas/vendor/{name}.json"
    return json.loads(file.read_text(encoding="utf-8"))


def load(path):
    # 'on' is a key of GitHub's and no truth.
    data = yaml.load(path.read_text(), yaml.BaseLoader)
    assert isinstance(data, dict)
    return data


def found(node, key):
    """Every value of `key` at any depth."""
    if isinstance(node, dict):
        for name, value in node.items():
            if name == key:
                yield value
            yield from found(value, key)
    elif isinstance(node, list):
        for value in node:
            yield from found(value, key)


def written_out(node, names):
    """A template of Azure Pipelines as the service sees it, as far as these use templates."""
    if isinstance(node, list):
        return [made for it in node for made in _items(it, names)]
    if isinstance(node, dict):
        return {key: written_out(it, names) for key, it in node.items()}
    if isinstance(node, str):
        whole = OWN.fullmatch(node)
        if whole:
            return _named(whole["path"], names)
        return OWN.sub(lambda it: str(_named(it["path"], names)), node)
    return node


def _items(it, names):
    [(key, below)] = it.items() if isinstance(it, dict) and len(it) == 1 else [("", None)]
    if each := EACH.fullmatch(str(key)):
        for value in names["parameters"][each["key"]]:
            yield from written_out(below, {**names, each["name"]: value})
    elif condition := IF.fullmatch(str(key)):
        if names["parameters"][condition["key"]] != condition["value"]:
            yield from written_out(below, names)
    else:
        yield written_out(it, names)


def _named(path, names):
    value = names
    for step in path.split("."):
        value = value[step]
    return value


def expanded(path):
    data = load(path)  # as text: to the service, and so to its schema, every scalar is one
    given = {it["name"]: it.get("default", "sample") for it in data.get("parameters", ())}
    if "serviceConnection" in given:
        given["serviceConnection"] = "aks-preview"
    return _with_truths(written_out(data, {"parameters": given}))


def _with_truths(node, inside=False):
    """Of a task's inputs alone the schema wants truths as truths."""
    if isinstance(node, dict):
        return {key: _with_truths(it, inside or key == "inputs") for key, it in node.items()}
    if isinstance(node, list):
        return [_with_truths(it, inside) for it in node]
    return {"true": True, "false": False}.get(node, node) if inside else node


def shellcheck(script):
    return subprocess.run(
        [
            Path(sys.executable).with_name("shellcheck"),
            "--shell=bash",
            "--severity=warning",
            "--exclude=SC2154",
            "-",
        ],
        input=script,
        capture_output=True,
        text=True,
        check=False,
    ).stdout


def test_there_are_pipelines_for_both():
    assert [it.stem for it in GITHUB] == ["deploy", "promote", "review", "up"]
    assert [it.stem for it in AZURE] == ["deploy", "promote", "pulumi", "review"]


@pytest.mark.parametrize("path", GITHUB, ids=lambda it: it.name)
def test_a_workflow_of_github_is_valid(path):
    data = yaml.safe_load(path.read_text())
    data["on"] = data.pop(True)
    jsonschema.validate(data, schema("github-workflows"))


@pytest.mark.parametrize("path", AZURE, ids=lambda it: it.name)
def test_a_pipeline_of_azure_is_valid_once_its_templates_are_written_out(path):
    faults = jsonschema.Draft7Validator(schema("azure-pipelines")).iter_errors(expanded(path))
    best = jsonschema.exceptions.best_match(faults)
    assert best is None, f"{best.json_path}: {best.message[:300]}"


def test_an_audit_of_the_workflows_finds_nothing():
    done = subprocess.run(
        [
            Path(sys.executable).with_name("zizmor"),
            "--offline",
            "--no-progress",
            "--min-severity=medium",
            *GITHUB,
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("path", GITHUB, ids=lambda it: it.name)
def test_every_action_is_pinned_by_the_digest_of_its_commit_and_says_its_version(path):
    used = re.findall(r"uses: (.+)$", path.read_text(), re.MULTILINE)
    assert used
    assert [it for it in used if not PINNED.match(it) and not it.startswith("./")] == []


@pytest.mark.parametrize("path", GITHUB, ids=lambda it: it.name)
def test_a_workflow_has_no_right_that_a_job_does_not_name(path):
    data = load(path)
    assert data["permissions"] == {}
    for name, job in data["jobs"].items():
        assert job["permissions"], name
        assert "uses" in job or int(job["timeout-minutes"]) <= 120, name


@pytest.mark.parametrize("path", GITHUB, ids=lambda it: it.name)
def test_no_workflow_takes_a_stored_secret_nor_runs_a_fork_with_rights(path):
    text, data = path.read_text(), load(path)
    assert "secrets." not in text
    assert not {"pull_request_target", "workflow_run"} & set(data["on"])
    for name, job in data["jobs"].items():
        rights = job["permissions"]
        if "pull_request" in data["on"] and set(rights.items()) - {("contents", "read")}:
            assert "head.repo.full_name == github.repository" in job["if"], name
        if "write" in rights.values() and "pull_request" in data["on"] and "id-token" not in rights:
            assert not any("checkout" in it for it in found(job, "uses")), f"{name} runs the code"


@pytest.mark.parametrize("path", GITHUB, ids=lambda it: it.name)
def test_a_script_gets_what_users_typed_as_variables_alone(path):
    for script in found(load(path)["jobs"], "run"):
        assert "${{" not in script


@pytest.mark.parametrize("path", GITHUB, ids=lambda it: it.name)
def test_a_script_stops_at_the_first_command_and_the_first_part_of_a_pipe_that_fails(path):
    data = load(path)
    if list(found(data["jobs"], "run")):
        assert data["defaults"]["run"]["shell"] == "bash"  # with -eo pipefail; without it not
    assert not list(found(data["jobs"], "shell"))


def test_every_script_of_azure_of_several_lines_stops_at_what_fails():
    for path in AZURE:
        for script in [it for key in ("bash", "inlineScript") for it in found(load(path), key)]:
            assert "\n" not in script or script.startswith("set -euo pipefail\n"), path.name


def test_what_is_deployed_is_the_commit_of_the_run_and_one_of_main():
    up = load(ROOT / ".github/workflows/up.yml")["jobs"]["up"]
    assert up["steps"][0]["with"]["ref"] == "${{ github.sha }}"
    assert up["environment"] == "${{ inputs.stack }}"
    deploy = load(ROOT / ".github/workflows/deploy.yml")
    assert "github.ref == 'refs/heads/main'" in deploy["jobs"]["dev"]["if"]
    assert deploy["jobs"]["prod"]["needs"] == "dev"
    stages = expanded(ROOT / ".azure-pipelines/deploy.yml")["stages"]
    assert [it["stage"] for it in stages] == ["dev", "prod"]
    for stage in stages:
        assert "succeeded()" in stage["condition"]
        assert "eq(variables['Build.SourceBranch'], 'refs/heads/main')" in stage["condition"]
        [job] = stage["jobs"]
        assert job["environment"] == stage["stage"]


def test_a_newer_push_stops_a_review_and_its_comment_and_nothing_stops_a_deployment():
    review = load(ROOT / ".github/workflows/review.yml")
    assert review["concurrency"]["cancel-in-progress"] == "true"
    assert "github.event.pull_request.number" in review["concurrency"]["group"]
    assert "!cancelled()" in review["jobs"]["comment"]["if"]
    up = load(ROOT / ".github/workflows/up.yml")["jobs"]["up"]["concurrency"]
    assert up == {"group": "pulumi-${{ inputs.stack }}", "cancel-in-progress": "false"}
    promote = load(ROOT / ".github/workflows/promote.yml")["concurrency"]
    assert promote["cancel-in-progress"] == "false"


@pytest.mark.parametrize("path", AZURE, ids=lambda it: it.name)
def test_a_script_of_azure_gets_parameters_and_variables_as_variables_of_the_shell(path):
    for key in ("bash", "inlineScript"):
        for script in found(load(path), key):
            assert "${{" not in script
            assert not re.search(r"\$\([A-Z]\w+\.", script), "a macro is pasted into the script"


@pytest.mark.parametrize("path", [*GITHUB, *AZURE], ids=lambda it: "/".join(it.parts[-2:]))
def test_the_shell_in_a_pipeline_is_clean(path):
    data = load(path)["jobs"] if path in GITHUB else expanded(path)
    scripts = [it for key in ("run", "bash", "inlineScript") for it in found(data, key)]
    assert [it for script in scripts if (it := shellcheck(script))] == []


@pytest.mark.parametrize("path", [*GITHUB, *AZURE], ids=lambda it: "/".join(it.parts[-2:]))
def test_the_pulumi_of_a_pipeline_is_the_one_the_program_is_pinned_to(path):
    pinned = re.search(r"^pulumi==(\S+)$", (ROOT / "requirements.in").read_text(), re.MULTILINE)[1]
    for version in re.findall(
        r"(?:pulumi-version|PULUMI_VERSION\n +value): ([\d.]+)", path.read_text()
    ):
        assert version == pinned


def test_every_stack_in_azure_is_reviewed_previewed_and_deployed_with_its_own_policy_file():
    names = [it for it in stacks(ROOT) if it != "local"]
    review = load(GITHUB[2])
    assert review["jobs"]["review"]["strategy"]["matrix"]["stack"] == names
    assert list(load(GITHUB[0])["jobs"]) == names
    assert expanded(AZURE[3])["stages"]
    for name in names:
        assert (ROOT / f"policy/stacks/{name}.json").is_file()
    for path in (ROOT / ".github/workflows/up.yml", ROOT / ".azure-pipelines/pulumi.yml"):
        assert (
            '--policy-pack policy --policy-pack-config "policy/stacks/$STACK.json"'
            in path.read_text()
        )


@pytest.mark.parametrize("path", [GITHUB[2], AZURE[3]], ids=lambda it: "/".join(it.parts[-2:]))
def test_the_comment_is_found_again_by_the_mark_that_a_review_begins_with(path):
    line = marker("STACK").replace("STACK", "$STACK")
    assert f'marker="{line}"' in path.read_text()
