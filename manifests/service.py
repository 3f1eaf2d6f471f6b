"""The stable address of a workload; a statefulset has one for its pods by name, too."""

from typing import Any

from manifests import Manifest, Part
from manifests.awaiting import SKIP_AWAIT
from manifests.labels import selector
from manifests.names import headless
from settings.service import Service
from settings.workload import Workload


def parts(workload: Workload, labels: dict[str, str]) -> list[Part]:
    """Roles `service` and, for a statefulset, `service-headless`."""
    found = []
    if workload.service:
        found.append(Part("service", _service(workload, workload.service, labels)))
    if workload.kind == "statefulset":
        found.append(Part("service-headless", _governing(workload, labels)))
    return found


def _service(workload: Workload, service: Service, labels: dict[str, str]) -> Manifest:
    spec: dict[str, Any] = {
        "type": service.type,
        "selector": selector(workload),
        "ports": [
            {
                "name": it.name,
                "port": it.port,
                "targetPort": it.target,
                "protocol": "TCP",
                **({"nodePort": it.node_port} if it.node_port is not None else {}),
            }
            for it in workload.served
        ],
        "sessionAffinity": service.session_affinity,
    }
    if service.headless:
        spec["clusterIP"] = "None"
    metadata = _metadata(workload.name, workload, labels)
    if workload.kind != "daemonset" and workload.fewest_replicas == 0:
        # Without pods it never gets an endpoint, and `pulumi up` would wait ten minutes for one.
        metadata["annotations"] = {SKIP_AWAIT: "true"}
    return {"apiVersion": "v1", "kind": "Service", "metadata": metadata, "spec": spec}


def _governing(workload: Workload, labels: dict[str, str]) -> Manifest:
    """Gives each replica its DNS name, also before it is ready: peers have to find each other to become so."""
    spec: dict[str, Any] = {
        "clusterIP": "None",
        "publishNotReadyAddresses": True,
        "selector": selector(workload),
    }
    if workload.ports:
        spec["ports"] = [
            {"name": name, "port": number, "targetPort": name, "protocol": "TCP"}
            for name, number in workload.ports.items()
        ]
    metadata = _metadata(headless(workload.name), workload, labels)
    return {"apiVersion": "v1", "kind": "Service", "metadata": metadata, "spec": spec}


def _metadata(name: str, workload: Workload, labels: dict[str, str]) -> dict[str, Any]:
    return {"name": name, "namespace": workload.namespace, "labels": {**labels}}
