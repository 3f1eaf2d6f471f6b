"""Key Vault files, by way of Azure or of the stack's own values."""

import pytest
import yaml

from manifests import Values
from tests.manifests.samples import TENANT_ID, parts_of, pod_of, template_of, web

ONE = {"AZURE-PASSWORD": {"vault": "shop-kv", "mountPath": "/mnt/secrets"}}
SAME_FOLDER = {**ONE, "API-KEY": {"vault": "shop-kv", "mountPath": "/mnt/secrets"}}
TWO_FOLDERS = {**ONE, "API-KEY": {"vault": "shop-kv", "mountPath": "/mnt/other"}}
TWO_VAULTS = {**ONE, "API-KEY": {"vault": "other-kv", "mountPath": "/mnt/other"}}
VAULTS = (
    "/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/rg-shared/providers/"
    "Microsoft.KeyVault/vaults"
)
ON_KUBECONFIG = {"target": "kubeconfig"}


def roles(secrets, **changes):
    return [role for role in parts_of(web(secrets=secrets), **changes) if role.startswith("vault-")]


def test_the_driver_reads_the_vault_as_the_workloads_own_identity():
    parameters = parts_of(web(secrets=ONE))["vault-shop-kv"].manifest["spec"]["parameters"]
    assert parameters["clientID"] == "client-of-web"
    assert parameters["keyvaultName"] == "shop-kv"
    assert parameters["tenantId"] == TENANT_ID
    assert parameters["usePodIdentity"] == "false"


def test_each_file_has_the_name_of_its_secret():
    text = parts_of(web(secrets=SAME_FOLDER))["vault-shop-kv"].manifest["spec"]["parameters"][
        "objects"
    ]
    items = [yaml.safe_load(item) for item in yaml.safe_load(text)["array"]]
    assert sorted(items, key=str) == [
        {"objectName": "API-KEY", "objectType": "secret"},
        {"objectName": "AZURE-PASSWORD", "objectType": "secret"},
    ]


def test_the_pod_mounts_the_folder_read_only():
    pod = pod_of(web(secrets=ONE))
    [volume] = pod["volumes"]
    assert volume["csi"] == {
        "driver": "secrets-store.csi.k8s.io",
        "readOnly": True,
        "volumeAttributes": {"secretProviderClass": "web.vault-shop-kv"},
    }
    [mount] = pod["containers"][0]["volumeMounts"]
    assert mount == {"name": "vault-shop-kv", "mountPath": "/mnt/secrets", "readOnly": True}


@pytest.mark.parametrize(
    ("secrets", "count"), [({}, 0), (ONE, 1), (SAME_FOLDER, 1), (TWO_FOLDERS, 2), (TWO_VAULTS, 2)]
)
@pytest.mark.parametrize("changes", [{}, ON_KUBECONFIG], ids=["aks", "kubeconfig"])
def test_there_is_one_object_for_each_vault_and_folder(secrets, count, changes):
    assert len(roles(secrets, **changes)) == count


def test_the_identity_is_on_account_and_pod_where_a_vault_is_read():
    parts = parts_of(web(secrets=ONE))
    account = parts["service-account"].manifest["metadata"]
    assert account["annotations"] == {"azure.workload.identity/client-id": "client-of-web"}
    assert (
        template_of(web(secrets=ONE))["metadata"]["labels"]["azure.workload.identity/use"] == "true"
    )


@pytest.mark.parametrize(
    ("secrets", "changes"), [({}, {}), (ONE, ON_KUBECONFIG)], ids=["no secrets", "no Azure"]
)
def test_and_nowhere_else(secrets, changes):
    parts = parts_of(web(secrets=secrets), **changes)
    assert "annotations" not in parts["service-account"].manifest["metadata"]
    labels = template_of(web(secrets=secrets), **changes)["metadata"]["labels"]
    assert "azure.workload.identity/use" not in labels


def test_without_azure_a_secret_stands_in_under_the_same_path_and_file_name():
    given = Values(secrets={"shop-kv-AZURE-PASSWORD": "planted", "shop-kv-API-KEY": "other"})
    subject = web(secrets=SAME_FOLDER)
    secret = parts_of(subject, given=given, **ON_KUBECONFIG)["vault-shop-kv"].manifest
    assert secret["kind"] == "Secret"
    assert secret["stringData"] == {"AZURE-PASSWORD": "planted", "API-KEY": "other"}
    pod = pod_of(subject, **ON_KUBECONFIG)
    assert pod["volumes"] == [
        {"name": "vault-shop-kv", "secret": {"secretName": secret["metadata"]["name"]}}
    ]
    assert pod["containers"][0]["volumeMounts"] == pod_of(subject)["containers"][0]["volumeMounts"]


def test_an_unset_value_says_so_in_its_file_so_that_the_pods_can_start():
    secret = parts_of(web(secrets=ONE), **ON_KUBECONFIG)["vault-shop-kv"].manifest
    assert secret["stringData"] == {"AZURE-PASSWORD": "unset"}


def test_a_missing_client_id_is_an_error_for_the_pods_could_never_sign_in():
    with pytest.raises(KeyError, match="web"):
        parts_of(web(secrets=ONE), given=Values())


@pytest.mark.parametrize(
    ("vault", "name"),
    [
        ({"id": f"{VAULTS}/shop-kv-prod"}, "shop-kv-prod"),
        ({"create": {"name": "mine", "privateEndpoint": False}}, "mine"),
        ({}, "shop-kv"),
    ],
)
def test_a_vault_is_called_as_its_id_says_or_as_it_is_made(vault, name):
    made = parts_of(web(secrets=ONE), keyVaults={"shop-kv": vault})["vault-shop-kv"].manifest
    assert made["spec"]["parameters"]["keyvaultName"] == name
