"""One line a fault: place, key, rule, value, remedy; nothing that may be a secret."""

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis
from hypothesis import strategies as st

from settings.explain import steps_of
from settings.faults import (
    MAX_VALUE_CHARACTERS,
    Fault,
    SettingsError,
    did_you_mean,
    dotted,
    may_be_secret,
    shown,
)


@pytest.mark.parametrize(
    ("fault", "line"),
    [
        (Fault("f", 3, "a.b", "must be x", "'y'", "do z"), "f:3: a.b: must be x; got 'y'; do z"),
        (Fault("f", 3, "a.b", "is required", remedy="add it"), "f:3: a.b: is required; add it"),
        (Fault("f", None, "", "is empty", remedy="fill it"), "f: is empty; fill it"),
    ],
)
def test_a_fault_is_one_line(fault, line):
    assert str(fault) == line


def test_an_error_lists_every_fault_once_by_file_and_line():
    late, early, other = Fault("b", 9, "a", "r"), Fault("b", 2, "z", "r"), Fault("a", None, "", "r")
    error = SettingsError([late, other, early, late])
    assert error.faults == [other, early, late]
    assert str(error).splitlines() == [
        "3 faults in the settings", "  a: r", "  b:2: z: r", "  b:9: a: r"
    ]  # fmt: skip
    assert str(SettingsError([late])).startswith("1 fault in the settings")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("wg1", "'wg1'"), (5, "5"), (0, "0"), (1.5, "1.5"), ("", "''"), (True, "true"), (False, "false"),
        (None, "null"),
        ({"a": 1}, "a map"), ([1], "a list"), ("a\nb", r"'a\nb'"), ("\x1b[31m", r"'\x1b[31m'"),
        ("https://me:hunter2@host/x", "'https://***@host/x'"), ("https://host/x@y", "'https://host/x@y'"),
        ("token-service:1", "'token-service:1'"), ("password:hunter2", ""), ("run --password hunter2", ""),
        ("PASSWORD=hunter2", ""), ("api_key = 1", "'api_key = 1'"), ("apikey: hunter2", ""),
    ],
)  # fmt: skip
def test_a_value_is_shown_as_yaml_would_have_it_and_hidden_where_it_tells_a_secret(value, text):
    assert shown(value) == text


def test_a_long_value_is_cut():
    assert len(shown("x" * 500)) == MAX_VALUE_CHARACTERS
    assert shown("x" * 500).endswith("...")


@pytest.mark.parametrize(
    "path",
    [
        ("secrets", "AZURE-PASSWORD", "vault"), ("workloads", "web", "config", "env", "LOG_LEVEL"), ("env", "X"),
        ("config", "files", "a.conf"), ("args", 2), ("command", 0), ("namespaces", "course", "pullSecrets", "x"),
        ("x", "DB_PASSWORD"), ("api-key",), ("privateKey",), ("CONNECTION_STRING",), ("serviceAccount", "token"),
        ("a", "secure"),
    ],
)  # fmt: skip
def test_what_stands_under_such_a_key_is_never_shown(path):
    assert may_be_secret(path)
    assert shown("hunter2", path) == ""


@pytest.mark.parametrize(
    "path", [(), ("workloads", "token-service", "pool"), ("nodePools", "wg1"), ("environment",)]
)
def test_what_stands_elsewhere_is_shown(path):
    assert shown("wg1", path) == "'wg1'"


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("maxPod", "maxPods"), ("max_pods", "maxPods"), ("MAXPODS", "maxPods"), ("vmsize", "vmSize"), ("zzz", None),
        ("", None),
    ],
)  # fmt: skip
def test_a_near_miss_is_named_whatever_its_case(name, near):
    assert did_you_mean(name, ["vmSize", "maxPods"]) == (f"did you mean {near!r}?" if near else "")


def test_among_a_thousand_names_the_nearest_is_still_found():
    known = [f"{kind}-{it:04d}" for kind in ("web", "blob-service", "redis") for it in range(400)]
    assert did_you_mean("blob-service-0123x", known) == "did you mean 'blob-service-0123'?"
    assert did_you_mean("zzz", known) == ""


def test_nothing_is_near_where_nothing_is_known():
    assert did_you_mean("a", []) == ""


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (("a", "b", 0, "c"), "a.b[0].c"),
        (("aks-platform:settings", "labels", "a.example/b"), 'aks-platform:settings.labels["a.example/b"]'),
        (("a b",), '["a b"]'),
        (("", "x"), '[""].x'),
        (("a\x1b[31m",), '["a\\u001b[31m"]'),
        ((), ""),
    ],
)  # fmt: skip
def test_a_key_path_is_written_so_that_it_can_be_read(path, text):
    assert dotted(path) == text


@given(st.lists(st.text("ab.[]0 -/", min_size=1) | st.integers(0, 9), min_size=1, max_size=5))
def test_a_key_path_reads_back(path):
    assert steps_of(dotted(path)) == tuple(path)


@given(st.lists(st.text(), max_size=3))
def test_no_key_can_break_the_line_or_colour_the_terminal(path):
    assert all(it.isprintable() for it in dotted(path))


@hypothesis(max_examples=25)
@given(st.recursive(st.none() | st.booleans() | st.floats() | st.text() | st.integers(),
                    lambda it: st.lists(it) | st.dictionaries(st.text(), it)))  # fmt: skip
def test_every_value_is_shown_short_on_one_line(value):
    text = shown(value)
    assert len(text) <= MAX_VALUE_CHARACTERS
    assert text.isprintable()
