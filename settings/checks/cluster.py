"""What a stack must say and must not say for its target."""

from collections.abc import Iterator

from settings.faults import Fault
from settings.sources import Sources
from settings.stack import Settings


def check(settings: Settings, sources: Sources) -> Iterator[Fault]:
    """Required parts for the target, and what has no effect with it."""
    if settings.target == "aks":
        yield from _aks(settings, sources)
    else:
        yield from _kubeconfig(settings, sources)


def _kubeconfig(settings: Settings, sources: Sources) -> Iterator[Fault]:
    if settings.kubeconfig is None:
        yield sources.fault(
            ("kubeconfig",), "is required with target kubeconfig", remedy="add 'kubeconfig: {}'"
        )
    for key in ("resourceGroup", "network", "access"):
        if key in sources.root:
            yield sources.fault((key,), "has no effect with target kubeconfig", remedy="remove it")
    if settings.ingress.controller != "none":
        yield sources.fault(
            ("ingress", "controller"),
            "must be none with target kubeconfig: no chart is installed",
            repr(settings.ingress.controller),
            "write 'controller: none'",
        )


def _aks(settings: Settings, sources: Sources) -> Iterator[Fault]:
    required = {
        ("resourceGroup",): settings.resource_group,
        ("cluster", "name"): settings.cluster.name,
        ("cluster", "dnsPrefix"): settings.cluster.dns_prefix,
        ("network",): settings.network,
        ("access",): settings.access,
    }
    for path, value in required.items():
        if value is None:
            yield sources.fault(path, "is required with target aks", remedy="add it")
    if settings.kubeconfig is not None:
        yield sources.fault(("kubeconfig",), "has no effect with target aks", remedy="remove it")
