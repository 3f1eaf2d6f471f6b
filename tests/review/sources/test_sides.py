"""The two plans of a review, by the name of what was: a commit, a file or another stack."""

import io
import json
import os
import subprocess
import sys

import pytest

from review.plan import PlanError
from review.sources import content, environments, sides
from review.sources.cache import Cache
from review.sources.sides import SideError, Wanted
from tests.review.programs import PLAIN, program

THING = 'pulumi.CustomResource("other:b:Thing", "thing", {"a": %d})\n'


@pytest.fixture(autouse=True)
def _anew():
    content.ambient.cache_clear()


@pytest.fixture
def project(tmp_path):
    folder = tmp_path / "project"
    folder.mkdir()
    program(folder, PLAIN + THING % 1, stacks=("dev", "prod"))
    (folder / "requirements.txt").write_text("none\n")
    git(folder, "init", "-q", "-b", "main")
    commit(folder, "one")
    program(folder, PLAIN + THING % 2, stacks=("dev", "prod"))
    return folder


def git(folder, *arguments):
    own = ["-c", "user.name=a", "-c", "user.email=a@b", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", *own, *arguments], cwd=folder, check=True, capture_output=True)


def commit(folder, words):
    git(folder, "add", "--all")
    git(folder, "commit", "-q", "-m", words)


def looked_at(folder, base, cache=None, stack="dev"):
    return sides.sides(Wanted(root=folder, stack=stack, base=base), cache or Cache(None))


def value(side):
    [thing] = [it for it in side.plan.resources if it.name == "thing"]
    return thing.inputs["a"]


def test_a_commit_is_planned_as_it_was_and_the_stack_as_it_is(project):
    before, after = looked_at(project, "main")

    assert (value(before), value(after)) == (1, 2)
    assert before.label.startswith("main (")
    assert after.label == "working tree, 1 file not committed"


def test_a_stack_of_the_same_tree_is_a_base(project):
    before, after = looked_at(project, "prod")

    assert (before.plan.stack, after.plan.stack) == ("prod", "dev")
    assert before.label == "stack prod"


def test_a_file_is_a_base(project, tmp_path):
    _, after = looked_at(project, "main")
    (tmp_path / "before.json").write_text(after.plan.to_json().replace('"a": 2', '"a": 7'))

    before, _ = looked_at(project, str(tmp_path / "before.json"))

    assert (value(before), before.label, before.foreign) == (7, "before.json", True)


def test_of_a_state_what_it_does_not_record_is_taken_as_the_program_has_it(project, tmp_path):
    program(
        project,
        PLAIN
        + THING.replace("})", "}, opts=pulumi.ResourceOptions(delete_before_replace=True))") % 2,
        stacks=("dev", "prod"),
    )
    _, after = looked_at(project, "main")
    rows = [{"urn": it.urn, "type": it.type, "inputs": it.inputs} for it in after.plan.resources]
    (tmp_path / "state.json").write_text(
        json.dumps({"version": 3, "deployment": {"resources": rows}})
    )

    before, after = looked_at(project, str(tmp_path / "state.json"))
    assert before.label == "the state in state.json"
    options = [
        [it.options for it in side.plan.resources if it.name == "thing"] for side in (before, after)
    ]
    assert options == [[{"deleteBeforeReplace": True}]] * 2


def test_standard_input_is_a_base(project, monkeypatch):
    _, after = looked_at(project, "main")
    monkeypatch.setattr(sys, "stdin", io.StringIO(after.plan.to_json()))

    before, _ = looked_at(project, "-")

    assert before.plan == after.plan


def test_a_word_before_the_name_says_which_it_is(project):
    git(project, "branch", "prod")

    assert looked_at(project, "prod")[0].label == "stack prod"
    assert looked_at(project, "ref:prod")[0].label.startswith("prod (")


def test_a_stack_that_was_not_there_is_all_new_and_says_so(project):
    program(project, PLAIN + THING % 2, stacks=("late",))

    before, after = looked_at(project, "main", stack="late")

    assert before.plan.resources == ()
    assert before.notes == (f"There is no stack late at {before.label}: everything is new.",)
    assert value(after) == 2


@pytest.mark.parametrize(
    ("base", "said"),
    [
        ("mian", "did you mean 'main'"),
        ("absent.json", "there is no such file"),
        ("file:absent.json", "cannot be read"),
        (".", "a folder is no base"),
        ("file:Pulumi.yaml", "not JSON"),
    ],
)
def test_what_is_no_base_says_so(project, monkeypatch, base, said):
    monkeypatch.chdir(project)
    with pytest.raises(SideError, match=said):
        looked_at(project, base)


def test_a_base_that_cannot_be_planned_is_named(project):
    program(project, PLAIN + "raise ValueError('broken')\n")
    commit(project, "broken")
    program(project, PLAIN + THING % 3)

    with pytest.raises(PlanError, match=r"main \(.*broken"):
        looked_at(project, "main")


def runs_of(folder, base, cache, monkeypatch):
    planned = []
    real = sides.plan_all

    def noted(tasks, **rest):
        planned.extend(tasks)
        return real(tasks, **rest)

    monkeypatch.setattr(sides, "plan_all", noted)
    found = looked_at(folder, base, cache)
    return len(planned), found


def test_plans_are_kept_by_content(project, tmp_path, monkeypatch):
    cache = Cache(tmp_path / "kept")
    first, found = runs_of(project, "main", cache, monkeypatch)
    again, same = runs_of(project, "main", cache, monkeypatch)

    assert (first, again) == (2, 0)
    assert [it.plan for it in found] == [it.plan for it in same]


def edit_program(project):
    program(project, PLAIN + THING % 5, stacks=("dev", "prod"))


def edit_stack(project):
    file = project / "Pulumi.dev.yaml"
    file.write_text('config: {"app:x": "1"}\n')


def edit_beside(project):
    (project / "data").mkdir()
    (project / "data" / "more.txt").write_text("more")


@pytest.mark.parametrize("edit", [edit_program, edit_stack, edit_beside])
def test_any_file_that_is_another_has_the_stack_planned_anew(project, tmp_path, monkeypatch, edit):
    cache = Cache(tmp_path / "kept")
    looked_at(project, "main", cache)
    edit(project)

    again, (_, after) = runs_of(project, "main", cache, monkeypatch)

    assert again == 1
    assert after.plan == looked_at(project, "main")[1].plan


def test_a_report_in_the_projects_folder_has_nothing_planned_anew(project, tmp_path, monkeypatch):
    cache = Cache(tmp_path / "kept")
    looked_at(project, "main", cache)
    (project / "review.html").write_text("a report")
    (project / "before.json").write_text("{}")

    assert runs_of(project, "main", cache, monkeypatch)[0] == 0


@pytest.mark.parametrize("place", ["data.txt", "docs/data.txt", ".hidden/data.txt", "out/data.txt"])
def test_a_plan_whose_program_read_what_is_not_hashed_is_not_kept(project, tmp_path, place):
    data = project / place
    data.parent.mkdir(exist_ok=True)
    data.write_text("1")
    source = PLAIN + f"a = int(open({place!r}).read())\n" + THING.replace("%d", "a")
    program(project, source, stacks=("dev", "prod"))
    cache = Cache(tmp_path / "kept")
    assert value(looked_at(project, "prod", cache)[1]) == 1

    data.write_text("2")

    assert value(looked_at(project, "prod", cache)[1]) == 2


@pytest.mark.parametrize("name", ["PULUMI_X", "KUBECONFIG", "AZURE_TENANT_ID", "TZ"])
def test_another_environment_has_everything_planned_anew(project, tmp_path, monkeypatch, name):
    cache = Cache(tmp_path / "kept")
    looked_at(project, "main", cache)
    monkeypatch.setenv(name, "other")
    content.ambient.cache_clear()

    assert runs_of(project, "main", cache, monkeypatch)[0] == 2


def test_a_plan_whose_program_read_elsewhere_is_not_kept(project, tmp_path):
    beside = tmp_path / "beside.txt"
    beside.write_text("1")
    source = PLAIN + f"a = int(open({str(beside)!r}).read())\n" + THING.replace("%d", "a")
    program(project, source, stacks=("dev", "prod"))
    cache = Cache(tmp_path / "kept")
    assert value(looked_at(project, "main", cache)[1]) == 1

    beside.write_text("2")

    assert value(looked_at(project, "main", cache)[1]) == 2


def test_what_a_program_says_is_kept_with_its_plan(project, tmp_path):
    program(project, PLAIN + 'pulumi.log.warn("mind the gap")\n' + THING % 2)
    cache = Cache(tmp_path / "kept")

    first, again = (looked_at(project, "main", cache)[1].said for _ in range(2))

    assert first == again == (("warning", "mind the gap"),)


def test_a_base_with_other_pins_is_planned_with_its_own(project, tmp_path, monkeypatch):
    (project / "requirements.txt").write_text("other\n")
    python = tmp_path / "python"
    python.write_text(
        f"#!{sys.executable}\n"
        "import json, os, pathlib, sys\n"
        "plan = {'version': 1, 'project': 'app', 'stack': 'dev', 'outputs': {}, 'resources': []}\n"
        "pins = pathlib.Path('requirements.txt').read_text()\n"
        "plan['outputs'] = {'pins': pins, 'argv': sys.argv[2:5]}\n"
        "pathlib.Path(sys.argv[sys.argv.index('-o') + 1]).write_text(json.dumps(plan))\n"
    )
    python.chmod(0o755)
    monkeypatch.setattr(environments, "python_of", lambda *_: python)

    before, after = looked_at(project, "main")

    assert before.plan.outputs == {"pins": "none\n", "argv": ["cli", "plan", "dev"]}
    assert value(after) == 2


def test_a_plan_by_other_packages_is_made_anew_each_time(project, tmp_path, monkeypatch):
    (project / "requirements.txt").write_text("other\n")
    cache, elsewhere, python = Cache(tmp_path / "c"), tmp_path / "elsewhere", tmp_path / "python"
    plan = {"version": 1, "project": "app", "stack": "dev", "resources": []}
    python.write_text(
        f"#!{sys.executable}\n"
        "import json, pathlib, sys\n"
        f"outputs = {{'read': pathlib.Path({str(elsewhere)!r}).read_text()}}\n"
        f"text = json.dumps({plan!r} | {{'outputs': outputs}})\n"
        "pathlib.Path(sys.argv[sys.argv.index('-o') + 1]).write_text(text)\n"
    )
    python.chmod(0o755)
    monkeypatch.setattr(environments, "python_of", lambda *_: python)

    found = []
    for text in ("one", "two"):
        elsewhere.write_text(text)
        found.append(looked_at(project, "main", cache)[0].plan.outputs["read"])

    assert found == ["one", "two"]


def test_a_base_whose_own_program_fails_says_what_it_said(project, tmp_path, monkeypatch):
    (project / "requirements.txt").write_text("other\n")
    python = tmp_path / "python"
    python.write_text("#!/bin/sh\necho 'error: no such thing' >&2\nexit 2\n")
    python.chmod(0o755)
    monkeypatch.setattr(environments, "python_of", lambda *_: python)

    with pytest.raises(
        PlanError, match=r"its own `./aks plan dev` failed:\n  error: no such thing"
    ):
        looked_at(project, "main")


def test_pins_that_cannot_be_installed_are_said_and_leave_nothing(project, monkeypatch):
    (project / "requirements.txt").write_text("other\n")
    monkeypatch.setenv("PIP_NO_INDEX", "1")

    with pytest.raises(SideError, match="the packages that the base pins cannot be installed"):
        looked_at(project, "main")
    assert not [*(project / ".aks-cache" / "environments").iterdir()]


def test_two_runs_at_once_do_not_disturb_each_other(project, tmp_path):
    cache = Cache(tmp_path / "kept")
    children = []
    for _ in range(2):
        child = os.fork()
        if not child:
            ok = value(looked_at(project, "main", cache)[0]) == 1
            os._exit(0 if ok else 1)
        children.append(child)

    assert [os.waitpid(it, 0)[1] for it in children] == [0, 0]
    assert json.loads(looked_at(project, "main", cache)[0].plan.to_json())["stack"] == "dev"
