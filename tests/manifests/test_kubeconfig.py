"""What of a kubeconfig is taken over, and how kubelogin is told to sign in."""

from copy import deepcopy

import pytest
import yaml

from manifests.kubeconfig import (
    CREDENTIALS,
    PERSONS_CLIENT_ID,
    SERVER_ID,
    Access,
    access_of,
    is_another,
    require_reachable,
    returned,
    user,
)
from tests.components.azure.cloud import DEVICE_CODE, TENANT
from tests.manifests.kubeconfigs import CERTIFICATE, SERVER

CLIENT = "0f8fad5b-d9cb-469f-a165-70867728950e"
ACCESS = Access(SERVER, CERTIFICATE, {"--server-id": SERVER_ID})


def args(login, access=ACCESS, client_id=None):
    return user(access, login, TENANT, client_id)["exec"]["args"]


def found(change=lambda _: None, **options):
    data = deepcopy(DEVICE_CODE)
    change(data)
    return returned(yaml.safe_dump(data), **options)


@pytest.mark.parametrize(
    ("login", "more"),
    [
        ("azurecli", []),
        ("spn", ["--client-id", CLIENT, "--tenant-id", TENANT]),
        ("workloadidentity", ["--client-id", CLIENT, "--tenant-id", TENANT]),
        ("msi", ["--client-id", CLIENT]),
        ("devicecode", ["--client-id", PERSONS_CLIENT_ID, "--tenant-id", TENANT]),
    ],
)
def test_a_client_is_told_to_those_who_sign_in_as_one(login, more):
    assert args(login, client_id=CLIENT) == [
        *("get-token", "--login", login, "--server-id", SERVER_ID),
        *more,
    ]


@pytest.mark.parametrize("login", ["spn", "workloadidentity", "msi"])
def test_without_a_client_it_comes_from_the_environment(login):
    assert "--client-id" not in args(login)


def test_only_a_device_code_asks_for_a_terminal():
    assert user(ACCESS, "devicecode", TENANT)["exec"]["interactiveMode"] == "Always"
    assert user(ACCESS, "azurecli", TENANT)["exec"]["interactiveMode"] == "Never"


@pytest.mark.parametrize(
    ("server", "cloud"),
    [
        ("https://x-1.hcp.chinaeast2.cx.prod.service.azk8s.cn:443", "AzureChinaCloud"),
        (
            "https://x-1.hcp.usgovvirginia.cx.aks.containerservice.azure.us",
            "AzureUSGovernmentCloud",
        ),
    ],
)
def test_the_cloud_is_told_by_the_servers_name_where_nothing_says_it(server, cloud):
    access = ACCESS._replace(server=server)
    assert args("spn", access)[-2:] == ["--environment", cloud]
    assert "--environment" not in args("spn")


def test_whoever_installs_nothing_is_told_what_to_install():
    assert "https://" in user(ACCESS, "azurecli", TENANT)["exec"]["installHint"]


def test_of_several_contexts_the_one_with_the_clusters_name_is_taken():
    def beside(data):
        data["clusters"].insert(0, {"name": "other", "cluster": {"server": "https://other"}})
        data["users"].insert(0, {"name": "me", "user": {"token": "canary-5f2d"}})
        data["contexts"].insert(0, {"name": "other", "context": {"cluster": "other", "user": "me"}})

    access = access_of(found(beside, context="aks-course-dev"))
    assert access.server == DEVICE_CODE["clusters"][0]["cluster"]["server"]
    for context in ("aks-course-prod", None):
        with pytest.raises(ValueError, match="must have one of clusters"):
            found(beside, context=context)


@pytest.mark.parametrize(
    "context", [None, {"cluster": "gone", "user": "gone"}, {}, {"cluster": ["x"]}]
)
def test_a_context_that_leads_nowhere_is_refused(context):
    def broken(data):
        data["contexts"][0]["context"] = context
        data["clusters"] *= 2

    with pytest.raises(ValueError, match="must have one of clusters"):
        found(broken, context="aks-course-dev")


@pytest.mark.parametrize("key", sorted(CREDENTIALS))
def test_credentials_are_refused_unquoted(key):
    it = found(lambda data: data["users"][0]["user"].update({key: "canary-5f2d"}))
    with pytest.raises(ValueError, match="FILE holds credentials") as caught:
        access_of(it, of="FILE")
    assert "canary" not in str(caught.value)


@pytest.mark.parametrize("execution", [None, [], {"args": None}, {"args": [{}, "--server-id"]}])
def test_an_exec_that_is_not_kubelogins_is_refused(execution):
    it = found(lambda data: data["users"][0].update(user={"exec": execution}))
    with pytest.raises(ValueError, match="does not sign in through kubelogin"):
        access_of(it)


def test_a_ca_that_is_no_text_is_one_that_lacks():
    it = found(
        lambda data: data["clusters"][0]["cluster"].update({"certificate-authority-data": 1})
    )
    with pytest.raises(ValueError, match="has no certificate-authority-data"):
        access_of(it)


@pytest.mark.parametrize("server", ["http://x", "x:443", "https://", "https://[x", "ftp://x/"])
def test_a_server_that_is_no_https_url_is_refused(server):
    with pytest.raises(ValueError, match="no https URL"):
        require_reachable(ACCESS._replace(server=server))


@pytest.mark.parametrize("authority", ["%", "Q0E=", "Q0", "é"])
def test_a_ca_that_is_no_certificate_is_refused(authority):
    with pytest.raises(ValueError, match="is no certificate"):
        require_reachable(ACCESS._replace(authority=authority))


def test_a_sound_server_and_ca_are_taken():
    require_reachable(ACCESS)
    require_reachable(ACCESS._replace(authority=f"{CERTIFICATE[:20]}\n{CERTIFICATE[20:]}\n"))


@pytest.mark.parametrize(
    ("server", "prefix", "another"),
    [
        (SERVER, "course-dev", False),
        (SERVER, "Course-Dev", False),
        (SERVER, "course-prod", True),
        (SERVER, "course-de", True),
        ("https://course-dev-1.x.privatelink.westeurope.azmk8s.io", "course-prod", True),
        ("https://127.0.0.1:6443", "course-prod", False),
    ],
)
def test_a_server_that_aks_named_for_another_cluster_is_told(server, prefix, another):
    assert is_another(ACCESS._replace(server=server), prefix) is another
