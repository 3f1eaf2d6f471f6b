import re

import pulumi
import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.azure import names
from components.azure.aks_cluster import AksCluster, AksClusterArgs
from components.azure.stack import AksStack
from tests.components.azure.cloud import (
    LOCATION,
    READ_UPLOADS,
    SHARING,
    STORAGE,
    VAULT,
    planned,
    registered,
    stack,
)
from tests.components.azure.test_names import LABEL

CLIENT = "0f8fad5b-d9cb-469f-a165-70867728950e"
SHARED = "aks-shared-uploads"
WEB = {"namespace": "course", "kind": "deployment", "image": "r.example/web"}


def many(count):
    """A stack with `count` workloads of one identity."""
    workloads = {f"w{it}": {**WEB, "name": f"w{it}", "azureIdentity": "all"} for it in range(count)}
    return stack(workloads=workloads, azureIdentities={"all": {}})


def credentials(rows):
    return {it.name: it for it in rows.values() if it.type.endswith(":FederatedIdentityCredential")}


def test_workloads_that_name_an_identity_have_one_between_them_and_none_of_their_own():
    rows = planned(stack(**SHARING))
    identities = [it.name for it in rows.values() if it.parent.startswith(("aks-shared", "aks-work"))
                  and it.type.endswith(":UserAssignedIdentity")]  # fmt: skip
    assert identities == [f"{SHARED}-identity"]
    client = f"client of {SHARED}-identity"
    assert rows["aks"].outputs["client_ids"] == {"web": client, "blob": client}


def test_each_service_account_has_a_credential_of_its_own():
    found = credentials(planned(stack(**SHARING)))
    assert {name: it.inputs["subject"] for name, it in found.items()} == {
        f"{SHARED}-credential-blob": "system:serviceaccount:course:blob",
        f"{SHARED}-credential-web": "system:serviceaccount:course:web",
    }
    for it in found.values():
        assert it.inputs["resourceName"] == "id-course-dev-shared_uploads"
        assert it.inputs["issuer"] == "https://issuer.example/"
        assert it.inputs["audiences"] == ["api://AzureADTokenExchange"]


def test_no_two_credentials_of_an_identity_are_written_at_once():
    found = credentials(planned(many(20)))
    assert len(found) == 20
    before = {name: {*it.dependencies} & {*found} for name, it in found.items()}
    assert sorted(len(it) for it in before.values()) == [*range(20)]
    assert all(one in before[other] or other in before[one]
               for one in found for other in found if one != other)  # fmt: skip


def test_its_rights_are_the_roles_of_the_stack_and_the_vaults_that_its_workloads_read():
    rows = planned(stack(**SHARING))
    given = {
        name: row.inputs
        for name, row in rows.items()
        if row.parent == SHARED and "scope" in row.inputs
    }
    assert {name: it["scope"] for name, it in given.items()} == {
        f"{SHARED}-other-kv-secrets-user": VAULT.replace("shop", "other"),
        f"{SHARED}-shop-kv-secrets-user": VAULT,
        f"{SHARED}-role-uploads": STORAGE,
    }
    for it in given.values():
        assert it["principalId"] == f"principal of {SHARED}-identity"
        assert it["principalType"] == "ServicePrincipal"


def test_whoever_uses_its_client_id_waits_for_every_credential_and_right():
    class Account(pulumi.CustomResource):
        def __init__(self, client_id):
            super().__init__("aks-platform:tests:Account", "account", {"client_id": client_id})

    def build():
        settings = stack(**SHARING)
        made = AksCluster("aks", AksClusterArgs(settings=settings, location=LOCATION))
        Account(made.client_ids["web"])

    rows = registered(build)
    own = {it.name for it in rows.values() if it.parent == SHARED}
    assert {*rows["account"].dependencies} == own
    assert len(own) == 6


def test_an_identity_that_somebody_else_made_is_nothing_in_azure():
    mine = {"azureIdentities": {"uploads": {"clientId": CLIENT}}}
    rows = planned(stack(**{**SHARING, **mine}))
    assert not [it for it in rows if it.startswith((SHARED, "aks-workload"))]
    assert rows["aks"].outputs["client_ids"] == {}


def test_an_identity_that_nobody_uses_yet_is_made_for_others_to_give_it_roles():
    rows = planned(stack(azureIdentities={"later": {"roles": {"uploads": READ_UPLOADS}}}))
    assert {it for it in rows if rows[it].parent == "aks-shared-later"} == {
        "aks-shared-later-identity",
        "aks-shared-later-role-uploads",
    }


def test_identities_of_workloads_that_share_none_stay_what_they_were():
    alone = planned(stack())
    beside = planned(stack(azureIdentities={"later": {}}))
    assert {name: row.inputs for name, row in alone.items() if name != "aks"} == {
        name: beside[name].inputs for name in alone if name != "aks"
    }


def test_a_vault_without_an_id_is_named():
    with pytest.raises(ValueError, match=r"target aks requires keyVaults\.shop-kv\.id"):
        planned(stack(**SHARING, **{"keyVaults.shop-kv": {}}))


@given(platform=LABEL, namespace=LABEL, account=LABEL)
def test_every_name_keeps_to_azures_rule(platform, namespace, account):
    named = AksStack.of(stack().model_copy(update={"platform": platform}), LOCATION)
    identity, credential = (
        names.shared_identity(named, account),
        names.federated_credential(namespace, account),
    )
    assert re.fullmatch(r"[a-zA-Z0-9][\w-]{2,127}", identity, re.ASCII)
    assert re.fullmatch(r"[a-zA-Z0-9][\w-]{2,119}", credential, re.ASCII)


@given(st.tuples(LABEL, LABEL), st.tuples(LABEL, LABEL))
def test_two_service_accounts_never_meet_in_one_name(one, other):
    if one != other:
        assert names.federated_credential(*one) != names.federated_credential(*other)


@given(LABEL, LABEL)
def test_a_shared_identity_is_never_called_as_one_of_a_workload_or_of_the_cluster(one, other):
    named = AksStack.of(stack(), LOCATION)
    shared = names.shared_identity(named, one)
    assert shared != names.workload_identity(named, other)
    assert shared not in (names.control_plane_identity(named), names.kubelet_identity(named))
