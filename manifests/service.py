"""The stable address of a workload; a statefulset has one for its pods by name, too.

No port has an `appProtocol`: Azure's load balancer would then probe its path `/` over HTTP and take every node out
whose pods answer anything but 200. Without one it opens the node port, or with `externalTrafficPolicy: Local` asks
each node's `healthCheckNodePort`, whatever a probe annotation says (Azure/AKS issue 3679).
"""

from typing import Any

from manifests import Manifest, Part
from manifests.awaiting import SKIP_AWAIT
from manifests.labels import pods_of_all_tracks, served_by
from manifests.names import headless
from settings.service import Served, Service
from settings.stack import Settings
from settings.workload import Workload

INTERNAL = "service.beta.kubernetes.io/azure-load-balancer-internal"
INTERNAL_SUBNET = "service.beta.kubernetes.io/azure-load-balancer-internal-subnet"
"""https://learn.microsoft.com/azure/aks/internal-lb"""


def parts(settings: Settings, workload: Workload, labels: dict[str, str]) -> list[Part]:
    """Roles `service` and, for a statefulset, `service-headless`."""
    found = []
    if workload.service:
        found.append(Part("service", _service(settings, workload, workload.service, labels)))
    if workload.kind == "statefulset":
        found.append(Part("service-headless", _governing(workload, labels)))
    return found


def _service(
    settings: Settings, workload: Workload, service: Service, labels: dict[str, str]
) -> Manifest:
    metadata = _metadata(workload.name, workload, labels)
    annotations = _annotations(settings, workload, service)
    if annotations:
        metadata["annotations"] = annotations
    return {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": metadata,
        "spec": _spec(workload, service),
    }


def _spec(workload: Workload, service: Service) -> dict[str, Any]:
    spec: dict[str, Any] = {
        "type": service.type,
        "selector": served_by(workload),
        "ports": [_port(it) for it in workload.served],
        "sessionAffinity": service.session_affinity,
    }
    if service.session_affinity_seconds is not None:
        timeout = {"timeoutSeconds": service.session_affinity_seconds}
        spec["sessionAffinityConfig"] = {"clientIP": timeout}
    if service.headless:
        spec["clusterIP"] = "None"
    if service.publish_not_ready_addresses:
        spec["publishNotReadyAddresses"] = True
    if service.allowed_sources:
        spec["loadBalancerSourceRanges"] = [*service.allowed_sources]
    if service.external_traffic_policy:
        spec["externalTrafficPolicy"] = service.external_traffic_policy
    if service.internal_traffic_policy:
        spec["internalTrafficPolicy"] = service.internal_traffic_policy
    return spec


def _port(served: Served) -> dict[str, Any]:
    port: dict[str, Any] = {
        "name": served.name,
        "port": served.port,
        "targetPort": served.target,
        "protocol": served.protocol,
    }
    if served.node_port is not None:
        port["nodePort"] = served.node_port
    return port


def _annotations(settings: Settings, workload: Workload, service: Service) -> dict[str, str]:
    found = {}
    if service.type == "LoadBalancer" and service.internal and settings.target == "aks":
        found[INTERNAL] = "true"
        if service.subnet:
            found[INTERNAL_SUBNET] = service.subnet
    if workload.kind != "daemonset" and workload.fewest_replicas == 0:
        # Without pods it never gets an endpoint, and `pulumi up` would wait ten minutes for one.
        found[SKIP_AWAIT] = "true"
    return found


def _governing(workload: Workload, labels: dict[str, str]) -> Manifest:
    """Gives each replica its DNS name, also before it is ready: peers have to find each other to become so."""
    spec: dict[str, Any] = {
        "clusterIP": "None",
        "publishNotReadyAddresses": True,
        "selector": pods_of_all_tracks(workload),
    }
    ports = workload.all_ports
    if ports:
        spec["ports"] = [
            {"name": name, "port": it.port, "targetPort": name, "protocol": it.protocol}
            for name, it in ports.items()
        ]
    metadata = _metadata(headless(workload.name), workload, labels)
    return {"apiVersion": "v1", "kind": "Service", "metadata": metadata, "spec": spec}


def _metadata(name: str, workload: Workload, labels: dict[str, str]) -> dict[str, Any]:
    return {"name": name, "namespace": workload.namespace, "labels": {**labels}}
