import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from review import planner
from review.plan import Plan, PlanError
from review.planner import plan_stacks
from review.recorder import record
from tests.review.programs import PLAIN, program

ROOT = Path(__file__).parents[2]
THING = 'pulumi.CustomResource("other:b:Thing", pulumi.get_stack(), {"a": 1})\n'


def test_every_stack_gets_the_plan_that_it_gets_alone_in_the_order_asked_for(tmp_path):
    program(tmp_path, PLAIN + THING, stacks=("dev", "prod", "local"))
    plans = plan_stacks(tmp_path, ["prod", "local", "dev", "prod"])
    assert list(plans) == ["prod", "local", "dev"]
    for stack, plan in plans.items():
        assert plan == record(tmp_path, stack)
        assert [row.name for row in plan.resources] == [f"app-{stack}", stack]


def test_the_stacks_run_side_by_side_in_processes_of_their_own(tmp_path):
    met = tmp_path / "met"
    met.mkdir()
    source = PLAIN + (
        "import os, pathlib, time\n"
        f"met = pathlib.Path({str(met)!r})\n"
        "(met / pulumi.get_stack()).touch()\n"
        "last = time.monotonic() + 20\n"
        "while len([*met.iterdir()]) < 3 and time.monotonic() < last: time.sleep(0.01)\n"
        "pulumi.export('run', [os.getpid(), len([*met.iterdir()])])"
    )
    program(tmp_path, source, stacks=("dev", "prod", "local"))
    plans = plan_stacks(tmp_path, ["dev", "prod", "local"])
    runs = [plan.outputs["run"] for plan in plans.values()]
    assert [found for _, found in runs] == [3, 3, 3]
    assert len({os.getpid(), *(process for process, _ in runs)}) == 4


def test_what_a_program_logs_goes_to_whoever_listens_and_else_to_stderr(tmp_path, capfd):
    source = PLAIN + "pulumi.log.warn(f'mind {pulumi.get_stack()}')\npulumi.log.debug('noise')\n"
    program(tmp_path, source, stacks=("dev", "prod"))
    heard = []
    plan_stacks(tmp_path, ["dev", "prod"], said=lambda *it: heard.append(it))
    assert sorted(heard) == [("dev", "warning", "mind dev"), ("prod", "warning", "mind prod")]
    assert capfd.readouterr().err == ""
    plan_stacks(tmp_path, ["dev"])
    assert capfd.readouterr().err == "warning: mind dev\n"


def test_a_stack_that_fails_does_so_alone_and_says_why(tmp_path):
    source = PLAIN + "assert pulumi.get_stack() != 'prod', 'no'\n"
    program(tmp_path, source, stacks=("dev", "prod"))
    plans = plan_stacks(tmp_path, ["dev", "prod", "stage"])
    assert isinstance(plans["dev"], Plan)
    assert str(plans["prod"]) == "__main__.py:2: AssertionError: no"
    assert str(plans["stage"]).startswith("no stack 'stage'")


@pytest.mark.parametrize(
    ("end", "how"),
    [("os.kill(os.getpid(), 9)", "by SIGKILL"), ("os._exit(7)", "with exit code 7")],
)
def test_a_process_that_is_ended_from_outside_is_one_clear_error(tmp_path, end, how):
    source = f"{PLAIN}import os\nif pulumi.get_stack() == 'prod': {end}\n"
    program(tmp_path, source, stacks=("dev", "prod"))
    plans = plan_stacks(tmp_path, ["dev", "prod"])
    assert isinstance(plans["dev"], Plan)
    assert isinstance(plans["prod"], PlanError)
    assert str(plans["prod"]) == f"the process that planned stack 'prod' was ended {how}"


def test_a_fault_of_the_recorder_itself_is_an_error_that_quotes_nothing(tmp_path, monkeypatch):
    program(tmp_path, PLAIN)
    monkeypatch.setattr("review.recorder.stack_config.load", lambda *_: {}["planted"])
    task = planner.Task(project_dir=tmp_path, stack="dev")
    kind, error = planner._planned(None, task, listened_to=False)
    assert kind == "error"
    assert str(error).startswith("the recorder failed: KeyError at test_planner.py:")
    assert "planted" not in str(error)


def test_progress_tells_start_count_and_end_of_every_stack(tmp_path):
    source = PLAIN + "import time\n" + THING + "time.sleep(0.2)\n1 / (pulumi.get_stack() != 'prod')"
    program(tmp_path, source, stacks=("dev", "prod"))
    told = []
    plan_stacks(tmp_path, ["dev", "prod"], progress=lambda *step: told.append(step))
    assert told[:2] == [("dev", "start", 0), ("prod", "start", 0)]
    assert [step for step in told if step[1] in {"done", "failed"}] in (
        [("dev", "done", 2), ("prod", "failed", 0)],
        [("prod", "failed", 0), ("dev", "done", 2)],
    )
    assert {step[1] for step in told} == {"start", "register", "done", "failed"}


