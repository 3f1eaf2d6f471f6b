"""Plans that take the rows of unchanged workloads from an earlier run: byte for byte those of a run that does not."""

import re
import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest

from bench import project
from components import recall
from review.plan import PlanError
from review.planner import Task, plan_all
from review.sources.cache import Cache
from review.sources.content import of_code

ROOT = Path(__file__).parents[2]
STACK = "bench"


@pytest.fixture(scope="module")
def estate(tmp_path_factory):
    return project.make(tmp_path_factory.mktemp("recall") / "estate", ROOT, 20)


@pytest.fixture
def tree(estate, tmp_path):
    return shutil.copytree(estate, tmp_path / "tree", symlinks=True)


def planned(tree, cache=None):
    kept = (cache, of_code(tree, STACK)) if cache else None
    task = Task(project_dir=tree, stack=STACK, kubernetes_version="1.35", kept=kept)
    [made] = plan_all([task], said=lambda *_: None)
    assert not isinstance(made, PlanError), made
    return made.text


def workload(tree, kind="deployment"):
    found = [
        it for it in sorted(tree.glob("workloads/*.yaml")) if f"kind: {kind}" in it.read_text()
    ]
    return found[0]


def edited(path, pattern, new):
    text, count = re.subn(pattern, new, path.read_text(), count=1, flags=re.MULTILINE)
    assert count, f"{pattern} is not in {path.name}"
    path.write_text(text)


def more_memory(tree):
    edited(workload(tree), r"memory: \d+Mi", "memory: 72Mi")


def gone(tree):
    files = sorted(tree.glob("workloads/*.yaml"))
    [*alone] = [
        it
        for it in files
        if not any(it.stem in other.read_text() for other in files if other != it)
        and "kind: cronjob" in it.read_text()
    ]
    name = alone[0].stem
    alone[0].unlink()
    stack = tree / f"Pulumi.{STACK}.yaml"
    stack.write_text("".join(it for it in stack.read_text().splitlines(True) if name not in it))


def another(tree):
    path = (
        workload(tree, "cronjob")
        if any("kind: cronjob" in it.read_text() for it in tree.glob("workloads/*.yaml"))
        else workload(tree)
    )
    name = path.stem
    (path.parent / "zz-new.yaml").write_text(
        re.sub(rf"^name: {name}$", "name: zz-new", path.read_text(), flags=re.MULTILINE).split(
            "\nroutes:"
        )[0]
        + "\n"
    )


def protected(tree):
    assert any("disk: {size" in it.read_text() for it in tree.glob("workloads/*.yaml"))
    edited(
        tree / f"Pulumi.{STACK}.yaml", r"^    environment:", "    protect: true\n    environment:"
    )


def other_labels(tree):
    edited(tree / f"Pulumi.{STACK}.yaml", r"environment: \w+", "environment: other")


@pytest.mark.parametrize("edit", [more_memory, gone, another, protected, other_labels])
def test_a_plan_after_an_edit_is_the_same_with_and_without_what_was_kept(tree, tmp_path, edit):
    cache = Cache(tmp_path / "cache")
    first = planned(tree, cache)
    edit(tree)

    second = planned(tree, cache)

    assert second != first
    assert second == planned(tree)


def test_nothing_is_made_anew_where_nothing_changed_and_the_rows_are_the_same(tree, tmp_path):
    cache = Cache(tmp_path / "cache")

    assert planned(tree, cache) == planned(tree, cache) == planned(tree)


def test_rows_are_taken_from_what_was_kept_by_signature(tree, tmp_path):
    """A tampered row shows that it was taken, and a changed workload that it was not."""
    cache = Cache(tmp_path / "cache")
    planned(tree, cache)
    name = of_code(tree, STACK)
    kept = cache.load(name)
    for urn, it in kept.items():
        rows = tuple((*row[:3], row[3].replace("memory", "MEMORY")) for row in it.rows)
        kept[urn] = it._replace(rows=rows)
    cache.store(name, kept)
    more_memory(tree)

    text = planned(tree, cache)

    changed = workload(tree).stem
    lines = {line for line in text.splitlines() if f"-{changed}-deployment" in line}
    assert "MEMORY" in text
    assert lines
    assert not any("MEMORY" in it for it in lines)


def test_other_code_takes_nothing_from_before(tree, tmp_path):
    cache = Cache(tmp_path / "cache")
    planned(tree, cache)
    edited(tree / "manifests" / "labels.py", r'"env"', '"stage"')

    text = planned(tree, cache)

    assert '"stage": ' in text
    assert text == planned(tree)


def test_components_of_a_program_that_reads_elsewhere_are_made_anew(tree, tmp_path):
    cache, beside = Cache(tmp_path / "cache"), tmp_path / "beside.txt"
    beside.write_text("stage")
    edited(tree / "manifests" / "labels.py", r'"env"', f"open({str(beside)!r}).read()")
    assert '"stage": ' in planned(tree, cache)

    beside.write_text("phase")

    assert '"phase": ' in planned(tree, cache)


def tenant_rows(text):
    """Of the objects of tenants that have labels: whether each was taken from what was kept and `tampered` with."""
    rows = [it for it in text.splitlines() if "Tenant$" in it.partition(", ")[0]]
    return {it.partition(", ")[0]: "PART-OF" in it for it in rows if "part-of" in it.lower()}


def tampered(cache, name):
    kept = cache.load(name)
    for urn, it in kept.items():
        if "::aks-platform:kubernetes:Tenant::" in urn:
            rows = tuple((*row[:3], row[3].replace("part-of", "PART-OF")) for row in it.rows)
            kept[urn] = it._replace(rows=rows)
    cache.store(name, kept)


def test_a_tenant_is_taken_from_what_was_kept_but_where_something_in_it_is_made(
    tmp_path_factory, tmp_path
):
    """Two tenants, one of which has a workload that changes."""
    tree = project.make(tmp_path_factory.mktemp("two") / "tree", ROOT, 40)
    cache = Cache(tmp_path / "cache")
    planned(tree, cache)
    tampered(cache, of_code(tree, STACK))
    assert set(tenant_rows(planned(tree, cache)).values()) == {True}

    more_memory(tree)
    found = tenant_rows(planned(tree, cache))

    home = re.search(r"^namespace: (\S+)", workload(tree).read_text(), flags=re.MULTILINE)[1]
    anew = {urn for urn, taken in found.items() if not taken}
    assert anew == {urn for urn in found if f"::{home}-" in urn} != set()
    assert anew != set(found)


def test_another_quota_is_another_tenant(tree, tmp_path):
    cache = Cache(tmp_path / "cache")
    planned(tree, cache)
    edited(tree / f"Pulumi.{STACK}.yaml", r"pods: \d+", "pods: 141")

    text = planned(tree, cache)

    assert '"pods": "141"' in text
    assert text == planned(tree)


def test_a_secret_that_is_set_is_another_than_one_that_is_not(tree, tmp_path):
    stack = tree / f"Pulumi.{STACK}.yaml"
    cache = Cache(tmp_path / "cache")
    planned(tree, cache)
    lines = stack.read_text().splitlines(keepends=True)
    secret = next(it for it in lines if "registry" in it and "secure:" in it)
    stack.write_text("".join(it for it in lines if it != secret))

    assert planned(tree, cache) == planned(tree)


def test_an_output_that_is_no_secret_of_the_stack_is_never_signed_for():
    secret, other = object(), object()
    args = SimpleNamespace(secrets={id(secret): "token"})

    assert recall._secret(secret, args) == {"secret": "token"}
    with pytest.raises(TypeError):
        recall._secret(other, args)
