"""`./aks guard`: what a user types, reads and gets."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from cli.application import run
from review.guard import changes
from review.plan import Plan
from tests.program import planned
from tests.review.guard.plans import edited

ROOT = Path(__file__).parents[2]
PREVIEW = ROOT / "tests/engine_samples/1-create.preview.json"


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    """The plan of `local` as it is, which is recorded without Azure."""
    path = tmp_path_factory.mktemp("plans") / "local.json"
    path.write_text(planned("local").to_json())
    return path


@pytest.fixture
def before(tmp_path):
    """The plan of `local` when redis had another headless Service, and a ConfigMap another name."""

    def redis(it):
        it["spec"]["serviceName"] = "redis-before"

    path = tmp_path / "before.json"
    path.write_text(edited(planned("local"), "course-redis-statefulset", redis).to_json())
    return path


def test_nothing_that_matters_is_exit_code_0(base, capsys):
    assert run(["guard", "local", "--base", str(base)]) == 0
    assert capsys.readouterr().out == "local: nothing is replaced, refused or lost\n"


def test_a_replacement_is_exit_code_1_and_says_what_goes(before, capsys):
    assert run(["guard", "local", "--base", str(before)]) == 1

    said = capsys.readouterr().out
    assert "mandatory  StatefulSet course/redis\n" in said
    assert '  spec.serviceName: "redis-before" -> "redis-headless"\n' in said
    assert "1 workload with 1 pod: StatefulSet course/redis\n" in said


def test_json_is_for_programs(before, capsys):
    assert run(["guard", "local", "--base", str(before), "--format", "json"]) == 1

    data = json.loads(capsys.readouterr().out)
    assert (data["stack"], data["base"]) == ("local", "local")
    assert [it["field"] for it in data["findings"]] == ["StatefulSet.spec.serviceName"]


def test_another_stack_is_a_base(capsys):
    assert run(["guard", "dev", "--base", "local", "--format", "json"]) == 1

    data = json.loads(capsys.readouterr().out)
    assert data["base"] == "local"
    assert "kubernetes.clusterIdentifier" in {it["field"] for it in data["findings"]}


def test_standard_input_is_a_base(base):
    done = subprocess.run(
        [sys.executable, "-m", "cli", "guard", "local", "--base", "-"],
        cwd=ROOT,
        input=base.read_text(),
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stdout) == (0, "local: nothing is replaced, refused or lost\n")


def broken(**changes):
    data = json.loads(planned("local").to_json())
    return json.dumps({**data, **changes})


def with_row(**changes):
    data = json.loads(planned("local").to_json())
    row = {**data["resources"][5], **changes}
    return json.dumps({**data, "resources": [*data["resources"][:5], row, *data["resources"][6:]]})


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "is empty"),
        ("  \n", "is empty"),
        ("[]", "no object at the top"),
        ("{", ":1: not JSON"),
        (None, "not JSON: "),
        ("not json at all", ":1: not JSON"),
        ('{"version": 2}', "not a plan of version 1: its version is 2"),
        ("{}", "not a plan of version 1: its version is null"),
        (PREVIEW.read_text(), "what `pulumi preview --json` says, not a plan"),
        ('{"version": 3, "deployment": {}}', "a state that `pulumi stack export` wrote"),
        (broken(stack=7), "stack is missing or no text"),
        (broken(resources={}), "resources or outputs are missing"),
        (broken(outputs=None), "resources or outputs are missing"),
        (broken(resources=[7]), "resource 1: no object"),
        (broken(project="other"), "a plan of project 'other', and this is 'aks-platform'"),
        (with_row(urn=None), "resource 6: urn is missing or no text"),
        (with_row(urn="web"), "resource 6: urn is no URN"),
        (with_row(inputs=[]), "resource 6: inputs is missing or no object"),
        (with_row(options="x"), "resource 6: options is missing or no object"),
        (with_row(dependencies=[1]), "resource 6: dependencies are missing or no list of text"),
        (with_row(surplus=1), "not a plan"),
        (with_row(urn=planned("local").resources[0].urn), "a second resource of one URN"),
        ("[" * 100_000, "nested too deep"),
    ],
)
def test_a_base_that_is_none_is_one_clear_error(tmp_path, capsys, text, words):
    path = tmp_path / "base.json"
    path.write_text(planned("local").to_json()[:-200] if text is None else text)

    assert run(["guard", "local", "--base", str(path)]) == 2

    said = capsys.readouterr()
    assert said.out == ""
    assert words in said.err
    assert said.err.startswith("error: ")
    assert said.err.count("\n") == 1
    assert "Traceback" not in said.err


def test_an_object_whose_pods_cannot_be_counted_is_told_as_such(tmp_path, capsys):
    plan = planned("local")
    plan = edited(plan, "course-redis-statefulset", lambda it: it["spec"].update(serviceName="x"))
    plan = edited(plan, "course-web-deployment", lambda it: it.update(spec="text"))
    path = tmp_path / "base.json"
    path.write_text(plan.to_json())

    assert run(["guard", "local", "--base", str(path)]) == 1
    told = " ".join(capsys.readouterr().out.split())
    assert (
        "takes down 1 workload with 1 pod: Deployment course/web; "
        "not for certain: the plan does not tell how many pods Deployment course/web has"
    ) in told
    assert told.count("not for certain") == 1


def test_an_object_that_the_guard_cannot_read_is_one_clear_error(tmp_path, capsys, monkeypatch):
    def guard(_before, _after):
        raise TypeError("planted")

    monkeypatch.setattr(changes, "guard", guard)
    path = tmp_path / "base.json"
    path.write_text(planned("local").to_json())

    assert run(["guard", "local", "--base", str(path)]) == 2
    said = capsys.readouterr().err
    assert "not shaped like a Kubernetes object" in said
    assert "planted" not in said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b"\xff\xfe\x00", "no UTF-16 at byte 2: it ends in the middle of a character"),
        (b'{"a": "\xe9"}', "no UTF-8 at byte 7"),
    ],
)
def test_a_base_of_other_bytes_is_one_clear_error(tmp_path, capsys, text, said):
    path = tmp_path / "base.json"
    path.write_bytes(text)

    assert run(["guard", "local", "--base", str(path)]) == 2
    assert said in capsys.readouterr().err


def test_a_base_that_is_not_there_is_told_with_the_stack_that_was_meant(tmp_path, capsys):
    assert run(["guard", "local", "--base", str(tmp_path / "none.json")]) == 2
    assert "none.json: cannot be read: No such file or directory" in capsys.readouterr().err
    assert run(["guard", "local", "--base", str(tmp_path)]) == 2
    assert "cannot be read: Is a directory" in capsys.readouterr().err
    assert run(["guard", "local", "--base", "porod"]) == 2
    assert "did you mean 'prod'?" in capsys.readouterr().err


def test_a_stack_that_is_not_there_is_told(base, capsys):
    assert run(["guard", "nowhere", "--base", str(base)]) == 2
    assert "there is no stack 'nowhere'" in capsys.readouterr().err


def test_the_base_is_asked_for(capsys):
    assert run(["guard", "local"]) == 2
    assert "--base" in capsys.readouterr().err


def test_no_secret_of_a_plan_is_in_any_output(tmp_path, capsys):
    plan = planned("local")
    assert '"$secret"' in plan.to_json()
    changed = Plan.from_json(plan.to_json().replace('"immutable": true', '"immutable": false'))
    path = tmp_path / "base.json"
    path.write_text(changed.to_json())

    run(["guard", "local", "--base", str(path), "--format", "json"])

    assert "$secret" not in capsys.readouterr().out


def test_what_is_only_advice_is_exit_code_0(tmp_path, capsys):
    plan = edited(
        planned("local"),
        "testing-regression-tests-job",
        lambda it: it["spec"].update(parallelism=1),
    )
    path = tmp_path / "base.json"
    path.write_text(plan.to_json())

    assert run(["guard", "local", "--base", str(path)]) == 0
    assert "local: 0 mandatory, 1 advisory" in capsys.readouterr().out
