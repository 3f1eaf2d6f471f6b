"""YAML is read as Pulumi reads it, and what a plain loader lets pass is a fault with its line."""

import math
import re
import subprocess
import sys

import pytest
import yaml
from hypothesis import given
from hypothesis import settings as hypothesis
from hypothesis import strategies as st

from settings import yaml_source
from settings.load import check, read_sources
from settings.yaml_source import MAX_DEPTH, MAX_NODES, parse, read, scalar
from tests.settings.estate import ROOT, dump, line_of

BOMB = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"a{it}: &a{it} [{', '.join([f'*a{it - 1}'] * 9)}]\n" for it in range(1, 10)
)


def told(text):
    """Each fault of `text` as line, key and whole line."""
    found = parse(text, "f.yaml").faults
    return [(it.line, it.key, str(it)) for it in found]


@pytest.mark.parametrize(
    ("text", "line", "key", "says"),
    [
        ("a:\n\tb: 1\n", 2, "", "a tab stands where YAML wants spaces; indent with spaces"),
        ("a:\n  b: 1\n\tc: 2\n", 3, "", "a tab stands where YAML wants spaces"),
        ("a: 1\nb: {c: 2, c: 3}\n", 2, "b.c", "stands twice in one map, first in line 2"),
        ("a: 1\nb: 2\na: 3\n", 3, "a", "stands twice in one map, first in line 1"),
        ("l:\n- a: 1\n- b: 1\n  b: 2\n", 4, "l[1].b", "stands twice in one map, first in line 3"),
        ("1: a\n'1': b\n", 2, "1", "stands twice in one map"),
        ("a: {<<: {x: 1}, <<: {y: 2}}\n", 1, "a.<<", "stands twice in one map"),
        ("a:\n  b: &x\n  - 1\n  - *x\n", 2, "a.b", "holds an alias of itself"),
        ("a: *x\n", 1, "", "found undefined alias; quote the text if the '*' is meant"),
        ("a:\n  b: &x\n    c: *x\n", 2, "a.b", "holds an alias of itself; write the value out"),
        ("a: &x {<<: *x}\n", 1, "a", "holds an alias of itself"),
        ("s: */5 * * * *\n", 1, "", "quote the text if the '*' is meant, for example '*/5 * * * *'"),
        (BOMB, 5, "a4", f"holds more than {MAX_NODES} values, those that aliases repeat included"),
        ("a:\n  b: !hunter2 x\n", 2, "a.b", "has a tag, and settings are plain data; remove it"),
        ("a: !!python/object/apply:os.system [ls]\n", 1, "a", "has a tag"),
        ("a: !!int '5'\n", 1, "a", "has a tag"),
        ("a: !!str {b: 1}\n", 1, "a", "has a tag"),
        ("a: 1\n!!int b: 2\n", 2, "b", "a key must be plain text, without a tag"),
        ("a: 1\n? [b]\n: 2\n", 2, "?", "a key must be plain text; quote the key"),
        ("a: 1\n---\nb: 2\n", 2, "", "a second document begins here; keep one document a file"),
        ("a: 'b\nc: d\n", 1, "", "a quote opens here and never closes; close it"),
        ("a: b: c\n", 1, "", "mapping values are not allowed in this context; indent keys of one map alike"),
        ("a: @b\n", 1, "", "quote the text: it begins with a character that YAML keeps for itself"),
        ("a: [1, 2\nb: 3\n", 2, "", "is not valid YAML"),
        ("a: 1\nb: \x07\n", 2, "", "control characters are not allowed"),
        ("a: 1\nb: 2026-11-21\n", 2, "b", "is a date without quotes, which Pulumi rewrites; write '2026-11-21', in"),
        ("a: 2026-1-2T03:04:05Z\n", 1, "a", "is a date without quotes"),
        ("a: {<<: 5}\n", 1, "a.<<", "must name a map, or a list of maps"),
        ("a: {<<: [{b: 1}, 5]}\n", 1, "a.<<", "must name a map, or a list of maps"),
    ],
    ids=lambda it: it[:30] if isinstance(it, str) else None,
)  # fmt: skip
def test_what_a_plain_loader_lets_pass_is_a_fault_with_its_line_and_key(text, line, key, says):
    [(found_line, found_key, found)] = told(text)
    assert (found_line, found_key) == (line, key)
    assert says in found
    assert "hunter2" not in found


