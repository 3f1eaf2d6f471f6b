"""Which `secure:` values a stack takes, and for what."""

import pytest

from settings.load import load
from settings.secret_keys import SecretKey, secret_keys
from settings.workload import Workload
from tests.settings.estate import ROOT, folder, shipped

PULL = SecretKey(
    "business-data-registry-credentials", "pull", "business-data", "registry-credentials"
)
VAULT = SecretKey("shop-kv-AZURE-PASSWORD", "vault", "course", "AZURE-PASSWORD", "shop-kv")


@pytest.mark.parametrize("stack", ["dev", "prod"])
def test_with_a_key_vault_only_registry_credentials_are_the_stacks_own(stack):
    assert list(secret_keys(load(ROOT, stack))) == [PULL]


def test_without_one_the_stack_has_the_vaults_values_too():
    assert list(secret_keys(load(ROOT, "local"))) == [PULL, VAULT]


def test_two_workloads_of_a_namespace_share_a_value_and_another_namespace_has_its_own():
    settings = load(ROOT, "local")
    data = shipped()["workloads/blob-service.yaml"]
    copies = {
        "twin": Workload.model_validate({**data, "name": "twin"}),
        "far": Workload.model_validate({**data, "name": "far", "namespace": "testing"}),
    }
    settings = settings.model_copy(update={"workloads": {**settings.workloads, **copies}})
    found = [it for it in secret_keys(settings) if it.use == "vault"]
    assert [it.namespace for it in found] == ["course", "testing"]
    assert {it.key for it in found} == {VAULT.key}


@pytest.mark.parametrize("key", [PULL.key, VAULT.key])
def test_each_of_them_may_stand_in_the_stack_file_encrypted(key):
    text = folder().texts["Pulumi.local.yaml"] + f"  aks-platform:{key}:\n    secure: v1:abc\n"
    assert folder().faults("local", {"Pulumi.local.yaml": text}) == []
