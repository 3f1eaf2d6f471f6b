"""What the analyses are given: any folder, file, standard input or stack, whatever else lies there."""

import io
import json
import os
import sys
import types
from pathlib import Path

import pytest
import yaml

from review.given import GivenError, Tally, manifests

ROOT = Path(__file__).parents[2]
KINDS = {
    "Pod": frozenset({""}),
    "Deployment": frozenset({"apps"}),
    "NetworkPolicy": frozenset({"networking.k8s.io"}),
}
POD = "apiVersion: v1\nkind: Pod\nmetadata: {name: %s}\n"
CONFIG = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\n"

POD_A = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "a"}}


def pod(name):
    return POD % name


def taken(source):
    """Names with their places, and the tally."""
    tally = Tally()
    found = [
        (it.manifest["metadata"]["name"], it.place)
        for it in manifests(ROOT, str(source), KINDS, tally)
    ]
    return found, tally


@pytest.fixture
def file(tmp_path):
    """Writes a file and returns its path."""

    def write(text, name="a.yaml"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return write


def names(found):
    return [name for name, _ in found]


def test_each_document_of_a_file_is_read_with_its_line(file):
    path = file(f"# first\n---\n{pod('a')}---\n\n{pod('b')}--- # third\n{pod('c')}")

    found, tally = taken(path)

    assert found == [("a", f"{path}:3"), ("b", f"{path}:8"), ("c", f"{path}:12")]
    assert tally.summary() == "3 objects read from 1 file"


def test_other_kinds_are_counted_and_what_is_no_object_too(file):
    path = file(
        f"{CONFIG}---\n{CONFIG}---\n{pod('a')}---\nreplicas: 2\n---\n- a list\n---\n\n---\njust text\n"
    )

    found, tally = taken(path)

    assert names(found) == ["a"]
    assert tally.skipped == {"ConfigMap": 2}
    assert tally.foreign == 3
    assert (
        tally.summary()
        == "1 object read from 1 file; skipped: 2 ConfigMap; 3 documents are no objects"
    )


def test_a_kind_of_another_api_group_is_another_kind(file):
    path = file(
        "apiVersion: crd.projectcalico.org/v1\nkind: NetworkPolicy\nmetadata: {name: calico}\n---\n"
        "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: ours}\n"
    )

    found, tally = taken(path)

    assert names(found) == ["ours"]
    assert tally.skipped == {"NetworkPolicy": 1}


def test_a_kind_in_the_projects_own_spelling_is_no_object(file):
    found, tally = taken(file(f"kind: deployment\nname: a\n---\n{pod('a')}"))

    assert names(found) == ["a"]
    assert (tally.foreign, tally.faults) == (1, [])


def test_a_wanted_kind_without_an_api_version_is_named(file):
    path = file(f"{pod('a')}---\nkind: Pod\nmetadata: {{name: b}}\n")

    found, tally = taken(path)

    assert names(found) == ["a"]
    assert list(map(str, tally.faults)) == [f"{path}:5: Pod has no apiVersion; add it"]


@pytest.mark.parametrize(
    ("api_version", "kind", "meant"),
    [
        ("apps/v1", "Deploymnt", "Deployment"),
        ("apps/v1", "deployment", "Deployment"),
        ("v1", "Pods", "Pod"),
        ("networking.k8s.io/v1", "Networkpolicy", "NetworkPolicy"),
    ],
)
@pytest.mark.parametrize("form", ["yaml", "json"])
def test_a_slip_in_a_wanted_kind_is_named_and_not_skipped(file, form, api_version, kind, meant):
    slip = {"apiVersion": api_version, "kind": kind, "metadata": {"name": "b"}}
    texts = {"yaml": f"{pod('a')}---\n{yaml.dump(slip)}", "json": json.dumps([POD_A, slip])}
    path = file(texts[form], f"a.{form}")

    found, tally = taken(path)

    assert names(found) == ["a"]
    (fault,) = tally.faults
    assert str(fault).endswith(f": {api_version} has no kind {kind}; did you mean {meant!r}?")
    assert fault.line


@pytest.mark.parametrize(
    ("api_version", "kind"),
    [("apps/v2alpha.example.com/v1", "Deploymnt"), ("v1", "PodTemplate"), ("apps/v1", "Pods")],
)
def test_another_kind_is_no_slip(file, api_version, kind):
    _, tally = taken(file(f"{pod('a')}---\napiVersion: {api_version}\nkind: {kind}\n"))

    assert tally.faults == []
    assert dict(tally.skipped) == {kind: 1}


@pytest.mark.parametrize(
    ("broken", "line", "says"),
    [
        ("kind: Pod\n  bad: indent\n", 2, "mapping values are not allowed"),
        ("a: 'open\n", 1, "a quote opens here and never closes"),
        ("a:\n\tb: 1\n", 2, "a tab stands where YAML wants spaces"),
        ("spec: {{ .Values.spec }}\n", 1, "a key that is no plain text"),
        ("a: *nowhere\n", 1, "undefined alias"),
        ("a: &a [*a]\n", 1, "holds an alias of itself"),
        (b"a: \xff\n", 1, "is not UTF-8 text"),
        ("a: \x01\n", 1, "control characters are not allowed"),
        ("a: " + "[" * 300 + "]" * 300 + "\n", 1, "is nested more than 200 deep"),
        ("a: " + "[" * 50_000 + "\n", 1, "is nested more than 200 deep"),
    ],
)
def test_a_broken_document_is_named_and_the_rest_is_read(file, broken, line, says):
    broken = broken if isinstance(broken, bytes) else broken.encode()
    head = b"apiVersion: v1\nkind: Pod\n" if broken[:4] != b"kind" else b"apiVersion: v1\n"
    broken, line = head + broken, line + head.count(b"\n")
    path = file(pod("a").encode() + b"---\n" + broken + b"\n---\n" + pod("b").encode())

    found, tally = taken(path)

    assert names(found) == ["a", "b"]
    (fault,) = tally.faults
    assert (fault.file, fault.line) == (str(path), line + 4)
    assert says in str(fault)


@pytest.mark.parametrize(
    "template",
    [
        "apiVersion: v1\nkind: Pod\nmetadata:\n  name: {{ .Release.Name }}\n",
        "{{ if .Values.on }}\napiVersion: v1\nkind: Pod\nmetadata:\n  name: {{ .name }}\n",
        "apiVersion: v1\nkind: Pod\nspec:\n  {{- toYaml .Values.pod | nindent 2 }}\n",
    ],
)
def test_a_template_is_refused_with_what_renders_it(file, template):
    found, tally = taken(file(f"{pod('a')}---\n{template}---\n{pod('b')}"))

    assert names(found) == ["a", "b"]
    (fault,) = tally.faults
    assert fault.remedy == "render the template first: helm template prints what it becomes"


def test_a_quoted_template_in_a_broken_document_is_not_what_broke_it(file):
    _, tally = taken(file(f"{pod('a')}---\n{pod('b')}alert: '{{{{ $value }}}}'\nspec: 'open\n"))

    assert "helm" not in str(tally.faults)


@pytest.mark.parametrize("key", ["{{if .Values.on}}", "? {a: 1}\n", "[a]"])
def test_a_map_as_a_key_beside_the_kind_ends_no_reading(file, key):
    found, tally = taken(file(f"{pod('a')}---\n{key}: 1\napiVersion: v1\nkind: Pod\n"))

    assert names(found) == ["a"]
    assert len(tally.faults) == 1


def test_a_broken_document_of_a_kind_that_nobody_asked_for_is_named_too(file):
    found, tally = taken(file(f"{CONFIG}data: {{a: 'b}}\n---\n{pod('a')}"))

    assert names(found) == ["a"]
    assert [it.line for it in tally.faults] == [4]


def test_a_key_that_stands_twice_is_named_and_the_last_counts(file):
    path = file("apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nmetadata: {name: b}\n")

    found, tally = taken(path)

    assert names(found) == ["b"]
    assert "stands twice" in str(tally.faults[0])
    assert tally.faults[0].line == 4


def listed(form, kind="List"):
    items = [yaml.safe_load(pod(name)) for name in ("a", "b")]
    whole = {"apiVersion": "v1", "items": items, "kind": kind}
    if form == "json":
        return json.dumps(whole, indent=1)
    if form == "flow":
        return yaml.safe_dump(whole, default_flow_style=True)
    if form == "kind first":
        return yaml.safe_dump(
            {"kind": kind, "apiVersion": "v1", "items": items}, sort_keys=False, indent=4
        )
    return yaml.safe_dump(whole)


@pytest.mark.parametrize("kind", ["List", "PodList"])
@pytest.mark.parametrize("form", ["yaml", "kind first", "flow", "json"])
def test_the_items_of_a_list_are_objects(file, form, kind):
    found, tally = taken(file(listed(form, kind), "a.json" if form == "json" else "a.yaml"))

    assert names(found) == ["a", "b"]
    assert (tally.faults, tally.foreign) == ([], 0)


@pytest.mark.parametrize("form", ["yaml", "flow", "json"])
@pytest.mark.parametrize("kind_first", [True, False])
def test_items_of_a_typed_list_take_its_kind(file, form, kind_first):
    items = [{"metadata": {"name": "a"}}, {"metadata": {"name": "b"}}]
    whole = {"kind": "PodList", "apiVersion": "v1", "items": items}
    if not kind_first:
        whole = dict(reversed(whole.items()))
    text = (
        json.dumps(whole)
        if form == "json"
        else yaml.safe_dump(whole, sort_keys=False, default_flow_style=form == "flow")
    )

    found, tally = taken(file(text))

    assert names(found) == ["a", "b"]
    assert (tally.faults, tally.foreign) == ([], 0)


@pytest.mark.parametrize("indent", ["", "  "])
def test_a_broken_item_of_a_list_costs_only_itself(file, indent):
    lines = "".join(
        f"{indent}- apiVersion: v1\n{indent}  kind: Pod\n{indent}  metadata: {{name: {name}}}\n"
        for name in ("a", "'b", "c")
    )
    path = file(f"apiVersion: v1\nitems:\n# none here\n{lines}kind: List\n---\n{pod('d')}")

    found, tally = taken(path)

    assert found == [("a", f"{path}:4"), ("c", f"{path}:10"), ("d", f"{path}:15")]
    assert [it.line for it in tally.faults] == [9]


def test_a_block_of_text_in_an_item_may_look_like_another_item(file):
    text = (
        "items:\n- apiVersion: v1\n  kind: Pod\n  metadata:\n    name: a\n    annotations:\n"
        "      note: |\n        - not an item\n        items:\n        - nor this\n"
        "      list:\n      - nor that\nkind: List\napiVersion: v1\n"
    )

    found, tally = taken(file(text))

    assert names(found) == ["a"]
    assert (tally.faults, tally.foreign) == ([], 0)


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ('{"kind": "Pod",\n "apiVersion": v1}', 2, "expecting value"),
        ('{"kind": "Pod"\n "apiVersion": "v1"}', 2, "expecting ','"),
        ('{"kind": "Pod"', 1, "expecting ','"),
        ('{"kind": "List", "items": [\n{},\n{"a": }]}', 3, "expecting value"),
        ("[" * 100_000, 1, "nested too deep"),
    ],
)
def test_broken_json_is_named_with_its_line(file, text, line, says):
    good = file(pod("a"), "good.yaml")
    path = file(text, "x.json")

    found, tally = taken(good.parent)

    assert names(found) == ["a"]
    (fault,) = tally.faults
    assert (fault.file, fault.line) == (str(path), line)
    assert says in str(fault)


