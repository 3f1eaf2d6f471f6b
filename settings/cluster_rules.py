"""Rules of a cluster that Azure would hold late, or never and to everybody's regret: id, text, source and the check."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from settings.faults import Fault
from settings.sources import Sources
from settings.stack import Settings

Check = Callable[[Settings, Sources], Iterator[Fault]]


@dataclass(frozen=True)
class ClusterRule:
    """One rule; calling it gives the faults that a stack with target aks has by it."""

    id: str
    """Never used again for another rule."""

    text: str
    """What must be so, as a sentence."""

    source: str
    """Page that says it."""

    held_by: Check | str
    """The check, or in words what makes a breach impossible: a value type, or that there is no such setting."""

    def __call__(self, settings: Settings, sources: Sources) -> Iterator[Fault]:
        if callable(self.held_by):
            yield from self.held_by(settings, sources)


AKS: Final = "https://learn.microsoft.com/azure/aks/"


def cluster_rule(name: str, text: str, source: str) -> Callable[[Check], ClusterRule]:
    """Make a rule of a check, with `name` for id; `source` is a whole address or one below the documentation of AKS."""
    return lambda check: ClusterRule(name, text, _page(source), check)


def impossible(name: str, text: str, source: str, why: str) -> ClusterRule:
    """A rule that no stack can break, and why."""
    return ClusterRule(name, text, _page(source), why)


def _page(source: str) -> str:
    return source if source.startswith("https://") else AKS + source
