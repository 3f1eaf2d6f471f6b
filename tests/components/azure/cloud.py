"""An Azure that records what is asked of it and answers as the real one would: ids, principals, addresses."""

import base64
from copy import deepcopy
from typing import Any
from unittest.mock import patch

import pulumi
import yaml

from components.azure.aks_cluster import AksCluster, AksClusterArgs
from review.wire import Reader
from settings.stack import Settings
from tests import engine
from tests.engine import Row

LOCATION = "westeurope"
SUBSCRIPTION = "/subscriptions/99999999-2222-4333-8444-555555555555"
SHARED = "/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/rg-shared/providers"
REGISTRY = f"{SHARED}/Microsoft.ContainerRegistry/registries/courseregistry"
VAULT = f"{SHARED}/Microsoft.KeyVault/vaults/shop-kv"
TENANT = "72f988bf-0000-4000-8000-2d7cd011db47"
CREDENTIALS = "azure-native:containerservice:listManagedClusterUserCredentials"

STACK = {
    "environment": "dev",
    "target": "aks",
    "resourceGroup": "rg-course-dev",
    "tags": {"owner": "platform-team"},
    "cluster": {
        "name": "aks-course-dev",
        "dnsPrefix": "course-dev",
        "kubernetesVersion": "1.35",
        "apiServer": {"authorizedIpRanges": ["203.0.113.0/24"]},
        "registry": {"id": REGISTRY},
    },
    "nodePools": {
        "system": {"mode": "System", "vmSize": "Standard_D4ds_v5", "min": 1, "max": 1},
        "wg1": {"vmSize": "Standard_D4ds_v5", "min": 2, "max": 5},
        "wg2": {"vmSize": "Standard_D8ds_v5", "min": 3, "max": 3},
    },
    "network": {
        "addressSpace": "10.40.0.0/16",
        "subnets": {"nodes": "10.40.0.0/22"},
        "podCidr": "10.200.0.0/16",
        "serviceCidr": "10.210.0.0/16",
        "dnsServiceIp": "10.210.0.10",
        "outboundType": "loadBalancer",
    },
    "access": {"tenantId": TENANT, "admins": ["6f1c01aa-4c1d-4e5b-9b57-0b6a5d3e7c01"]},
    "namespaces": {"course": {"quota": {"requests": {}, "limits": {}, "pods": 9}}},
    "keyVaults": {"shop-kv": {"id": VAULT}, "other-kv": {"id": VAULT.replace("shop", "other")}},
    "images": {},
    "workloads": {
        "web": {
            "name": "web",
            "namespace": "course",
            "kind": "deployment",
            "image": "r.example/web",
        },
        "blob": {
            "name": "blob",
            "namespace": "course",
            "kind": "deployment",
            "image": "r.example/blob",
            "secrets": {
                "AZURE-PASSWORD": {"vault": "shop-kv", "mountPath": "/mnt/a"},
                "AZURE-USER": {"vault": "shop-kv", "mountPath": "/mnt/a"},
                "OTHER": {"vault": "other-kv", "mountPath": "/mnt/b"},
            },
        },
    },
}
"""A stack that has every part; dotted keys of `stack` change it."""

STORAGE = f"{SHARED}/Microsoft.Storage/storageAccounts/courseuploads"
READ_UPLOADS = {"role": "Storage Blob Data Reader", "scope": STORAGE}
SHARING = {
    "azureIdentities": {"uploads": {"roles": {"uploads": READ_UPLOADS}}},
    "workloads.web.azureIdentity": "uploads",
    "workloads.blob.azureIdentity": "uploads",
}
"""Changes after which both workloads share an identity."""

DEVOPS = {
    "organizationId": "0f8fad5b-d9cb-469f-a165-70867728950e",
    "organization": "course",
    "project": "platform",
    "serviceConnection": "aks-dev",
}
PIPELINES = {
    "pipelines": {
        "deploy": {
            "may": "up",
            "github": {
                "repository": "course/platform",
                "environments": ["dev"],
                "branches": ["main"],
                "tags": ["v1"],
            },
        },
        "review": {
            "may": "preview",
            "github": {"repository": "course/platform", "pullRequests": True},
        },
        "nightly": {"may": "up", "azureDevOps": DEVOPS},
        "other": {
            "may": "preview",
            "oidc": {"issuer": "https://gitlab.example", "subject": "project_path:a/b"},
        },
    }
}
"""Changes of `STACK`: a pipeline of each kind."""

WATCHED = {
    "observability": {
        "grafana": {"enabled": True, "viewers": ["6f1c02aa-4c1d-4e5b-9b57-0b6a5d3e7c02"]},
        "actionGroups": {
            "ops": {"email": {"ops": "ops@course.example"}, "webhooks": ["pager"]},
            "owners": {"shortName": "own", "email": {"a": "a@course.example"}},
        },
    }
}
"""Changes of `STACK`: everything that watches a cluster."""

BACKED_UP = {
    "backup": {
        "enabled": True,
        "everyHours": 12,
        "retention": {"days": 7, "weeks": 8},
        "excludedNamespaces": ["kube-system"],
    }
}
"""Changes of `STACK`: backups."""

VAULTED = {
    "keyVaults.shop-kv": {"create": {}},
    "network.subnets": {"nodes": "10.40.0.0/22", "privateEndpoints": "10.40.8.0/27"},
}
"""Changes of `STACK`: one of its vaults is made here."""

