"""Marks of identities in Azure on a real API server: what the workload identity webhook would find.

The webhook itself is Azure's and is not here. In its place stands one that no server answers, with the webhook's own
selector: what would have been changed is refused, what would have been left alone is admitted.
"""

import pytest

from tests.cluster.control_plane.client import ApiError

CLIENT = "0f8fad5b-d9cb-469f-a165-70867728950e"
TENANT = "72f988bf-0000-4000-8000-2d7cd011db48"
USE = "azure.workload.identity/use"
OUT = {"uses": ["internet:443"]}
WORKLOADS = {
    "one": {**OUT, "azureIdentity": "uploads"},
    "other": {**OUT, "azureIdentity": "uploads", "kind": "job", "job": {"suspend": True}},
    "own": {**OUT, "azureIdentity": True},
    "given": {**OUT, "azureIdentity": "legacy"},
    "plain": {},
}
STACK = {"azureIdentities": {"uploads": {}, "legacy": {"clientId": CLIENT, "tenantId": TENANT}}}
PATH = "/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations"


@pytest.fixture
def webhook(lab):
    """The selector of https://github.com/Azure/azure-workload-identity, `mutatingwebhookconfiguration`."""
    name = f"azure-wi-{lab.namespace}"
    manifest = {
        "apiVersion": "admissionregistration.k8s.io/v1",
        "kind": "MutatingWebhookConfiguration",
        "metadata": {"name": name},
        "webhooks": [
            {
                "name": "mutation.azure-workload-identity.io",
                "admissionReviewVersions": ["v1"],
                "clientConfig": {"url": "https://127.0.0.1:1/mutate"},
                "failurePolicy": "Fail",
                "matchPolicy": "Equivalent",
                "namespaceSelector": {
                    "matchLabels": {"kubernetes.io/metadata.name": lab.namespace}
                },
                "objectSelector": {"matchLabels": {USE: "true"}},
                "rules": [
                    {
                        "apiGroups": [""],
                        "apiVersions": ["v1"],
                        "operations": ["CREATE"],
                        "resources": ["pods"],
                    }
                ],
                "sideEffects": "NoneOnDryRun",
                "timeoutSeconds": 1,
            }
        ],
    }
    lab.api.request("POST", PATH, manifest)
    yield
    lab.api.request("DELETE", f"{PATH}/{name}")


def accounts(lab):
    found = lab.api.items(f"/api/v1/namespaces/{lab.namespace}/serviceaccounts")
    return {it["metadata"]["name"]: it for it in found}


def pod_of(manifests, name):
    """The pod that a controller would make."""
    [one] = [
        it
        for it in manifests
        if it["kind"] in ("Deployment", "Job") and it["metadata"]["name"] == name
    ]
    template = one["spec"]["template"]
    metadata = {**template["metadata"], "generateName": f"{name}-"}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": template["spec"]}


def admitted(lab, pod):
    """Whether the server takes it in a dry run."""
    path = f"/api/v1/namespaces/{lab.namespace}/pods?dryRun=All&fieldValidation=Strict"
    try:
        return lab.api.request("POST", path, pod)
    except ApiError as error:
        if "mutation.azure-workload-identity.io" not in str(error):
            raise
        return None


def test_the_server_keeps_every_mark_and_the_token_is_nobody_elses(lab):
    lab.run(WORKLOADS, STACK)

    said = {name: it["metadata"].get("annotations", {}) for name, it in accounts(lab).items()}
    prefix = "azure.workload.identity"
    shared = {f"{prefix}/client-id": "${azureIdentities.uploads.clientId}"}
    assert said["one"] == said["other"] == shared
    assert said["own"] == {f"{prefix}/client-id": f"${{{lab.namespace}-own.clientId}}"}
    assert said["given"] == {f"{prefix}/client-id": CLIENT, f"{prefix}/tenant-id": TENANT}
    assert said["plain"] == {}
    lab.wait()
    pods = {it["metadata"]["labels"]["app.kubernetes.io/name"]: it for it in lab.pods()}
    assert {name: it["metadata"]["labels"].get(USE) for name, it in pods.items()} == {
        "one": "true",
        "own": "true",
        "given": "true",
        "plain": None,
    }
    for name, pod in pods.items():
        assert pod["spec"]["serviceAccountName"] == name
        assert not [it for it in pod["spec"].get("volumes", []) if "projected" in it]


@pytest.mark.usefixtures("webhook")
def test_the_webhook_would_find_the_pods_that_sign_in_and_no_others(lab):
    manifests = lab.render(WORKLOADS, STACK)
    lab.apply([it for it in manifests if it["kind"] not in ("Deployment", "Job")])

    found = {name for name in WORKLOADS if not admitted(lab, pod_of(manifests, name))}
    assert found == {"one", "other", "own", "given"}


@pytest.mark.usefixtures("webhook")
def test_without_the_label_the_webhook_would_pass_a_pod_by(lab):
    manifests = lab.render(WORKLOADS, STACK)
    lab.apply([it for it in manifests if it["kind"] not in ("Deployment", "Job")])
    for change in ({}, {USE: "false"}, {"azure.workload.identity/used": "true"}):
        pod = pod_of(manifests, "one")
        labels = {key: it for key, it in pod["metadata"]["labels"].items() if key != USE}
        pod["metadata"]["labels"] = {**labels, **change}
        assert admitted(lab, pod)


def test_another_shared_identity_rolls_the_pods_that_have_it_and_no_others(lab):
    lab.run(WORKLOADS, STACK)
    lab.wait()
    before = {it["metadata"]["name"] for it in lab.pods()}

    other = {"azureIdentities": {**STACK["azureIdentities"], "legacy": {"clientId": TENANT}}}
    lab.run(WORKLOADS, other)
    lab.wait()

    gone = before - {it["metadata"]["name"] for it in lab.pods()}
    assert len(gone) == 1
    assert all(it.startswith("given-") for it in gone)
