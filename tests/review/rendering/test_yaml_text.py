"""Text stays text, numbers stay numbers, whichever YAML a reader speaks."""

import re

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from review.rendering.yaml_text import documents
from settings import yaml_source

_WORDS = """\
y Y n N yes Yes NO on Off true False TRUE null Null ~ NULL
0 7 -1 +1 0777 09 0o17 0O17 -0o7 0x1F 0X1f 0b11 -0b1 1_000 1_2_ 0_9 1_0e3 1e3 1E+3 1.5 1. .5 -.5
12:30 12:30:45 190:20:30.15 .inf -.Inf .NaN 2001-01-01 2001-1-1T1:2:3Z = << - -- --- ... ? : !a &a *a |
"""
AMBIGUOUS = _WORDS.split()
"""What at least one of YAML 1.1, YAML 1.2 and Go's reader would not take for text, or for a scalar."""

PLAIN = ["100m", "128Mi", "5.5.4", "10.40.0.0/16", "apps/v1", "nginx", "--save", "ALL", "1.2.0"]

CHARACTERS = st.characters(codec="utf-8", exclude_categories=["Cs"])
TEXTS = (
    st.text(CHARACTERS, max_size=12)
    | st.text("ab \n\t:#-'\"{}", max_size=12)
    | st.sampled_from(AMBIGUOUS)
    | st.from_regex(r"[-+.0-9eExob_:]{1,8}", fullmatch=True)
)
NESTED = st.recursive(
    TEXTS | st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1),  # what Kubernetes holds
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=8,
)


def read_by_both(manifest):
    """What readers of YAML 1.1 and of YAML 1.2 get."""
    written = documents([manifest])
    document = yaml_source.parse(written.decode(), "a.yaml")
    assert document.faults == []
    return [yaml.load(written, yaml.CSafeLoader), document.data]


@given(TEXTS)
def test_every_reader_gets_the_text_that_was_written(text):
    manifest = {"a": text, "list": [text, [text]], text: {text: text}}

    assert read_by_both(manifest) == [manifest, manifest]


@given(st.dictionaries(TEXTS, NESTED, max_size=3))
def test_every_reader_gets_the_object_that_was_written(manifest):
    assert read_by_both(manifest) == [manifest, manifest]


@pytest.mark.parametrize(
    "text", [*AMBIGUOUS, "", " a", "a ", "a: b", "a #b", "2001-1-1 1:2:3", "-c"]
)
def test_text_that_some_reader_takes_for_something_else_stands_in_quotes(text):
    assert documents([{"a": text}]).decode() in (f'---\na: "{text}"\n', f"---\na: '{text}'\n")


@pytest.mark.parametrize("text", PLAIN)
def test_text_that_every_reader_takes_for_text_stands_without_quotes(text):
    assert documents([{"a": text}]).decode() == f"---\na: {text}\n"


def test_lines_stand_in_a_literal_block():
    text = "server {\n  listen 80;\n}\n"

    assert documents([{"a": text}]).decode() == ("---\na: |\n  server {\n    listen 80;\n  }\n")


@pytest.mark.parametrize("text", ["a\r\nb\n", "a\u2028b\nc", "a\x85b\nc", "a\tb\nc", "\x00\n"])
def test_line_breaks_that_readers_disagree_about_are_escaped(text):
    written = documents([{"a": text}])

    assert re.fullmatch(rb'---\na: "[ -~]*"\n', written)
    assert yaml.safe_load(written) == {"a": text}


def test_a_long_text_is_never_folded():
    text = "word " * 100 + "end"

    assert documents([{"a": text}]).decode() == f"---\na: {text}\n"


def test_a_list_that_stands_twice_is_written_twice():
    shared = ["a"]

    assert documents([{"a": shared, "b": shared}]).decode() == "---\na:\n- a\nb:\n- a\n"


def test_each_object_is_a_document_with_its_keys_in_their_order():
    assert documents([{"b": 1, "a": {}}, {"c": []}]).decode() == "---\nb: 1\na: {}\n---\nc: []\n"


@pytest.mark.parametrize("number", [0.5, -1.0, 1e22, 1e-7])
def test_a_fraction_stays_a_number(number):
    written = documents([{"a": number}])

    assert yaml.safe_load(written) == {"a": number}
    assert yaml_source.parse(written.decode(), "a.yaml").data == {"a": number}


@pytest.mark.parametrize("value", [object(), ("a",), {"a"}, b"a"])
def test_what_is_no_plain_data_is_refused(value):
    with pytest.raises(TypeError, match="no plain data: "):
        documents([{"a": value}])
