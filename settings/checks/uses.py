"""Declared connections: every target exists, has the port that is asked for, and can be held by the network plugin."""

from collections.abc import Iterator
from ipaddress import IPv4Network

from settings.checks.network import cannot_hold
from settings.faults import Fault, did_you_mean
from settings.ports import TCP, Opened
from settings.sources import Sources
from settings.stack import Settings
from settings.uses import INTERNET, KUBERNETES, MONITORING, RESERVED, Use, use
from settings.workload import Workload

_NAMES = "'internet', 'kubernetes' or 'monitoring'"
_WHOLE = IPv4Network("0.0.0.0/0")
_OF_CLUSTER = (".svc", ".cluster.local")
"""Ends of names that the cluster's own DNS gives to Services."""

At = tuple[str | int, ...]


def check(settings: Settings, sources: Sources) -> Iterator[Fault]:
    """`uses` names workloads, externals, platform services, ranges and hosts that are there; no name means two
    things, and nothing is said twice."""
    for name in settings.externals:
        if name in sources.catalogue or name in RESERVED:
            rule = f"must differ from every workload, {_NAMES}"
            yield sources.fault(("externals", name), rule, repr(name), "rename it")
    for name in RESERVED:
        if name in settings.workloads:
            yield sources.fault(
                ("workloads", name, "name"), "is reserved for 'uses'", repr(name), "rename it"
            )
    for name, workload in settings.workloads.items():
        yield from _of_workload(settings, name, workload, sources)


def _of_workload(
    settings: Settings, name: str, workload: Workload, sources: Sources
) -> Iterator[Fault]:
    if workload.metrics:
        yield from _metrics(workload, workload.metrics.port, ("workloads", name), sources)
    seen: dict[tuple[object, ...], str] = {}
    ranges: list[tuple[IPv4Network, Opened | None]] = []
    for index, text in enumerate(workload.uses):
        it, at = use(text), ("workloads", name, "uses", index)
        over = it.protocol if it.name in settings.workloads else it.opened
        twin = seen.setdefault((it.form, it.name, it.port, over), text)
        if twin != text or text in workload.uses[:index]:
            rule = "stands twice" if twin == text else f"is the same as {twin!r}"
            yield sources.fault(at, rule, repr(text), "remove one")
            continue
        if it.form == "name" and it.name == name:
            yield sources.fault(at, "names the workload itself", repr(text), "remove it")
        elif it.port is not None and not 1 <= it.port <= 65535:
            yield sources.fault(at, "must have a port of 1 to 65535", repr(text), "correct it")
        elif it.form == "name":
            yield from _name(settings, it, text, at, sources)
        elif it.form == "host":
            yield from _host(settings, workload, it, text, at, sources)
        else:
            yield from _range(settings, it, text, at, ranges, sources)


def _metrics(workload: Workload, port: str, at: At, sources: Sources) -> Iterator[Fault]:
    ports = workload.all_ports
    if port not in ports:
        known = ", ".join(map(repr, ports)) or "none"
        yield sources.fault(
            (*at, "metrics", "port"),
            f"must be the name of a container port: {known}",
            repr(port),
            did_you_mean(port, ports) or "add it to 'ports'",
        )
    elif ports[port].protocol != TCP:
        rule = (
            f"must be a TCP port, and {port!r} is {ports[port].protocol}: Prometheus asks over HTTP"
        )
        yield sources.fault((*at, "metrics", "port"), rule, repr(port), "name another, or add one")


def _range(
    settings: Settings,
    it: Use,
    text: str,
    at: At,
    ranges: list[tuple[IPv4Network, Opened | None]],
    sources: Sources,
) -> Iterator[Fault]:
    if it.form == "address":
        rule = "must be a range, for one address with /32"
        yield sources.fault(at, rule, repr(text), "write '10.64.4.9/32:1433'")
        return
    try:
        network = IPv4Network(it.name)
    except ValueError:
        own = IPv4Network(it.name, strict=False)
        rule = "must be an IPv4 range without host bits"
        yield sources.fault(at, rule, repr(text), f"write '{own}' with the port")
        return
    if it.port is None:
        rule = "must name a port"
        yield sources.fault(at, rule, repr(text), f"write '{it.name}:443'")
    elif network == _WHOLE:
        rule = "must not be every address: the cluster's own and Azure's would be among them"
        yield sources.fault(at, rule, repr(text), f"write 'internet:{it.port}'")
    elif found := cannot_hold(settings, network):
        yield sources.fault(at, found.rule, repr(text), found.remedy)
    else:
        for other, opened in ranges:
            if opened == it.opened and network.overlaps(other):
                rule = f"must not overlap '{other}:{it.port}', which stands above it"
                yield sources.fault(at, rule, repr(text), "keep the wider one")
                return
        ranges.append((network, it.opened))


