"""Nodes that are drained, imaged anew or replaced by a change: whose pods move, and what keeps them from moving.

The fields are the guard's: those of a pool or a cluster that it tells of as done in place at the price of its nodes,
and those that replace a pool.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from review.guard.changes import rows_of
from review.guard.pairs import title
from review.guard.rows_cluster import CLUSTER
from review.guard.rows_pools import POOL
from review.guard.table import Guarded, plain_type
from review.guard.values import ABSENT, differs, places
from review.marks import known
from review.meaning.controllers import ignored, is_ignored, stable
from review.plan import Plan

DRAINS: Final = (
    "orchestratorVersion",
    "osSKU",
    "localDNSProfile",
    "enableFIPS",
    "powerState.code",
    "kubernetesVersion",
    "identityProfile.kubeletidentity.resourceId",
    "httpProxyConfig",
)
"""Fields whose change costs every node of a pool, or of all pools of a cluster."""

AT_ONCE: Final = ("enableFIPS", "powerState.code")
"""Those that take all nodes of a pool at the same time."""


@dataclass(frozen=True)
class Nodes:
    """A node pool or a cluster of a plan."""

    title: str
    urn: str
    token: str
    inputs: Mapping[str, Any]
    ignored: tuple[str, ...]

    @property
    def pool(self) -> str:
        """Name of the pool as its nodes carry it; empty for a cluster."""
        name = self.inputs.get("agentPoolName")
        return name if isinstance(name, str) else ""


@dataclass(frozen=True)
class Move:
    """Why nodes go."""

    nodes: Nodes
    path: str
    why: str
    safe: str
    source: str
    at_once: bool
    """Whether all of them go together."""

    sure: bool


def nodes_of(plan: Plan) -> dict[str, Nodes]:
    """Pools and clusters of the plan, by URN without the stack."""
    found = {}
    for row in plan.resources:
        if row.type.startswith("azure-native:") and plain_type(row.type) in (POOL, CLUSTER):
            found[stable(row.urn)] = Nodes(title(row), row.urn, row.type, row.inputs, ignored(row))
    return dict(sorted(found.items()))


def moves(before: Mapping[str, Nodes], after: Mapping[str, Nodes]) -> list[Move]:
    """One for each field that costs nodes, one for all that is made anew; nothing for what only one plan has.

    A cluster that is made anew takes its pools along: then they are not told of.
    """
    found: list[Move] = []
    for key, old in before.items():
        new = after.get(key)
        if new is not None and old.inputs != new.inputs:
            found += _moves(old, new)
    return [it for it in found if it.at_once and it.sure and not it.nodes.pool] or found


def _moves(old: Nodes, new: Nodes) -> Iterator[Move]:
    rows = rows_of(new.token)
    replaced = [
        it
        for row in rows
        if row.effect == "replaces"
        for it in _of_row(row, old, new, at_once=True)
    ]
    if anew := [it for it in replaced if it.sure]:
        yield anew[0]
        return
    if plain_type(new.token) == POOL:
        yield from replaced
    for row in rows:
        if row.effect == "inPlace" and row.path in DRAINS:
            yield from _of_row(row, old, new, at_once=row.path in AT_ONCE)


def _of_row(row: Guarded, old: Nodes, new: Nodes, *, at_once: bool) -> Iterator[Move]:
    for path, was, becomes in places(old.inputs, new.inputs, row.path):
        was, becomes = _filled(row, was), _filled(row, becomes)
        sure = differs(was, becomes, row.alike)
        if sure == "no" or is_ignored(path, new.ignored):
            continue
        if sure == "yes" and not row.when(was, becomes):
            continue
        yield Move(new, path, row.why, row.safe, row.source, at_once, sure == "yes")


def _filled(row: Guarded, value: Any) -> Any:
    return row.absent if value is ABSENT else value


def surge(nodes: Nodes) -> str:
    """How many nodes of a pool are drained at once, in words."""
    settings = known(nodes.inputs.get("upgradeSettings"))
    most = settings.get("maxSurge")
    less = settings.get("maxUnavailable")
    if isinstance(most, str | int) and str(most) not in ("0", "0%"):
        return f"{most} of them at a time, new nodes first"
    if isinstance(less, str | int) and str(less) not in ("0", "0%"):
        return f"{less} of them at a time, without new nodes"
    return "some at a time"
