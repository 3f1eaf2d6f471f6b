"""In which order the containers of a pod start: what `before` of each comes to.

A container that something waits for is an init container: one that ends (`complete`), or one that keeps running beside
the rest, a native sidecar (`started`, `healthy`: `restartPolicy: Always`). Kubernetes starts init containers one by
one, a sidecar's successor only after its startup probe has passed, and the others together after the last of them.
https://kubernetes.io/docs/concepts/workloads/pods/sidecar-containers/
"""

from contextlib import suppress
from graphlib import CycleError, TopologicalSorter
from heapq import heappop, heappush
from typing import NamedTuple

from settings.container import Container
from settings.workload import Workload


class StartOrder(NamedTuple):
    """The further containers of a pod by name."""

    first: tuple[tuple[str, Container], ...]
    """Init containers and sidecars, in the order they start."""

    beside: tuple[tuple[str, Container], ...]
    """Those that start with the workload's own, as typed."""


NONE_FURTHER = StartOrder((), ())


def start_order(workload: Workload) -> StartOrder:
    """How the further containers of `workload` start; of two that no `before` tells apart the first typed goes first.

    Where `before` runs in a circle, which a check refuses, as typed.
    """
    further = workload.containers
    if not further:
        return NONE_FURTHER
    first = [name for name, it in further.items() if it.before]
    with suppress(CycleError):
        first = _sorted(workload, first)
    return StartOrder(
        tuple((name, further[name]) for name in first),
        tuple((name, it) for name, it in further.items() if not it.before),
    )


def cycle(workload: Workload) -> list[str]:
    """Containers that wait for each other in a circle, the first also at the end; empty where there is none."""
    try:
        _sorted(workload, [name for name, it in workload.containers.items() if it.before])
    except CycleError as error:
        found: list[str] = error.args[1]
        return found
    return []


def is_sidecar(container: Container) -> bool:
    """Whether it is started before others and keeps running."""
    return bool(container.before) and "complete" not in container.before.values()


def ends_first(container: Container) -> bool:
    """Whether others wait for its end."""
    return "complete" in container.before.values()


def _sorted(workload: Workload, first: list[str]) -> list[str]:
    """Raises `CycleError` with the circle."""
    turn = {name: index for index, name in enumerate(first)}
    waits: TopologicalSorter[str] = TopologicalSorter(dict.fromkeys(first, ()))
    for name in first:
        for other in workload.containers[name].before:
            if other in turn:  # all others start after every init container anyway
                waits.add(other, name)
    waits.prepare()
    found: list[str] = []
    ready: list[int] = []
    while waits.is_active():
        for name in waits.get_ready():
            heappush(ready, turn[name])
        found.append(first[heappop(ready)])
        waits.done(found[-1])
    return found
