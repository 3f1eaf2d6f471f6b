"""A folder is written whole or not at all, and only one of our own is replaced."""

import os
import stat

import pytest

from review.rendering import folder
from review.rendering.folder import MARKER, FolderError, replace
from review.rendering.layout import File

FILES = [File("a/1.yaml", b"one"), File("b/2.yaml", b"two")]


def contents(root):
    return {
        it.relative_to(root).as_posix(): it.read_bytes()
        for it in root.rglob("*")
        if it.is_file() and it.name != MARKER
    }


@pytest.fixture
def out(tmp_path):
    return tmp_path / "deep" / "out"


def test_a_new_folder_holds_the_files_and_nothing_lies_beside_it(out):
    assert replace(out, FILES) == ["a/1.yaml", "b/2.yaml"]

    assert contents(out) == {"a/1.yaml": b"one", "b/2.yaml": b"two"}
    assert [*out.parent.iterdir()] == [out]


def test_an_empty_folder_is_taken(out):
    out.mkdir(parents=True)

    replace(out, FILES)

    assert contents(out) == {"a/1.yaml": b"one", "b/2.yaml": b"two"}


def test_a_folder_of_ours_is_replaced_whole(out):
    replace(out, FILES)

    replace(out, [File("c/3.yaml", b"three")])

    assert contents(out) == {"c/3.yaml": b"three"}
    assert [*out.parent.iterdir()] == [out]


def test_a_folder_of_ours_from_which_files_were_removed_is_replaced(out):
    replace(out, FILES)
    (out / "a/1.yaml").unlink()

    replace(out, FILES)

    assert len(contents(out)) == 2


def test_a_link_to_a_folder_stays_a_link(out, tmp_path):
    replace(out, FILES)
    link = tmp_path / "link"
    link.symlink_to(out)

    replace(link, [File("c/3.yaml", b"three")])

    assert link.is_symlink()
    assert contents(out) == {"c/3.yaml": b"three"}


def test_a_folder_of_somebody_else_is_left_alone(out):
    out.mkdir(parents=True)
    (out / "mine.txt").write_text("mine")

    with pytest.raises(
        FolderError, match=r"not written by \./aks render; name a new or empty folder"
    ):
        replace(out, FILES)

    assert contents(out) == {"mine.txt": b"mine"}


def test_a_marker_of_another_making_is_none(out):
    out.mkdir(parents=True)
    (out / MARKER).write_text("mine")

    with pytest.raises(FolderError, match="was not written by"):
        replace(out, FILES)


@pytest.mark.parametrize("name", ["mine.txt", ".git/HEAD", "a/kustomization.yaml"])
def test_a_file_that_somebody_put_into_our_folder_saves_it(out, name):
    replace(out, FILES)
    (out / name).parent.mkdir(exist_ok=True)
    (out / name).write_text("mine")

    with pytest.raises(FolderError, match=f"did not write: {name}; move it away"):
        replace(out, [])

    assert contents(out)[name] == b"mine"
    assert len(contents(out)) == 3


def test_a_link_that_somebody_put_into_our_folder_saves_it(out, tmp_path):
    replace(out, FILES)
    (out / "link").symlink_to(tmp_path)

    with pytest.raises(FolderError, match="did not write: link"):
        replace(out, [])


def test_of_many_strange_files_three_are_named(out):
    replace(out, FILES)
    for index in range(5):
        (out / f"{index}.txt").touch()

    with pytest.raises(FolderError, match=r"0\.txt, 1\.txt, 2\.txt and 2 more;"):
        replace(out, [])


def test_a_file_in_the_place_of_the_folder_is_left_alone(tmp_path):
    (tmp_path / "out").write_text("mine")

    with pytest.raises(FolderError, match="is a file; name a folder"):
        replace(tmp_path / "out", FILES)


@pytest.mark.parametrize("below", [".", "a"])
def test_the_folder_one_stands_in_is_not_taken_away(out, monkeypatch, below):
    replace(out, FILES)
    monkeypatch.chdir(out / below)

    with pytest.raises(FolderError, match="is the folder you are in; go to one outside it"):
        replace(out, [])


def test_a_link_that_leads_to_itself_is_said(tmp_path):
    (tmp_path / "out").symlink_to(tmp_path / "out")

    with pytest.raises(FolderError, match="out: cannot be written: "):
        replace(tmp_path / "out", FILES)


def test_a_folder_that_cannot_be_looked_into_is_left_alone(out, monkeypatch):
    replace(out, FILES)
    scandir = os.scandir

    def closed(path):
        if str(path).endswith("/a"):
            raise PermissionError(13, "Permission denied")
        return scandir(path)

    monkeypatch.setattr(os, "scandir", closed)

    with pytest.raises(FolderError, match="out: cannot be written: Permission denied"):
        replace(out, [])

    assert (out / "a/1.yaml").read_bytes() == b"one"


def test_a_failure_on_the_way_leaves_the_old_folder_and_nothing_else(out):
    replace(out, FILES)

    def failing():
        yield File("c/3.yaml", b"three")
        raise RuntimeError("in the middle")

    with pytest.raises(RuntimeError):
        replace(out, failing())

    assert contents(out) == {"a/1.yaml": b"one", "b/2.yaml": b"two"}
    assert [*out.parent.iterdir()] == [out]


def test_a_disk_that_fails_leaves_the_old_folder_and_says_why(out, monkeypatch):
    replace(out, FILES)

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(folder, "_write", full)

    with pytest.raises(FolderError, match="out: cannot be written: No space left on device"):
        replace(out, FILES)

    assert contents(out) == {"a/1.yaml": b"one", "b/2.yaml": b"two"}


def test_when_the_new_folder_cannot_take_its_place_the_old_one_comes_back(out, monkeypatch):
    replace(out, FILES)
    rename = type(out).rename

    def failing(self, target):
        if self.name == "new":
            raise OSError(16, "Device or resource busy")
        return rename(self, target)

    monkeypatch.setattr(type(out), "rename", failing)

    with pytest.raises(FolderError, match="cannot be written: Device or resource busy"):
        replace(out, [])

    assert contents(out) == {"a/1.yaml": b"one", "b/2.yaml": b"two"}
    assert [*out.parent.iterdir()] == [out]


def test_a_private_file_is_for_its_owner_alone(out):
    before = os.umask(0o022)
    try:
        replace(out, [File("a", b"", private=True), File("b", b"")])
    finally:
        os.umask(before)

    modes = {it.name: stat.S_IMODE(it.stat().st_mode) for it in (out, *out.iterdir())}
    assert modes == {"out": 0o755, "a": 0o600, "b": 0o644, MARKER: 0o644}


def test_the_marker_lists_what_was_written(out):
    replace(out, FILES)

    assert (out / MARKER).read_text().splitlines()[1:] == ["a/1.yaml", "b/2.yaml"]