def _host(
    settings: Settings, workload: Workload, it: Use, text: str, at: At, sources: Sources
) -> Iterator[Fault]:
    outside = "name an external with its 'cidrs', or 'internet:443'"
    if it.name.endswith(_OF_CLUSTER):
        yield sources.fault(
            at,
            "must not be a Service of the cluster: its name leads to pods, which policies select by label",
            repr(text),
            "name the workload",
        )
    elif it.port is None:
        rule, remedy = "must name a port: a host has none of its own", f"write '{it.name}:443'"
        yield sources.fault(at, rule, repr(text), remedy)
    elif settings.enforcer != "cilium":
        who = {"calico": "Calico", "azure": "Azure's policies", "none": "nobody, by 'cni: none',"}
        named = who.get(settings.enforcer or "", "a network plugin that is not known")
        rule = f"must not be a host: network policies know addresses, and {named} can hold no name"
        yield sources.fault(at, rule, repr(text), f"{outside}; hosts need 'cni: cilium'")
    elif not settings.fqdn_policies:
        rule = "must not be a host without 'fqdnPolicies: true' in the stack"
        remedy = f"set it (Advanced Container Networking Services on AKS, paid by the node), or {outside}"
        yield sources.fault(at, rule, repr(text), remedy)
    elif workload.dns_policy != "ClusterFirst":
        rule = "must not be a host with 'dnsPolicy: Default': Cilium reads the answers of the cluster's DNS alone"
        yield sources.fault(at, rule, repr(text), f"remove 'dnsPolicy', or {outside}")


def _name(settings: Settings, it: Use, text: str, at: At, sources: Sources) -> Iterator[Fault]:
    host, port = it.name, it.port
    if it.namespace:
        yield from _in_namespace(settings, it, text, at, sources)
    elif host in RESERVED:
        yield from _platform(settings, it, text, at, sources)
    elif host in settings.externals and port is None and not settings.externals[host].ports:
        remedy = f"write '{host}:443' or give 'externals.{host}.ports'"
        yield sources.fault(
            at, "must name a port: the external has none of its own", repr(text), remedy
        )
    elif host in settings.workloads:
        yield from _peer(settings, it, at, text, sources)
    elif host in sources.catalogue:
        yield from _left_out(host, text, at, sources)
    elif host == "dns":
        rule = "need not be said: every pod may ask for names"
        yield sources.fault(at, rule, repr(text), "remove it")
    elif host not in settings.externals:
        known = [*settings.workloads, *settings.externals, *RESERVED]
        rule = f"must be a workload, an external of the stack, {_NAMES}"
        remedy = did_you_mean(host, known) or "add it to 'externals' of the stack"
        yield sources.fault(at, rule, repr(text), remedy)


def _platform(settings: Settings, it: Use, text: str, at: At, sources: Sources) -> Iterator[Fault]:
    host, port = it.name, it.port
    if host == INTERNET and port is None:
        yield sources.fault(
            at, "must name a port for the Internet", repr(text), "write 'internet:443'"
        )
    elif host == KUBERNETES and it.protocol not in (None, TCP):
        rule = "must be called over TCP: the API server speaks nothing else"
        yield sources.fault(at, rule, repr(text), f"write '{host}:{port}'")
    elif host == MONITORING and settings.monitoring is None:
        rule, remedy = "needs 'monitoring' in the stack", "add it there, or name a workload"
        yield sources.fault(at, rule, repr(text), remedy)
    elif host == MONITORING and port is None:
        rule, remedy = "must name a port of monitoring", "write 'monitoring:9091'"
        yield sources.fault(at, rule, repr(text), remedy)


def _in_namespace(
    settings: Settings, it: Use, text: str, at: At, sources: Sources
) -> Iterator[Fault]:
    found = settings.workloads.get(it.name)
    if it.namespace not in settings.namespaces:
        remedy = did_you_mean(it.namespace, settings.namespaces)
        yield sources.fault(
            at,
            "must name a namespace of the stack before the '/'",
            repr(text),
            remedy or f"known here: {', '.join(settings.namespaces)}",
        )
    elif found is None and it.name in sources.catalogue:
        yield from _left_out(it.name, text, at, sources)
    elif found is None:
        there = [
            name for name, other in settings.workloads.items() if other.namespace == it.namespace
        ]
        remedy = did_you_mean(it.name, there) or "an external has no namespace; write its name"
        yield sources.fault(at, f"must be a workload of {it.namespace}", repr(text), remedy)
    elif found.namespace != it.namespace:
        rule = f"must name the namespace of {it.name}, which is {found.namespace}"
        remedy = f"write {text.replace(it.namespace, found.namespace, 1)!r}"
        yield sources.fault(at, rule, repr(text), remedy)
    else:
        yield from _peer(settings, it, at, text, sources)


def _left_out(host: str, text: str, at: At, sources: Sources) -> Iterator[Fault]:
    """Silent about one that could not be read: its file has a fault already."""
    if sources.overrides.get(host, host) is None:
        remedy = "leave this one out, too, or override 'uses'"
        yield sources.fault(at, "names a workload that this stack leaves out", repr(text), remedy)


def _peer(settings: Settings, it: Use, at: At, text: str, sources: Sources) -> Iterator[Fault]:
    callee = settings.workloads[it.name]
    known = list(dict.fromkeys(served.port for served in callee.served))
    over = [served.protocol for served in callee.served if served.port == it.port]
    if callee.service is None:
        yield sources.fault(
            at, f"names {it.name}, which has no 'service'", repr(text), "add one there"
        )
    elif it.port not in (None, *known):
        yield sources.fault(
            at,
            f"must name a Service port of {it.name}: {', '.join(map(str, known))}",
            repr(text),
            "correct it",
        )
    elif it.port is not None and it.protocol not in (None, *over):
        yield sources.fault(
            at,
            f"must name a protocol that {it.name} serves port {it.port} with: {', '.join(over)}",
            repr(text),
            f"write '{text.rpartition('/')[0]}', which means every one of them",
        )
