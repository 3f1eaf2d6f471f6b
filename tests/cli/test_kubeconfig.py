"""`./aks kubeconfig`: what a user types, reads and gets."""

import stat
from copy import deepcopy

import pytest
import yaml

from cli.application import run
from cli.environment import ROOT
from settings.load import load
from tests.components.azure.cloud import DEVICE_CODE
from tests.manifests.kubeconfigs import CERTIFICATE, MINE, named, read

PLANTED = "canary-5f2d"
CLIENT = "0f8fad5b-d9cb-469f-a165-70867728950e"
OURS = "aks-platform/aks-course-dev"


@pytest.fixture
def file(tmp_path, monkeypatch):
    """The file that is changed: the default one, and nothing else is on the PATH."""
    monkeypatch.setenv("KUBECONFIG", str(tmp_path / "config"))
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    return tmp_path / "config"


def answer(change=lambda _: None):
    data = deepcopy(DEVICE_CODE)
    data["clusters"][0]["cluster"]["certificate-authority-data"] = CERTIFICATE
    change(data)
    return yaml.safe_dump(data)


@pytest.fixture
def source(tmp_path):
    path = tmp_path / "from"
    path.write_text(answer())
    return str(path)


def written(file):
    return read(file.read_text())


def sign_in(file):
    return named(written(file), "users", OURS)["exec"]


def test_the_stacks_cluster_becomes_a_context_that_signs_in_as_the_stack_says(file, source, capsys):
    assert run(["kubeconfig", "dev", "--from", source]) == 0

    printed = capsys.readouterr()
    assert printed.out.splitlines() == [
        f"{file}: context 'aks-course-dev'",
        f"  kubectl --kubeconfig {file} --context aks-course-dev get nodes",
    ]
    assert "warning: kubelogin is not on the PATH: https://" in printed.err
    assert sign_in(file)["args"][:3] == ["get-token", "--login", "azurecli"]
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


@pytest.mark.usefixtures("file")
def test_kubelogin_that_is_there_is_not_asked_for(source, tmp_path, capsys):
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "kubelogin").touch(0o755)
    assert run(["kubeconfig", "dev", "--from", source]) == 0
    assert capsys.readouterr().err == ""


def test_pulumis_own_output_is_taken_where_the_cli_is_at_hand(file, tmp_path, capsys):
    (tmp_path / "bin").mkdir()
    pulumi = tmp_path / "bin" / "pulumi"
    (tmp_path / "answer").write_text(answer())
    pulumi.write_text(
        f'#!/bin/sh\nwhile IFS= read -r it; do echo "$it"; done < {tmp_path}/answer\n'
    )
    pulumi.chmod(0o755)
    assert run(["kubeconfig", "dev"]) == 0
    assert f"{file}: context" in capsys.readouterr().out
    assert sign_in(file)


def test_everything_in_the_file_stays(file, source):
    file.write_text(yaml.safe_dump(MINE))
    assert run(["kubeconfig", "dev", "--from", source]) == 0
    data = written(file)
    assert data["current-context"] == "mine"
    for section in ("clusters", "users", "contexts"):
        assert data[section][:-1] == MINE[section]


def test_another_file_name_and_current_context_can_be_chosen(file, source, tmp_path):
    other = tmp_path / "other"
    other.write_text(yaml.safe_dump(MINE))
    arguments = ["--from", source, "-o", str(other), "--context", "second", "--use"]
    assert run(["kubeconfig", "dev", *arguments]) == 0
    data = written(other)
    assert data["current-context"] == "second"
    assert not file.exists()


@pytest.mark.parametrize(
    ("arguments", "client"),
    [
        (["--auth", "workloadidentity"], []),
        (["--auth", "workloadidentity", "--client-id", CLIENT], ["--client-id", CLIENT]),
        (["--auth", "spn", "--client-id", CLIENT], ["--client-id", CLIENT]),
    ],
)
def test_a_pipeline_signs_in_as_its_client_in_the_stacks_tenant(
    file, source, capsys, arguments, client
):
    assert run(["kubeconfig", "dev", "--from", source, *arguments]) == 0
    args = sign_in(file)["args"]
    assert args[5 : 5 + len(client)] == client
    assert args[args.index("--tenant-id") + 1] == load(ROOT, "dev").access.tenant_id
    assert ("takes the client from AZURE_CLIENT_ID" in capsys.readouterr().err) is not bool(client)


def test_a_device_code_comes_with_a_warning(file, source, capsys):
    assert run(["kubeconfig", "dev", "--from", source, "--auth", "devicecode"]) == 0
    assert "warning: a device code needs a person" in capsys.readouterr().err
    assert sign_in(file)["interactiveMode"] == "Always"


def test_the_same_again_says_so(file, source, capsys):
    run(["kubeconfig", "dev", "--from", source])
    before = file.read_bytes()
    assert run(["kubeconfig", "dev", "--from", source]) == 0
    assert "context 'aks-course-dev' was so already" in capsys.readouterr().out
    assert file.read_bytes() == before


def test_it_is_taken_away_again_and_nothing_else(file, source, capsys):
    file.write_text(yaml.safe_dump(MINE))
    run(["kubeconfig", "dev", "--from", source])
    capsys.readouterr()
    assert run(["kubeconfig", "dev", "--remove"]) == 0
    assert capsys.readouterr().out == f"{file}: removed context 'aks-course-dev'\n"
    assert written(file) == MINE


