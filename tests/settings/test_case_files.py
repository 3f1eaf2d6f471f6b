"""Cases that stand in a file: read while the settings are loaded, with a fault for all that is wrong with it."""

import pytest

from settings.load import load
from tests.settings.estate import ROOT, changed, dump, folder, shipped, told_of

FILE = "workloads/cases/regression-tests.txt"
JOB = "workloads/regression-tests.yaml"


def cases_of(root, stack="dev"):
    job = load(root, stack).workloads["regression-tests"].job
    return job.cases.texts, job.runs


def told(content):
    return [it.removeprefix(f"{FILE}:") for it in told_of("dev", {FILE: content})]


def naming(name):
    files = changed(("regression-tests", "job.cases", name))
    return told_of("dev", files)


def test_a_line_is_a_case_and_comments_and_empty_lines_are_none():
    texts, runs = cases_of(ROOT)
    assert texts[0] == "login-with-password"
    assert len(texts) == runs == 6
    assert not [it for it in texts if it.startswith("#")]


@pytest.mark.parametrize("content", ["b\na\nc", "\ufeffb\n\n  a \n# x\n  # y\nc\r\n"])
def test_a_case_is_the_line_without_the_space_around_it_in_the_order_of_the_file(tmp_path, content):
    (tmp_path / "workloads" / "cases").mkdir(parents=True)
    for name, data in shipped().items():
        (tmp_path / name).write_text(dump(data))
    (tmp_path / FILE).write_bytes(content.encode())
    assert cases_of(tmp_path) == (("b", "a", "c"), 3)


def test_a_case_that_is_there_twice_is_a_fault_with_both_lines():
    assert told("a\nb\n\nc\na\n") == [
        "5: is the case of line 1 again; got 'a'; remove one: an index has a case of its own"
    ]


@pytest.mark.parametrize("content", ["", "\n\n", "# a\n  # b\n"])
def test_a_file_without_a_case_is_a_fault(content):
    assert told(content) == ["1: holds no case; write one a line"]


def test_a_file_that_is_no_text_is_a_fault_at_the_line_where_it_is_none():
    assert told(b"a\nb\n\xff\n") == ["3: is no UTF-8 text; save it as UTF-8"]


def test_ten_thousand_cases_are_the_most():
    rows = "\n".join(map(str, range(10_001)))
    assert told(rows) == [
        "10001: must be at most 10,000 cases; got 10,001; run them in several jobs"
    ]
    assert told(rows.removesuffix("\n10000")) == []


def test_a_config_map_bounds_the_file():
    [fault] = told_of("dev", {FILE: "\n".join(["a" * 460_800, "b" * 460_800])})
    assert fault.startswith(f"{JOB}:")
    assert "must hold at most 921,600 bytes (900 KiB): a ConfigMap holds 1 MiB" in fault
    assert "it has 921,601" in fault
    rest = ["a" * 460_799, "b" * 460_000, "c", "d"]
    assert told_of("dev", {FILE: "\n".join(rest)}) == []


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("cases/regresion-tests.txt", "did you mean 'cases/regression-tests.txt'?"),
        ("nothing/like/it", "add 'workloads/nothing/like/it'"),
        ("cases", "must be a file below workloads/; got 'cases'"),
        ("../Pulumi.yaml", "must be a file path without '.' and '..'"),
        ("/etc/hosts", "must be a relative path"),
        ("x" * 3000, "cannot be read: File name too long"),
    ],
)
def test_a_file_that_is_not_there_is_one_fault_of_the_key_that_names_it(name, says):
    [fault] = naming(name)
    assert fault.startswith(f"{JOB}:")
    assert "job.cases" in fault
    assert says in fault


def test_a_link_out_of_the_catalogue_is_not_followed(tmp_path):
    link = folder().root / "workloads" / "cases" / "out.txt"
    secret = tmp_path / "secret.txt"
    secret.write_text("hunter2\n")
    link.symlink_to(secret)
    try:
        [fault] = naming("cases/out.txt")
    finally:
        link.unlink()
    assert "must lie below workloads/, and a link leads out of it" in fault


def test_a_file_that_is_wrong_makes_up_no_other_fault_of_the_job():
    assert len(told("")) == 1
    changes = changed(("regression-tests", "job.maxFailedIndexes", 5))
    assert told_of("dev", {**changes, FILE: ""}) == [f"{FILE}:1: holds no case; write one a line"]
