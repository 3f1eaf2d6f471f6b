"""A value in its place, and every other byte as it was."""

import json
from copy import deepcopy

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from review.promotion.splice import UnwritableError, spliced
from settings.forms import form_of
from settings.stack import Settings
from settings.yaml_source import parse

SHA = f"sha256:{'a' * 64}"


def data(text):
    document = parse(text, "f")
    assert not document.faults, document.faults
    return document.data


@pytest.mark.parametrize(
    ("before", "values", "after"),
    [
        ("a: 1\n", {("a",): 2}, "a: 2\n"),
        ("a: 1", {("a",): 2}, "a: 2"),
        ("a: x  # why\nb: y\n", {("a",): "z"}, "a: z  # why\nb: y\n"),
        ("a: 'x'\n", {("a",): "it's"}, "a: 'it''s'\n"),
        ('a: "x"\n', {("a",): 'q"\n'}, 'a: "q\\"\\n"\n'),
        ("a: x\n", {("a",): "1.10"}, 'a: "1.10"\n'),
        ("a: x\n", {("a",): "2026-11-21"}, 'a: "2026-11-21"\n'),
        ("a: x\n", {("a",): "no"}, "a: no\n"),
        ("a: x\n", {("a",): "true"}, 'a: "true"\n'),
        ("{a: {b: 1}, c: 2}\n", {("a", "b"): 3}, "{a: {b: 3}, c: 2}\n"),
        ('i: {tag: "1"}\n', {("i", "tag"): "2", ("i", "digest"): SHA},
         f'i: {{tag: "2", digest: "{SHA}"}}\n'),
        ("i: {}\n", {("i", "tag"): "2"}, 'i: {tag: "2"}\n'),
        ("i: {tag: '1',}\n", {("i", "digest"): "d"}, "i: {tag: '1', digest: \"d\",}\n"),
        ("i: {\n  tag: x  # first\n}\n", {("i", "digest"): "d"},
         "i: {\n  tag: x, digest: \"d\"  # first\n}\n"),
        ("i:\n  a:\n    tag: x  # now\n  # of b\n  b: 1\n", {("i", "a", "digest"): "d"},
         "i:\n  a:\n    tag: x  # now\n    digest: \"d\"\n  # of b\n  b: 1\n"),
        ("i:\n  a: 1\nj: 2\n", {("i", "b", "c"): 3, ("i", "b", "d"): 4},
         "i:\n  a: 1\n  b: {c: 3, d: 4}\nj: 2\n"),
        ("i:\n  a:\n    b: 1", {("i", "c"): 3, ("i", "a", "d"): 4},
         "i:\n  a:\n    b: 1\n    d: 4\n  c: 3"),
        ("a:\n  - x\n  - y  # last\nb: 1\n", {("a",): ["z"]}, 'a: ["z"]  # last\nb: 1\n'),
        ("a: {b: [x, {c: 1}]}\n", {("a", "b", 1, "c"): 2}, "a: {b: [x, {c: 2}]}\n"),
        ("a:\nb: 1\n", {("a",): "x"}, 'a: x\nb: 1\n'),
        ("a:  # nothing yet\nb: 1\n", {("a",): "x"}, 'a: x  # nothing yet\nb: 1\n'),
        ("a: &x 1\nb: 2\n", {("a",): 3}, "a: &x 3\nb: 2\n"),
        ("a: &x 1\nb: *x\n", {("b",): 3}, "a: &x 1\nb: 3\n"),
        ("m: &m {t: 1}\na: {<<: *m, u: 2}\n", {("a", "t"): 3}, "m: &m {t: 1}\na: {<<: *m, u: 2, t: 3}\n"),
        ("m: &m\n  t: 1\na:\n  <<: *m\n", {("a", "t"): 3}, "m: &m\n  t: 1\na:\n  <<: *m\n  t: 3\n"),
        ("a: |\n  long\n  text\nb: 1\n", {("a",): "short"}, 'a: "short"\nb: 1\n'),
        ("a: x\r\nb:\r\n  c: 1  # \tc\r\n", {("a",): "y", ("b", "d"): 2},
         "a: y\r\nb:\r\n  c: 1  # \tc\r\n  d: 2\r\n"),
        ("# \u00fc\U0001f600 \u2192\na: 'caf\u00e9'  # \u65e5\u672c\n", {("a",): "na\u00efve"},
         "# \u00fc\U0001f600 \u2192\na: 'na\u00efve'  # \u65e5\u672c\n"),
        ('"a": 1\n', {("a",): 2}, '"a": 2\n'),
        ("a: x\n", {("a",): "\u202ehidden\x07"}, 'a: "\\u202ehidden\\u0007"\n'),
        ("a: 1\n...\n", {("a",): 2}, "a: 2\n...\n"),
        ("---\na: 1\n", {("b",): 2}, "---\na: 1\nb: 2\n"),
    ],
)  # fmt: skip
def test_a_value_is_written_where_it_belongs_and_nothing_else_is_touched(before, values, after):
    assert spliced(before, (), values) == after


def test_a_short_form_becomes_the_map_it_stands_for_where_more_is_said():
    before = "ingress:\n  hosts:\n    public: a.example  # ours\n"
    after = spliced(
        before, (), {("ingress", "hosts", "public", "host"): "b.example"}, form_of(Settings)
    )
    assert after == 'ingress:\n  hosts:\n    public: {host: "b.example"}  # ours\n'


