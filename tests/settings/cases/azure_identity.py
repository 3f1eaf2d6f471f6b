"""Cases of `settings/checks/azure_identity.py`."""

from tests.settings.cases.common import PLENTY, SUBSCRIPTION, WEB, case
from tests.settings.estate import settings_of

STORAGE = f"{SUBSCRIPTION}/Microsoft.Storage/storageAccounts/uploads"
GROUP, SUB = SUBSCRIPTION.removesuffix("/providers"), "/".join(SUBSCRIPTION.split("/")[:3])
VAULT = settings_of("dev")["keyVaults"]["shop-kv"]["id"]
READ = {"role": "Storage Blob Data Reader", "scope": STORAGE}
CLIENT = "0f8fad5b-d9cb-469f-a165-70867728950e"
UPLOADS = ("dev", "azureIdentities.uploads", {})
GIVEN = ("dev", "azureIdentities.uploads", {"clientId": CLIENT})
SHARES = ("authentication", "azureIdentity", "uploads")


def many(count):
    """Changes after which `count` workloads share `uploads`, with room for all of them."""
    small = {"cpu": "1m", "memory": "1Mi"}
    data = {
        **{key: WEB[key] for key in ("version", "namespace", "image", "pool")},
        "kind": "job",
        "resources": {"requests": small, "limits": small},
        "azureIdentity": "uploads",
        "uses": ["internet:443"],
    }
    names = [f"batch-{it:02}" for it in range(count)]
    room = (
        "dev",
        "namespaces.course.quota",
        PLENTY | {"nodePorts": 1, "persistentVolumeClaims": 1},
    )
    return (UPLOADS, room, *((name, "", {**data, "name": name}) for name in names))


CASES = [
    case("web", "azureIdentity", True,
         "signs in to Azure, and the network policies of this workload let it reach nothing outside the cluster; add "
         "'internet:443' to 'uses'"),
    case("authentication", "azureIdentity", "uplaods",
         "must be a key in 'azureIdentities' of the stack; got 'uplaods'; did you mean 'uploads'?", before=(UPLOADS,)),
    case("authentication", "azureIdentity", "uploads", "add 'azureIdentities: {uploads: {}}'"),
    case("authentication", "azureIdentity", {"shared": "uploads", "roles": {"read": READ}},
         "are of an identity of its own, and authentication shares 'uploads'; move them to "
         "'azureIdentities.uploads.roles'",
         at="azureIdentity.roles", before=(UPLOADS,)),
    case("dev", "azureIdentities.other", {"clientId": CLIENT},
         "is the identity 'uploads' already, and Azure counts the service accounts of both; use 'uploads'",
         at="azureIdentities.other.clientId", before=(GIVEN,)),
    case("dev", "azureIdentities.uploads", {"clientId": CLIENT, "roles": {"read": READ}},
         "must not stand beside 'clientId'", at="azureIdentities.uploads.roles"),
    case("dev", "azureIdentities.uploads", {"tenantId": CLIENT}, "must stand beside 'clientId'",
         at="azureIdentities.uploads.tenantId"),
    case("local", "azureIdentities.uploads", {}, "has no effect with target kubeconfig, which makes nothing in Azure"),
    case("authentication", "azureIdentity", {"roles": {"read": READ, "again": READ}},
         "is given by 'read' already, and Azure refuses the second; remove it", at="azureIdentity.roles.again"),
    case("blob-service", "azureIdentity", {"roles": {"vault": {"role": "Key Vault Secrets User", "scope": VAULT}}},
         "is given by the secrets from shop-kv already", at="azureIdentity.roles.vault"),
    case("authentication", "azureIdentity", {"roles": {"all": {"role": "Owner", "scope": STORAGE}}},
         "manages everything in its scope and hands out rights; got 'Owner'; take a role for data alone, or say why in "
         "'reason'", at="azureIdentity.roles.all.role"),
    case("authentication", "azureIdentity", {"roles": {"all": {**READ, "scope": SUB}}},
         "is a whole subscription: what is made in it later is in it, too; got '/subscriptions/",
         at="azureIdentity.roles.all.scope"),
    case("dev", "azureIdentities.uploads", {"roles": {"all": {**READ, "scope": GROUP}}},
         "is a whole resource group", at="azureIdentities.uploads.roles.all.scope"),
    case("authentication", "azureIdentity", {"roles": {"read": {**READ, "role": "Storage Blob Reader"}}},
         "did you mean 'Storage Blob Data Reader'?", at="azureIdentity.roles.read.role"),
    case("batch-20", "", many(21)[-1][2],
         "must have at most 20 service accounts, each of which takes a federated credential; got 21: course/batch-00, "
         "course/batch-01, ", at=("dev", "azureIdentities.uploads"), before=many(20)),
]  # fmt: skip

EDGES = [
    case("authentication", "azureIdentity", True, ""),
    case("business-data-sync", "azureIdentity", True, ""),
    case("web", "uses", ["login.microsoftonline.com:443"], "",
         before=(("dev", "fqdnPolicies", True), ("web", "uses", ["internet:443"]), ("web", "azureIdentity", True))),
    case("local", "workloads.web.azureIdentity", True, ""),
    case("web", "secrets.PIN", {"vault": "shop-kv", "mountPath": "/mnt/pin"}, "",
         before=(("web", "uses", ["internet:443"]), ("web", "azureIdentity", True))),
    case("authentication", "azureIdentity", "uploads", "", before=(UPLOADS,)),
    case("local", "workloads.authentication.azureIdentity", "uploads", ""),
    case("local", "azureIdentities.uploads", {"clientId": CLIENT, "tenantId": CLIENT}, "", before=(SHARES,)),
    case("authentication", "azureIdentity", {"roles": {"read": READ, "other": {**READ, "scope": f"{STORAGE}2"}}}, ""),
    case("authentication", "azureIdentity",
         {"roles": {"all": {"role": "Owner", "scope": SUB, "reason": "makes the estate"}}}, ""),
    case("blob-service", "azureIdentity", {"roles": {"vault": {"role": "Key Vault Crypto User", "scope": VAULT}}}, ""),
    case("batch-19", "", many(20)[-1][2], "", before=many(19)),
]  # fmt: skip