REGISTERED = {
    "cluster.registry": {"create": {}},
    "network.subnets": {"nodes": "10.40.0.0/22", "privateEndpoints": "10.40.8.0/27"},
}
"""Changes of `STACK`: its registry is made here."""

GUARDED = {
    "cluster.kms": {
        "keyId": f"https://shop-kv.vault.azure.net/keys/etcd/{'0' * 32}",
        "vaultId": VAULT,
    },
    "cluster.defender": {},
    "cluster.safeguards": {"level": "Enforce", "excludedNamespaces": ["logging"]},
}
"""Changes of `STACK`: every option that guards a cluster."""

DEVICE_CODE = {
    "apiVersion": "v1",
    "clusters": [
        {
            "cluster": {
                "certificate-authority-data": "Q0EgZGF0YQ==",
                "server": "https://course-dev-1a2b3c.hcp.westeurope.azmk8s.io:443",
            },
            "name": "aks-course-dev",
        }
    ],
    "contexts": [
        {
            "context": {
                "cluster": "aks-course-dev",
                "user": "clusterUser_rg-course-dev_aks-course-dev",
            },
            "name": "aks-course-dev",
        }
    ],
    "current-context": "aks-course-dev",
    "kind": "Config",
    "preferences": {},
    "users": [
        {
            "name": "clusterUser_rg-course-dev_aks-course-dev",
            "user": {
                "exec": {
                    "apiVersion": "client.authentication.k8s.io/v1beta1",
                    "args": [
                        "get-token",
                        "--environment",
                        "AzurePublicCloud",
                        "--server-id",
                        "6dae42f8-4368-4678-94ff-3960e28e3630",
                        "--client-id",
                        "80faf920-1908-4b52-b5ef-a8e7bedfc67a",
                        "--tenant-id",
                        TENANT,
                        "--login",
                        "devicecode",
                    ],
                    "command": "kubelogin",
                    "env": None,
                    "installHint": "kubelogin is not installed",
                    "provideClusterInfo": False,
                }
            },
        }
    ],
}
"""As AKS returns it for `format=exec`: it asks a person for a device code."""


def stack(**changes: Any) -> Settings:
    """`STACK` with changes by dotted key, as in `stack(**{"cluster.tier": "Premium"})`."""
    data: Any = deepcopy(STACK)
    for key, value in changes.items():
        *path, last = key.split(".")
        place = data
        for step in path:
            place = place.setdefault(step, {})
        place[last] = deepcopy(value)
    return Settings.model_validate(data)


class Azure(engine.Recorder):
    """Answers for Azure's own resources once they exist."""

    def RegisterResource(self, request):  # noqa: N802
        response = super().RegisterResource(request)
        if request.type.startswith("azure-native:") and not self._preview:
            given = Reader(()).properties(request.object)
            response.id = f"{SUBSCRIPTION}/made/{request.name}"
            response.object = made_by_azure(request.type.rpartition(":")[2], request.name, given)
        return response

    def Invoke(self, request):  # noqa: N802
        """An answer may be a function of the arguments."""
        answer = self._answers.get(request.tok)
        if callable(answer):
            arguments = Reader(()).properties(request.args)
            self._answers = {**self._answers, request.tok: answer(arguments)}
        return super().Invoke(request)


def made_by_azure(kind, logical_name, given):
    keys = (
        "roleAssignmentName",
        "agentPoolName",
        "subnetName",
        "virtualNetworkName",
        "workspaceName",
        "containerName",
        "accountName",
        "vaultName",
    )
    names = [given[key] for key in (*keys, "resourceName", "resourceGroupName") if key in given]
    made = {"name": next(iter(names), logical_name)}
    if kind == "UserAssignedIdentity":
        made["principalId"] = f"principal of {logical_name}"
        made["clientId"] = f"client of {logical_name}"
    if kind == "BackupVault":
        made["identity"] = {**given["identity"], "principalId": f"principal of {logical_name}"}
    if kind == "Extension":
        made["aksAssignedIdentity"] = {"principalId": f"principal of {logical_name}"}
    if kind == "Grafana":
        made["identity"] = {**given["identity"], "principalId": f"principal of {logical_name}"}
        made["properties"] = {**given["properties"], "endpoint": "https://grafana.example/"}
    if kind == "PublicIPAddress":
        made["ipAddress"] = "198.51.100.7"
    if kind == "ManagedCluster":
        made["oidcIssuerProfile"] = {"enabled": True, "issuerURL": "https://issuer.example/"}
    return made


def returned_kubeconfig():
    text = yaml.safe_dump(DEVICE_CODE).encode()
    return {"kubeconfigs": [{"name": "clusterUser", "value": base64.b64encode(text).decode()}]}


def registered(build, *, preview=False, answers=None) -> dict[str, Row]:
    """All that `build` registers, by logical name, as after `pulumi up`; a `preview` knows no output."""
    if answers is None:
        answers = {CREDENTIALS: returned_kubeconfig()}
    with patch("tests.engine.Recorder", Azure):
        rows = engine.registered(build, preview=preview, answers=answers)
    return {row.name: row for row in rows}


def planned(settings: Settings, *, preview=False, answers=None, **options) -> dict[str, Row]:
    """The whole Azure side of `settings`, named `aks`."""

    def build():
        args = AksClusterArgs(settings=settings, location=LOCATION)
        AksCluster("aks", args, pulumi.ResourceOptions(**options))

    return registered(build, preview=preview, answers=answers)


def ignored(row: Row) -> list[str]:
    return row.options.get("ignoreChanges", [])