def test_what_stays_after_a_removal_is_said(file, source, capsys):
    run(["kubeconfig", "dev", "--from", source])
    data = written(file)
    data["contexts"].append({"name": "debug", "context": {"cluster": OURS, "user": OURS}})
    file.write_text(yaml.safe_dump(data))
    capsys.readouterr()
    assert run(["kubeconfig", "dev", "--remove"]) == 0
    assert capsys.readouterr().out.splitlines()[1:] == [
        f"  cluster {OURS} stays: another context uses it",
        f"  user {OURS} stays: another context uses it",
        "  it was the current one; none is now",
    ]


@pytest.mark.parametrize("arguments", [[], ["--context", "second"]])
def test_there_may_be_nothing_to_take_away(file, capsys, arguments):
    assert run(["kubeconfig", "gone", "--remove", *arguments]) == 0
    assert "of stack 'gone'" in capsys.readouterr().out
    assert not file.exists()
    file.write_text(yaml.safe_dump(MINE))
    assert run(["kubeconfig", "gone", "--remove", *arguments]) == 0
    assert written(file) == MINE


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["dve"], "did you mean 'dev'?"),
        (["local"], "its context is your own (the current context of your kubeconfig)"),
        (["dev"], "pulumi is not on the PATH; az is not on the PATH"),
        (["dev", "--from", "nowhere"], "nowhere: cannot be read"),
        (["dev", "--auth", "interactive"], "'interactive' is not one of"),
        (["dev", "--client-id", "x"], "must be a client id"),
        (["dev", "--context", "a b"], "must be a name without blanks"),
        (
            ["dev", "--client-id", CLIENT],
            "goes with --auth spn, workloadidentity, msi, not azurecli",
        ),
        (["dev", "--remove", "--force"], "--remove goes with --output and --context only"),
        (["dev", "--remove", "--auth", "msi"], "--remove goes with --output and --context only"),
    ],
)
def test_bad_input_is_said_and_nothing_is_written(file, capsys, arguments, message):
    assert run(["kubeconfig", *arguments]) == 2
    printed = capsys.readouterr()
    assert message in printed.err
    assert (printed.out, file.exists()) == ("", False)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda it: it["users"][0]["user"].update(token=PLANTED), "holds credentials"),
        (lambda it: it["users"][0].update(user={"token": PLANTED}), "holds credentials"),
        (lambda it: it["users"][0].update(name="clusterAdmin_rg_a"), "the local administrator's"),
        (lambda it: it["clusters"][0]["cluster"].update(server="http://x"), "no https URL"),
        (
            lambda it: it["clusters"][0]["cluster"].update({"certificate-authority-data": "Q0E="}),
            "is no certificate",
        ),
        (lambda it: it.pop("users"), "must have one of users"),
        (
            lambda it: it["clusters"][0]["cluster"].update(
                server="https://course-prod-1a2b3c.hcp.westeurope.azmk8s.io"
            ),
            "leads to https://course-prod-1a2b3c.hcp.westeurope.azmk8s.io, and a cluster with dnsPrefix 'course-dev'",
        ),
    ],
)
def test_an_answer_that_is_not_this_clusters_is_refused_and_nothing_is_written(
    file, tmp_path, capsys, change, message
):
    (tmp_path / "from").write_text(answer(change))
    assert run(["kubeconfig", "dev", "--from", str(tmp_path / "from")]) == 2
    printed = capsys.readouterr()
    assert message in printed.err
    assert PLANTED not in printed.err
    assert not file.exists()


def test_a_server_of_another_name_is_taken_by_force(file, tmp_path):
    def moved(it):
        it["clusters"][0]["cluster"]["server"] = "https://old-1.hcp.westeurope.azmk8s.io"

    (tmp_path / "from").write_text(answer(moved))
    assert run(["kubeconfig", "dev", "--from", str(tmp_path / "from"), "--force"]) == 0
    assert named(written(file), "clusters", OURS)["server"].startswith("https://old-1")


def test_a_context_that_is_not_ours_is_refused_and_replaced_by_force(file, source, capsys):
    theirs = deepcopy(MINE)
    theirs["contexts"].append(
        {"name": "aks-course-dev", "context": {"cluster": "mine", "user": "me"}}
    )
    file.write_text(yaml.safe_dump(theirs))
    before = file.read_bytes()
    assert run(["kubeconfig", "dev", "--from", source]) == 2
    assert "'aks-course-dev' was not written by this command" in capsys.readouterr().err
    assert file.read_bytes() == before
    assert run(["kubeconfig", "dev", "--from", source, "--force"]) == 0
    assert named(written(file), "contexts", "aks-course-dev")["cluster"] == OURS


@pytest.mark.parametrize("text", [f"{PLANTED}: [", f"- {PLANTED}", f"users: {PLANTED}"])
@pytest.mark.parametrize("remove", [True, False])
def test_a_file_that_is_no_kubeconfig_stays_as_it_is(file, source, capsys, text, remove):
    file.write_text(text)
    assert run(["kubeconfig", "dev", *(["--remove"] if remove else ["--from", source])]) == 2
    printed = capsys.readouterr()
    assert f"error: {file}: is no" in printed.err
    assert PLANTED not in printed.err
    assert file.read_text() == text


def test_a_stack_with_faults_is_not_asked_about(file, source, tmp_path, monkeypatch, capsys):
    from cli import preview

    (tmp_path / "Pulumi.dev.yaml").write_text("config: {}\n")
    monkeypatch.setattr(preview, "ROOT", tmp_path)
    assert run(["kubeconfig", "dev", "--from", source]) == 2
    assert "Pulumi.dev.yaml" in capsys.readouterr().err
    assert not file.exists()
