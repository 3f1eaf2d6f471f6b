"""`./aks reachability`: what a user types, reads and gets."""

import csv
import io
import json
import subprocess
import sys
import types
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

from cli.application import run

ROOT = Path(__file__).parents[2]
SDK = {"pulumi", "pulumi_kubernetes", "pulumi_azure_native", "grpc", "google", "rich", "pydantic"}

SHOP = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: c, ports: [{name: http, containerPort: 8080}]}]}
---
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: db, namespace: shop}
spec:
  template:
    metadata: {labels: {app: db}}
    spec: {containers: [{name: c}]}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: db, namespace: shop}
spec:
  podSelector: {matchLabels: {app: db}}
  ingress:
  - from: [{podSelector: {matchLabels: {app: other}}}]
  - from: [{podSelector: {matchLabels: {app: web}}}]
    ports: [{port: 5432}]
  egress:
  - to: [{ipBlock: {cidr: 10.0.0.0/8}}]
---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec: {type: NodePort, selector: {app: web}, ports: [{port: 80, targetPort: http, nodePort: 30080}]}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: c, namespace: shop}
"""
WEB, DB = "shop/web[Deployment]", "shop/db[StatefulSet]"
ANYWHERE = "0.0.0.0-255.255.255.255"


@pytest.fixture
def shop(tmp_path):
    """The path of a file with the above."""
    path = tmp_path / "shop.yaml"
    path.write_text(SHOP)
    return str(path)


@pytest.fixture
def told(capsys):
    """What a command prints, which ends well."""

    def tell(*arguments):
        assert run(["reachability", *arguments]) == 0
        return capsys.readouterr().out

    return tell


def row(source, target, protocol="TCP", ports="1-65535"):
    return {"from": source, "to": target, "protocol": protocol, "ports": ports}


ALL = ("SCTP", "TCP", "UDP")
EXPECTED = [
    *(row(ANYWHERE, WEB, it) for it in ALL),
    *(row(DB, "10.0.0.0-10.255.255.255", it) for it in ALL),
    *(row(WEB, ANYWHERE, it) for it in ALL),
    row(WEB, DB, "TCP", "5432"),
]


def test_json_has_the_connections_one_a_protocol_sorted(told, shop):
    data = json.loads(told(shop, "--format", "json"))

    assert data["connections"] == EXPECTED
    assert data.keys() == {"connections", "exposure"}


def test_json_has_what_is_exposed_beside_them(told, shop):
    (service,) = json.loads(told(shop, "--format", "json"))["exposure"]["services"]

    assert service == {
        "service": "shop/web",
        "type": "NodePort",
        "internal": False,
        "sourceRanges": [],
        "ports": [
            {
                "port": 80,
                "protocol": "TCP",
                "targetPort": "http",
                "nodePort": 30080,
                "workloads": [WEB],
                "allowedFrom": [ANYWHERE],
            }
        ],
    }


def test_csv_has_the_same_rows(told, shop):
    assert list(csv.DictReader(io.StringIO(told(shop, "--format", "csv")))) == EXPECTED


def test_text_is_grouped_by_source(told, shop):
    assert told(shop) == (
        f"{ANYWHERE}\n"
        f"  -> {WEB}  everything\n"
        f"{DB}\n"
        "  -> 10.0.0.0-10.255.255.255  everything\n"
        f"{WEB}\n"
        f"  -> {DB}     TCP 5432\n"
        f"  -> {ANYWHERE}  everything\n"
        "\n"
        "exposed\n"
        f"  NodePort shop/web TCP 80 -> {WEB}, port http, node port 30080; policies let in {ANYWHERE}\n"
    )


def test_what_was_read_and_skipped_goes_to_stderr(capsys, shop):
    run(["reachability", shop])

    assert capsys.readouterr().err == "4 objects read from 1 file; skipped: 1 ConfigMap\n"


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (["--from", "web"], [it for it in EXPECTED if it["from"] == WEB]),
        (["--from", "shop/web", "--to", "db"], [EXPECTED[-1]]),
        (["--from", WEB, "--to", DB], [EXPECTED[-1]]),
        (["--to", "shop/*"], [it for it in EXPECTED if it["to"] in (WEB, DB)]),
        (["--from", "internet"], EXPECTED[:3]),
        (["--to", "internet"], EXPECTED[3:9]),
        (["--from", "db", "--to", "10.1.2.3"], [row(DB, "10.1.2.3-10.1.2.3", it) for it in ALL]),
        (["--from", "db", "--to", "8.0.0.0/6"], EXPECTED[3:6]),
        (
            ["--from", "db", "--to", "9.0.0.0-10.0.0.9"],
            [row(DB, "10.0.0.0-10.0.0.9", it) for it in ALL],
        ),
        (["--from", "db", "--to", "192.0.2.0/24"], []),
        (["--from", "db", "--to", "fd00::/8"], []),
        (["--from", "db", "--to", "web"], []),
    ],
    ids=str,
)
def test_ends_narrow_what_is_told(told, shop, options, expected):
    assert json.loads(told(shop, "--format", "json", *options))["connections"] == expected
    assert list(csv.DictReader(io.StringIO(told(shop, "--format", "csv", *options)))) == expected


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--from", "webb"], "--from: there is no workload 'webb'; did you mean 'web'?"),
        (["--to", "shop/bd"], "--to: there is no workload 'shop/bd'; did you mean 'shop/db'?"),
        (["--to", "shopp/*"], "--to: no workload is in a namespace 'shopp'; did you mean 'shop'?"),
        (["--to", "web[Pod]"], "--to: there is no workload 'web[Pod]'"),
        (["--to", "10.0.0.0/40"], "or say 'internet', an address or a CIDR"),
        (["--explain"], "--explain needs --from, --to or both"),
        (
            ["--explain", "--from", "web", "--format", "csv"],
            "--explain writes text or json, not csv",
        ),
        (["-o", "nowhere/out.json"], "nowhere/out.json: cannot be written: No such file"),
    ],
)
def test_what_is_asked_wrongly_is_answered_with_a_remedy(capsys, shop, options, says):
    assert run(["reachability", shop, *options]) == 2

    printed = capsys.readouterr()
    assert printed.out == ""
    assert says in printed.err


@pytest.fixture
def explained(told, shop):
    """Holds what is told of two ends to these lines; `{shop}` is the file."""

    def explained(one, other, *lines):
        text = told(shop, "--from", one, "--to", other, "--explain")
        assert text.splitlines() == [it.format(shop=shop) for it in lines]

    return explained


def test_explain_names_policy_rule_file_and_line(explained):
    explained(
        "web",
        "db",
        f"{WEB} -> {DB}: TCP 5432",
        f"  egress of {WEB}: open: no policy isolates its egress",
        f"  ingress of {DB}: isolated, and allowed by rule",
        "    shop/db ingress[1] ({shop}:24) allows TCP 5432",
    )


def test_explain_names_the_policy_that_denies(explained):
    explained(
        "db",
        "web",
        f"{DB} -> {WEB}: nothing is allowed",
        f"  egress of {DB}: isolated, and no rule allows it",
        "    shop/db ({shop}:17) isolates its egress; its rule does not name this pair",
        f"  ingress of {WEB}: open: no policy isolates its ingress",
    )


def test_explain_tells_ranges_where_an_end_is_outside(explained):
    explained(
        "db",
        "internet",
        f"{DB} -> {ANYWHERE}: everything (10.0.0.0-10.255.255.255)",
        f"  egress of {DB}: isolated, and allowed by rule",
        "    shop/db egress[0] ({shop}:27) allows every port",
        f"  ingress of {ANYWHERE}: outside: no policy applies",
    )


def test_explain_in_json_stands_beside_the_connections(told, shop):
    data = json.loads(told(shop, "--from", "web", "--to", "db", "--explain", "--format", "json"))

    assert data["connections"] == [EXPECTED[-1]]
    (found,) = data["explanation"]
    assert (found["from"], found["to"]) == (WEB, DB)
    assert found["connections"] == [{"protocol": "TCP", "ports": "5432"}]
    assert found["ingress"]["policies"] == [
        {
            "policy": "shop/db",
            "place": f"{shop}:24",
            "rule": "ingress[1]",
            "effect": "allows TCP 5432",
        }
    ]


def test_dot_and_mermaid_draw_each_end_and_connection(told, shop):
    dot, mermaid = told(shop, "--format", "dot"), told(shop, "--format", "mermaid")

    assert '"shop/web[Deployment]" -> "shop/db[StatefulSet]" [label="TCP 5432"];' in dot
    assert f'"/{ANYWHERE}" -> "shop/web[Deployment]" [label="everything"];' in dot
    assert mermaid == (
        "flowchart LR\n"
        f'  n0(["{ANYWHERE}"])\n'
        '  n1(["10.0.0.0-10.255.255.255"])\n'
        '  subgraph s1["shop"]\n'
        '    n2["db[StatefulSet]"]\n'
        '    n3["web[Deployment]"]\n'
        "  end\n"
        '  n0 -->|"everything"| n3\n'
        '  n2 -->|"everything"| n1\n'
        '  n3 -->|"everything"| n0\n'
        '  n3 -->|"TCP 5432"| n2\n'
    )


def test_the_matrix_has_a_row_for_each_end_and_a_column_for_each_that_is_reached(told, shop):
    assert told(shop, "--format", "matrix") == (
        "                         [1]         [2]         [3]       [4]\n"
        "0.0.0.0-255.255.255.255  -           .           .         everything\n"
        "shop/db[StatefulSet]     .           everything  -         .\n"
        "shop/web[Deployment]     everything  .           TCP 5432  -\n"
        "\n"
        "[1] 0.0.0.0-255.255.255.255\n"
        "[2] 10.0.0.0-10.255.255.255\n"
        "[3] shop/db[StatefulSet]\n"
        "[4] shop/web[Deployment]\n"
    )


def test_svg_is_well_formed_and_shows_every_end(told, shop):
    tree = ElementTree.fromstring(told(shop, "--format", "svg"))

    texts = {it.text for it in tree.iter("{http://www.w3.org/2000/svg}text")}
    assert {"web[Deployment]", "db[StatefulSet]", ANYWHERE, "TCP 5432"} <= texts
    assert len(list(tree.iter("{http://www.w3.org/2000/svg}rect"))) == 4


@pytest.mark.parametrize("form", ["text", "json", "csv", "matrix", "dot", "svg", "mermaid"])
def test_two_runs_print_the_same_and_a_file_gets_what_stdout_would(told, shop, tmp_path, form):
    out = tmp_path / "out"
    printed = told(shop, "--format", form)

    assert told(shop, "--format", form) == printed
    assert told(shop, "--format", form, "-o", str(out)) == ""
    assert out.read_text() == printed
    assert {it.name for it in tmp_path.iterdir()} == {"out", "shop.yaml"}


def test_broken_documents_are_named_the_rest_is_told_and_the_code_is_two(capsys, shop):
    tmp_path = Path(shop).parent
    (tmp_path / "broken.yaml").write_text("a: 'b\n---\n" + SHOP.replace("10.0.0.0/8", "10.0.0.0"))

    assert run(["reachability", str(tmp_path), "--format", "json"]) == 2

    printed = capsys.readouterr()
    assert json.loads(printed.out)["connections"] == EXPECTED, "shop.yaml comes later and counts"
    assert printed.err.splitlines()[1:] == [
        f"error: {tmp_path}/broken.yaml:1: is not valid YAML: a quote opens here and never closes; "
        "close it",
        f"error: {tmp_path}/broken.yaml:19: NetworkPolicy db: spec.egress[0].to[0].ipBlock.cidr: must be "
        "a CIDR such as 10.0.0.0/8; got '10.0.0.0'; the API server would refuse it; it is left out",
    ]


def test_nothing_to_read_is_bad_input(capsys, tmp_path):
    assert run(["reachability", str(tmp_path / "nowhere")]) == 2

    printed = capsys.readouterr()
    assert printed.out == ""
    assert "there is no such stack, folder or file; stacks here: dev, local, prod" in printed.err


def test_a_folder_without_workloads_has_no_connection(told, tmp_path):
    (tmp_path / "a.yaml").write_text("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\n")

    assert json.loads(told(str(tmp_path), "--format", "json"))["connections"] == []
    assert told(str(tmp_path)) == "no connection is allowed\n"


def test_standard_input_is_read(told, monkeypatch):
    stdin = types.SimpleNamespace(buffer=io.BytesIO(SHOP.encode()))
    monkeypatch.setattr(sys, "stdin", stdin)

    assert json.loads(told("-", "--format", "json"))["connections"] == EXPECTED


def test_a_stack_and_its_rendered_folder_say_the_same(told, capsys, tmp_path):
    out = tmp_path / "out"
    assert run(["render", "local", "-o", str(out)]) == 0
    capsys.readouterr()

    of_stack = told("local", "--format", "csv")

    assert of_stack.count("\n") > 20
    assert told(str(out), "--format", "csv") == of_stack


def test_the_ingress_controller_of_a_stack_is_an_end(told):
    controller = "nginx-ingress/nginx-ingress[Chart]"

    rows = json.loads(told("dev", "--format", "json"))["connections"]

    assert row("0.0.0.0-255.255.255.255", controller, "TCP", "80,443") in rows
    assert row(controller, "course/web[Deployment]", "TCP", "8080") in rows
    assert not [it for it in rows if it["from"] == controller and "redis" in it["to"]]
    alone = json.loads(told("dev", "--format", "json", "--from", "nginx-ingress"))["connections"]
    assert alone == [it for it in rows if it["from"] == controller]


def in_a_process(program, *arguments):
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done


# Not `ru_maxrss`: a child has its parent's until it is larger itself.
MEASURED = (
    "import sys; sys.argv = ['aks', 'reachability', *sys.argv[1:]];"
    "from cli.__main__ import main; code = main();"
    "peak = open('/proc/self/status').read().partition('VmHWM:')[2].split()[0];"
    "print(int(peak) // 1024, file=sys.stderr);"
    "print(*{it.partition('.')[0] for it in sys.modules}, file=sys.stderr); sys.exit(code)"
)


def test_a_folder_is_read_without_the_sdk_and_the_models(shop):
    done = in_a_process(MEASURED, shop)

    assert SDK & {*done.stderr.splitlines()[-1].split()} == set()


def test_fifty_thousand_objects_fit_into_a_fifth_of_a_gibibyte(tmp_path):
    """2,000 workloads, each with its policy, among 46,000 objects of other kinds; 1 GiB is the bound of the issue."""
    with (tmp_path / "all.yaml").open("w") as file:
        for number in range(2_000):
            names = f"name: w{number}, namespace: n{number % 50}"
            file.write(
                f"apiVersion: v1\nkind: Pod\nmetadata: {{{names}, labels: {{app: w{number}}}}}\n"
                "spec: {containers: []}\n---\n"
                f"apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {{{names}}}\n"
                f"spec: {{podSelector: {{matchLabels: {{app: w{number}}}}}, ingress: [{{from: "
                f"[{{podSelector: {{matchLabels: {{app: w{number + 50}}}}}}}]}}], "
                "policyTypes: [Ingress, Egress]}\n---\n"
            )
        for number in range(46_000):
            file.write(f"apiVersion: v1\nkind: Secret\nmetadata: {{name: s{number}}}\n---\n")

    done = in_a_process(MEASURED, str(tmp_path), "--format", "json", "-o", str(tmp_path / "out"))

    lines = done.stderr.splitlines()
    assert lines[0] == "4,000 objects read from 1 file; skipped: 46,000 Secret"
    assert int(lines[1]) < 200
    assert json.loads((tmp_path / "out").read_text())["connections"] == []


def test_an_open_cluster_is_written_as_it_is_worked_out(tmp_path):
    """600 workloads that all reach each other are a million entries, 100 MB of JSON; none of it is held."""
    pods = "".join(
        f"apiVersion: v1\nkind: Pod\nmetadata: {{name: w{it}, labels: {{app: w{it}}}}}\n"
        "spec: {containers: []}\n---\n"
        for it in range(600)
    )
    (tmp_path / "all.yaml").write_text(pods)

    done = in_a_process(MEASURED, str(tmp_path), "--format", "csv", "-o", str(tmp_path / "out"))

    assert int(done.stderr.splitlines()[1]) < 100
    with (tmp_path / "out").open() as lines:
        assert sum(1 for _ in lines) == 1 + 3 * (600 * 599 + 2 * 600)
