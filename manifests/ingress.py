"""The way in: the controller's namespace, its Helm values, and the Ingress objects of hosts and workloads.

With the F5 controller a host belongs to one Ingress. So each host is a master without paths in the controller's
namespace, which holds TLS, and each workload adds its paths as a minion in its own:
https://github.com/nginx/kubernetes-ingress/tree/main/examples/ingress-resources/mergeable-ingress-types .
With controller `none` the cluster's own is not known: a workload then has ordinary Ingress objects and TLS is left
to the cluster. With `routing: VirtualServer` both are the controller's own kinds: see `virtual_server`.
"""

from typing import Any

from manifests import Manifest, Part, awaiting, isolation, names, virtual_server
from manifests.connections import graph, routed_ports
from manifests.isolation import network_policy, ports
from manifests.labels import CHART, INSTANCE, MANAGED_BY, NAME, ingress_controller, of_platform
from manifests.network_policy import api_server, peer
from manifests.placement import NODE, POOL_LABEL, ZONE
from manifests.pod import UNPRIVILEGED_PORT_START
from manifests.service import INTERNAL
from manifests.tenant import namespace_object
from manifests.third_party import NGINX_INGRESS
from settings.container import Resources
from settings.demand import amounts
from settings.pool_names import pool_name
from settings.ports import Opened
from settings.service import Route, led_to
from settings.stack import Host, Settings
from settings.workload import Workload

MERGEABLE = "nginx.org/mergeable-ingress-type"
ROUTED = ("Ingress", virtual_server.HOST_KIND, virtual_server.ROUTE_KIND)
"""Kinds that mean something only where a controller is."""

HTTP_PORT = 80
HTTPS_PORT = 443
NGINX_USER = 101
"""User and group of the controller's image."""


def parts(settings: Settings) -> tuple[Part, ...]:
    """Objects of the ingress, the Namespace (role `namespace`) first; empty where the cluster's own is used."""
    if settings.ingress.controller != "nginx":
        return ()
    namespace = settings.ingress.namespace
    labels = of_platform(settings, "ingress", namespace)
    found = [
        Part("namespace", namespace_object(settings, namespace, labels)),
        *isolation.parts(settings, namespace, labels),
        *_controller_policies(settings, labels),
        *_hosts(settings, labels),
    ]
    if settings.skip_await:
        awaiting.without_await(found)
    return tuple(found)


def routes(settings: Settings, workload: Workload, labels: dict[str, str]) -> list[Part]:
    """The paths of `workload`: an Ingress for each host, role `route-{host}`."""
    if settings.ingress.routing == "VirtualServer":
        return virtual_server.routes(settings, workload, labels)
    grouped: dict[str, list[Route]] = {}
    for route in workload.routes:
        grouped.setdefault(route.host, []).append(route)
    return [
        Part(
            f"route-{key}",
            _ingress(
                settings,
                names.part(workload.name, key),
                workload.namespace,
                labels,
                "minion",
                {
                    "host": settings.ingress.hosts[key].host,
                    "http": {"paths": [_path(workload, route) for route in found]},
                },
            ),
        )
        for key, found in grouped.items()
    ]


def _path(workload: Workload, route: Route) -> dict[str, Any]:
    served = led_to(workload.served, route)
    if served is None:
        raise ValueError(f"{workload.name} has a route and no 'service' with a port for it")
    backend = {"service": {"name": workload.name, "port": {"number": served.port}}}
    return {"path": route.path, "pathType": route.path_type, "backend": backend}


def _hosts(settings: Settings, labels: dict[str, str]) -> list[Part]:
    """A master for each host that a workload has a path on, role `host-{host}`."""
    if settings.ingress.routing == "VirtualServer":
        return virtual_server.hosts(settings, labels)
    used = {route.host for workload in settings.workloads.values() for route in workload.routes}
    found = []
    for key, host in settings.ingress.hosts.items():
        if key in used:
            master = _ingress(
                settings, key, settings.ingress.namespace, labels, "master", {"host": host.host}
            )
            tls = _tls(settings, host)
            if tls:
                master["spec"]["tls"] = tls
            found.append(Part(f"host-{key}", master, ("namespace",)))
    return found


def _tls(settings: Settings, host: Host) -> list[dict[str, Any]]:
    tls = host.tls or settings.ingress.tls
    return [{"hosts": [host.host], "secretName": tls.secret_name}] if tls else []


def _ingress(
    settings: Settings,
    name: str,
    namespace: str,
    labels: dict[str, str],
    role: str,
    rule: dict[str, Any],
) -> Manifest:
    metadata: dict[str, Any] = {"name": name, "namespace": namespace, "labels": {**labels}}
    if settings.ingress.controller == "nginx":
        metadata["annotations"] = {MERGEABLE: role}
    return {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "Ingress",
        "metadata": metadata,
        "spec": {"ingressClassName": settings.ingress.class_name, "rules": [rule]},
    }


