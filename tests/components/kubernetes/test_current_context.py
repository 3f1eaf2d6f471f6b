import pulumi
import pytest
import yaml

from components.kubernetes.current_context import is_local, refuse_remote
from tests.engine import registered
from tests.samples import stack

TOKEN = "planted-token-value"


def config(server, name="here", **changes):
    return {
        "apiVersion": "v1",
        "kind": "Config",
        "current-context": name,
        "contexts": [{"name": name, "context": {"cluster": f"{name}-c", "user": "me"}}],
        "clusters": [{"name": f"{name}-c", "cluster": {"server": server}}],
        "users": [{"name": "me", "user": {"token": TOKEN}}],
        **changes,
    }


@pytest.fixture
def kubeconfig(tmp_path, monkeypatch):
    """Writes one file for each config and points the shell at them."""

    def write(*configs):
        paths = [tmp_path / f"{number}.yaml" for number, _ in enumerate(configs)]
        for path, it in zip(paths, configs, strict=True):
            path.write_text(it if isinstance(it, str) else yaml.safe_dump(it))
        monkeypatch.setenv("KUBECONFIG", ":".join(map(str, paths)))
        return paths

    return write


def up(preview=False, **changes):
    settings = stack(**{"target": "kubeconfig", "kubeconfig": {}, **changes})
    registered(lambda: refuse_remote(settings), preview=preview)


def refusal(**changes):
    with pytest.raises(pulumi.RunError) as caught:
        up(**changes)
    assert TOKEN not in str(caught.value)
    return str(caught.value)


LOCAL = [
    "https://127.0.0.1:34567",
    "https://[::1]:6443",
    "https://10.1.2.3:6443",
    "https://172.31.0.9",
    "https://192.168.49.2:8443",
    "https://0.0.0.0:6550",
    "https://localhost:6443",
    "https://LOCALHOST.:6443",
    "https://k8s.orb.local:26443",
    "https://kubernetes.docker.internal:6443",
    "https://host.docker.internal:6443",
    "https://control-plane.minikube.internal:8443",
    "https://kind-control-plane:6443",
]
REMOTE = [
    "https://course-prod-1a2b.hcp.westeurope.azmk8s.io:443",
    "https://8.8.8.8",
    "https://[2001:4860:4860::8888]",
    "https://[::ffff:8.8.8.8]",
    "https://134744072",
    "https://0x8080808",
    "https://notlocal.example.com",
    "https://localhost.example.com",
    "https://local.evil.example",
]


@pytest.mark.parametrize("server", LOCAL)
def test_a_cluster_on_this_machine_or_a_private_address_is_taken(kubeconfig, server):
    kubeconfig(config(server))
    up()


@pytest.mark.parametrize("server", REMOTE)
def test_any_other_cluster_needs_its_context_named(kubeconfig, server):
    kubeconfig(config(server))
    message = refusal()
    assert message.startswith("aks-platform:settings.kubeconfig.context: is required here")
    assert "'here'" in message


def test_a_named_context_is_not_guarded(kubeconfig):
    kubeconfig(config(REMOTE[0]))
    up(kubeconfig={"context": "here"})


def test_a_preview_reads_nothing_of_the_machine(kubeconfig):
    kubeconfig(config(REMOTE[0]))
    up(preview=True)


def test_target_aks_is_not_guarded(kubeconfig):
    kubeconfig(config(REMOTE[0]))
    up(target="aks", kubeconfig=None)


def test_the_settings_own_file_goes_before_the_shells(kubeconfig):
    here, away = kubeconfig(config(LOCAL[0]), config(REMOTE[0]))
    up(kubeconfig={"path": str(here)})
    assert str(away) in refusal(kubeconfig={"path": str(away)})


def test_files_are_merged_as_kubectl_does_the_first_to_say_something_wins(kubeconfig):
    kubeconfig(config(LOCAL[0], "near"), config(REMOTE[0], "far"))
    up()
    kubeconfig({"kind": "Config", "current-context": "far"}, config(REMOTE[0], "far"))
    assert "'far'" in refusal()
    kubeconfig(config(REMOTE[0]), config(LOCAL[0]))
    refusal()


def test_the_users_own_file_is_read_where_the_shell_names_none(tmp_path, monkeypatch):
    monkeypatch.delenv("KUBECONFIG", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    assert "there is no such file" in refusal()
    (tmp_path / ".kube").mkdir()
    (tmp_path / ".kube/config").write_text(yaml.safe_dump(config(LOCAL[0])))
    up()


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ({"kind": "Config"}, "none is set"),
        (config(LOCAL[0], contexts=[]), "it names a context that is not there"),
        (config(LOCAL[0], clusters=None), "it names a cluster that is not there"),
        (config(""), "leads to ''"),
        (config("https://[::1"), "no URL"),
        (f"\t{TOKEN}: [", "is no kubeconfig"),
        ("just text", "is no kubeconfig"),
    ],
)
def test_a_context_that_cannot_be_told_is_refused_without_quoting_the_file(
    kubeconfig, text, reason
):
    kubeconfig(text)
    assert reason in refusal()


def test_a_name_of_one_label_that_is_an_address_to_a_resolver_is_not_local():
    assert not is_local("134744072")
    assert not is_local("")
    assert is_local("minikube")
