"""Pods that charts of a stack make, as far as the stack says: charts make them, and policies select them all the same.

Each is a Pod that the release owns, so that an analysis takes the release for one end: `ns/release[Chart]`.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from manifests.charts import COMPONENT, declared_pods
from manifests.ingress import HTTP_PORT, HTTPS_PORT
from manifests.labels import ingress_controller
from review.marks import known, known_list, text
from review.plan import Plan
from settings.checks.charts import INGRESS_RELEASE
from settings.ports import Opened
from settings.stack import Settings

KIND: Final = "Chart"

WEB: Final = {"http": Opened(HTTP_PORT), "https": Opened(HTTPS_PORT)}
"""Ports of the ingress controller."""


def chart_pods(settings: Settings) -> Iterator[dict[str, Any]]:
    """The ingress controller's, where the stack installs it, and those of `charts.<name>.pods`."""
    if settings.ingress.controller == "nginx":
        home = settings.ingress.namespace
        yield pod(home, INGRESS_RELEASE, 0, ingress_controller(), WEB)
    for key, chart in settings.charts.items():
        yield from pods_of_release(chart.namespace, chart.release(key), declared_pods(chart))


def declared(plan: Plan) -> dict[str, list[Mapping[str, Any]]]:
    """What the stack says of its charts' pods, by the URN of the component above each release."""
    return {
        row.urn: found
        for row in plan.resources
        if row.type == COMPONENT and (found := known_list(row.inputs.get("pods")))
    }


def pods_of_release(
    namespace: str, release: str, said: Sequence[Mapping[str, Any]]
) -> Iterator[dict[str, Any]]:
    """The pods of one release, of what `declared` has of it."""
    for number, it in enumerate(said):
        labels = {key: value for key, value in known(it.get("labels")).items() if text(value)}
        ports = {
            name: Opened(port["port"], port["protocol"])
            for name, port in known(it.get("ports")).items()
            if isinstance(known(port).get("port"), int) and text(known(port).get("protocol"))
        }
        yield pod(namespace, release, number, labels, ports)


def told_releases(settings: Settings) -> int:
    """How many releases have pods that are known."""
    own = sum(1 for it in settings.charts.values() if it.pods)
    return own + (settings.ingress.controller == "nginx")


def pod(
    namespace: str,
    release: str,
    number: int,
    labels: Mapping[str, str],
    ports: Mapping[str, Opened],
) -> dict[str, Any]:
    """One pod of a release, which owns it; `number` tells it from its others."""
    owner = {"apiVersion": "helm.sh/v3", "kind": KIND, "name": release, "controller": True}
    listed: list[dict[str, Any]] = [
        {"name": name, "containerPort": it.number, "protocol": it.protocol}
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