def test_objects_of_json_carry_their_lines_and_may_follow_one_another(file):
    one = json.dumps(yaml.safe_load(pod("a")))
    path = file(
        f'{one}\n\n{one}\n[{one},\n{one}]\n{{"kind": "List", "items": [\n{one}]}}\n', "a.json"
    )

    found, _ = taken(path)

    assert [place.rpartition(":")[2] for _, place in found] == ["1", "3", "4", "5", "7"]


def test_folders_are_walked_by_name_without_hidden_ones(file, tmp_path):
    for name in ("b/2.yml", "b/1.yaml", "a.json", "c.yaml.txt", ".git/x.yaml", "b/.h.yaml"):
        text = pod("n") if not name.endswith("json") else json.dumps(yaml.safe_load(pod("n")))
        file(text, name)

    found, tally = taken(tmp_path)

    assert [place for _, place in found] == [
        f"{tmp_path}/{it}" for it in ("a.json:1", "b/1.yaml:1", "b/2.yml:1")
    ]
    assert tally.files == 3


def test_a_loop_of_links_ends_and_a_link_to_nothing_is_named(file, tmp_path):
    file(pod("a"), "b/1.yaml")
    (tmp_path / "b/loop").symlink_to(tmp_path)
    (tmp_path / "gone.yaml").symlink_to(tmp_path / "nowhere")

    found, tally = taken(tmp_path)

    assert names(found) == ["a"]
    assert [str(it) for it in tally.faults] == [
        f"{tmp_path}/gone.yaml: cannot be read: No such file or directory; check the path and its rights"
    ]