def test_every_key_that_stands_twice_is_told_at_once_and_the_first_of_each_counts():
    document = parse("a: 1\nb:\n  c: 1\n  c: 2\na: 2\nd: 4\n", "f.yaml")
    assert [(it.line, it.key) for it in document.faults] == [(4, "b.c"), (5, "a")]
    assert document.data == {"a": 1, "b": {"c": 1}, "d": 4}
    assert document.line(("d",)) == 6


@pytest.mark.parametrize("text", ["", "\n", "# nothing\n", "---\n", "~\n", "null\n"])
def test_an_empty_document_is_nothing_and_no_fault(text):
    assert (parse(text, "f").data, parse(text, "f").faults) == (None, [])


@pytest.mark.parametrize(
    "nested", ["[" * 200 + "]" * 200, "{a: " * 200 + "}" * 200, "- " * 200 + "x"]
)
def test_deep_nesting_is_a_fault(nested):
    [(line, _, found)] = told(f"a: 1\nb:\n  {nested}\n")
    assert line == 3
    assert f"is nested more than {MAX_DEPTH} deep; flatten it" in found


def test_nesting_up_to_the_bound_is_read():
    assert parse("[" * MAX_DEPTH + "]" * MAX_DEPTH, "f").faults == []


@pytest.mark.parametrize(
    "nested",
    ["'[' * 200_000", "'[' * 200_000 + ']' * 200_000", "'- ' * 200_000", "'[\\n' * 200_000"],
)
def test_nesting_that_would_overflow_the_parsers_stack_is_a_fault_and_no_crash(nested):
    code = f"from settings.yaml_source import parse; print(parse({nested}, 'f.yaml').faults[0])"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "is nested more than 100 deep" in done.stdout


def test_a_long_file_that_is_not_deep_is_read():
    text = "".join(f"k{it}: {{a: [{'x' * 100}]}}\n" for it in range(3000))
    assert len(parse(text, "f").data) == 3000


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (None, "there is no such file"),
        (b"a: \xff\xfe\n", "is not UTF-8 text; save it as UTF-8"),
        ("a: ä\n".encode("utf-16"), "is not UTF-8 text"),
        ("a: ä\n".encode("latin-1"), "is not UTF-8 text"),
    ],
)
def test_an_unreadable_file_is_a_fault(tmp_path, content, says):
    path = tmp_path / "x.yaml"
    if content is not None:
        path.write_bytes(content)
    [fault] = read(path, "x.yaml").faults
    assert str(fault).startswith("x.yaml")
    assert says in str(fault)


def test_text_that_is_not_utf_8_is_told_by_its_line(tmp_path):
    (tmp_path / "x.yaml").write_bytes(b"a: 1\nb: \xff\n")
    assert [it.line for it in read(tmp_path / "x.yaml", "x.yaml").faults] == [2]


def test_a_folder_in_place_of_a_file_is_a_fault(tmp_path):
    [fault] = read(tmp_path, "x.yaml").faults
    assert "cannot be read" in str(fault)


def test_a_byte_order_mark_and_windows_line_ends_are_nothing(tmp_path):
    (tmp_path / "x.yaml").write_bytes(b"\xef\xbb\xbfa: 1\r\nb: 2\r\n")
    document = read(tmp_path / "x.yaml", "x.yaml")
    assert (document.data, document.line(("b",))) == ({"a": 1, "b": 2}, 2)


