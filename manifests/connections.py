"""Who calls whom: `uses` of every workload, readable from both ends.

One pass over the estate, made once and handed to every `workload.parts`, so that a thousand workloads stay linear.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from settings.stack import Settings
from settings.workload import Workload


@dataclass(frozen=True, kw_only=True)
class Call:
    """One workload that calls another."""

    caller: Workload
    port: int
    """Container port of the called workload."""


@dataclass(frozen=True, kw_only=True)
class Graph:
    """The declared connections of one estate."""

    callers: Mapping[str, tuple[Call, ...]]
    """Calls that reach a workload, by its name; a workload that nobody calls has no entry."""


def graph(settings: Settings) -> Graph:
    """The connection graph of `settings`; O(number of connections)."""
    raise NotImplementedError