def test_a_pipe_in_a_folder_does_not_hang_the_reading(file, tmp_path):
    file(pod("a"))
    os.mkfifo(tmp_path / "pipe.yaml")

    found, tally = taken(tmp_path)

    assert names(found) == ["a"]
    assert "is no regular file" in str(tally.faults[0])


@pytest.mark.parametrize(
    "text", [pod("a"), json.dumps(yaml.safe_load(pod("a"))), "\n\n" + pod("a")]
)
def test_standard_input_is_yaml_or_json(monkeypatch, text):
    monkeypatch.setattr(sys, "stdin", types.SimpleNamespace(buffer=io.BytesIO(text.encode())))

    found, tally = taken("-")

    assert names(found) == ["a"]
    assert found[0][1].startswith("-:")
    assert tally.files == 1


def test_a_mark_of_byte_order_and_windows_line_ends_are_taken(file):
    text = ("\ufeff" + pod("a") + "---\n" + listed("yaml")).replace("\n", "\r\n")

    found, tally = taken(file(text))

    assert names(found) == ["a", "a", "b"]
    assert tally.faults == []


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda path: path / "nowhere", "there is no such stack, folder or file"),
        (lambda _: "prodd", "did you mean 'prod'?"),
        (lambda path: path, "holds no file that ends in .yaml, .yml, .json"),
        (lambda path: _written(path / "a.yaml", ""), "holds no Kubernetes object"),
        (lambda path: _written(path / "a.yaml", "a: 'b"), "a quote opens here"),
        (lambda path: _written(path / "a.json", "{"), "is not valid JSON"),
    ],
)
def test_nothing_to_read_is_an_error_that_says_why(tmp_path, make, says):
    with pytest.raises(GivenError) as caught:
        taken(make(tmp_path))

    assert says in str(caught.value)


