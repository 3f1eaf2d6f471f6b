"""A stack file is the old one or the new one, whatever happens; a record is never overwritten."""

import errno
import os
import stat
from pathlib import Path

import pytest

from review.promotion import files
from review.promotion.files import UnwrittenError, create, replace


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "Pulumi.prod.yaml"
    path.write_bytes(b"a: 1\r\nb: \xc3\xbc\r\n")
    path.chmod(0o640)
    return path


OLD, NEW = "a: 1\r\nb: \u00fc\r\n", "a: 2\r\nb: \u00fc\r\n"


def alone(path):
    return [it.name for it in path.parent.iterdir()] == [path.name]


def test_the_file_is_exchanged_whole_with_its_rights_and_line_ends(file):
    before = file.stat().st_ino
    replace(file, OLD, NEW)
    assert file.read_bytes() == NEW.encode()
    assert stat.S_IMODE(file.stat().st_mode) == 0o640
    assert file.stat().st_ino != before, "it was written over, so a reader may have seen half of it"
    assert alone(file)


def test_a_byte_order_mark_stays(file):
    file.write_bytes(files.BOM + OLD.encode())
    replace(file, OLD, NEW)
    assert file.read_bytes() == files.BOM + NEW.encode()


def test_a_link_stays_one_and_what_it_leads_to_is_exchanged(file):
    link = file.with_name("link.yaml")
    link.symlink_to(file.name)
    replace(link, OLD, NEW)
    assert link.is_symlink()
    assert file.read_bytes() == NEW.encode()


@pytest.mark.parametrize("step", ["replace", "fsync", "fchmod"])
def test_whatever_fails_while_it_is_written_leaves_the_old_file_and_nothing_beside(
    file, step, monkeypatch
):
    def fail(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path if step == "replace" else os, step, fail)
    with pytest.raises(
        UnwrittenError, match=r"Pulumi\.prod\.yaml: cannot be written: No space left"
    ):
        replace(file, OLD, NEW)
    assert file.read_bytes() == OLD.encode()
    assert alone(file)


def test_an_interrupt_leaves_the_old_file_and_nothing_beside(file, monkeypatch):
    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "replace", interrupted)
    with pytest.raises(KeyboardInterrupt):
        replace(file, OLD, NEW)
    assert file.read_bytes() == OLD.encode()
    assert alone(file)


def test_what_someone_else_changed_meanwhile_is_not_overwritten(file):
    file.write_text("a: 3\n")
    with pytest.raises(UnwrittenError, match="was changed by someone else meanwhile"):
        replace(file, OLD, NEW)
    assert file.read_text() == "a: 3\n"


def test_a_file_that_is_read_only_is_left_alone_even_by_who_may_do_all(file):
    file.chmod(0o444)
    with pytest.raises(UnwrittenError, match=r"is read-only; allow writing first \(chmod u\+w\)"):
        replace(file, OLD, NEW)
    assert file.read_bytes() == OLD.encode()
    assert alone(file)


def test_a_file_that_others_alone_may_write_is_left_alone(file, monkeypatch):
    monkeypatch.setattr(os, "access", lambda _, mode: mode != os.W_OK)
    with pytest.raises(UnwrittenError, match="is read-only"):
        replace(file, OLD, NEW)
    assert file.read_bytes() == OLD.encode()


@pytest.mark.parametrize("link", [False, True])
def test_a_folder_of_records_that_is_none_is_said_to_be_that(tmp_path, link):
    folder = tmp_path / "promotions"
    folder.symlink_to("nowhere") if link else folder.write_text("mine")
    with pytest.raises(UnwrittenError, match="promotions: is no folder, and records go there"):
        create(folder / "one.yaml", "a: 1\n")
    assert folder.is_symlink() == link


def test_a_folder_of_records_that_cannot_be_made_is_said_to_be_that(tmp_path, monkeypatch):
    def fail(*_, **__):
        raise OSError(13, "Permission denied")

    monkeypatch.setattr(Path, "mkdir", fail)
    with pytest.raises(UnwrittenError, match="promotions: cannot be made: Permission denied"):
        create(tmp_path / "promotions/one.yaml", "a: 1\n")


def test_a_record_is_new_where_the_file_system_has_no_links_too(tmp_path, monkeypatch):
    def fail(*_):
        raise OSError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(Path, "hardlink_to", fail)
    path = tmp_path / "promotions/one.yaml"
    create(path, "a: 1\n")
    with pytest.raises(UnwrittenError, match="no record is overwritten"):
        create(path, "a: 2\n")
    assert path.read_text() == "a: 1\n"
    assert alone(path)


def test_a_record_is_new_or_refused(tmp_path):
    path = tmp_path / "promotions/one.yaml"
    create(path, "a: 1\n")
    with pytest.raises(UnwrittenError, match="no record is overwritten"):
        create(path, "a: 2\n")
    assert path.read_text() == "a: 1\n"
    assert alone(path)


def test_a_record_that_cannot_be_written_leaves_nothing(tmp_path, monkeypatch):
    def fail(*_):
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(UnwrittenError, match="Read-only file system"):
        create(tmp_path / "promotions/one.yaml", "a: 1\n")
    assert list((tmp_path / "promotions").iterdir()) == []


def test_a_record_has_the_rights_that_the_umask_leaves_and_the_umask_stays(tmp_path):
    before = os.umask(0o027)
    try:
        create(tmp_path / "promotions" / "a.yaml", "a")
        create(tmp_path / "promotions" / "b.yaml", "b")
        assert os.umask(0o027) == 0o027
    finally:
        os.umask(before)
    modes = {stat.S_IMODE(it.stat().st_mode) for it in (tmp_path / "promotions").iterdir()}
    assert modes == {0o640}


def test_a_file_of_somebody_else_stays_theirs_where_that_can_be_done(file, monkeypatch):
    given = []
    monkeypatch.setattr(os, "geteuid", lambda: file.stat().st_uid + 1)
    monkeypatch.setattr(os, "fchown", lambda _, *owner: given.append(owner))
    replace(file, OLD, NEW)
    assert given == [(file.stat().st_uid, file.stat().st_gid)]
