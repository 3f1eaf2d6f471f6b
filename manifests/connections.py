"""Who calls whom: `uses` of every workload, readable from both ends.

One pass over the estate, made once and handed to every `workload.parts`, so that a thousand workloads stay linear.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple

from settings.ports import Opened
from settings.service import Served, led_to
from settings.stack import External, Settings
from settings.uses import RESERVED, Use, use
from settings.workload import Workload


class Range(NamedTuple):
    """Addresses outside the cluster that a workload names itself."""

    cidr: str


class Host(NamedTuple):
    """A name in DNS, or all directly below one: `*.example.com`. No NetworkPolicy can say it: see `cilium`."""

    name: str


class Target(NamedTuple):
    """What one workload calls; a workload that stands several times in `uses` is one target with all its ports."""

    to: Workload | External | Range | Host | Literal["internet", "kubernetes", "monitoring"]

    ports: tuple[Opened, ...]
    """Ports as they arrive: of a workload the container's, not the Service's. Empty: the target's usual ones."""


class Caller(NamedTuple):
    """One workload that calls another."""

    workload: Workload

    ports: tuple[Opened, ...]
    """Container ports of the called one, in the order of its Service."""


@dataclass(frozen=True, kw_only=True)
class Graph:
    """The declared connections between the workloads of one estate."""

    callers: Mapping[str, tuple[Caller, ...]]
    """Who calls a workload, by the name of the called one, in catalogue order; nobody: no entry."""

    routed: tuple[Workload, ...]
    """Workloads with a route: the ingress controller calls them."""


def graph(settings: Settings) -> Graph:
    """The connection graph of `settings`; one step for each entry of `uses`."""
    callers: dict[str, list[Caller]] = {}
    for workload in settings.workloads.values():
        for name, asked in _asked(settings, workload).items():
            ports = _behind(settings.workloads[name], asked)
            callers.setdefault(name, []).append(Caller(workload, ports))
    return Graph(
        callers={name: tuple(found) for name, found in callers.items()},
        routed=tuple(it for it in settings.workloads.values() if it.routes),
    )


def targets(settings: Settings, workload: Workload) -> Iterator[Target]:
    """What `workload` calls, in the order of its `uses`. Raises `KeyError` for a name that nobody has."""
    asked = _asked(settings, workload)
    for text in workload.uses:
        it = use(text)
        form, name = it.form, it.name
        given = () if it.opened is None else (it.opened,)
        if form == "host":
            yield Target(Host(name), given)
        elif form != "name":
            yield Target(Range(name), given)
        elif name in settings.workloads:
            if name in asked:
                callee = settings.workloads[name]
                yield Target(callee, _behind(callee, asked.pop(name)))
        elif name in RESERVED:
            yield Target(name, given)  # type: ignore[arg-type]
        else:
            external = settings.externals[name]
            yield Target(external, given or tuple(map(Opened, external.ports)))


def service_ports(workload: Workload) -> tuple[Opened, ...]:
    """The container ports behind the Service of `workload`; none without a Service.

    A policy meets the packet behind the Service, so the Service's own ports never appear in one.
    """
    return _once(workload.served)


def routed_ports(workload: Workload) -> tuple[Opened, ...]:
    """The container ports that routes of `workload` lead to: all that the ingress controller needs."""
    served = workload.served
    led = {led_to(served, route) for route in workload.routes}
    return _once(it for it in served if it in led)


def scraped_ports(workload: Workload) -> tuple[Opened, ...]:
    """The container port of its `metrics`: all that monitoring needs. None without, or where no container has it."""
    found = workload.all_ports.get(workload.metrics.port) if workload.metrics else None
    return () if found is None else (found.opened,)


def _asked(settings: Settings, workload: Workload) -> dict[str, list[Use]]:
    """The workloads that `workload` calls, each with what it names of them."""
    found: dict[str, list[Use]] = {}
    for text in workload.uses:
        it = use(text)
        if it.form == "name" and it.name in settings.workloads:
            found.setdefault(it.name, []).append(it)
    return found


def _behind(callee: Workload, asked: Iterable[Use]) -> tuple[Opened, ...]:
    return _once(it for it in callee.served if any(one.means(it) for one in asked))


def _once(served: Iterable[Served]) -> tuple[Opened, ...]:
    """Each once: two ports of a Service may lead to one container port."""
    return tuple(dict.fromkeys(it.opened for it in served))
