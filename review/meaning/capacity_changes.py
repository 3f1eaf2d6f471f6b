"""Workloads and node pools that are not of the size they were: how many pods, how large, where; how many nodes."""

from collections.abc import Iterator
from typing import Final

from review.meaning.capacity_amounts import GIBIBYTE, rounded
from review.meaning.capacity_side import Load, Side, Size
from review.report import Fact, Sign
from settings.quantity import cpu_text, memory_text

POOLS: Final = "https://learn.microsoft.com/azure/aks/node-resource-reservations"
SCALING: Final = "https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/"


def of_workloads(before: Side, after: Side) -> Iterator[Fact]:
    """Workloads of more, fewer, larger or smaller pods; not those that a side could not count."""
    unread = {title for title, _ in {*before.unread, *after.unread}}
    for title in sorted({*before.loads, *after.loads} - unread):
        old, new = before.loads.get(title), after.loads.get(title)
        if old is None and new is not None:
            words = f"{_each(new)} {'comes' if _is_one(new) else 'come'}{_in(new)}"
            yield _of_workload(title, words, "gained", new.urn, 40, "", _pods(new))
        elif new is None and old is not None:
            words = f"{_each(old)} {'goes' if _is_one(old) else 'go'}{_in(old)}"
            yield _of_workload(title, words, "lost", old.urn, 40, _pods(old), "")
        elif old is not None and new is not None:
            yield from _scaled(title, old, new)


def _scaled(title: str, old: Load, new: Load) -> Iterator[Fact]:
    if (old.rest, old.full) != (new.rest, new.full):
        words = f"{_pods(old)} -> {_pods(new)}: {_effect(old, new)}"
        yield _of_workload(title, words, "changed", new.urn, 30, _pods(old), _pods(new))
    elif old.peak != new.peak:
        words = f"{old.peak} -> {new.peak} pods at the peak of a rollout"
        yield _of_workload(title, words, "changed", new.urn, 50, str(old.peak), str(new.peak))
    if (old.cpu, old.memory) != (new.cpu, new.memory):
        words = f"each of its pods asks for {_one(old)} -> {_one(new)}; "
        words += f"there {'is' if _is_one(new) else 'are'} {_pods(new)}"
        yield _of_workload(title, words, "changed", new.urn, 35, _one(old), _one(new))
    if old.pool != new.pool:
        words = f"its pods go from {_pool(old)} to {_pool(new)}"
        yield _of_workload(title, words, "changed", new.urn, 20, old.pool, new.pool)


def _effect(old: Load, new: Load) -> str:
    if old.rest == old.full and new.rest == new.full:
        return _more(new.full - old.full)
    parts = []
    if old.rest != new.rest:
        parts.append(_more(new.rest - old.rest, " at rest"))
    if old.full != new.full:
        parts.append(_more(new.full - old.full, " at most"))
    return ", ".join(parts)


def _more(count: int, when: str = "") -> str:
    which = "more" if count > 0 else "fewer"
    return f"{abs(count)} pod{'' if abs(count) == 1 else 's'} {which}{when}"


def _pods(it: Load) -> str:
    if it.per_node:
        return "one pod a node"
    if it.rest == it.full:
        return f"{it.rest} pod{'' if it.rest == 1 else 's'}"
    return f"{it.rest} to {it.full} pods"


def _is_one(it: Load) -> bool:
    return it.per_node or it.rest == it.full == 1


def _each(it: Load) -> str:
    return f"{_pods(it)} of {_one(it)}{'' if _is_one(it) else ' each'}"


def _one(it: Load) -> str:
    return f"{cpu_text(it.cpu)} CPU and {memory_text(it.memory)} memory"


def _pool(it: Load) -> str:
    return f"pool {it.pool}" if it.pool else "any pool"


def _in(it: Load) -> str:
    return f", in pool {it.pool}" if it.pool else ""


def _of_workload(
    title: str, words: str, sign: Sign, urn: str, rank: int, old: str, new: str
) -> Fact:
    return Fact(
        area="capacity",
        sign=sign,
        resource=title,
        message=f"{title}: {words}",
        rank=rank,
        old=old,
        new=new,
        source=SCALING,
        urn=urn,
    )


def of_pools(before: Side, after: Side) -> Iterator[Fact]:
    """Pools that come, go, grow or shrink, as the program says them."""
    for name, new in after.sizes.items():
        old = before.sizes.get(name)
        if old is None:
            yield _of_pool(name, f"is new: {_nodes(new)}{_machine(new)}", "gained", new.urn)
        elif words := _resized(old, new):
            yield _of_pool(name, words, "changed", new.urn)
    for name, old in before.sizes.items():
        if name not in after.sizes:
            words = f"is gone, with its {_nodes(old)}{_machine(old)}"
            yield _of_pool(name, words, "lost", old.urn)


def _resized(old: Size, new: Size) -> str:
    parts = []
    if (old.least, old.most) != (new.least, new.most):
        parts.append(f"{_nodes(old)} -> {_nodes(new)}")
    if old.vm_size != new.vm_size:
        unknown = "a machine not known"
        parts.append(f"{old.vm_size or unknown} -> {new.vm_size or unknown}")
    if (old.cpu, old.memory) != (new.cpu, new.memory):
        parts.append(f"a node has {_room(old)} -> {_room(new)} for pods")
    if old.mode != new.mode:
        parts.append(f"mode {old.mode} -> {new.mode}")
    return "; ".join(parts)


def _of_pool(name: str, words: str, sign: Sign, urn: str) -> Fact:
    return Fact(
        area="capacity",
        sign=sign,
        resource=f"pool {name}",
        message=f"pool {name}: {words}",
        rank=10,
        source=POOLS,
        urn=urn,
    )


def _nodes(it: Size) -> str:
    if it.least == it.most:
        return f"{it.most} node{'' if it.most == 1 else 's'}"
    return f"{it.least} to {it.most} nodes"


def _machine(it: Size) -> str:
    return f" of {it.vm_size}" if it.vm_size else ""


def _room(it: Size) -> str:
    return f"{rounded(it.cpu)} cores and {rounded(it.memory / GIBIBYTE)} GiB"
