import pulumi
import pytest
from pulumi.runtime.rpc import UNKNOWN

from components.kubernetes.estate import UNSET, Estate, secret_names, secret_values
from manifests import estate as whole
from manifests.secrets import names
from review import stack_config
from settings.secret_keys import STAND_IN, secret_keys
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


def names_of(settings, config):
    """What `secret_names` gives, with the values that `config` sets."""
    found = []

    async def build():
        found.append(await secret_names(settings, secret_values(settings, pulumi.Config())))

    config = {f"aks-platform:{key}": value for key, value in config.items()}
    registered(build, config=config, secrets=[*config])
    return found[0]


def reads(**secrets):
    return samples.stack(samples.web(secrets=secrets), **EXISTING)


OWN = {"mountPath": "/mnt/own"}
VAULT = {"vault": "shop-kv", "mountPath": "/mnt/secrets"}


def test_a_secrets_name_is_plain_and_that_of_rendering():
    settings, config = reads(PIN=OWN, KV=VAULT), {"web-PIN": PLANTED, "shop-kv-KV": PLANTED}
    found = names_of(settings, config)
    assert found == names("dev", settings, config)
    assert {*found} == {"web/secret-PIN", "web/vault-shop-kv"}


def test_offline_a_secrets_name_is_unknown_and_says_nothing():
    found = names_of(reads(PIN=OWN, KV=VAULT), {"web-PIN": f"{STAND_IN}1", "shop-kv-KV": "known"})
    assert found["web/secret-PIN"] == UNKNOWN
    assert found["web/vault-shop-kv"] != UNKNOWN


def test_the_plans_stand_ins_are_those_that_a_name_is_not_made_of(tmp_path):
    (tmp_path / "Pulumi.yaml").write_text("{name: app, runtime: python}")
    (tmp_path / "Pulumi.dev.yaml").write_text("config: {app:it: {secure: v1:abc}}")
    (tmp_path / "__main__.py").touch()
    [value] = stack_config.load(tmp_path, "dev").secret_values
    assert value.startswith(STAND_IN)


def test_the_plan_of_a_stack_with_secrets_has_unknown_names_where_they_are_read():
    secrets = {"PIN": OWN}
    rows = {}

    async def build():
        web = samples.web(secrets=secrets, env={"PIN": {"secret": "PIN"}})
        settings = samples.stack(web)
        of = await Estate.of_stack(settings, pulumi.Config(), {})
        parts = whole.groups(settings, of.values)
        rows.update({part.role: part.manifest for group in parts for part in group.parts})

    config = {"aks-platform:web-PIN": f"{STAND_IN}1"}
    registered(build, config=config, secrets=[*config])
    assert rows["secret-PIN"]["metadata"]["name"] == UNKNOWN
    [container] = rows["deployment"]["spec"]["template"]["spec"]["containers"]
    assert container["env"][0]["valueFrom"]["secretKeyRef"] == {"name": UNKNOWN, "key": "PIN"}


def test_a_patch_that_meets_no_object_ends_the_program_with_its_place():
    patch = {"Deploymnt": {"reason": "no setting has this field", "merge": {"spec": {}}}}

    async def build():
        settings = samples.stack(samples.web(patch=patch))
        with pytest.raises(pulumi.RunError, match=r"patch.Deploymnt: .*did you mean 'Deployment'"):
            await Estate.of_stack(settings, pulumi.Config(), {})

    registered(build)
