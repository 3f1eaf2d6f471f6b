"""Who calls whom: `uses` of every workload, readable from both ends.

One pass over the estate, made once and handed to every `workload.parts`, so that a thousand workloads stay linear.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple

from settings.stack import External, Settings
from settings.workload import Workload

INTERNET = "internet"
KUBERNETES = "kubernetes"


class Target(NamedTuple):
    """One entry of `uses`, resolved."""

    to: Workload | External | Literal["internet", "kubernetes"]

    ports: tuple[int, ...]
    """Ports as they arrive: of a workload the container's, not the Service's. Empty: the target's usual ones."""


@dataclass(frozen=True, kw_only=True)
class Graph:
    """The declared connections between the workloads of one estate."""

    callers: Mapping[str, tuple[Workload, ...]]
    """Who calls a workload, by the name of the called one, in catalogue order; nobody: no entry."""

    routed: tuple[Workload, ...]
    """Workloads with a route: the ingress controller calls them."""


def graph(settings: Settings) -> Graph:
    """The connection graph of `settings`; one step for each entry of `uses`."""
    callers: dict[str, list[Workload]] = {}
    for workload in settings.workloads.values():
        for target in workload.uses:
            name = target.partition(":")[0]
            if name in settings.workloads:
                found = callers.setdefault(name, [])
                if not found or found[-1] is not workload:
                    found.append(workload)
    return Graph(
        callers={name: tuple(found) for name, found in callers.items()},
        routed=tuple(it for it in settings.workloads.values() if it.routes),
    )


def targets(settings: Settings, workload: Workload) -> Iterator[Target]:
    """What `workload` calls, in the order of its `uses`. Raises `KeyError` for a name that nobody has."""
    for text in workload.uses:
        name, _, port = text.partition(":")
        given = (int(port),) if port else ()
        if name in settings.workloads:
            callee = settings.workloads[name]
            yield Target(callee, service_ports(callee))
        elif name == INTERNET:
            yield Target("internet", given)
        elif name == KUBERNETES:
            yield Target("kubernetes", given)
        else:
            external = settings.externals[name]
            yield Target(external, given or tuple(external.ports))


def service_ports(workload: Workload) -> tuple[int, ...]:
    """The container port behind the Service of `workload`, by number; none without a Service.

    A policy meets the packet behind the Service, so the Service's own port never appears in one.
    """
    return tuple(it.number for it in workload.served)
