"""`./aks lint`: what a user types, reads and gets."""

import io
import json
import sys
from pathlib import Path

import jsonschema
import pytest
import yaml

from cli.application import run

ROOT = Path(__file__).parents[2]
SARIF = json.loads((ROOT / "tests/review/sarif-schema-2.1.0.json").read_text())
CANARY = "hunter2-canary"

BAD = """\
apiVersion: v1
kind: Pod
metadata:
  name: web
  namespace: shop
  labels: {app: web}
spec:
  containers:
    - name: web
      image: nginx
      securityContext:
        privileged: true
"""
SERVICE = """\
---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: other}
spec:
  selector: {app: web}
"""


@pytest.fixture
def lint(tmp_path, capsys, monkeypatch):
    """Runs a lint of files in a folder of their own; gives exit code, output and what stderr says."""
    monkeypatch.chdir(tmp_path)

    def act(*arguments, **files):
        for name, text in files.items():
            Path(f"{name}.yaml").write_text(text)
        code = run(["lint", *arguments])
        said = capsys.readouterr()
        return code, said.out, said.err

    return act


def test_text_names_object_file_line_path_and_remedy(lint):
    code, out, _ = lint("bad.yaml", "--rules", "privileged-container", bad=BAD)

    assert code == 1
    assert "Pod shop/web  bad.yaml\n" in out
    assert (
        "  12: mandatory: spec.containers[web].securityContext.privileged: runs privileged "
        "[privileged-container]\n      leave privileged out"
    ) in out
    assert "1 finding: 1 mandatory, 0 advisory\n1 object read from 1 file\n" in out


def test_json_has_the_keys_of_the_contract(lint):
    code, out, _ = lint(
        ".", "--rules", "privileged-container,service-selects-nothing", "--format", "json",
        bad=BAD, service=SERVICE,
    )  # fmt: skip

    assert code == 1
    found = json.loads(out)["findings"]
    keys = ("rule", "severity", "kind", "namespace", "name", "path", "message")
    assert [[it[key] for key in keys] for it in found] == [
        [
            "privileged-container",
            "mandatory",
            "Pod",
            "shop",
            "web",
            "spec.containers[web].securityContext.privileged",
            "runs privileged",
        ],
        [
            "service-selects-nothing",
            "mandatory",
            "Service",
            "other",
            "web",
            "spec.selector",
            "selects no pod of namespace other",
        ],
    ]
    assert [(it["file"], it["line"]) for it in found] == [("bad.yaml", 12), ("service.yaml", 6)]


def test_sarif_validates_and_points_at_the_line(lint):
    code, out, _ = lint("bad.yaml", "--format", "sarif", bad=BAD)

    assert code == 1
    log = json.loads(out)
    jsonschema.Draft4Validator(SARIF).validate(log)
    (result,) = (it for it in log["runs"][0]["results"] if it["ruleId"] == "privileged-container")
    assert result["locations"][0]["physicalLocation"] == {
        "artifactLocation": {"uri": "bad.yaml"},
        "region": {"startLine": 12},
    }


def test_no_finding_ends_with_0(lint):
    good = BAD.replace("true", "false")

    code, out, _ = lint("good.yaml", "--rules", "privileged-container", good=good)

    assert (code, out) == (0, "0 findings: 0 mandatory, 0 advisory\n1 object read from 1 file\n")


def test_what_is_advisory_ends_with_0(lint):
    code, out, _ = lint("bad.yaml", "--rules", "image-digest", bad=BAD)

    assert code == 0
    assert "1 finding: 0 mandatory, 1 advisory" in out


def test_a_broken_document_is_named_and_the_rest_is_judged(lint):
    code, out, err = lint("bad.yaml", "--rules", "privileged-container", bad=BAD + "---\nkind: [\n")

    assert code == 2
    assert "runs privileged" in out
    assert "error: bad.yaml:" in err


def test_broken_documents_are_notifications_of_sarif(lint):
    code, out, _ = lint("bad.yaml", "--format", "sarif", bad=BAD + "---\nkind: [\n")

    assert code == 2
    log = json.loads(out)
    jsonschema.Draft4Validator(SARIF).validate(log)
    assert (
        "bad.yaml"
        in log["runs"][0]["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"]
    )


def test_only_what_the_base_lacks_is_told(lint):
    more = BAD.replace("image: nginx", "image: nginx\n    - name: b\n      image: b").replace(
        "- name: b", "- securityContext: {privileged: true}\n      name: b"
    )

    code, out, _ = lint(
        "more.yaml", "--only-new", "--base", "bad.yaml", "--rules", "privileged-container",
        bad=BAD, more=more.replace("      securityContext:\n        privileged: true\n", ""),
    )  # fmt: skip

    assert code == 1
    assert "containers[b]" in out
    assert "containers[web]" not in out