def test_who_names_files_of_workloads_is_told_to_name_a_stack(monkeypatch):
    monkeypatch.chdir(ROOT)

    with pytest.raises(GivenError, match=r"name one instead \(dev, local, prod\)"):
        taken("workloads")


def _written(path, text):
    path.write_text(text)
    return path


def test_a_folder_without_what_an_analysis_wants_is_no_error(file):
    assert taken(file(CONFIG))[0] == []


def test_a_stack_gives_what_it_registers():
    tally = Tally()

    found = list(manifests(ROOT, "local", KINDS, tally))

    assert {it.manifest["kind"] for it in found} == {"Deployment", "NetworkPolicy"}
    assert {it.place for it in found} == {"Pulumi.local.yaml"}
    assert tally.skipped["Service"]
    assert tally.files == 0


def test_objects_are_handed_out_as_they_are_read():
    """A pipe that has not ended yet: the first object is there before the last is written."""
    reading, writing = os.pipe()
    os.write(writing, f"{pod('a')}---\n{pod('b')}---\n".encode())
    found = manifests(ROOT, f"/dev/fd/{reading}", KINDS, Tally())
    os.set_blocking(reading, True)
    os.write(writing, b"x" * 20_000 + b"\n---\n")

    assert next(found).manifest["metadata"]["name"] == "a"
    os.close(writing)
    found.close()
    os.close(reading)
