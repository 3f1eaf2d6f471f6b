"""Objects read past what stands for a value: what is missed is told by its path, and nothing is made up."""

import pytest

from review.marks import NAMELESS, Reader, is_mark, known, known_list, marks, names
from review.plan import SECRET, UNKNOWN, Resource

MARKS = [dict(SECRET), dict(UNKNOWN)]


def named(**metadata):
    return names(Resource(urn="u", type="t", name="logical", inputs={"metadata": metadata}))


def test_an_object_is_in_the_namespace_that_it_names_or_in_the_default_one():
    assert named(namespace="shop", name="web") == ("shop", "web")
    assert named(name="web") == named(name="web", namespace=None) == ("default", "web")
    assert named(name="web", namespace="") == ("default", "web")


@pytest.mark.parametrize("mark", MARKS)
def test_what_only_a_deployment_tells_is_no_name(mark):
    assert named(namespace=mark, name="web") == (NAMELESS, "web")
    assert named(namespace="shop", name=mark) == ("shop", "logical")
    row = Resource(urn="u", type="t", name="logical", inputs={"metadata": mark})
    assert names(row) == ("default", "logical")


@pytest.mark.parametrize("mark", MARKS)
def test_a_mark_is_no_map_and_no_item(mark):
    assert is_mark(mark)
    assert not is_mark({**mark, "a": 1})
    assert not is_mark([mark])
    assert known(mark) == {}
    assert known_list([mark, {"a": 1}, "a", {}]) == [{"a": 1}]
    assert known_list(mark) == known_list(None) == known_list("a") == []


@pytest.mark.parametrize("mark", MARKS)
def test_every_mark_is_named_by_its_path_and_nothing_else(mark):
    assert [*marks(mark)] == [""]
    assert [*marks({"a": {"b": [1, mark, [mark]]}, "c": mark, "d": "text"})] == [
        "a.b[1]", "a.b[2][0]", "c",
    ]  # fmt: skip
    assert [*marks({"a": ({"b": mark},)})] == ["a[0].b"]
    assert [*marks("text")] == [*marks(None)] == []


def missed(read, value):
    """What a reader makes of a value, and the paths that it missed."""
    reader = Reader()
    return read(reader, {"a": value} if value is not ... else {}), reader.unknown


READS = {
    "items": (lambda reader, it: reader.items(it, "a", "x.a"), [], [{"b": 1}]),
    "map": (lambda reader, it: reader.map(it, "a", "x.a"), {}, {"b": 1}),
    "number": (lambda reader, it: reader.number(it, "a", "x.a", 7), 7, 3),
    "text": (lambda reader, it: reader.text(it, "a", "x.a"), "", "b"),
}


@pytest.mark.parametrize("kind", sorted(READS))
def test_a_field_that_is_there_is_read_and_one_that_is_not_is_its_default(kind):
    read, default, good = READS[kind]

    assert missed(read, good) == (good, [])
    assert missed(read, ...) == missed(read, None) == (default, [])


@pytest.mark.parametrize("odd", [*MARKS, True, 1.5])
@pytest.mark.parametrize("kind", sorted(READS))
def test_a_field_that_is_not_known_or_of_another_kind_is_missed_by_its_path(kind, odd):
    read, default, _ = READS[kind]

    assert missed(read, odd) == (default, ["x.a"])


def test_a_whole_number_may_be_written_with_a_point():
    assert missed(READS["number"][0], 3.0) == (3, [])


@pytest.mark.parametrize("mark", MARKS)
def test_of_a_list_the_items_that_are_not_known_are_missed_one_by_one(mark):
    assert missed(READS["items"][0], [mark, {"b": 1}, mark]) == ([{"b": 1}], ["x.a[0]", "x.a[2]"])