@pytest.mark.parametrize(
    ("before", "path"),
    [
        ("a: &x 1\nb: *x\n", ("a",)),
        ("m: &m {t: 1}\na: *m\n", ("m", "t")),
        ("m: &m {t: 1, u: 2}\na: *m\n", ("a", "t")),
        ("a: [1]\n", ("a", "b")),
        ("a: [1]\n", ("a", 4)),
        ("a: 1\na: 2\n", ("a",)),
        ("a: [\n", ("a",)),
        ("", ("a",)),
    ],
)
def test_what_cannot_be_written_without_another_change_is_left_to_people(before, path):
    with pytest.raises(UnwritableError):
        spliced(before, (), {path: 7})


WORDS = st.text(st.characters(codec="utf-8", exclude_categories=("Cs",)), max_size=12)


@pytest.mark.parametrize(
    "before",
    [
        "a:  # of the list\n  - 1\n",
        "a:\n  # of the first\n  - 1\n  - 2\n",
        "a:\n  - 1  # of the first\n  - 2\n",
        "a: [1,  # of the first\n  2]\n",
        "a: [1  # of the last\n  ]\n",
        "a: |  # of the text\n  x\n",
        "a:\n  b: >-  # of the text\n    x\n  c: 1\n",
        "? a\n: - 1  # of the first\n  - 2\n",
    ],
)
def test_a_value_with_comments_within_is_left_to_people_who_can_keep_them(before):
    with pytest.raises(UnwritableError, match="a: has comments within, which would be lost"):
        spliced(before, (), {("a",): [7]})


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a:\n  - '1#'\n  - x#y\n  - \"# z\"  # last\n", "a: [7]  # last\n"),
        ("a:\n  b: |\n    # text\n  c: 1\n# after\n", "a: [7]\n# after\n"),
        ("a: |\n  x # text\n# after\n", "a: [7]\n# after\n"),
    ],
)
def test_a_hash_in_a_text_is_no_comment(before, after):
    assert spliced(before, (), {("a",): [7]}) == after


KEYS = st.sampled_from(["tag", "digest", "a b", "course.example/x", "\u00e9", "yes", "1"])
VALUES = st.one_of(WORDS, st.integers(-5, 5), st.booleans(), st.lists(WORDS, max_size=2))
TREES = st.dictionaries(
    KEYS,
    st.recursive(VALUES, lambda it: st.dictionaries(KEYS, it, max_size=3), max_leaves=8),
    min_size=1,
    max_size=4,
)
COMMENTS = ["", "  # why", "  # \ttab \u2192 \u65e5\u672c", "  # it's {a: [b]}"]


@st.composite
def files(draw):
    """A file in many styles, its data, and comments between."""
    tree = draw(TREES)
    text = yaml.safe_dump(
        tree,
        default_flow_style=draw(st.sampled_from([True, False, None])),
        allow_unicode=True,
        sort_keys=False,
        width=10_000,
        indent=draw(st.integers(2, 4)),
        default_style=draw(st.sampled_from([None, '"', "'"])),
    )
    # Not within a text of several lines, where '#' is text.
    if all("\n" not in it and "'" not in it for it in _texts(tree)):
        lines = text.split("\n")
        text = "\n".join(f"{it}{draw(st.sampled_from(COMMENTS))}" if it else it for it in lines)
    if draw(st.booleans()):
        text = text.replace("\n", "\r\n")
    if draw(st.booleans()):
        text = text.rstrip("\r\n")
    return text


def _texts(it):
    if isinstance(it, dict):
        for key, value in it.items():
            yield from (*_texts(key), *_texts(value))
    elif isinstance(it, list):
        for value in it:
            yield from _texts(value)
    elif isinstance(it, str):
        yield json.dumps(it)[1:-1] if it.isprintable() else "\n"


def paths(it, at=()):
    if isinstance(it, dict):
        for key, value in it.items():
            yield (*at, key)
            yield from paths(value, (*at, key))


@settings(max_examples=300, deadline=None)
@given(files(), st.data())
def test_in_any_style_the_data_changes_by_the_value_and_the_text_by_one_place(text, draw):
    document = parse(text, "f")
    if document.faults or not isinstance(document.data, dict):
        return
    known = list(paths(document.data))
    path = draw.draw(st.sampled_from(known))
    if draw.draw(st.booleans()):
        path = (*path[:-1], "new")
    value = draw.draw(VALUES)
    expected = deepcopy(document.data)
    at = expected
    for step in path[:-1]:
        at = at[step]
    at[path[-1]] = value
    old = _at(document.data, path)
    whole = isinstance(old, dict | list)
    try:
        after = spliced(text, (), {path: value})
    except UnwritableError as error:
        if whole and comments(text) and "has comments within" in str(error):
            return
        raise
    assert data(after) == expected
    if whole:
        assert comments(after) == comments(text)
    else:
        assert "#" in str(old) or "#" not in removed(text, after)
        assert comments(after) >= comments(text)


def _at(it, path):
    for step in path:
        it = it.get(step, "")
    return it


def removed(before, after):
    """What is between the longest beginning and the longest end that both texts share."""
    start = next(
        (i for i, pair in enumerate(zip(before, after, strict=False)) if len(set(pair)) > 1),
        min(len(before), len(after)),
    )
    room = min(len(before), len(after)) - start
    end = next((i for i in range(room) if before[-1 - i] != after[-1 - i]), room)
    return before[start : len(before) - end]


def comments(text):
    return sum(text.count(it) for it in COMMENTS if it)
