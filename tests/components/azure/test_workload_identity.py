import pulumi
import pytest

from components.azure.aks_cluster import AksCluster, AksClusterArgs
from tests.components.azure.cloud import LOCATION, VAULT, planned, registered, stack


def identity_rows(rows, workload="blob"):
    return {name: row for name, row in rows.items() if row.parent == f"aks-workload-{workload}"}


def test_a_workload_that_reads_a_vault_gets_an_identity_and_no_other_does():
    rows = planned(stack())
    assert rows["aks"].outputs["client_ids"] == {"blob": "client of aks-workload-blob-identity"}
    assert not identity_rows(rows, "web")


def test_only_the_workloads_own_service_account_may_use_it():
    given = planned(stack())["aks-workload-blob-credential"].inputs
    assert given["subject"] == "system:serviceaccount:course:blob"
    assert given["issuer"] == "https://issuer.example/"
    assert given["audiences"] == ["api://AzureADTokenExchange"]
    assert given["resourceName"] == "id-course-dev-blob"


def test_before_the_cluster_exists_the_issuer_is_unknown_and_not_left_out():
    credential = planned(stack(), preview=True)["aks-workload-blob-credential"]
    assert credential.inputs["issuer"] == {"$unknown": True}
    assert "aks-cluster-managed-cluster" in credential.dependencies


def test_it_may_read_secrets_of_each_vault_it_uses_once():
    roles = {
        row.inputs["scope"]: row.inputs
        for row in identity_rows(planned(stack())).values()
        if row.type.endswith(":RoleAssignment")
    }
    assert roles.keys() == {VAULT, VAULT.replace("shop", "other")}
    for given in roles.values():
        assert given["roleDefinitionId"].endswith("/4633458b-17de-408a-b874-0445c86b69e6")
        assert given["principalId"] == "principal of aks-workload-blob-identity"
        assert given["principalType"] == "ServicePrincipal"


STORAGE = VAULT.replace("Microsoft.KeyVault/vaults/shop-kv", "Microsoft.Storage/storageAccounts/x")


def test_a_workload_that_says_so_has_one_without_a_vault_and_its_roles_there():
    role = {"role": "Storage Blob Data Reader", "scope": STORAGE}
    rows = planned(stack(**{"workloads.web.azureIdentity": {"roles": {"uploads": role}}}))
    found = identity_rows(rows, "web")
    assert set(found) == {
        "aks-workload-web-identity",
        "aks-workload-web-credential",
        "aks-workload-web-role-uploads",
    }
    given = found["aks-workload-web-role-uploads"].inputs
    assert given["scope"] == STORAGE
    assert given["roleDefinitionId"].endswith("/2a2b9908-6ea1-4ae2-8e65-a410df84e7d1")


def test_one_line_is_enough_for_an_identity():
    rows = planned(stack(**{"workloads.web.azureIdentity": True}))
    assert set(identity_rows(rows, "web")) == {
        "aks-workload-web-identity",
        "aks-workload-web-credential",
    }
    assert rows["aks"].outputs["client_ids"].keys() == {"blob", "web"}


def test_whoever_uses_the_client_id_waits_for_the_credential_and_every_right():
    class Account(pulumi.CustomResource):
        def __init__(self, client_id):
            super().__init__("aks-platform:tests:Account", "account", {"client_id": client_id})

    def build():
        made = AksCluster("aks", AksClusterArgs(settings=stack(), location=LOCATION))
        Account(made.client_ids["blob"])

    assert {*registered(build)["account"].dependencies} == {
        "aks-workload-blob-identity",
        "aks-workload-blob-credential",
        "aks-workload-blob-shop-kv-secrets-user",
        "aks-workload-blob-other-kv-secrets-user",
    }


def test_no_identity_gets_two_credentials_since_azure_refuses_to_write_two_at_once():
    again = {
        "name": "other",
        "namespace": "course",
        "kind": "deployment",
        "image": "r.example/other",
        "secrets": {"X": {"vault": "shop-kv", "mountPath": "/mnt/x"}},
    }
    rows = planned(stack(**{"workloads.other": again})).values()
    owners = [it.inputs["resourceName"] for it in rows if "FederatedIdentity" in it.type]
    assert sorted(owners) == ["id-course-dev-blob", "id-course-dev-other"]


@pytest.mark.parametrize("vaults", [{}, {"shop-kv": {}, "other-kv": {"id": VAULT}}])
def test_a_vault_without_an_id_is_named(vaults):
    with pytest.raises(ValueError, match=r"target aks requires keyVaults\.(shop|other)-kv\.id"):
        planned(stack(keyVaults=vaults))