def test_nothing_new_ends_with_0_and_says_how_many_are_old(lint):
    code, out, _ = lint(
        "bad.yaml", "--only-new", "--base", ".", "--rules", "privileged-container", bad=BAD
    )

    assert code == 0
    assert "0 findings: 0 mandatory, 0 advisory, 1 that the base has, too, left out" in out


def test_standard_input_is_read(lint, monkeypatch):
    class Stdin:
        buffer = io.BytesIO(BAD.encode())

    monkeypatch.setattr(sys, "stdin", Stdin)

    code, out, _ = lint("-", "--rules", "privileged-container")

    assert code == 1
    assert "Pod shop/web  -\n" in out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["none"], "there is no such stack, folder or file"),
        (["."], "holds no file that ends in"),
        ([".", "--rules", "privileged-containers"], "did you mean 'privileged-container'?"),
        ([".", "--rules", ","], "--rules names no rule"),
        ([".", "--only-new"], "--only-new and --base NAME go together"),
        ([".", "--base", "x"], "--only-new and --base NAME go together"),
        ([], "missing argument 'FILE|DIR|STACK|-'"),
        ([".", "--format", "xml"], "'xml' is not one of"),
    ],
)
def test_bad_input_is_named_and_ends_with_2(lint, arguments, words):
    code, out, err = lint(*arguments)

    assert (code, out) == (2, "")
    assert words in err
    assert "Traceback" not in err


def test_the_list_has_every_rule_by_area(lint):
    from policy.rules import all_rules

    code, out, _ = lint("--list")

    assert code == 0
    assert all(f"  {it.id} " in out for it in all_rules())
    assert "  object-schema " in out
    assert out.endswith(f"{len(all_rules()) + 1} rules\n")


def test_a_stack_is_judged_as_it_says_itself(lint):
    code, out, _ = lint("dev", "--format", "json")

    found = json.loads(out)["findings"]
    assert code == (1 if any(it["severity"] == "mandatory" for it in found) else 0)
    redis = next(it for it in found if (it["kind"], it["name"]) == ("StatefulSet", "redis"))
    line = (ROOT / redis["file"]).read_text().splitlines()[redis["line"] - 1]
    assert (redis["rule"], redis["namespace"]) == ("image-digest", "course")
    assert "image" in line or "redis" in line


def test_each_result_of_a_stack_has_a_place_exempted_ones_too(lint):
    _, out, _ = lint("prod", "--format", "sarif")

    log = json.loads(out)
    jsonschema.Draft4Validator(SARIF).validate(log)
    results = log["runs"][0]["results"]
    assert any("suppressions" in it for it in results)
    assert all("physicalLocation" in it["locations"][0] for it in results)


@pytest.mark.parametrize("form", ["text", "json", "sarif"])
def test_no_format_has_a_secret(lint, form):
    secret = yaml.safe_dump_all(
        [
            {
                "apiVersion": "v1",
                "kind": "Secret",
                "metadata": {"name": "s", "annotations": {"a": CANARY}},
                "stringData": {"password": CANARY},
                "data": {"x": CANARY},
            },
            {
                "apiVersion": "v1",
                "kind": "ConfigMap",
                "metadata": {"name": "c"},
                "data": {"password": CANARY, "DB_PASSWORD": CANARY},
            },
            {
                "apiVersion": "v1",
                "kind": "Pod",
                "metadata": {"name": "p"},
                "spec": {
                    "containers": [
                        {
                            "name": "c",
                            "image": "a",
                            "args": [f"--password={CANARY}"],
                            "command": [f"x --token {CANARY}"],
                            "env": [
                                {"name": "DB_PASSWORD", "value": CANARY},
                                {"name": "URL", "value": f"https://user:{CANARY}@host"},
                            ],
                        }
                    ]
                },
            },
        ]
    )

    _, out, err = lint("s.yaml", "--format", form, s=secret)

    assert CANARY not in out + err


@pytest.mark.parametrize("form", ["text", "json", "sarif"])
def test_a_hostile_name_is_harmless(lint, form):
    hostile = BAD.replace("name: web\n  names", 'name: "a\\e[31m\\n\\u202e](http://x)"\n  names')

    code, out, _ = lint(
        "bad.yaml", "--rules", "privileged-container", "--format", form, bad=hostile
    )

    assert code == 1
    assert "\x1b" not in out
    assert form == "json" or "\u202e" not in out
