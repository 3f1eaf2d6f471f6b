"""What marks pods for the workload identity webhook, whose identity it is, and what follows of it."""

import pytest

from manifests import Values
from settings.federations import Account, federated, shared_vaults
from tests.manifests.samples import TENANT_ID, parts_of, stack, template_of, web

GIVEN = {"clientId": "0f8fad5b-d9cb-469f-a165-70867728950e"}
ELSEWHERE = {**GIVEN, "tenantId": "72f988bf-0000-4000-8000-2d7cd011db48"}
VAULT = {"PIN": {"vault": "shop-kv", "mountPath": "/mnt/pin"}}
CLIENT_ID = "azure.workload.identity/client-id"
USE = "azure.workload.identity/use"


def account_of(subject, **changes):
    return parts_of(subject, **changes)["service-account"].manifest["metadata"]


def identities(**given):
    return {"azureIdentities": {"uploads": given}}


def test_workloads_that_share_an_identity_have_its_client_id_on_their_own_service_accounts():
    one, other = web(azureIdentity="uploads"), web(name="other", azureIdentity="uploads")
    values = Values(client_ids=dict.fromkeys(("web", "other"), "client-of-uploads"))
    found = [account_of(it, given=values, **identities()) for it in (one, other)]
    assert [it["name"] for it in found] == ["web", "other"]
    assert [it["annotations"] for it in found] == [{CLIENT_ID: "client-of-uploads"}] * 2


def test_the_pods_of_a_shared_identity_roll_with_it_and_those_of_their_own_say_nothing():
    own, shared = web(azureIdentity=True), web(azureIdentity="uploads")
    templates = [
        template_of(own),
        template_of(shared, **identities()),
        template_of(shared, **identities(**GIVEN)),
        template_of(shared, **identities(**ELSEWHERE)),
    ]
    said = [
        it["metadata"].get("annotations", {}).get("aks-platform/azure-identity") for it in templates
    ]
    assert said == [
        None,
        "uploads",
        f"uploads {GIVEN['clientId']}",
        f"uploads {GIVEN['clientId']} {ELSEWHERE['tenantId']}",
    ]
    assert {it["metadata"]["labels"][USE] for it in templates} == {"true"}


def test_what_prometheus_reads_stays_beside_it():
    subject = web(azureIdentity="uploads", metrics="http")
    found = template_of(subject, **identities())["metadata"]["annotations"]
    assert {*found} == {
        "aks-platform/azure-identity",
        "prometheus.io/scrape",
        "prometheus.io/port",
        "prometheus.io/path",
    }


@pytest.mark.parametrize("target", ["aks", "kubeconfig"])
def test_an_identity_that_somebody_else_made_is_named_on_any_cluster(target):
    subject = web(azureIdentity="uploads")
    found = account_of(subject, given=Values(), target=target, **identities(**ELSEWHERE))
    assert found["annotations"] == {
        CLIENT_ID: GIVEN["clientId"],
        "azure.workload.identity/tenant-id": ELSEWHERE["tenantId"],
    }
    assert (
        template_of(subject, target=target, **identities(**GIVEN))["metadata"]["labels"][USE]
        == "true"
    )


@pytest.mark.parametrize("changes", [{}, identities()])
def test_outside_azure_there_is_no_identity_without_a_client_id(changes):
    subject = web(azureIdentity="uploads")
    changes = {"target": "kubeconfig", **changes}
    assert "annotations" not in account_of(subject, **changes)
    assert USE not in template_of(subject, **changes)["metadata"]["labels"]
    assert "annotations" not in template_of(subject, **changes)["metadata"]


def test_the_driver_reads_vaults_as_the_shared_identity():
    subject = web(azureIdentity="uploads", secrets=VAULT)
    ours = parts_of(subject, **identities())["vault-shop-kv"].manifest["spec"]["parameters"]
    given = parts_of(subject, **identities(**GIVEN))["vault-shop-kv"].manifest["spec"]["parameters"]
    there = parts_of(subject, **identities(**ELSEWHERE))["vault-shop-kv"].manifest["spec"][
        "parameters"
    ]
    assert (ours["clientID"], ours["tenantId"]) == ("client-of-web", TENANT_ID)
    assert (given["clientID"], given["tenantId"]) == (GIVEN["clientId"], TENANT_ID)
    assert there["tenantId"] == ELSEWHERE["tenantId"]


def test_the_token_for_azure_is_the_webhooks_to_mount_and_not_ours():
    plain, marked = template_of(web())["spec"], template_of(web(azureIdentity=True))["spec"]
    assert plain == marked
    assert marked["automountServiceAccountToken"] is False


def test_an_identity_opens_no_connection_by_itself():
    def policies(subject):
        return {
            role: it.manifest
            for role, it in parts_of(subject).items()
            if role.startswith("network-")
        }

    assert policies(web(azureIdentity=True)) == policies(web())


def test_every_version_of_a_workload_is_the_same_service_account_and_takes_one_credential():
    versions = {"web": {"tag": "1", "tracks": {"candidate": "2"}}}
    subject = web(
        azureIdentity="uploads",
        replicas=4,
        release={"strategy": "canary", "steps": [50, 100], "step": 1},
    )
    parts = parts_of(subject, images=versions, **identities())
    controllers = [it.manifest for it in parts.values() if it.manifest["kind"] == "Deployment"]
    assert len(controllers) == 2
    pods = [it["spec"]["template"]["spec"]["serviceAccountName"] for it in controllers]
    assert {*pods} == {*subject.service_accounts}
    assert federated(stack(subject, images=versions, **identities())) == {
        "uploads": [Account("shop", "web")]
    }


def test_service_accounts_and_vaults_of_an_identity_are_those_of_its_workloads_alone():
    settings = stack(
        web(name="b", azureIdentity="uploads", secrets=VAULT),
        web(name="a", azureIdentity="uploads"),
        web(name="c", azureIdentity=True, secrets={"X": {"vault": "other-kv", "mountPath": "/x"}}),
        azureIdentities={"uploads": {}, "later": {}},
    )
    assert federated(settings) == {
        "uploads": [Account("shop", "a"), Account("shop", "b")],
        "later": [],
    }
    assert shared_vaults(settings, "uploads") == ["shop-kv"]
    assert Account("shop", "a").subject == "system:serviceaccount:shop:a"
