import pulumi
import pytest

from components.kubernetes.estate import UNSET, Estate, secret_values
from manifests import estate as whole
from settings.secret_keys import secret_keys
from tests.engine import registered
from tests.manifests import samples
from tests.samples import stack

PLANTED = "planted-secret-value"


def values(settings, set_keys=(), stack_name="local"):
    """Each value with whether it is secret."""
    found = {}

    async def build():
        for key, value in secret_values(settings, pulumi.Config()).items():
            output = pulumi.Output.from_input(value)
            found[key] = (await output.future(), await output.is_secret())

    config = {f"aks-platform:{key}": PLANTED for key in set_keys}
    registered(build, config=config, secrets=[*config], stack=stack_name)
    return found


EXISTING = {"target": "kubeconfig"}


def test_every_key_the_settings_have_a_use_for_has_a_value():
    settings = stack(**EXISTING)
    keys = {it.key for it in secret_keys(settings)}
    assert keys == {"shop-registry", "back-registry", "shop-kv-PASSWORD"}
    assert set(values(settings)) == keys


def test_a_value_that_is_set_is_a_secret_and_is_not_warned_about(capsys):
    found = values(stack(**EXISTING), set_keys=["shop-registry"])
    assert found["shop-registry"] == (PLANTED, True)
    said = capsys.readouterr().err
    assert "shop-registry" not in said
    assert PLANTED not in said


def test_an_unset_value_stands_in_and_the_command_that_sets_it_is_told(capsys):
    found = values(stack(**EXISTING))
    assert found["shop-registry"] == ('{"auths":{}}', False)
    assert found["shop-kv-PASSWORD"] == ("unset", False)
    said = capsys.readouterr().err.splitlines()
    assert len(said) == 3
    assert (
        "warning: aks-platform:shop-kv-PASSWORD is not set: its file holds the word 'unset'; to set it: "
        "pulumi config set --stack local --secret shop-kv-PASSWORD"
    ) in said


def test_a_value_that_two_namespaces_use_is_told_once(capsys):
    secrets = {"PASSWORD": {"vault": "shop-kv", "mountPath": "/mnt/secrets"}}
    uses = [samples.web(name=it, namespace=it, secrets=secrets) for it in ("shop", "back")]
    assert [*values(samples.stack(*uses, **EXISTING))] == ["shop-kv-PASSWORD"]
    assert capsys.readouterr().err.count("shop-kv-PASSWORD is not set") == 1


def test_target_aks_takes_only_registry_credentials():
    assert set(values(stack())) == {"shop-registry", "back-registry"}


@pytest.mark.parametrize("use", UNSET)
def test_every_use_of_a_secret_has_a_stand_in(use):
    assert UNSET[use]


def test_an_estate_knows_the_connections_of_all_its_workloads():
    settings = stack()
    of = Estate.of(settings, {}, {"web": "client"})
    assert of.settings is settings
    assert [*whole.groups(settings, of.values)]
    assert of.graph
