"""What is reachable through the ingress: hosts, paths and the ports behind them."""

from collections.abc import Iterator

from settings.faults import Fault, did_you_mean
from settings.ports import TCP
from settings.service import Route, led_to
from settings.sources import Sources
from settings.stack import Settings
from settings.workload import Workload

At = tuple[str | int, ...]


def check(settings: Settings, sources: Sources) -> Iterator[Fault]:
    """Hosts exist, no host and path is claimed twice in the whole estate, a route leads to a port."""
    yield from _routes(settings, sources)
    ingress = settings.ingress
    if settings.target == "aks" and ingress.controller == "nginx" and ingress.pool is None:
        yield sources.fault(
            ("ingress", "pool"), "is required with controller nginx", remedy="name a worker pool"
        )
    if ingress.routing == "VirtualServer" and ingress.controller != "nginx":
        yield sources.fault(
            ("ingress", "routing"),
            "VirtualServer is the F5 NGINX controller's own kind, and this stack does not install it",
            repr(ingress.routing),
            "write 'controller: nginx' or remove it",
        )
    if ingress.namespace in settings.namespaces:
        yield sources.fault(
            ("ingress", "namespace"),
            "must not be a tenant's namespace",
            repr(ingress.namespace),
            "rename one of them",
        )
    names: dict[str, str] = {}
    for key, host in ingress.hosts.items():
        if host.host in names:
            yield sources.fault(
                ("ingress", "hosts", key),
                f"must differ from host {names[host.host]!r}",
                repr(host.host),
                "use the one key for both",
            )
        names.setdefault(host.host, key)


def _routes(settings: Settings, sources: Sources) -> Iterator[Fault]:
    claimed: dict[tuple[str, str, str], str] = {}
    hosts = settings.ingress.hosts
    for name, workload in settings.workloads.items():
        for index, route in enumerate(workload.routes):
            at = ("workloads", name, "routes", index)
            if route.host not in hosts:
                yield sources.fault(
                    (*at, "host"),
                    "must be a key in 'ingress.hosts' of the stack",
                    repr(route.host),
                    did_you_mean(route.host, hosts)
                    or f"add it there; known: {', '.join(sorted(hosts)) or 'none'}",
                )
                continue
            path = route.path.rstrip("/") or "/"
            claim = (hosts[route.host].host, path, route.path_type)
            if claim in claimed:
                yield sources.fault(
                    at,
                    f"claims {claim[0]}{path}, which {claimed[claim]} has already",
                    remedy="give one of them another path",
                )
            claimed.setdefault(claim, name)
            yield from _port(workload, route, at, sources)
        if workload.routes and not workload.service:
            yield sources.fault(
                ("workloads", name, "routes"),
                "needs 'service': an Ingress sends requests to one",
                remedy="add it",
            )


def _port(workload: Workload, route: Route, at: At, sources: Sources) -> Iterator[Fault]:
    """Which of several ports of the Service a route leads to."""
    served = workload.served
    found = led_to(served, route)
    if found and found.protocol != TCP:
        yield sources.fault(
            (*at, "port") if route.port else at,
            f"must lead to a TCP port, and {found.name!r} is {found.protocol}: ingress controllers speak HTTP",
            repr(found.name),
            "remove the route: 'service.type: LoadBalancer' lets other protocols in",
        )
    if not served or found:
        return
    known = [it.name for it in served]
    said = ", ".join(map(repr, known))
    if route.port is None:
        yield sources.fault(
            at,
            f"must name a port of the Service: there are {said}, and none is 'http'",
            remedy=f"add 'port: {known[0]}'",
        )
    else:
        yield sources.fault(
            (*at, "port"),
            f"must be a port of the Service: {said}",
            repr(route.port),
            did_you_mean(route.port, known) or f"name one of {said}",
        )
