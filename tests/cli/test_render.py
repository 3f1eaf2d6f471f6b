"""`./aks render`: what a user types, reads and gets."""

import shlex
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from cli import render
from cli.application import run

ROOT = Path(__file__).parents[2]
GUID = "0f8fad5b-d9cb-469f-a165-70867728950e"
PLANTED = "planted-Ohd9eoth"
SDK = {"pulumi", "pulumi_kubernetes", "pulumi_azure_native", "grpc", "google", "rich"}


def objects(folder):
    return [
        it
        for path in sorted(folder.rglob("*.yaml"))
        for it in yaml.load_all(path.read_bytes(), yaml.CSafeLoader)
    ]


def texts(folder):
    return {it.relative_to(folder): it.read_bytes() for it in folder.rglob("*") if it.is_file()}


def test_neither_the_sdk_nor_rich_is_imported(tmp_path):
    program = (
        "import sys; sys.argv = ['aks', 'render', 'dev', '-o', sys.argv[1]];"
        "from cli.__main__ import main; code = main();"
        "print('modules', *{name.partition('.')[0] for name in sys.modules}); sys.exit(code)"
    )

    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path / "out")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    modules = set(done.stdout.splitlines()[-1].split())
    assert "settings" in modules
    assert SDK & modules == set()


@pytest.mark.parametrize(
    ("stack", "counts"),
    [("dev", "5 namespaces, 17 files"), ("local", "4 namespaces, 15 files")],
)
def test_the_counts_are_printed_and_all_else_goes_to_stderr(tmp_path, capsys, stack, counts):
    out = tmp_path / "out"

    assert run(["render", stack, "-o", str(out)]) == 0

    printed = capsys.readouterr()
    assert printed.out == f"{out}: {len(objects(out))} objects, {counts}\n"
    assert "placeholders to fill before it is applied:" in printed.err


def test_two_runs_write_the_same_bytes(tmp_path):
    for name in ("a", "b"):
        assert run(["render", "prod", "-o", str(tmp_path / name)]) == 0

    assert texts(tmp_path / "a") == texts(tmp_path / "b")


def test_each_placeholder_that_is_written_is_listed_and_no_other(tmp_path, capsys):
    for stack in ("dev", "prod", "local"):
        out = tmp_path / stack
        assert run(["render", stack, "-o", str(out)]) == 0
        listed = {
            line.split(": ")[0].strip()
            for line in capsys.readouterr().err.splitlines()
            if line.startswith("  ${")
        }
        written = b"".join(texts(out).values()).decode()
        assert listed
        assert all(name in written for name in listed)
        assert written.count("${") == sum(written.count(name) for name in listed)


def test_a_placeholder_that_is_filled_is_neither_written_nor_listed(tmp_path, capsys):
    out = tmp_path / "out"
    client = f"course-blob-service.clientId={GUID}"

    assert run(["render", "dev", "-o", str(out), "--set", client]) == 0

    assert "clientId" not in capsys.readouterr().err
    placed = [str(it).count(GUID) for it in objects(out)]
    assert sorted(placed)[-3:] == [0, 1, 1]


def test_a_secret_from_a_file_lands_in_a_private_file_and_in_no_output(tmp_path, capsys):
    out, file = tmp_path / "out", tmp_path / "password"
    file.write_text(f"{PLANTED}\n")

    assert run(["render", "local", "-o", str(out), "--set", f"shop-kv-AZURE-PASSWORD=@{file}"]) == 0

    printed = capsys.readouterr()
    assert PLANTED not in printed.out + printed.err
    (path,) = [it for it in out.rglob("*.yaml") if PLANTED in it.read_text()]
    assert path.name == "20-blob-service.yaml"
    assert path.stat().st_mode & 0o077 == 0


def test_the_helm_chart_is_left_to_helm_with_its_values_and_version(tmp_path, capsys):
    out = tmp_path / "out"

    assert run(["render", "dev", "-o", str(out)]) == 0

    command = capsys.readouterr().err.splitlines()[-1]
    file = out / "nginx-ingress" / "nginx-ingress.values"
    assert command == (
        "  helm install nginx-ingress oci://ghcr.io/nginx/charts/nginx-ingress --version 2.6.4 "
        f"--namespace nginx-ingress --skip-crds --values {file}"
    )
    assert yaml.safe_load(file.read_text())["controller"]["replicaCount"] == 1


def test_the_helm_command_can_be_pasted_whatever_the_folder_is_called(tmp_path, capsys):
    out = tmp_path / "my out"

    assert run(["render", "dev", "-o", str(out)]) == 0

    words = shlex.split(capsys.readouterr().err.splitlines()[-1])
    assert Path(words[-1]).is_relative_to(out)


def test_a_stack_without_the_chart_says_nothing_of_helm(tmp_path, capsys):
    assert run(["render", "local", "-o", str(tmp_path / "out")]) == 0

    assert "helm" not in capsys.readouterr().err
    assert not [*tmp_path.rglob("*.values")]


def test_json_holds_lists(tmp_path):
    assert run(["render", "local", "-o", str(tmp_path / "out"), "--format", "json"]) == 0

    assert {it.suffix for it in (tmp_path / "out").rglob("*/*")} == {".json"}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["render", "prdo"], "did you mean 'prod'?"),
        (
            ["render", "dev", "--set", "course-blob-service.clientid=x"],
            "did you mean 'course-blob-",
        ),
        (["render", "local", "--set", f"shop-kv-AZURE-PASSWORD={PLANTED}"], "is a secret"),
        (["render", "dev", "--format", "toml"], "'toml' is not one of 'yaml', 'json'"),
    ],
)
def test_bad_input_is_said_with_exit_code_2_and_nothing_is_written(
    tmp_path, capsys, arguments, message
):
    assert run([*arguments, "-o", str(tmp_path / "out")]) == 2

    printed = capsys.readouterr()
    assert message in printed.err
    assert PLANTED not in printed.err
    assert printed.out == ""
    assert not [*tmp_path.iterdir()]


def test_faults_of_the_settings_are_all_said_and_the_old_folder_stays(
    tmp_path, capsys, monkeypatch
):
    out = tmp_path / "out"
    assert run(["render", "dev", "-o", str(out)]) == 0
    before = texts(out)
    text = (ROOT / "Pulumi.dev.yaml").read_text().replace("tier: Free", "teir: Free")
    (tmp_path / "Pulumi.dev.yaml").write_text(text)
    line = text[: text.index("teir: Free")].count("\n") + 1
    monkeypatch.setattr(render, "ROOT", tmp_path)
    capsys.readouterr()

    assert run(["render", "dev", "-o", str(out)]) == 2

    assert f"Pulumi.dev.yaml:{line}: " in capsys.readouterr().err
    assert texts(out) == before


def test_a_folder_that_is_not_ours_is_left_alone(tmp_path, capsys):
    (tmp_path / "mine").write_text("mine")

    assert run(["render", "dev", "-o", str(tmp_path)]) == 2

    assert "name a new or empty folder" in capsys.readouterr().err
    assert [*tmp_path.iterdir()] == [tmp_path / "mine"]
