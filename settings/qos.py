"""The quality of service class of a pod: who is ended first when a node runs out of memory.

Kubernetes gives it, and settings do not name it. Guaranteed: every container, init containers included, has limits for
CPU and memory, and requests equal to them. BestEffort: none has any. Burstable: all else.
https://kubernetes.io/docs/concepts/workloads/pods/pod-qos/
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from settings.bounds import Limits
from settings.container import ContainerSettings
from settings.demand import NO_DEFAULTS, Demand, amounts, container, defaults_of
from settings.explain import UnknownKeyError
from settings.faults import did_you_mean
from settings.quantity import cpu_text, memory_text
from settings.stack import Settings
from settings.start_order import start_order
from settings.workload import Workload

QosClass = Literal["Guaranteed", "Burstable", "BestEffort"]

FILLED_IN = "*"


@dataclass(frozen=True, kw_only=True)
class Row:
    """What one container has in the end."""

    name: str
    key: str
    """Key path of its `resources` within the workload."""

    share: Demand
    """With the namespace's defaults; an amount of 0 is none."""

    own: Demand
    """Without them."""


def rows(workload: Workload, limits: Limits | None) -> list[Row]:
    """Every container of a pod in a namespace with `limits`: in the order they start, the workload's own first of
    those that start together."""
    order = start_order(workload)
    further = [*order.first, (workload.name, workload), *order.beside]
    return [_row(workload, name, it, limits) for name, it in further]


def _row(workload: Workload, name: str, given: ContainerSettings, limits: Limits | None) -> Row:
    filled = defaults_of(limits) if limits else NO_DEFAULTS
    requests, most = amounts(given.resources.requests), amounts(given.resources.limits)
    return Row(
        name=name,
        key="resources" if given is workload else f"containers.{name}.resources",
        share=container(requests, most, filled),
        own=container(requests, most),
    )


def qos_class(containers: list[Row]) -> QosClass:
    """The class of a pod with these containers."""
    if all(it.share == Demand() for it in containers):
        return "BestEffort"
    return "Burstable" if any(True for _ in wants(containers)) else "Guaranteed"


def wants(containers: list[Row]) -> Iterator[str]:
    """What would have to change for the class Guaranteed, a line an amount."""
    for it in containers:
        compared = (
            ("cpu", it.share.requests_cpu, it.share.limits_cpu, cpu_text),
            ("memory", it.share.requests_memory, it.share.limits_memory, memory_text),
        )
        for name, request, limit, text in compared:
            if not limit:
                yield f"add '{it.key}.limits.{name}'"
            elif request != limit:
                yield f"set '{it.key}.requests.{name}' to its limit, {text(limit)}; it is {text(request)}"


def explained(settings: Settings, name: str) -> list[str]:
    """The class of workload `name`, a table of its containers and what Guaranteed would need, as lines of text.

    Raises `UnknownKeyError`.
    """
    workload = settings.workloads.get(name)
    if workload is None:
        near = did_you_mean(name, settings.workloads) or "name one of its workloads"
        raise UnknownKeyError(f"no workload {name!r} in this stack; {near}")
    tenant = settings.namespaces.get(workload.namespace)
    found = rows(workload, tenant.limits if tenant else None)
    quality, needed = qos_class(found), list(wants(found))
    table = [("container", "cpu request", "cpu limit", "memory request", "memory limit")]
    table += [_cells(it) for it in found]
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    lines = [f"qos.{name} = {quality}"]
    for line in table:
        cells = (cell.ljust(width) for cell, width in zip(line, widths, strict=True))
        lines.append(f"  {'  '.join(cells)}".rstrip())
    if any(FILLED_IN in cell for line in table for cell in line):
        lines.append(f"  {FILLED_IN} default of namespace {workload.namespace}")
    if needed:
        lines.append("  for Guaranteed:")
        lines += [f"    {it}" for it in needed]
    return lines


def _cells(row: Row) -> tuple[str, str, str, str, str]:
    def cell(own: Decimal, share: Decimal, text: str) -> str:
        return f"{text}{'' if own == share else FILLED_IN}" if share else "none"

    own, share = row.own, row.share
    return (
        row.name,
        cell(own.requests_cpu, share.requests_cpu, cpu_text(share.requests_cpu)),
        cell(own.limits_cpu, share.limits_cpu, cpu_text(share.limits_cpu)),
        cell(own.requests_memory, share.requests_memory, memory_text(share.requests_memory)),
        cell(own.limits_memory, share.limits_memory, memory_text(share.limits_memory)),
    )
