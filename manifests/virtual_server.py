"""Routes as the F5 controller's own kinds, which can share out requests between two versions of a workload.

A host is a VirtualServer in the controller's namespace, which holds TLS and hands each path on; a path is a
VirtualServerRoute beside its workload:
https://docs.nginx.com/nginx-ingress-controller/configuration/virtualserver-and-virtualserverroute-resources/ .
A path with `Prefix` is NGINX's own, the longest that fits: `/web` takes `/webinar`, too, where nobody has that.
"""

from collections.abc import Iterator
from typing import Any

from manifests import Manifest, Part, names
from manifests.labels import of_workload, selector
from settings.release import Match
from settings.service import Route, Served, led_to
from settings.stack import Settings
from settings.tracks import ALL, CANDIDATE, running, share_of
from settings.workload import Workload

API_VERSION = "k8s.nginx.org/v1"
HOST_KIND = "VirtualServer"
ROUTE_KIND = "VirtualServerRoute"
STABLE_UPSTREAM = "stable"
CANDIDATE_UPSTREAM = "candidate"


def hosts(settings: Settings, labels: dict[str, str]) -> list[Part]:
    """A VirtualServer for each host that a workload has a path on, role `host-{host}`."""
    routed: dict[str, list[dict[str, str]]] = {}
    for workload in settings.workloads.values():
        for route, _, name in _named(workload):
            reference = f"{workload.namespace}/{name}"
            routed.setdefault(route.host, []).append({"path": _path(route), "route": reference})
    found = []
    for key, host in settings.ingress.hosts.items():
        if key in routed:
            spec: dict[str, Any] = {
                "ingressClassName": settings.ingress.class_name,
                "host": host.host,
                "routes": routed[key],
            }
            tls = host.tls or settings.ingress.tls
            if tls:
                spec["tls"] = {"secret": tls.secret_name, "redirect": {"enable": True}}
            manifest = _object(HOST_KIND, key, settings.ingress.namespace, labels, spec)
            found.append(Part(f"host-{key}", manifest, ("namespace",)))
    return found


def routes(settings: Settings, workload: Workload, labels: dict[str, str]) -> list[Part]:
    """A VirtualServerRoute for each path, role `route-{host}`, from the second on `route-{host}-{n}`; before them the
    candidate's own Service, role `service-candidate`, while requests are shared out."""
    shared = shares_requests(settings, workload)
    found = [_candidate(settings, workload)] if shared else []
    for route, role, name in _named(workload):
        served = led_to(workload.served, route)
        if served is None:
            raise ValueError(f"{workload.name} has a route and no port of a 'service' for it")
        spec = {
            "ingressClassName": settings.ingress.class_name,
            "host": settings.ingress.hosts[route.host].host,
            "upstreams": _upstreams(workload, served, shared=shared),
            "subroutes": [{"path": _path(route), **_action(workload, shared=shared)}],
        }
        manifest = _object(ROUTE_KIND, name, workload.namespace, labels, spec)
        after = ("service-candidate",) if shared else ()
        found.append(Part(role, manifest, after))
    return found


def shares_requests(settings: Settings, workload: Workload) -> bool:
    """Whether the controller weighs requests between two versions now."""
    release = workload.release
    if release.by != "requests" or not workload.routes or share_of(release) in (0, ALL):
        return False
    return len(running(settings, workload)) > 1


def _named(workload: Workload) -> Iterator[tuple[Route, str, str]]:
    """Each path with role and name of its object: `{workload}.{host}`, from a host's second on with its number."""
    counts: dict[str, int] = {}
    for route in workload.routes:
        count = counts[route.host] = counts.get(route.host, 0) + 1
        ending = route.host if count == 1 else f"{route.host}-{count}"
        yield route, f"route-{ending}", names.part(workload.name, ending)


def _path(route: Route) -> str:
    return f"={route.path}" if route.path_type == "Exact" else route.path


def _upstreams(workload: Workload, served: Served, *, shared: bool) -> list[dict[str, Any]]:
    found = [{"name": STABLE_UPSTREAM, "service": workload.name, "port": served.port}]
    if shared:
        name = candidate_service(workload)
        found.append({"name": CANDIDATE_UPSTREAM, "service": name, "port": served.port})
    return found


def _action(workload: Workload, *, shared: bool) -> dict[str, Any]:
    """What happens with a request: a share to each version, and those that `match` to the candidate."""
    if not shared:
        return {"action": {"pass": STABLE_UPSTREAM}}
    share = share_of(workload.release)
    splits = [
        {"weight": ALL - share, "action": {"pass": STABLE_UPSTREAM}},
        {"weight": share, "action": {"pass": CANDIDATE_UPSTREAM}},
    ]
    match = workload.release.match
    if match is None:
        return {"splits": splits}
    wanted = {"conditions": [_condition(match)], "action": {"pass": CANDIDATE_UPSTREAM}}
    return {"matches": [wanted], "splits": splits}


def _condition(match: Match) -> dict[str, str]:
    key = {"header": match.header} if match.header else {"cookie": match.cookie or ""}
    return {**key, "value": match.value}


def candidate_service(workload: Workload) -> str:
    """Name of the Service that leads to the candidate's pods alone."""
    return f"{workload.name}-{CANDIDATE}"


def _candidate(settings: Settings, workload: Workload) -> Part:
    track = next(it for it in running(settings, workload) if it.name == CANDIDATE)
    ports = [
        {"name": it.name, "port": it.port, "targetPort": it.target, "protocol": it.protocol}
        for it in workload.served
    ]
    manifest = {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {
            "name": candidate_service(workload),
            "namespace": workload.namespace,
            "labels": of_workload(settings, workload, track),
        },
        "spec": {"type": "ClusterIP", "selector": selector(workload, track), "ports": ports},
    }
    return Part("service-candidate", manifest)


def _object(
    kind: str, name: str, namespace: str, labels: dict[str, str], spec: dict[str, Any]
) -> Manifest:
    metadata = {"name": name, "namespace": namespace, "labels": {**labels}}
    return {"apiVersion": API_VERSION, "kind": kind, "metadata": metadata, "spec": spec}
