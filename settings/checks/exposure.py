"""What is reachable from outside: hosts, paths, node ports."""

from collections.abc import Iterator

from settings.faults import Fault, did_you_mean
from settings.sources import Sources
from settings.stack import Settings


def check(settings: Settings, sources: Sources) -> Iterator[Fault]:
    """Hosts exist, no host and path is claimed twice in the whole estate, node ports neither."""
    yield from _routes(settings, sources)
    yield from _services(settings, sources)
    ingress = settings.ingress
    if settings.target == "aks" and ingress.controller == "nginx" and ingress.pool is None:
        yield sources.fault(
            ("ingress", "pool"), "is required with controller nginx", remedy="name a worker pool"
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
        if workload.routes and not workload.service:
            yield sources.fault(
                ("workloads", name, "routes"),
                "needs 'service': an Ingress sends requests to one",
                remedy="add it",
            )


def _services(settings: Settings, sources: Sources) -> Iterator[Fault]:
    taken: dict[int, str] = {}
    for name, workload in settings.workloads.items():
        service, at = workload.service, ("workloads", name, "service")
        if service is None:
            continue
        if workload.kind in ("job", "cronjob"):
            yield sources.fault(at, f"has no use for a {workload.kind}", remedy="remove it")
        if service.headless and service.type != "ClusterIP":
            yield sources.fault(
                (*at, "headless"), "goes with type ClusterIP only", "true", "remove one of the two"
            )
        if service.node_port is None:
            continue
        if service.type != "NodePort":
            yield sources.fault(
                (*at, "nodePort"),
                "goes with type NodePort only",
                str(service.node_port),
                "add 'type: NodePort' or remove it",
            )
        if service.node_port in taken:
            yield sources.fault(
                (*at, "nodePort"),
                f"is taken by {taken[service.node_port]}",
                str(service.node_port),
                "choose another, or leave the choice to Kubernetes",
            )
        taken.setdefault(service.node_port, name)
