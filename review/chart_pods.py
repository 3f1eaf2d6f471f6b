"""Pods that charts of a stack make, as far as the stack says: no plan has them, and policies select them all the same.

Each is a Pod that the release owns, so that an analysis takes the release for one end: `ns/release[Chart]`.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from manifests.ingress import HTTP_PORT, HTTPS_PORT
from manifests.labels import ingress_controller
from settings.checks.charts import INGRESS_RELEASE
from settings.ports import ContainerPort
from settings.stack import Settings

KIND: Final = "Chart"


def chart_pods(settings: Settings) -> Iterator[dict[str, Any]]:
    """The ingress controller's, where the stack installs it, and those of `charts.<name>.pods`."""
    if settings.ingress.controller == "nginx":
        ports = {
            "http": ContainerPort(port=HTTP_PORT),
            "https": ContainerPort(port=HTTPS_PORT),
        }
        home = settings.ingress.namespace
        yield pod(home, INGRESS_RELEASE, 0, ingress_controller(), ports)
    for key, chart in settings.charts.items():
        for number, it in enumerate(chart.pods):
            yield pod(chart.namespace, chart.release(key), number, it.labels, it.ports)


def told_releases(settings: Settings) -> int:
    """How many releases have pods that are known."""
    own = sum(1 for it in settings.charts.values() if it.pods)
    return own + (settings.ingress.controller == "nginx")


def pod(
    namespace: str,
    release: str,
    number: int,
    labels: Mapping[str, str],
    ports: Mapping[str, ContainerPort],
) -> dict[str, Any]:
    """One pod of a release, which owns it; `number` tells it from its others."""
    owner = {"apiVersion": "helm.sh/v3", "kind": KIND, "name": release, "controller": True}
    listed: list[dict[str, Any]] = [
        {"name": name, "containerPort": it.port, "protocol": it.protocol}
        for name, it in ports.items()
    ]
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {
            "name": f"{release}-{number}",
            "namespace": namespace,
            "labels": {**labels},
            "ownerReferences": [owner],
        },
        "spec": {"containers": [{"name": release, "ports": listed}]},
    }