GO = {
    # gopkg.in/yaml.v3 3.0.1 into an interface: asked, not assumed.
    **dict.fromkeys(["", "~", "null", "Null", "NULL"]),
    **dict.fromkeys(["true", "True", "TRUE"], True), **dict.fromkeys(["false", "False", "FALSE"], False),
    **{it: it for it in ("yes", "no", "on", "off", "y", "n", "nUll", "tRue", "_1", "0b", "0x", "0o", "0o8", "0b2",
                         ".e3", "1.1.1", "inf", "nan", "-.nan", ".iNf", "12:30", "1e400", "0x10000000000000000", "+",
                         ".",
                         "1d", "0x1p3", "1,000", "--1", "1e", "5%", "100m", "4Gi", "1 2")},
    "0": 0, "1": 1, "-1": -1, "+1": 1, "01": 1, "0123": 83, "0777": 511, "-0777": -511, "1_000": 1000, "1_": 1,
    "-_1": -1,
    "0x1F": 31, "0X1F": 31, "-0x1F": -31, "+0x1f": 31, "0o17": 15, "0O17": 15, "-0o17": -15, "0b101": 5, "-0b11": -3,
    "0b1_0": 2, "0_7": 7, "-0": 0, "00": 0, "9223372036854775807": 2**63 - 1, "18446744073709551615": 2**64 - 1,
    "-9223372036854775808": -(2**63), "0xFFFFFFFFFFFFFFFF": 2**64 - 1,
    "08": 8.0, "089": 89.0, "0_8": 8.0, "1.5": 1.5, "+1.5": 1.5, ".5": 0.5, "-.5": -0.5, "1.": 1.0, "1e3": 1000.0,
    "1.e3": 1000.0, "-1E-3": -0.001, "1_0.5": 10.5, ".5_0": 0.5, "1.10": 1.1, "18446744073709551616": 2.0**64,
    "-9223372036854775809": -(2.0**63), "1e-400": 0.0, "9" * 5000: "9" * 5000,
    ".inf": math.inf, ".Inf": math.inf, ".INF": math.inf, "+.inf": math.inf, "-.inf": -math.inf, "-.INF": -math.inf,
}  # fmt: skip


@pytest.mark.parametrize("text", GO, ids=lambda it: it[:25] or "empty")
def test_a_scalar_is_read_as_go_reads_it(text):
    assert scalar(text) == GO[text]
    assert type(scalar(text)) is type(GO[text])
    assert scalar(text, plain=False) == text


@pytest.mark.parametrize("text", [".nan", ".NaN", ".NAN"])
def test_not_a_number_is_one(text):
    assert math.isnan(scalar(text))


def test_quotes_blocks_and_a_text_tag_keep_a_text():
    text = "a: '1'\nb: \"true\"\nc: |\n  5\nd: >-\n  null\ne: !!str 1.10\n"
    assert parse(text, "f").data == {"a": "1", "b": "true", "c": "5\n", "d": "null", "e": "1.10"}


def test_a_key_is_always_text():
    assert parse("1: a\ntrue: b\n~: c\n1.50: d\n", "f").data == {
        "1": "a",
        "true": "b",
        "~": "c",
        "1.50": "d",
    }


def test_merge_keys_bring_what_is_not_there_and_the_first_of_several_wins():
    text = "x: &x {a: 1, b: 2}\ny: &y {b: 3, c: 4}\nz: {<<: [*x, *y], a: 9}\n"
    document = parse(text, "f")
    assert document.data["z"] == {"a": 9, "b": 2, "c": 4}
    assert [document.line(("z", key)) for key in "abc"] == [3, 1, 2]


@pytest.mark.parametrize(
    ("path", "there", "line"),
    [
        ((), True, None),
        (("a",), True, 1),
        (("a", "b"), True, 2),
        (("a", "b", 1), True, 4),
        (("a", "b", 1, "c"), True, 4),
        (("a", "b", 2), False, 2),
        (("a", "b", -1), False, 2),
        (("a", "b", "x"), False, 2),
        (("a", "x", "y"), False, 1),
        (("x",), False, None),
        (("a.b",), True, 5),
        (("a.b", "c"), False, 5),
    ],
)
def test_a_path_is_found_by_the_line_of_its_deepest_part(path, there, line):
    document = parse("a:\n  b:\n    - x\n    - {c: 1}\n'a.b': 1\n", "f")
    assert document.find(path) == (there, line)
    assert document.line(path) == line


def test_nothing_is_found_in_what_could_not_be_read():
    assert parse("a: 'b", "f").find(("a",)) == (False, None)


WORDS = st.text(
    st.characters(min_codepoint=0x20, max_codepoint=0x17F, exclude_categories=["C", "Z"]),
    max_size=6,
).filter(lambda it: not re.fullmatch(r"[-+]?[0-9]+[eE][-+]?[0-9]+|0o[0-7]+", it))
"""Not `0E0` nor `0o7`: numbers in YAML 1.2 alone, so PyYAML does not quote them."""

PLAIN = (
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.floats(allow_nan=False)
    | WORDS
)
DATA = st.recursive(
    PLAIN,
    lambda it: st.lists(it, max_size=3) | st.dictionaries(WORDS, it, max_size=3),
    max_leaves=12,
)
MAPS = st.dictionaries(WORDS, DATA, max_size=4)


