"""The workload's identity: one ServiceAccount each, and an Azure identity where it reads a Key Vault."""

from typing import Any

from manifests import Part, Values
from manifests.secret_provider import CLIENT_ID, reads_vault
from settings.stack import Settings
from settings.workload import Workload


def part(settings: Settings, workload: Workload, labels: dict[str, str], values: Values) -> Part:
    """Role `service-account`. It never mounts a token by itself: the pod says whether it wants one."""
    metadata: dict[str, Any] = {
        "name": workload.name,
        "namespace": workload.namespace,
        "labels": {**labels},
    }
    if reads_vault(settings, workload):
        metadata["annotations"] = {CLIENT_ID: values.client_ids[workload.name]}
    manifest = {
        "apiVersion": "v1",
        "kind": "ServiceAccount",
        "metadata": metadata,
        "automountServiceAccountToken": False,
    }
    return Part("service-account", manifest)
