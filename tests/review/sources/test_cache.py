"""What is kept between runs: whole or not there, for this user alone, never more than there is room for."""

import os
import pickle

import pytest

from review.sources import cache as module
from review.sources.cache import Cache, key


def test_what_was_put_comes_back(tmp_path):
    cache = Cache(tmp_path / "c")
    cache.put("a", b"text")

    assert cache.get("a") == b"text"
    assert cache.get("b") is None


def test_an_object_is_made_once(tmp_path):
    cache, made = Cache(tmp_path / "c"), []

    def make():
        made.append(1)
        return {"x": (1, 2)}

    assert [cache.of("k", make) for _ in range(3)] == [{"x": (1, 2)}] * 3
    assert made == [1]


@pytest.mark.parametrize("cut", [0, 1, 31, 32, 40])
def test_an_entry_that_was_cut_is_not_there(tmp_path, cut):
    cache = Cache(tmp_path / "c")
    cache.put("a", b"some longer text")
    path = tmp_path / "c" / "a"
    path.write_bytes(path.read_bytes()[:cut])

    assert cache.get("a") is None


def test_an_entry_that_was_changed_is_not_there(tmp_path):
    cache = Cache(tmp_path / "c")
    cache.put("a", b"some longer text")
    path = tmp_path / "c" / "a"
    path.write_bytes(path.read_bytes()[:-1] + b"!")

    assert cache.get("a") is None


def test_an_object_that_this_python_cannot_load_is_made_anew(tmp_path):
    cache = Cache(tmp_path / "c")
    cache.put("a", pickle.dumps(1).replace(b"K", b"\xff"))

    assert cache.of("a", lambda: 2) == 2


def test_no_two_lists_of_parts_share_a_key():
    keys = [key(), key(""), key("ab"), key("a", "b"), key("", "ab"), key("ab", ""), key(b"ab", b"")]

    assert len({*keys}) == len(keys) - 1
    assert keys[-2] == keys[-1]


def test_a_folder_that_others_may_write_to_is_not_read(tmp_path):
    folder = tmp_path / "c"
    Cache(folder).put("a", b"text")
    folder.chmod(0o777)

    assert Cache(folder).get("a") is None


def test_a_folder_that_is_a_link_is_not_read(tmp_path):
    Cache(tmp_path / "c").put("a", b"text")
    (tmp_path / "link").symlink_to(tmp_path / "c")

    assert Cache(tmp_path / "link").get("a") is None


def test_the_folder_is_for_its_owner_alone(tmp_path):
    Cache(tmp_path / "c").put("a", b"text")

    assert (tmp_path / "c").stat().st_mode & 0o077 == 0
    assert (tmp_path / "c" / "a").stat().st_mode & 0o077 == 0


def test_what_was_not_used_for_longest_makes_room(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "MOST_BYTES", 300)
    cache = Cache(tmp_path / "c")
    for at, name in enumerate("abc"):
        cache.put(name, b"x" * 60)
        os.utime(tmp_path / "c" / name, (at, at))
    assert cache.get("a")

    cache.put("d", b"x" * 60)

    assert [name for name in "abcd" if cache.get(name)] == ["a", "c", "d"]


def test_a_file_in_the_place_of_the_folder_keeps_nothing_and_breaks_nothing(tmp_path):
    (tmp_path / "c").write_text("a file")
    cache = Cache(tmp_path / "c")
    cache.put("a", b"text")

    assert cache.get("a") is None
    assert cache.of("a", lambda: 3) == 3


def test_without_a_folder_everything_is_made_anew():
    made = []
    cache = Cache(None)

    assert [cache.of("a", lambda: made.append(1) or 5) for _ in range(2)] == [5, 5]
    assert len(made) == 2


def test_an_object_that_was_stored_is_loaded_and_one_of_another_time_is_not_there(tmp_path):
    cache = Cache(tmp_path / "c")
    cache.store("a", {"a": (1, 2)})
    cache.put("b", b"no pickle")

    assert cache.folder == tmp_path / "c"
    assert cache.load("a") == {"a": (1, 2)}
    assert [cache.load(name) for name in ("b", "c")] == [None, None]


def test_without_a_folder_nothing_is_stored_though_it_could_not_be():
    cache = Cache(None)
    cache.store("a", lambda: "what no pickle holds")

    assert cache.load("a") is None
    assert cache.folder is None
