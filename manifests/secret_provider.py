"""Key Vault secrets as files: through the Secrets Store CSI driver on AKS, from Secrets on any other cluster.

Each file has the name of its secret in the vault, whichever way it comes.
"""

from typing import Any, NamedTuple

from manifests import Manifest, Part, Values
from manifests.names import part, secret_volume
from settings.stack import Settings
from settings.workload import Workload

DRIVER = "secrets-store.csi.k8s.io"
CLIENT_ID = "azure.workload.identity/client-id"
USE_IDENTITY = "azure.workload.identity/use"
"""https://azure.github.io/azure-workload-identity/docs/topics/service-account-labels-and-annotations.html"""


UNSET = "unset"
"""What stands in a file whose value nobody has set: its pods can start, and whoever reads it sees why it fails."""


class Folder(NamedTuple):
    """The secrets of one vault under one path: one volume."""

    vault: str
    mount_path: str
    volume: str
    """Name of the pod's volume, and with the workload's before it of the object behind it."""

    secrets: tuple[str, ...]


def folders(workload: Workload) -> list[Folder]:
    """What `workload` mounts from vaults, in the order it names them."""
    if not workload.secrets:
        return []
    grouped: dict[tuple[str, str], list[str]] = {}
    for name, secret in workload.secrets.items():
        if secret.vault is None or secret.mount_path is None:
            continue
        grouped.setdefault((secret.vault, secret.mount_path), []).append(name)
    vaults = [vault for vault, _ in grouped]
    return [
        Folder(vault, path, secret_volume(vault, path, only=vaults.count(vault) == 1), tuple(names))
        for (vault, path), names in grouped.items()
    ]


def reads_vault(settings: Settings, workload: Workload) -> bool:
    """Whether its pods sign in to Azure: they read a Key Vault, and there is one."""
    return bool(workload.vaults) and settings.target == "aks"


def parts(
    settings: Settings,
    workload: Workload,
    labels: dict[str, str],
    values: Values,
    mounted: list[Folder],
) -> list[Part]:
    """A SecretProviderClass for each folder of `mounted`, or a Secret; the role is the volume's name."""
    make = _provider_class if settings.target == "aks" else _secret
    return [
        Part(folder.volume, make(settings, workload, labels, values, folder)) for folder in mounted
    ]


def volume(settings: Settings, workload: Workload, folder: Folder) -> dict[str, Any]:
    """The pod's volume for `folder`."""
    name = part(workload.name, folder.volume)
    if settings.target != "aks":
        return {"name": folder.volume, "secret": {"secretName": name}}
    attributes = {"secretProviderClass": name}
    return {
        "name": folder.volume,
        "csi": {"driver": DRIVER, "readOnly": True, "volumeAttributes": attributes},
    }


def _provider_class(
    settings: Settings, workload: Workload, labels: dict[str, str], values: Values, folder: Folder
) -> Manifest:
    """https://azure.github.io/secrets-store-csi-driver-provider-azure/docs/getting-started/usage/"""
    items = "".join(
        f"  - |\n    objectName: {name}\n    objectType: secret\n" for name in folder.secrets
    )
    return {
        "apiVersion": "secrets-store.csi.x-k8s.io/v1",
        "kind": "SecretProviderClass",
        "metadata": _metadata(workload, labels, folder),
        "spec": {
            "provider": "azure",
            "parameters": {
                "usePodIdentity": "false",
                "clientID": values.client_ids[workload.name],
                "keyvaultName": folder.vault,
                "tenantId": settings.access.tenant_id if settings.access else "",
                "objects": f"array:\n{items}",
            },
        },
    }


def _secret(
    _: Settings, workload: Workload, labels: dict[str, str], values: Values, folder: Folder
) -> Manifest:
    data = {name: values.secrets.get(f"{folder.vault}-{name}", UNSET) for name in folder.secrets}
    return {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": _metadata(workload, labels, folder),
        "type": "Opaque",
        "stringData": data,
    }


def _metadata(workload: Workload, labels: dict[str, str], folder: Folder) -> dict[str, Any]:
    return {
        "name": part(workload.name, folder.volume),
        "namespace": workload.namespace,
        "labels": {**labels},
    }
