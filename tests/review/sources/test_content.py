"""What the names of kept plans hang on: whatever a program may act upon gives another name."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from review.planner import Task
from review.sources import content, sides
from review.sources.cache import Cache


@pytest.fixture(autouse=True)
def _anew():
    content.ambient.cache_clear()
    yield
    content.ambient.cache_clear()


def ambient():
    content.ambient.cache_clear()
    return content.ambient()


@pytest.mark.parametrize(
    "name",
    ["ARM_SUBSCRIPTION_ID", "AZURE_TENANT_ID", "HTTPS_PROXY", "LANG", "OWN_SETTING", "PYTHONPATH", "TERMS"],
)  # fmt: skip
def test_any_variable_that_a_program_may_read_is_in_the_name(monkeypatch, name):
    monkeypatch.delenv(name, raising=False)
    without = ambient()
    monkeypatch.setenv(name, "one")
    one = ambient()
    monkeypatch.setenv(name, "other")

    assert len({without, one, ambient()}) == 3


@pytest.mark.parametrize("name", ["COLUMNS", "OLDPWD", "SHLVL", "SSH_TTY", "TERM", "_"])
def test_another_window_has_the_same_name(monkeypatch, name):
    before = ambient()
    monkeypatch.setenv(name, "other")

    assert ambient() == before


def test_the_name_hangs_on_the_kubeconfigs_that_are_named_and_on_what_is_in_them(
    monkeypatch, tmp_path
):
    one, other = tmp_path / "one", tmp_path / "other"
    monkeypatch.setenv("KUBECONFIG", f"{one}:{other}")
    found = [ambient()]
    for file, text in ((one, "a"), (other, "a"), (one, "b"), (other, "b")):
        file.write_text(text)
        found.append(ambient())

    assert len({*found}) == 5


def test_without_a_word_the_kubeconfig_is_the_one_at_home(monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("KUBECONFIG", raising=False)
    before = ambient()
    (tmp_path / ".kube").mkdir()
    (tmp_path / ".kube" / "config").write_text("current-context: other")

    assert ambient() != before


def test_another_day_has_another_name(monkeypatch):
    class Later(date):
        @classmethod
        def today(cls):
            return cls(2035, 1, 1)

    before = ambient()
    monkeypatch.setattr(content, "date", Later)

    assert ambient() != before


def test_a_package_of_another_version_has_another_name_though_no_pin_moved(monkeypatch, tmp_path):
    (tmp_path / "pulumi-1.0.dist-info").mkdir()
    monkeypatch.syspath_prepend(tmp_path)
    before = ambient()
    (tmp_path / "pulumi-1.0.dist-info").rename(tmp_path / "pulumi-1.1.dist-info")

    assert ambient() != before


@pytest.fixture
def tool(monkeypatch, tmp_path):
    """A tool of its own, small enough to be read again and again."""
    for it in ("review", "settings", "manifests", "policy", "docs"):
        (tmp_path / it).mkdir()
        (tmp_path / it / "a.py").write_text("1")
    (tmp_path / "review" / "b.json").write_text("1")
    (tmp_path / "settings" / "c.yaml").write_text("1")
    (tmp_path / "requirements.txt").write_text("1")
    monkeypatch.setattr(content, "TOOL", tmp_path / "review")
    content.tool.cache_clear()
    yield tmp_path
    content.tool.cache_clear()


@pytest.mark.parametrize(
    "file",
    ["manifests/a.py", "policy/a.py", "requirements.txt", "review/a.py", "review/b.json", "settings/c.yaml"],
)  # fmt: skip
def test_the_tools_own_code_data_and_pins_are_in_every_name(tool, file):
    before, around = content.tool(), ambient()
    (tool / file).write_text("2")
    content.tool.cache_clear()

    assert content.tool() != before
    assert ambient() != around


def test_a_file_of_the_tool_under_another_name_is_another_tool(tool):
    before = content.tool()
    (tool / "policy" / "a.py").rename(tool / "policy" / "z.py")
    content.tool.cache_clear()

    assert content.tool() != before


def test_what_the_tool_does_not_run_is_in_no_name(tool):
    before = content.tool()
    (tool / "docs" / "a.py").write_text("2")
    (tool / "review" / "a.pyc").write_text("2")
    content.tool.cache_clear()

    assert content.tool() == before


@pytest.fixture
def tree(tmp_path):
    folder = tmp_path / "project"
    for it in ("workloads", "settings", "docs"):
        (folder / it).mkdir(parents=True)
    for it in ("__main__.py", "Pulumi.yaml", "Pulumi.dev.yaml", "Pulumi.prod.yaml",
               "workloads/web.yaml", "settings/a.py", "docs/a.md"):  # fmt: skip
        (folder / it).write_text("1")
    return folder


@pytest.mark.parametrize(
    ("file", "whole", "code"),
    [
        ("Pulumi.dev.yaml", True, False),
        ("Pulumi.prod.yaml", True, True),
        ("__main__.py", True, True),
        ("docs/a.md", False, False),
        ("new.txt", False, False),
        ("settings/a.py", True, True),
        ("settings/new.txt", True, True),
        ("workloads/web.yaml", True, False),
    ],
)
def test_a_file_is_in_the_name_of_the_plan_and_code_in_that_of_components(tree, file, whole, code):
    before = content.of_tree(tree), content.of_code(tree, "dev")
    (tree / file).write_text("2")

    after = content.of_tree(tree), content.of_code(tree, "dev")
    assert [old != new for old, new in zip(before, after, strict=True)] == [whole, code]


def test_a_file_that_moved_or_cannot_be_read_gives_another_name(tree):
    names = [content.of_tree(tree)]
    (tree / "workloads" / "web.yaml").rename(tree / "workloads" / "api.yaml")
    names.append(content.of_tree(tree))
    (tree / "workloads" / "api.yaml").unlink()
    (tree / "workloads" / "api.yaml").symlink_to("nowhere")
    names.append(content.of_tree(tree))

    assert len({*names}) == 3


def test_all_that_a_plan_is_made_from_is_in_its_name(tree, monkeypatch):
    job = sides._Job(
        Task(project_dir=tree, stack="dev"), content="a", label="working tree", rows={}
    )
    tasks = [
        replace(job.task, stack="prod"),
        replace(job.task, kubernetes_version="1.35"),
    ]
    jobs = [job, replace(job, content="b"), *(replace(job, task=it) for it in tasks)]
    monkeypatch.setattr(sides, "ambient", lambda: "around")
    names = [it.name for it in jobs]
    cache = Cache(None)
    components = [it.components(cache)[1] for it in jobs]
    monkeypatch.setattr(sides, "ambient", lambda: "elsewhere")
    (tree / "settings" / "a.py").write_text("2")

    assert len({*names, job.name}) == 5
    assert job.components(cache)[1] not in components
    assert len({*components}) == 3, "code, stack and version; the catalogue is in the signatures"
    assert replace(job, label="other").name == job.name


def test_components_hang_on_what_surrounds_them(tree, monkeypatch):
    job = sides._Job(Task(project_dir=tree, stack="dev"), content="a", label="", rows={})
    monkeypatch.setattr(sides, "ambient", lambda: "around")
    before = job.components(Cache(None))[1]
    monkeypatch.setattr(sides, "ambient", lambda: "elsewhere")

    assert job.components(Cache(None))[1] != before


@pytest.mark.parametrize(
    ("path", "kept"),
    [
        ("Pulumi.yaml", True),
        ("workloads/web.yaml", True),
        ("../beside.txt", False),
        ("docs/a.md", False),
        ("notes.txt", False),
        (".hidden/a.py", False),
        ("out/plan.json", False),
        ("linked/a.md", False),
    ],
)
def test_only_what_is_in_the_name_may_have_been_read(tree, path, kept):
    (tree / "linked").symlink_to(tree / "docs")

    assert content.only_read([str(tree / path)], tree) is kept
    assert content.only_read([str(tree / "Pulumi.yaml"), str(tree / path)], tree) is kept


def test_the_tools_own_files_and_the_kubeconfig_are_in_the_name_whoever_reads_them(
    tree, monkeypatch, tmp_path
):
    monkeypatch.setenv("KUBECONFIG", str(tmp_path / "own"))
    own = Path(content.__file__)

    assert content.only_read([str(tmp_path / "own"), str(own)], tree)
    assert not content.only_read([str(own.with_suffix(".txt"))], tree)
