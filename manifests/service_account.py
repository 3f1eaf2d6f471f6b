"""The workload's identity: one ServiceAccount each, its rights in the namespace, and its identity in Azure."""

from typing import Any

from manifests import Part, Values
from manifests.access import binding, reasons, role
from manifests.azure_identity import of_account
from settings.rbac import Rule
from settings.stack import Settings
from settings.workload import Workload


def part(settings: Settings, workload: Workload, labels: dict[str, str], values: Values) -> Part:
    """Role `service-account`. It never mounts a token by itself: the pod says whether it wants one."""
    metadata: dict[str, Any] = {
        "name": workload.name,
        "namespace": workload.namespace,
        "labels": {**labels},
    }
    if annotations := of_account(settings, workload, values):
        metadata["annotations"] = annotations
    manifest = {
        "apiVersion": "v1",
        "kind": "ServiceAccount",
        "metadata": metadata,
        "automountServiceAccountToken": False,
    }
    return Part("service-account", manifest)


def rights(settings: Settings, workload: Workload, labels: dict[str, str]) -> list[Part]:
    """Roles `role` and `role-binding`: what the workload itself may do in its namespace; none without rules."""
    found = rules(settings, workload)
    if not found:
        return []
    name, namespace, account = workload.name, workload.namespace, workload.service_account
    why = reasons([account, *(settings.roles[it] for it in account.roles)])
    subject = {"kind": "ServiceAccount", "name": name, "namespace": namespace}
    return [
        Part("role", role(namespace, name, found, labels, why)),
        Part("role-binding", binding(namespace, name, [subject], labels), ("role",)),
    ]


def rules(settings: Settings, workload: Workload) -> tuple[Rule, ...]:
    """The rules of its roles, then its own."""
    account = workload.service_account
    shared = [it.rule for name in account.roles for it in settings.roles[name].rules]
    return (*shared, *(it.rule for it in account.rules))
