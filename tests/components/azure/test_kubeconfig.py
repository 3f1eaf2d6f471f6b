from copy import deepcopy

import pytest
import yaml

from components.azure.kubeconfig import for_kubelogin
from manifests.kubeconfig import CREDENTIALS
from tests.components.azure.cloud import DEVICE_CODE, TENANT

SERVER_ID = "6dae42f8-4368-4678-94ff-3960e28e3630"
MODES = ("azurecli", "spn", "workloadidentity", "msi")


def rewritten(returned=DEVICE_CODE, login="azurecli", context="aks-dev"):
    text = yaml.safe_dump(returned)
    return yaml.safe_load(for_kubelogin(text, context=context, login=login, tenant_id=TENANT))


def changed(change):
    returned = deepcopy(DEVICE_CODE)
    change(returned)
    return returned


@pytest.mark.parametrize(
    ("login", "more"),
    [
        ("azurecli", []),
        ("spn", ["--tenant-id", TENANT, "--environment", "AzurePublicCloud"]),
        ("workloadidentity", ["--tenant-id", TENANT]),
        ("msi", []),
    ],
)
def test_each_way_to_sign_in_gets_the_arguments_that_kubelogin_gives_it(login, more):
    [user] = rewritten(login=login)["users"]
    execution = user["user"]["exec"]
    assert execution["command"] == "kubelogin"
    assert execution["args"] == ["get-token", "--login", login, "--server-id", SERVER_ID, *more]
    assert execution["apiVersion"] == "client.authentication.k8s.io/v1beta1"


@pytest.mark.parametrize("login", MODES)
def test_nothing_waits_for_a_person_or_signs_in_as_kubelogins_own_client(login):
    config = rewritten(login=login)
    text = yaml.safe_dump(config)
    assert "devicecode" not in text
    assert "80faf920-1908-4b52-b5ef-a8e7bedfc67a" not in text
    assert config["users"][0]["user"]["exec"]["interactiveMode"] == "Never"


@pytest.mark.parametrize("login", MODES)
def test_server_and_ca_are_kept_and_nothing_else_of_the_cluster(login):
    returned = changed(lambda it: it["clusters"][0]["cluster"].update({"proxy-url": "http://x"}))
    [cluster] = rewritten(returned, login)["clusters"]
    assert cluster["cluster"] == DEVICE_CODE["clusters"][0]["cluster"]


def test_the_context_is_called_what_it_is_asked_to_be_and_is_the_current_one():
    config = rewritten(context="aks-course-prod")
    assert config["current-context"] == "aks-course-prod"
    [context] = config["contexts"]
    assert context == {
        "name": "aks-course-prod",
        "context": {"cluster": "aks-course-prod", "user": "aks-course-prod"},
    }
    assert config["clusters"][0]["name"] == config["users"][0]["name"] == "aks-course-prod"


def test_a_sovereign_cloud_keeps_its_environment():
    def china(it):
        args = it["users"][0]["user"]["exec"]["args"]
        args[args.index("AzurePublicCloud")] = "AzureChinaCloud"

    assert "AzureChinaCloud" in rewritten(changed(china), "spn")["users"][0]["user"]["exec"]["args"]


@pytest.mark.parametrize("key", sorted(CREDENTIALS))
def test_credentials_beside_kubelogin_are_refused_unquoted(key):
    returned = changed(lambda it: it["users"][0]["user"].update({key: "canary-5f2d"}))
    with pytest.raises(ValueError, match="holds credentials") as caught:
        rewritten(returned)
    assert "canary" not in str(caught.value)


def test_a_user_who_signs_in_by_himself_is_handed_on_as_he_is():
    returned = changed(lambda it: it["users"][0].update(user={"token": "t"}))
    assert rewritten(returned) == returned


def test_the_local_administrator_is_refused_unquoted_whatever_he_holds():
    for user in ({"token": "canary-5f2d"}, DEVICE_CODE["users"][0]["user"]):
        returned = changed(
            lambda it, user=user: it["users"][0].update(name="clusterAdmin_rg_aks", user=user)
        )
        with pytest.raises(ValueError, match="local administrator") as caught:
            rewritten(returned)
        assert "canary" not in str(caught.value)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda it: it.pop("clusters"), "must have one of clusters"),
        (lambda it: it["clusters"].append(it["clusters"][0]), "must have one of clusters"),
        (lambda it: it.update(users=[]), "must have one of users"),
        (lambda it: it["users"][0].pop("user"), "must have one of users"),
        (lambda it: it["clusters"][0]["cluster"].pop("server"), "has no server"),
        (
            lambda it: it["clusters"][0]["cluster"].pop("certificate-authority-data"),
            "has no certificate-authority-data",
        ),
        (lambda it: it["users"][0]["user"].pop("exec"), "does not sign in through kubelogin"),
        (
            lambda it: it["users"][0]["user"]["exec"].update(args=["get-token"]),
            "does not sign in through kubelogin",
        ),
    ],
)
def test_what_azure_never_returns_is_named_and_refused(change, message):
    with pytest.raises(ValueError, match=message):
        rewritten(changed(change))


@pytest.mark.parametrize("text", ["", "a: [", "- canary-5f2d", "canary-5f2d", "\tx: 1"])
def test_text_that_is_no_map_is_refused_unquoted(text):
    with pytest.raises(ValueError, match="no YAML map") as caught:
        for_kubelogin(text, context="x", login="msi", tenant_id=TENANT)
    assert "canary" not in str(caught.value)
    assert caught.value.__suppress_context__ or caught.value.__context__ is None