def _controller_policies(settings: Settings, labels: dict[str, str]) -> list[Part]:
    """In from everywhere on the two ports; out to the workloads with routes and to the API server."""
    namespace = settings.ingress.namespace
    controller = ingress_controller()
    # No `from`: it must also take what a node hands on under its own address.
    inwards = [{"ports": ports(Opened(HTTP_PORT), Opened(HTTPS_PORT))}]
    outwards = [
        *({"to": [peer(it)], "ports": ports(*routed_ports(it))} for it in graph(settings).routed),
        api_server(settings),
    ]
    return [
        Part(
            f"controller-{direction}",
            network_policy(
                f"controller-{direction}", namespace, labels, controller, **{direction: rules}
            ),
            ("namespace",),
        )
        for direction, rules in (("ingress", inwards), ("egress", outwards))
    ]


def chart_values(settings: Settings) -> dict[str, Any]:
    """Helm values of `third_party.NGINX_INGRESS`; only with controller nginx.

    Its pods meet the restricted level, with a read-only root. Without custom resources it needs none of the chart's
    CustomResourceDefinitions: Ingress is all it reads then. It looks for Secrets in its own namespace alone, where TLS
    lies.
    """
    given = settings.ingress
    selector = ingress_controller()
    labels = of_platform(settings, "ingress", given.namespace)
    extra = {
        key: text for key, text in labels.items() if key not in (NAME, INSTANCE, CHART, MANAGED_BY)
    }
    several = given.replicas > 1
    controller: dict[str, Any] = {
        "name": "controller",
        "kind": "deployment",
        "image": {"repository": NGINX_INGRESS.image, "tag": NGINX_INGRESS.app_version},
        "selectorLabels": selector,
        "replicaCount": given.replicas,
        "strategy": {
            "type": "RollingUpdate",
            "rollingUpdate": {"maxSurge": 1, "maxUnavailable": 0},
        },
        "podDisruptionBudget": {"enabled": several, **({"maxUnavailable": 1} if several else {})},
        "ingressClass": {"name": given.class_name, "create": True, "setAsDefaultIngress": False},
        "enableCustomResources": given.routing == "VirtualServer",
        "enableSnippets": False,
        "watchSecretNamespace": given.namespace,
        # It would call home, past every policy here.
        "telemetryReporting": {"enable": False},
        "reportIngressStatus": {"enable": True, "enableLeaderElection": True},
        "resources": _resources(given.resources),
        "initContainerResources": _resources(given.resources),
        "readOnlyRootFilesystem": True,
        "podSecurityContext": {
            "runAsNonRoot": True,
            "fsGroup": NGINX_USER,
            "seccompProfile": {"type": "RuntimeDefault"},
            "sysctls": [{"name": UNPRIVILEGED_PORT_START, "value": str(HTTP_PORT)}],
        },
        "securityContext": {
            **_restricted(),
            "capabilities": {"drop": ["ALL"], "add": ["NET_BIND_SERVICE"]},
        },
        "initContainerSecurityContext": {**_restricted(), "capabilities": {"drop": ["ALL"]}},
        "pod": {"extraLabels": extra},
        "service": {
            "create": True,
            "type": "LoadBalancer",
            # Keeps the caller's address; Azure then probes each node for a controller pod by itself.
            "externalTrafficPolicy": "Local",
            "annotations": {INTERNAL: "true"} if given.internal else {},
            "extraLabels": {**extra},
        },
    }
    if settings.node_selectors and given.pool:
        controller["nodeSelector"] = {POOL_LABEL: pool_name(settings, given.pool)}
    if several:
        controller["topologySpreadConstraints"] = [
            {
                "maxSkew": 1,
                "topologyKey": key,
                "whenUnsatisfiable": "ScheduleAnyway",
                "labelSelector": {"matchLabels": ingress_controller()},
                "matchLabelKeys": ["pod-template-hash"],
            }
            for key in (ZONE, NODE)
        ]
    return {
        "controller": controller,
        "rbac": {"create": True},
        "prometheus": {"create": False},
        "serviceInsight": {"create": False},
        "nginxServiceMesh": {"enable": False},
    }


def _resources(given: Resources) -> dict[str, Any]:
    pairs = (("requests", amounts(given.requests)), ("limits", amounts(given.limits)))
    return {key: asked for key, asked in pairs if asked}


def _restricted() -> dict[str, Any]:
    return {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "runAsNonRoot": True,
        "runAsUser": NGINX_USER,
    }
