"""Where a commit described its workloads: file and line, however the name is written."""

import subprocess

import pytest

from review.report import Place
from review.sources.named import named_in


@pytest.fixture
def project(tmp_path):
    """A project in a folder of a repository."""
    root = tmp_path / "of a team"
    (root / "workloads" / "cases").mkdir(parents=True)

    def git(*words):
        own = ("-c", "user.name=a", "-c", "user.email=a@example.org")
        subprocess.run(["git", "-C", tmp_path, *own, *words], check=True, capture_output=True)

    git("init", "-q")
    files = {
        "web.yaml": "# A page.\nname: web\nnamespace: course\nimage: nginx\n",
        "quoted.yaml": "namespace: 'shop'\nname: \"till\"  # old\n",
        "cases/web.yaml": "name: other\nnamespace: course\n",
        "flow.yaml": "{name: flow, namespace: course}\n",
    }
    for name, text in files.items():
        (root / "workloads" / name).write_text(text)
    git("add", "-A")
    git("commit", "-qm", "all")
    git("tag", "before")
    git("rm", "-q", "-r", "of a team/workloads/web.yaml")
    git("commit", "-qm", "less")
    return root


def test_workloads_are_known_by_name_and_by_namespace_and_name(project):
    web = Place(file="workloads/web.yaml", line=2, gone=True)
    till = Place(file="workloads/quoted.yaml", line=2, gone=True)

    assert named_in(project, "before") == {
        "web": web,
        "course-web": web,
        "till": till,
        "shop-till": till,
    }
    assert "web" not in named_in(project, "HEAD")


def test_one_name_in_two_namespaces_is_two_workloads(project):
    (project / "workloads" / "web.yaml").write_text("name: web\nnamespace: course\n")
    (project / "workloads" / "zweb.yaml").write_text("name: web\nnamespace: shop\n")
    own = ["-c", "user.name=a", "-c", "user.email=a@example.org"]
    for words in (["add", "-A"], ["commit", "-qm", "two"]):
        subprocess.run(["git", "-C", project, *own, *words], check=True, capture_output=True)

    found = named_in(project, "HEAD")
    assert found["shop-web"].file == "workloads/zweb.yaml"
    assert found["course-web"].file == found["web"].file == "workloads/web.yaml"


def test_what_is_no_commit_describes_nothing(project, tmp_path_factory):
    assert named_in(project, "no-such-branch") == {}
    assert named_in(project, "--help") == {}
    assert named_in(tmp_path_factory.mktemp("outside"), "before") == {}
