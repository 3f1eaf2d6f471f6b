"""Key Vault secrets on AKS: files through the Secrets Store CSI driver, and Secrets it syncs for variables.

Each file has the name of its secret in the vault, and so has each key of a synced Secret.
"""

from typing import Any, NamedTuple

from manifests import Manifest, Values
from manifests.azure_identity import client_id, tenant_id
from manifests.names import part, secret_volume
from settings.global_names import vault_name
from settings.mounts import EnvSource
from settings.secret_keys import VAULTS_FOLDER
from settings.stack import Settings
from settings.workload import Workload

DRIVER = "secrets-store.csi.k8s.io"
UNSET = "unset"
"""What stands in a file whose value nobody has set: its pods can start, and whoever reads it sees why it fails."""


class Folder(NamedTuple):
    """Secrets under one path: one volume of the pod."""

    vault: str
    """Empty for a folder of Secrets."""

    mount_path: str
    volume: str
    """Name of the pod's volume, and with the workload's before it of the object behind a vault's."""

    secrets: tuple[str, ...]
    source: dict[str, Any]
    """The pod's volume, without its name."""


def read_by_variables(workload: Workload) -> frozenset[str]:
    """Keys in `secrets` of `workload` that a variable of one of its containers reads."""
    return frozenset(
        it.secret
        for _, container in workload.all_containers
        for it in container.env.values()
        if isinstance(it, EnvSource) and it.secret
    )


def vault_folders(workload: Workload) -> list[Folder]:
    """What `workload` reads from vaults, in the order it names them, mounted as on AKS."""
    if not workload.secrets:
        return []
    grouped: dict[tuple[str, str], list[str]] = {}
    for name, secret in workload.secrets.items():
        if secret.vault:
            path = secret.mount_path or f"{VAULTS_FOLDER}/{secret.vault.lower()}"
            grouped.setdefault((secret.vault, path), []).append(name)
    vaults = [vault for vault, _ in grouped]
    found = []
    for (vault, path), names in grouped.items():
        volume_name = secret_volume(vault, path, only=vaults.count(vault) == 1)
        attributes = {"secretProviderClass": part(workload.name, volume_name)}
        source = {"csi": {"driver": DRIVER, "readOnly": True, "volumeAttributes": attributes}}
        found.append(Folder(vault, path, volume_name, tuple(names), source))
    return found


def reads_vault(settings: Settings, workload: Workload) -> bool:
    """Whether its pods read a Key Vault, and there is one."""
    return bool(workload.vaults) and settings.target == "aks"


def volume(_: Settings, __: Workload, folder: Folder) -> dict[str, Any]:
    """The pod's volume for `folder`."""
    return {"name": folder.volume, **folder.source}


def provider_class(
    settings: Settings, workload: Workload, labels: dict[str, str], values: Values, folder: Folder
) -> Manifest:
    """The SecretProviderClass behind `folder`; it syncs a Secret of its own name where a variable reads one of them.

    https://azure.github.io/secrets-store-csi-driver-provider-azure/docs/getting-started/usage/
    https://secrets-store-csi-driver.sigs.k8s.io/topics/sync-as-kubernetes-secret
    """
    items = "".join(
        f"  - |\n    objectName: {name}\n    objectType: secret\n" for name in folder.secrets
    )
    name = part(workload.name, folder.volume)
    tenant = tenant_id(settings, workload) or (settings.access.tenant_id if settings.access else "")
    synced = [it for it in folder.secrets if it in read_by_variables(workload)]
    secret = {
        "secretName": name,
        "type": "Opaque",
        "labels": {**labels},
        "data": [{"objectName": it, "key": it} for it in synced],
    }
    return {
        "apiVersion": "secrets-store.csi.x-k8s.io/v1",
        "kind": "SecretProviderClass",
        "metadata": {"name": name, "namespace": workload.namespace, "labels": {**labels}},
        "spec": {
            "provider": "azure",
            "parameters": {
                "usePodIdentity": "false",
                "clientID": client_id(settings, workload, values),
                "keyvaultName": vault_name(settings, folder.vault),
                "tenantId": tenant,
                "objects": f"array:\n{items}",
            },
            **({"secretObjects": [secret]} if synced else {}),
        },
    }
