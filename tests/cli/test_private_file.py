"""A file that holds credentials: replaced whole or not at all, and read by nobody else."""

import os
import stat
import threading
from pathlib import Path

import pytest

from cli import private_file
from cli.errors import UserError
from cli.private_file import change, default_kubeconfig


def append(text):
    return f"{text}x"


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "config"
    path.write_text("old ")
    path.chmod(0o644)
    return path


@pytest.fixture
def impatient(monkeypatch):
    monkeypatch.setattr(private_file, "LOCK_WAIT_SECONDS", 0)


def untouched(path):
    return path.read_text() == "old " and [it.name for it in path.parent.iterdir()] == [path.name]


def test_it_is_replaced_and_only_its_owner_reads_it(file):
    assert change(file, append)
    assert file.read_text() == "old x"
    assert mode(file) == 0o600
    assert [it.name for it in file.parent.iterdir()] == ["config"]


def test_whoever_has_it_open_keeps_reading_the_old_one(file):
    with file.open() as reader:
        change(file, append)
        assert reader.read() == "old "


def test_what_is_right_already_is_not_written_again(file):
    assert not change(file, str)
    assert mode(file) == 0o600
    before = file.stat().st_ino
    assert not change(file, str)
    assert file.stat().st_ino == before


def test_a_new_file_is_made_with_its_folder_and_only_its_owner_enters(tmp_path):
    file = tmp_path / ".kube" / "config"
    assert change(file, append)
    assert file.read_text() == "x"
    assert (mode(file), mode(file.parent)) == (0o600, 0o700)


def test_nothing_is_made_where_there_is_only_something_to_take_away(tmp_path):
    assert not change(tmp_path / ".kube" / "config", append, make=False)
    assert [*tmp_path.iterdir()] == []


@pytest.mark.parametrize("there", [True, False])
def test_a_link_stays_one_and_what_it_leads_to_is_replaced(tmp_path, there):
    (tmp_path / "real").mkdir()
    target, link = tmp_path / "real" / "config", tmp_path / "link"
    if there:
        target.write_text("old ")
    link.symlink_to(target)
    change(link, append)
    assert link.is_symlink()
    assert target.read_text() == ("old x" if there else "x")
    assert mode(target) == 0o600


def test_a_byte_order_mark_is_not_part_of_the_text(file):
    file.write_bytes(b"\xef\xbb\xbfold ")
    change(file, append)
    assert file.read_bytes() == b"old x"


def test_two_writers_lose_nothing_of_each_other(file):
    def write(letter):
        for _ in range(20):
            change(file, lambda text: text + letter)

    writers = [threading.Thread(target=write, args=(it,)) for it in "ab"]
    for it in writers:
        it.start()
    for it in writers:
        it.join()

    assert sorted(file.read_text()) == sorted("old " + "ab" * 20)


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("through_a_link", [True, False])
def test_a_lock_that_kubectl_holds_is_waited_for_and_then_named(file, through_a_link):
    lock = file.with_name("config.lock")
    lock.touch()
    path = file
    if through_a_link:
        path = file.with_name("link")
        path.symlink_to(file)
    with pytest.raises(UserError, match=r"config\.lock: another program is writing"):
        change(path, append)
    assert file.read_text() == "old "
    assert lock.exists()
    assert not file.with_name("link.lock").exists()


def test_a_lock_that_goes_is_taken(file):
    lock = file.with_name("config.lock")
    lock.touch()
    threading.Timer(0.2, lock.unlink).start()
    assert change(file, append)
    assert not lock.exists()


def test_what_cannot_be_edited_is_said_of_the_file_which_stays(file):
    def refuse(_):
        raise ValueError("is no kubeconfig")

    with pytest.raises(UserError, match=r"config: is no kubeconfig$"):
        change(file, refuse)
    assert untouched(file)


def test_what_is_not_utf_8_stays(file):
    file.write_bytes(b"\xff\xfe")
    with pytest.raises(UserError, match=r"config: is not UTF-8$"):
        change(file, append)
    assert file.read_bytes() == b"\xff\xfe"


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_a_write_that_fails_leaves_the_file_and_nothing_beside_it(file, monkeypatch, error):
    def fail(_):
        raise error

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises((UserError, KeyboardInterrupt), match=r"No space left|^$"):
        change(file, append)
    assert untouched(file)


def test_a_folder_and_a_link_to_itself_are_no_files(tmp_path):
    loop = tmp_path / "loop"
    loop.symlink_to(loop)
    for path in (tmp_path, loop):
        with pytest.raises(UserError, match="is no file; name one with --output"):
            change(path, append)


def test_a_folder_that_a_slip_of_the_pen_names_is_not_made(tmp_path):
    with pytest.raises(UserError, match="there is no such folder; make it first"):
        change(tmp_path / "a" / "b" / "config", append)
    assert [*tmp_path.iterdir()] == []


def test_a_file_below_a_file_is_refused(file):
    with pytest.raises(UserError, match="cannot be read or written: File exists"):
        change(file / "config", append)
    assert untouched(file)


def test_a_name_that_the_system_refuses_is_said(tmp_path):
    with pytest.raises(UserError, match="cannot be read or written: File name too long"):
        change(tmp_path / ("x" * 300), append)


def test_a_file_that_may_not_be_read_is_said(file, monkeypatch):
    def refuse(_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", refuse)
    with pytest.raises(UserError, match="cannot be read or written: Permission denied"):
        change(file, append)
    monkeypatch.undo()
    assert untouched(file)


def test_a_folder_that_may_not_be_written_is_said(file, monkeypatch):
    def refuse(*_, **__):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "open", refuse)
    with pytest.raises(UserError, match="cannot be read or written: Permission denied"):
        change(file, append)
    monkeypatch.undo()
    assert untouched(file)


def test_another_users_file_is_left_alone(file, monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: file.stat().st_uid + 1)
    with pytest.raises(UserError, match="belongs to another user"):
        change(file, append)
    assert untouched(file)


def test_the_superuser_leaves_a_file_to_whom_it_belongs(file, monkeypatch):
    given = []
    found = file.stat()
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(os, "fchown", lambda _, uid, gid: given.append((uid, gid)))
    monkeypatch.setattr(Path, "stat", _of_another(Path.stat, 1001))
    change(file, append)
    assert given == [(1001, found.st_gid)]


def _of_another(stat_of, uid):
    def as_if(self, **options):
        found = [*stat_of(self, **options)]
        found[stat.ST_UID] = uid
        return os.stat_result(found)

    return as_if


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, ".kube/config"),
        ("", ".kube/config"),
        (":", ".kube/config"),
        ("/a:/b", "/a"),
        (":/b", "/b"),
        ("~/c", "c"),
    ],
)
def test_the_default_is_where_kubectl_writes_a_new_context(tmp_path, monkeypatch, value, expected):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("KUBECONFIG", raising=False)
    if value is not None:
        monkeypatch.setenv("KUBECONFIG", value)
    assert default_kubeconfig() == tmp_path / expected


def test_a_machine_without_a_home_is_told_to_name_a_file(monkeypatch):
    def homeless(_):
        raise RuntimeError

    monkeypatch.delenv("KUBECONFIG", raising=False)
    monkeypatch.setattr(Path, "expanduser", homeless)
    with pytest.raises(UserError, match="no home folder here; name a file with --output"):
        default_kubeconfig()