@hypothesis(max_examples=50)
@given(MAPS, st.booleans())
def test_data_that_pyyaml_writes_reads_back(data, flow):
    text = yaml.dump(data, Dumper=yaml.SafeDumper, default_flow_style=flow, allow_unicode=True)
    document = parse(text, "f")
    assert document.faults == []
    assert document.data == data


def alike(value):
    """What YAML 1.1 and 1.2 read alike: no word of 1.1 alone, no number of base 8 or 60, no date."""
    if isinstance(value, dict):
        return all(isinstance(key, str) and alike(item) for key, item in value.items())
    if isinstance(value, list):
        return all(map(alike, value))
    return value is None or isinstance(value, str | bool | int | float)


FRAGMENTS = st.sampled_from(
    ["a", "b: ", "- ", "\n", "  ", "    ", "{", "}", "[", "]", ", ", ": ", "'", '"', "1", "2.5", "x y", "# c\n", "&a ",
     "*a", "|\n", "true", "null", "? ", "\t", "<<: ", "%", "---\n", "...\n", "!!str "]
)  # fmt: skip


@given(st.lists(FRAGMENTS, max_size=14).map("".join))
def test_any_text_is_read_as_pyyaml_reads_it_or_is_a_fault_with_its_line(text):
    document = parse(text, "f")
    for fault in document.faults:
        assert 1 <= fault.line <= text.count("\n") + 1
        assert fault.rule
        assert fault.remedy
    try:
        expected = yaml.load(text, yaml.CSafeLoader)
    except (yaml.YAMLError, ValueError, TypeError):
        # PyYAML refuses to build some that we read, for example keys of another type; none that has no syntax.
        with_nodes = _composes(text)
        assert document.faults or with_nodes
        return
    if not document.faults and alike(expected):
        assert document.data == expected


def _composes(text):
    try:
        yaml.compose(text, yaml.CSafeLoader)
    except yaml.YAMLError:
        return False
    return True


@given(st.text(max_size=30) | st.binary(max_size=30).map(lambda it: it.decode("latin-1")))
def test_no_text_at_all_raises(text):
    document = parse(text, "f")
    assert all(fault.rule and fault.remedy for fault in document.faults)
    document.line(("a",))


@hypothesis(max_examples=40)
@given(MAPS)
def test_every_key_has_its_line(data):
    text = dump(data)
    document = parse(text, "f")

    def paths(node, path):
        yield path
        found = {dict: dict.items, list: enumerate}.get(type(node), lambda _: ())(node)
        for step, item in found:
            yield from paths(item, (*path, step))

    for path in paths(data, ()):
        assert document.find(path) == (True, line_of(text, path))


@pytest.fixture
def forgetting(monkeypatch):
    monkeypatch.setattr(yaml_source, "_remembered", {})


@pytest.mark.usefixtures("forgetting")
def test_a_remembered_text_is_read_as_before_and_an_edited_one_anew(tmp_path):
    path = tmp_path / "web.yaml"
    path.write_text("name: web\nports: [80]\n")
    first = yaml_source.read(path, "workloads/web.yaml")
    yaml_source.remember([first])

    again = yaml_source.read(path, "workloads/other.yaml")
    path.write_text("name: web\n\nports: [81]\n")
    edited = yaml_source.read(path, "workloads/web.yaml")

    assert again.data is first.data
    assert (again.file, again.line(("ports",))) == ("workloads/other.yaml", 2)
    assert (edited.data["ports"], edited.line(("ports",))) == ([81], 3)


@pytest.mark.usefixtures("forgetting")
def test_a_text_with_faults_is_not_remembered():
    twice = yaml_source.parse("a: 1\na: 2\n", "x.yaml")
    yaml_source.remember([twice, yaml_source.parse("a: [", "x.yaml")])

    assert yaml_source.parse("a: 1\na: 2\n", "x.yaml").faults == twice.faults != []
    assert yaml_source.parse("a: [", "x.yaml").faults


@pytest.mark.usefixtures("forgetting")
@pytest.mark.parametrize("stack", ["dev", "local", "prod"])
def test_reading_and_checking_a_stack_leaves_what_is_remembered_as_it_was(stack):
    def read():
        sources = read_sources(ROOT, stack)
        return sources, [sources.document, *sources.catalogue.values(), *sources.charts.values()]

    fresh = [it.data for it in read()[1]]
    yaml_source.remember(read()[1])
    for _ in range(2):
        check(read()[0])

    assert [it.data for it in read()[1]] == fresh
