"""Small estates for tests: one good stack and one good workload, from which a test changes one thing."""

from functools import cache
from pathlib import Path
from typing import Any

from manifests import Group, Part, Values, connections, estate, workload
from settings.load import load
from settings.stack import Settings
from settings.workload import Workload

ROOT = Path(__file__).parents[2]
STACKS = ("dev", "prod", "local")
KUBERNETES = "1.35"

VIEWERS = "6f1c02aa-4c1d-4e5b-9b57-0b6a5d3e7c02"
DEPLOYERS = "6f1c03aa-4c1d-4e5b-9b57-0b6a5d3e7c03"
TENANT_ID = "72f988bf-0000-4000-8000-2d7cd011db47"

QUOTA = {
    "requests": {"cpu": "4", "memory": "6Gi"},
    "limits": {"cpu": "12", "memory": "12Gi"},
    "pods": 30,
    "persistentVolumeClaims": 2,
    "loadBalancers": 1,
    "nodePorts": 3,
}

STACK: dict[str, Any] = {
    "environment": "dev",
    "platform": "course",
    "target": "aks",
    "resourceGroup": "rg-course-dev",
    "cluster": {
        "kubernetesVersion": KUBERNETES,
        "name": "aks-course-dev",
        "dnsPrefix": "course-dev",
    },
    "nodePools": {"wg1": {"vmSize": "Standard_D4ds_v5", "min": 2, "max": 5}},
    "network": {
        "addressSpace": "10.40.0.0/16",
        "subnets": {"nodes": "10.40.0.0/22"},
        "podCidr": "10.200.0.0/16",
        "serviceCidr": "10.210.0.0/16",
        "dnsServiceIp": "10.210.0.10",
    },
    "access": {"tenantId": TENANT_ID, "admins": [VIEWERS]},
    "namespaces": {"shop": {"quota": QUOTA}, "back": {"quota": QUOTA}},
    "ingress": {
        "pool": "wg1",
        "hosts": {"public": "shop.example", "admin": "admin.shop.example"},
        "tls": {"secretName": "shop-tls"},
    },
    "externals": {
        "sql-gateway": {"cidrs": ["10.60.4.0/28", "10.60.5.0/28"], "ports": [1433]},
        "mail": {"cidrs": ["198.51.100.7/32"], "ports": [465, 587]},
    },
    "keyVaults": {"shop-kv": {}, "other-kv": {}},
    "images": {"web": {"tag": "1.4.3"}},
}

WEB: dict[str, Any] = {
    "name": "web",
    "namespace": "shop",
    "kind": "deployment",
    "image": "registry.example/team/web",
    "pool": "wg1",
    "ports": {"http": 8080, "metrics": 9100},
    "service": {"port": 80, "targetPort": "http"},
    "resources": {"requests": {"cpu": "100m", "memory": "64Mi"}, "limits": {"memory": "128Mi"}},
}


def stack(*workloads: Workload, **changes: Any) -> Settings:
    """The good stack with `changes` (wire keys) and these workloads."""
    settings = Settings.model_validate({**STACK, **changes})
    return settings.model_copy(update={"workloads": {it.name: it for it in workloads}})


def web(**changes: Any) -> Workload:
    """The good workload with `changes` (wire keys)."""
    return Workload.model_validate({**WEB, **changes})


def of_kind(kind: str, **changes: Any) -> Workload:
    """The good workload as another kind."""
    needs = {"cronjob": {"cron": {"schedule": "*/5 * * * *"}}}.get(kind, {})
    return web(kind=kind, **needs, **changes)


def values(settings: Settings) -> Values:
    """A named placeholder for every client id, no secrets."""
    return Values(client_ids={name: f"client-of-{name}" for name in settings.workloads})


def parts_of(
    subject: Workload, *others: Workload, given: Values | None = None, **changes: Any
) -> dict[str, Part]:
    """Parts of `subject` by role, in a stack with `others` and `changes`."""
    settings = stack(subject, *others, **changes)
    graph = connections.graph(settings)
    found = workload.parts(settings, subject, given or values(settings), graph)
    return {part.role: part for part in found}


def controller_of(subject: Workload, **changes: Any) -> dict[str, Any]:
    """The controller's manifest of `subject`."""
    return parts_of(subject, **changes)[subject.kind].manifest


def template_of(subject: Workload, **changes: Any) -> dict[str, Any]:
    """The pod template of `subject`."""
    spec = controller_of(subject, **changes)["spec"]
    return spec.get("template") or spec["jobTemplate"]["spec"]["template"]


def pod_of(subject: Workload, **changes: Any) -> dict[str, Any]:
    """The pod's spec of `subject`."""
    return template_of(subject, **changes)["spec"]


@cache
def shipped(name: str) -> Settings:
    """A stack as it ships."""
    return load(ROOT, name)


@cache
def groups(name: str) -> tuple[Group, ...]:
    """Every group of a shipped stack. Shared by tests: look, do not touch."""
    return tuple(estate.groups(shipped(name), values(shipped(name))))