def test_versions_of_kubernetes_may_differ_by_stack(tmp_path):
    source = """
    import pulumi, pulumi_kubernetes as k8s
    opts = pulumi.ResourceOptions(provider=k8s.Provider("cluster"))
    manifest = {"apiVersion": "v1", "kind": "ConfigMap", "dato": {}}
    pulumi.CustomResource("kubernetes:core/v1:ConfigMap", "it", manifest, opts)
    """
    program(tmp_path, source, stacks=("dev", "prod", "local"))
    plans = plan_stacks(
        tmp_path, ["dev", "prod", "local"], kubernetes_version={"dev": "1.35", "prod": "9.9"}
    )
    assert "did you mean 'data'?" in str(plans["dev"])
    assert "no schemas for Kubernetes 9.9" in str(plans["prod"])
    assert isinstance(plans["local"], Plan)


def test_overrides_and_debug_reach_every_stack(tmp_path):
    program(tmp_path, PLAIN + "raise ValueError(pulumi.Config().require('why'))", stacks=("a", "b"))
    plans = plan_stacks(tmp_path, ["a", "b"], config_overrides={"why": "told"}, debug=True)
    for error in plans.values():
        assert str(error) == "__main__.py:2: ValueError: told"
        assert "Traceback" in error.details


def test_azure_s_sdk_is_loaded_once_for_the_stacks_that_need_it_and_not_for_others(tmp_path):
    source = """
    import sys, pulumi
    loaded = "pulumi_azure_native.resources.resource_group" in sys.modules
    if pulumi.get_stack() != "local":
        from pulumi_azure_native import resources
    pulumi.export("before", loaded)
    pulumi.export("after", "pulumi_azure_native" in sys.modules)
    """
    program(tmp_path, source, stacks=("dev", "local", "prod"))
    for stack in ("dev", "prod"):
        (tmp_path / f"Pulumi.{stack}.yaml").write_text("config: {azure-native:location: here}")
    # In a process of its own: this one may have loaded the SDK for another test.
    code = (
        "import sys; from pathlib import Path; from review.planner import plan_stacks;"
        f"plans = plan_stacks(Path({str(tmp_path)!r}), ['dev', 'local', 'prod']);"
        "print([(it.outputs['before'], it.outputs['after']) for it in plans.values()])"
    )
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert run.stdout == "[(True, True), (False, False), (True, True)]\n"


def test_stdout_is_left_to_whoever_asked_for_the_plan(tmp_path, capfd):
    program(tmp_path, PLAIN + "import os\nprint('one')\nos.system('echo two')")
    assert isinstance(plan_stacks(tmp_path, ["dev"])["dev"], Plan)
    out, err = capfd.readouterr()
    assert (out, sorted(err.split())) == ("", ["one", "two"])


def test_where_a_fork_is_not_safe_a_new_interpreter_plans_the_same(tmp_path, monkeypatch):
    program(tmp_path, PLAIN + THING)
    monkeypatch.setattr(planner, "_is_single_threaded", lambda: False)
    assert plan_stacks(tmp_path, ["dev"])["dev"] == record(tmp_path, "dev")


def test_ctrl_c_ends_the_planning_and_its_processes_without_a_word_from_them(tmp_path):
    source = (
        PLAIN
        + f"import os, time\nopen({str(tmp_path / 'pids')!r}, 'a').write(f'{{os.getpid()}} ')\ntime.sleep(60)"
    )
    program(tmp_path, source, stacks=("dev", "prod"))
    code = (
        "from pathlib import Path; from review.planner import plan_stacks\n"
        f"try: plan_stacks(Path({str(tmp_path)!r}), ['dev', 'prod'])\n"
        "except KeyboardInterrupt: print('stopped')"
    )
    planning = subprocess.Popen(
        [sys.executable, "-c", code],
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip
    pids = []
    while len(pids) < 2:
        time.sleep(0.05)
        pids = (tmp_path / "pids").read_text().split() if (tmp_path / "pids").exists() else []
    for pid in pids:
        os.kill(int(pid), signal.SIGINT)
    time.sleep(0.2)
    assert all(Path("/proc", pid).exists() for pid in pids), "they leave Ctrl-C to their parent"
    os.killpg(planning.pid, signal.SIGINT)
    assert planning.communicate(timeout=10) == ("stopped\n", "")
    assert [pid for pid in pids if Path("/proc", pid).exists()] == []


def test_importing_the_planner_does_not_import_pulumi():
    code = "import sys, review.planner; sys.exit('pulumi' in sys.modules or 'yaml' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)


def test_two_trees_of_one_stack_are_planned_side_by_side_each_with_its_own_modules(tmp_path):
    trees = [tmp_path / "base", tmp_path / "head"]
    for tree in trees:
        tree.mkdir()
        program(tree, PLAIN + f"\npulumi.export('tree', {tree.name!r})\n")

    tasks = [planner.Task(project_dir=it, stack="dev", title=it.name) for it in trees]
    made = planner.plan_all(tasks)

    assert [Plan.from_json(it.text).outputs["tree"] for it in made] == ["base", "head"]


def test_a_plan_comes_with_the_files_that_its_program_opened(tmp_path):
    (tmp_path / "beside.txt").write_text("x")
    program(tmp_path, "import pathlib\npathlib.Path('beside.txt').read_text()\n" + PLAIN)

    [made] = planner.plan_all([planner.Task(project_dir=tmp_path, stack="dev")])

    assert str(tmp_path / "beside.txt") in made.read
    assert str(tmp_path / "Pulumi.dev.yaml") in made.read
    assert not any("site-packages" in it for it in made.read)
