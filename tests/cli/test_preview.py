"""`./aks preview` and `./aks plan` as their users meet them: exit codes, streams, colours, faults."""

import json
import os
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

import jsonschema
import pytest

from review.analyses.capacity import capacity
from review.plan import Plan, Resource
from review.stack_findings import stack_findings

ROOT = Path(__file__).parents[2]
PROGRAM = (
    "settings",
    "manifests",
    "components",
    "policy",
    "review",
    "cli",
    "workloads",
    "__main__.py",
    "Pulumi.yaml",
)


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """A copy of the project whose files may be broken."""
    place = tmp_path_factory.mktemp("project")
    for name in (*PROGRAM, *(path.name for path in ROOT.glob("Pulumi.*.yaml"))):
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, place / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / name, place / name)
    return place


@pytest.fixture
def changed(project):
    """Replaces text in a file of the copy, for one test."""
    kept = {}

    def change(name, old, new):
        path = project / name
        text = path.read_text()
        assert old in text
        kept.setdefault(path, text)
        path.write_text(text.replace(old, new))

    yield change
    for path, text in kept.items():
        path.write_text(text)


def aks(place, *arguments, **environment):
    return subprocess.run(
        [sys.executable, "-m", "cli", *arguments],
        cwd=place,
        env={**os.environ, "PYTHONPATH": str(place), "TERM": "xterm", **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_all_stacks_are_planned_without_arguments_and_the_exit_code_is_0():
    done = aks(ROOT, "preview")
    assert done.returncode == 0, done.stderr
    heads = [line.partition(":")[0] for line in done.stdout.splitlines() if "resources (" in line]
    assert heads == ["dev", "local", "prod"]
    assert done.stdout.splitlines()[-1].startswith("3 stacks planned in ")
    assert "\x1b" not in done.stdout + done.stderr, "piped output is plain"


def test_colour_comes_on_request_and_not_against_no_color():
    assert "\x1b[" in aks(ROOT, "--color=always", "preview", "local").stdout
    assert "\x1b[" not in aks(ROOT, "preview", "local", "--color=auto", NO_COLOR="1").stdout


def test_a_secret_nobody_has_set_is_a_finding_with_the_command_that_sets_it():
    done = aks(ROOT, "preview", "local")
    [line] = [it for it in done.stdout.splitlines() if "shop-kv-AZURE-PASSWORD" in it]
    assert line.startswith("advisory: the program: ")
    assert "pulumi config set --stack local --secret shop-kv-AZURE-PASSWORD" in line
    assert done.stderr == "", "it is told once"


def test_what_does_not_fit_is_mandatory_and_exits_with_1(project, changed):
    changed(
        "Pulumi.local.yaml",
        'capacity: {cpu: "6", memory: 12Gi}',
        "capacity: {cpu: 800m, memory: 12Gi}",
    )
    done = aks(project, "preview", "local")
    assert done.returncode == 1
    assert "mandatory: pool wg1: CPU requests of" in done.stdout
    assert done.stdout.splitlines()[-1].endswith("; 1 mandatory")


def test_a_rule_that_the_stack_breaks_is_mandatory_and_exits_with_1(project, changed):
    changed("policy/stacks/local.json", '"image-digest": "disabled"', '"image-digest": "mandatory"')
    done = aks(project, "preview", "local")
    assert done.returncode == 1
    [line] = [it for it in done.stdout.splitlines() if "StatefulSet course/redis" in it]
    assert line.startswith(
        "mandatory: StatefulSet course/redis: spec.template.spec.containers[redis].image: "
    )
    assert line.endswith("[image-digest]")
    assert done.stdout.splitlines()[-1].endswith("; 11 mandatory")


def test_what_is_exempted_is_told_and_counts_for_nothing():
    done = aks(ROOT, "preview", "local")
    assert done.returncode == 0
    assert "exempted: DaemonSet logging/log-agent: node log files lie on the host" in done.stdout


def test_an_exemption_that_has_expired_fails_with_what_it_exempted(project, changed):
    changed("policy/exemptions.yaml", "2027-06-30", "2026-01-31")
    done = aks(project, "preview", "local")
    assert done.returncode == 1
    told = [it for it in done.stdout.splitlines() if it.startswith("mandatory: ")]
    assert sorted(it.rpartition(" ")[2] for it in told) == [
        *["[exemption-expired]"] * 3,
        "[pod-host-path]",
        "[pod-run-as-non-root]",
        "[pod-run-as-user-root]",
    ]


def test_faults_of_the_policys_configuration_come_at_once_with_exit_2_and_no_plan(project, changed):
    changed("policy/stacks/local.json", '"image-digest"', '"image-digst"')
    changed("policy/stacks/dev.json", '"advisory"', '"advsory"')
    done = aks(project, "preview", "local", "dev")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.splitlines() == [
        "error: 2 faults in the policy's configuration",
        "  policy/stacks/dev.json:2: azure-location.enforcementLevel: must be one of advisory, mandatory, disabled; "
        "got 'advsory'; did you mean 'advisory'?",
        "  policy/stacks/local.json:2: image-digst: there is no such rule; did you mean 'image-digest'?",
    ]


def test_many_findings_of_one_rule_share_a_line_unless_they_fail(project, changed):
    changed("policy/stacks/local.json", '"image-digest": "disabled"', '"image-digest": "advisory"')
    done = aks(project, "preview", "local")
    [line] = [it for it in done.stdout.splitlines() if it.endswith("[image-digest]")]
    assert line.startswith("advisory: CronJob business-data/business-data-sync and 10 more: ")


def test_faults_of_every_stack_and_file_come_at_once_with_exit_2_and_no_plan(project, changed):
    changed("Pulumi.dev.yaml", "tier: Free", "tier: Gratis")
    changed("Pulumi.prod.yaml", "upgradeChannel: patch", "upgradeChanel: patch")
    changed("workloads/redis.yaml", "port: 6379", "port: 637900")
    done = aks(project, "preview")
    assert done.returncode == 2
    assert done.stdout == ""
    lines = done.stderr.splitlines()
    assert lines[0] == "error: 3 faults in the settings", (
        "a fault of the catalogue counts once, not for each stack"
    )
    assert [line.split(":")[0].strip() for line in lines[1:]] == [
        "Pulumi.dev.yaml",
        "Pulumi.prod.yaml",
        "workloads/redis.yaml",
    ]
    assert "did you mean 'upgradeChannel'?" in done.stderr


@pytest.mark.parametrize("command", [["preview", "prd"], ["plan", "prd"]])
def test_an_unknown_stack_is_answered_with_the_nearest(command):
    done = aks(ROOT, *command)
    assert (done.returncode, done.stdout) == (2, "")
    assert "did you mean 'prod'?" in done.stderr


def test_an_exception_in_the_program_is_told_with_its_component_and_without_a_stack(
    project, changed
):
    changed(
        "components/kubernetes/workload.py",
        "        contents = args.contents(name)\n",
        "        contents = args.contents(name)\n"
        '        if "redis" in name:\n            raise LookupError("no such flavour")\n',
    )
    done = aks(project, "preview", "local")
    assert done.returncode == 2
    assert "no such flavour" in done.stderr
    assert "course-redis" in done.stderr
    assert "Traceback" not in done.stderr
    assert "Traceback" in aks(project, "preview", "local", "--debug").stderr


def test_a_plan_keeps_to_its_schema_on_every_stack():
    schema = json.loads((ROOT / "docs/plan-schema.json").read_text())
    for stack in ("dev", "prod", "local"):
        done = aks(ROOT, "plan", stack, "--json")
        assert done.returncode == 0, done.stderr
        plan = json.loads(done.stdout)
        jsonschema.Draft202012Validator(schema).validate(plan)
        assert (plan["version"], plan["stack"]) == (1, stack)


def test_a_plan_can_be_written_to_a_file_and_two_are_alike(tmp_path):
    first, second = tmp_path / "1.json", tmp_path / "2.json"
    for path in (first, second):
        assert aks(ROOT, "plan", "local", "-o", str(path)).returncode == 0
    assert first.read_bytes() == second.read_bytes()
    assert [it.name for it in tmp_path.iterdir() if it not in (first, second)] == []


def test_a_planted_secret_reaches_no_output(project, changed):
    planted = "hunter2-planted"
    changed(
        "Pulumi.local.yaml",
        "config:\n",
        f"config:\n  aks-platform:shop-kv-AZURE-PASSWORD: {{secure: {planted}}}\n",
    )
    for arguments in (["preview", "local"], ["preview", "local", "--debug"], ["plan", "local"]):
        done = aks(project, *arguments)
        assert done.returncode == 0, done.stderr
        assert planted not in done.stdout + done.stderr
    changed("Pulumi.local.yaml", f"{{secure: {planted}}}", planted)
    done = aks(project, "preview", "local")
    assert done.returncode == 2
    assert "is a secret and stands here in plain text" in done.stderr
    assert planted not in done.stdout + done.stderr


def test_what_a_stack_keeps_of_earlier_configuration_counts_against_its_quotas(project, changed):
    key = "pods: 30, nodePorts: 1"
    changed("Pulumi.dev.yaml", key, f"{key}, counts: {{configmaps: 8}}")
    done = aks(project, "preview", "dev")

    # Four that are named by their content, each with two earlier versions and one on its way out, and kube-root-ca.crt.
    assert done.returncode == 1
    assert (
        "ResourceQuota course: the stack needs 17 count/configmaps of 8 while an update runs (12 are earlier versions, "
        "by 'configHistory')" in done.stdout
    )

    changed("Pulumi.dev.yaml", "counts: {configmaps: 8}", "counts: {configmaps: 17}")
    assert aks(project, "preview", "dev").returncode == 0


def test_a_role_that_gives_too_much_is_mandatory():
    role = {
        "kind": "ClusterRole",
        "metadata": {"name": "wide"},
        "rules": [{"apiGroups": ["*"], "resources": ["*"], "verbs": ["*"]}],
    }
    binding = {
        "kind": "ClusterRoleBinding",
        "metadata": {"name": "wide"},
        "roleRef": {"kind": "ClusterRole", "name": "wide"},
        "subjects": [{"kind": "Group", "name": "team"}],
    }
    rows = [
        Resource(urn=it["kind"], type="kubernetes:any:Any", name="wide", inputs=it)
        for it in (role, binding)
    ]
    plan = Plan(project="p", stack="s", resources=tuple(rows))

    [found] = stack_findings(plan, capacity(plan), [], date.today())
    assert (found.rule, found.severity) == ("role-wildcard", "mandatory")
