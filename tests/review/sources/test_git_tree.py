"""Commits that a review starts from: found by name, laid out beside the working tree, gone afterwards."""

import subprocess

import pytest

from review.sources.git_tree import RefError, checked_out, resolve, uncommitted


def git(folder, *arguments):
    own = ["-c", "user.name=a", "-c", "user.email=a@b", "-c", "commit.gpgsign=false"]
    done = subprocess.run(
        ["git", *own, *arguments], cwd=folder, check=True, capture_output=True, text=True
    )
    return done.stdout.strip()


@pytest.fixture
def repository(tmp_path):
    folder = tmp_path / "repository"
    folder.mkdir()
    git(folder, "init", "-q", "-b", "main")
    (folder / "a.yaml").write_text("old\n")
    git(folder, "add", ".")
    git(folder, "commit", "-q", "-m", "one")
    git(folder, "tag", "v1")
    (folder / "a.yaml").write_text("new\n")
    git(folder, "commit", "-q", "-am", "two")
    return folder


def test_a_commit_is_laid_out_as_it_was_and_is_gone_afterwards(repository):
    commit = resolve(repository, "v1")

    with checked_out(repository, commit) as tree:
        assert (tree / "a.yaml").read_text() == "old\n"
        assert (repository / "a.yaml").read_text() == "new\n"
    assert not tree.exists()
    assert git(repository, "worktree", "list").count("\n") == 0


def test_it_is_gone_after_a_failure_too(repository):
    with (
        pytest.raises(ZeroDivisionError),
        checked_out(repository, resolve(repository, "v1")) as tree,
    ):
        raise ZeroDivisionError
    assert not tree.exists()
    assert git(repository, "worktree", "list").count("\n") == 0


def test_a_dirty_working_tree_is_left_alone_and_counted(repository):
    (repository / "a.yaml").write_text("mine\n")
    (repository / "b.yaml").write_text("mine too\n")

    with checked_out(repository, resolve(repository, "HEAD")) as tree:
        assert (tree / "a.yaml").read_text() == "new\n"
        assert not (tree / "b.yaml").exists()
    assert (repository / "a.yaml").read_text() == "mine\n"
    assert uncommitted(repository) == 2


def test_no_hook_of_the_repository_runs(repository, tmp_path):
    hook = repository / ".git" / "hooks" / "post-checkout"
    hook.write_text(f"#!/bin/sh\ntouch {tmp_path}/ran\n")
    hook.chmod(0o755)
    git(repository, "checkout", "-q", "v1")
    assert (tmp_path / "ran").exists()
    (tmp_path / "ran").unlink()

    with checked_out(repository, resolve(repository, "v1")):
        pass

    assert not (tmp_path / "ran").exists()


def test_the_label_says_the_name_and_the_commit(repository):
    sha = git(repository, "rev-parse", "HEAD")

    assert resolve(repository, "main").label == f"main ({sha[:7]})"
    assert resolve(repository, sha).label == sha[:7]
    assert resolve(repository, sha[:12]).label == sha[:7]


def test_equal_content_has_one_key_whatever_the_commit(repository):
    git(repository, "commit", "-q", "--allow-empty", "-m", "three")

    assert resolve(repository, "HEAD").content == resolve(repository, "HEAD~1").content
    assert resolve(repository, "HEAD").content != resolve(repository, "v1").content


def test_a_project_in_a_folder_of_the_repository_is_found_there(repository):
    inner = repository / "platform"
    inner.mkdir()
    (inner / "c.yaml").write_text("c\n")
    git(repository, "add", ".")
    git(repository, "commit", "-q", "-m", "three")

    with checked_out(inner, resolve(inner, "HEAD")) as tree:
        assert [it.name for it in tree.iterdir()] == ["c.yaml"]
    with pytest.raises(RefError, match="has no folder platform"):
        resolve(inner, "v1")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("mian", "did you mean 'main'"),
        ("origin/absent", "git fetch"),
        ("--output=x", "is no name of a commit"),
        ("", "is no name of a commit"),
        ("HEAD:a.yaml", "names no stack, no file and no commit"),
        ("no\x1b[31mref", "no\N{REPLACEMENT CHARACTER}[31mref"),
    ],
)
def test_a_name_that_stands_for_nothing_says_what_to_do(repository, name, said):
    git(repository, "remote", "add", "origin", "nowhere")
    with pytest.raises(RefError) as told:
        resolve(repository, name)
    assert said in str(told.value)
    assert "\x1b" not in str(told.value)


def test_a_folder_without_git_says_that_a_plan_will_do(tmp_path):
    with pytest.raises(RefError, match="aks plan STACK --json"):
        resolve(tmp_path, "main")


def test_a_repository_that_calls_us_from_a_hook_does_not_lead_us_astray(
    repository, tmp_path, monkeypatch
):
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "elsewhere"))
    monkeypatch.setenv("GIT_INDEX_FILE", str(tmp_path / "index"))

    assert resolve(repository, "v1").ref == "v1"
