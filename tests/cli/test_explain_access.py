"""`./aks explain access`: who may do what, and by which line."""

import json

import pytest
import yaml
from click.testing import CliRunner

from cli.errors import UserError
from cli.explain import command
from tests.settings.estate import ROOT

VIEWERS = "6f1c02aa-4c1d-4e5b-9b57-0b6a5d3e7c02"
DEBUGGERS = "6f1c05aa-4c1d-4e5b-9b57-0b6a5d3e7c05"


def said(*arguments):
    return CliRunner().invoke(command, ["access", *arguments])


def test_each_right_comes_with_the_line_that_gives_it():
    done = said("--stack", "prod", "--who", VIEWERS, "--namespace", "course")
    lines = (ROOT / "Pulumi.prod.yaml").read_text().splitlines()

    first, source, *_ = done.output.splitlines()
    assert (done.exit_code, first) == (0, f"Group {VIEWERS} in course")
    line = int(source.rpartition(":")[2])
    assert source == f"  by persona viewer, Pulumi.prod.yaml:{line}"
    assert VIEWERS in lines[line - 1]
    assert "secrets," not in done.output


def test_what_leads_further_is_said_of_whom_it_is_true():
    for who, holds in ((VIEWERS, False), (DEBUGGERS, True)):
        done = said("--stack", "prod", "--who", who, "--namespace", "course")
        assert ("leads further, exec: can act as" in done.output) is holds


def test_json_has_verbs_by_resource_each_with_its_bindings():
    done = said("--stack", "prod", "--namespace", "logging", "--format", "json")
    [block] = json.loads(done.output)

    assert block["subject"] == {"kind": "Group", "name": VIEWERS}
    assert (block["namespace"], block["leadsTo"], block["unknownRoles"]) == ("logging", [], [])
    [pods] = [it for it in block["rights"] if (it["apiGroup"], it["resource"]) == ("", "pods")]
    assert list(pods["verbs"]) == ["get", "list", "watch"]
    [source] = pods["verbs"]["get"]
    assert source["role"] == "Role logging/viewer"
    assert source["binding"] == "RoleBinding logging/viewer"
    assert source["source"].startswith("Pulumi.prod.yaml:")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--who", "6f1c02aa"], "nobody is called '6f1c02aa' here; "),
        (["--namespace", "cours"], "namespace 'cours'; did you mean 'course'?"),
        (["--who", "course/redis"], "course/redis may do nothing"),
    ],
)
def test_a_name_that_nobody_has_is_an_error_of_one_line(arguments, says):
    done = said("--stack", "prod", *arguments)

    assert (type(done.exception), done.output) == (UserError, "")
    assert says in str(done.exception)


def test_a_stack_that_does_not_load_is_an_error_of_its_own():
    done = said("--stack", "prd")
    assert (type(done.exception), done.output) == (UserError, "")
    assert "did you mean 'prod'?" in str(done.exception)


@pytest.mark.parametrize(
    "arguments",
    [["--who", VIEWERS], ["--namespace", "course"], ["--format", "json"], ["--findings"]],
)
def test_its_options_go_with_nothing_else(arguments):
    done = CliRunner().invoke(command, ["environment", "--stack", "dev", *arguments])
    assert (
        str(done.exception)
        == "--who, --namespace, --format and --findings go together with 'access'"
    )


def test_the_administrators_of_the_settings_are_still_there_to_explain():
    done = CliRunner().invoke(command, ["config.access", "--stack", "prod"])
    assert "access.admins" in done.output


def test_any_folder_of_manifests_is_explained_with_files_and_lines(tmp_path):
    metadata = {"name": "x", "namespace": "shop"}
    rbac = {"apiVersion": "rbac.authorization.k8s.io/v1"}
    rule = {"apiGroups": [""], "resources": ["secrets"], "verbs": ["list"]}
    refers = {"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": "x"}
    other = {**refers, "kind": "ClusterRole", "name": "edit"}
    subjects = [{"kind": "User", "name": "ann"}]
    given = [
        {**rbac, "kind": "Role", "metadata": metadata, "rules": [rule]},
        {
            **rbac,
            "kind": "RoleBinding",
            "metadata": metadata,
            "roleRef": refers,
            "subjects": subjects,
        },
        {
            **rbac,
            "kind": "RoleBinding",
            "metadata": {**metadata, "name": "y"},
            "roleRef": other,
            "subjects": subjects,
        },
    ]
    (tmp_path / "a.yaml").write_text(yaml.safe_dump_all(given))

    done = said("--stack", str(tmp_path))

    assert done.output.splitlines() == [
        "User ann in shop",
        f"  by Role shop/x, {tmp_path}/a.yaml:{line_of(tmp_path / 'a.yaml', 'RoleBinding')}",
        "    list: secrets",
        "  leads further, secrets: can read every Secret of the namespace or put its own in their place; `list` and "
        "`watch` show contents, too",
        "  and the unknown rights of ClusterRole edit, which is not among the objects",
    ]


def line_of(path, kind):
    """The first line of the first document of a kind; each begins with its apiVersion."""
    lines = path.read_text().splitlines()
    at = lines.index(f"kind: {kind}")
    return next(index + 1 for index in range(at, -1, -1) if lines[index].startswith("apiVersion"))


RBAC = """
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: reader, namespace: shop}
rules:
- {apiGroups: [""], resources: [secrets], verbs: [list]}
- {apiGroups: [""], resources: [pod], verbs: [get]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: team, namespace: shop}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: reader}
subjects: [{kind: Group, name: team}]
"""


@pytest.fixture
def wrong(tmp_path):
    file = tmp_path / "rbac.yaml"
    file.write_text(RBAC)
    return file


def run(*arguments):
    return CliRunner().invoke(
        command, ["access", "--findings", *arguments], standalone_mode=False
    )  # exit codes are what the command returns


def test_findings_come_with_their_place_and_page_and_fail_where_one_is_mandatory(wrong):
    done = run("--stack", str(wrong))

    assert done.return_value == 1
    first, page, *_ = done.output.splitlines()
    assert first.startswith(f"{wrong}:2: mandatory: Role shop/reader: rules[0] allows list secrets")
    assert first.endswith("[role-secrets]")
    assert page.strip().startswith("https://kubernetes.io/docs/")
    assert "[role-word]" in done.output
    assert done.output.splitlines()[-1].endswith("2 mandatory")


def test_findings_in_json_have_every_part_by_itself(wrong):
    done = CliRunner().invoke(
        command, ["access", "--findings", "--stack", str(wrong), "--format", "json"]
    )
    rows = json.loads(done.stdout)

    assert [it["rule"] for it in rows] == ["role-secrets", "role-word"]
    keys = {"resource", "rule", "severity", "what", "why", "remedy", "source", "place"}
    assert {*rows[0]} == keys
    assert all(rows[0].values())


def test_a_stack_of_ours_has_no_finding():
    done = run("--stack", "prod")
    assert (done.return_value, len(done.output.splitlines())) == (0, 1)
    assert done.output.endswith("; nothing mandatory\n")


def test_findings_are_of_everybody(wrong):
    done = CliRunner().invoke(
        command, ["access", "--findings", "--stack", str(wrong), "--who", "team"]
    )
    assert "leave out --who, --namespace" in str(done.exception)


def test_a_document_that_cannot_be_read_is_named_and_the_rest_is_judged(wrong):
    wrong.write_text(RBAC + "---\nkind: [\n")
    done = run("--stack", str(wrong))

    assert done.return_value == 2
    assert "[role-secrets]" in done.output
    assert f"error: {wrong}:" in done.output
