"""What the guard says of one change, in words and in plain data."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from review.findings import Finding
from review.guard.table import Known

Happens = Literal[
    "replaced", "maybeReplaced", "moved", "deleted", "refused", "unprotected", "inPlace", "ignored"
]
"""`replaced`: a new resource takes the place of the old one. `maybeReplaced`: it depends on a value that only a
deployment tells. `moved`: Pulumi takes the resource for another one, and makes it while it still stands. `deleted`: it
goes. `refused`: the preview shows an update, and `pulumi up` fails. `unprotected`: nothing happens yet, and the next
mistake is not stopped. `inPlace`: it is done, at a price. `ignored`: nothing happens, since the program says so."""

Order = Literal["deleteFirst", "createFirst", ""]
"""Of a replacement; empty for anything else."""

RULES: Final[Mapping[Happens, str]] = {
    "replaced": "guard-replaced",
    "maybeReplaced": "guard-maybe-replaced",
    "moved": "guard-moved",
    "deleted": "guard-deleted",
    "refused": "guard-refused",
    "unprotected": "guard-unprotected",
    "inPlace": "guard-in-place",
    "ignored": "guard-ignored",
}


@dataclass(frozen=True, kw_only=True)
class Blast:
    """What a change takes down, counted in the plan it starts from."""

    pools: tuple[str, ...] = ()
    """Names of node pools that go, or whose nodes do."""

    nodes: tuple[int, int] = (0, 0)
    """Their nodes at the least and at the most."""

    workloads: tuple[str, ...] = ()
    """Titles of the workloads whose pods go."""

    pods: tuple[int, int] = (0, 0)
    """Their pods at rest and at the top of the scale; one a node counts once."""

    uncounted: tuple[str, ...] = ()
    """Titles of those whose number of pods the plan does not tell, for it is unknown or no number: each counts as what
    Kubernetes makes of nothing said."""

    disks: tuple[str, ...] = ()
    """Claims among what goes or is cut off, with their sizes."""

    others: tuple[str, ...] = ()
    """Titles of further resources that are replaced or deleted with it."""

    def row(self) -> dict[str, Any]:
        """As JSON."""
        return {
            "pools": list(self.pools),
            "nodes": {"min": self.nodes[0], "max": self.nodes[1]},
            "workloads": list(self.workloads),
            "pods": {"rest": self.pods[0], "full": self.pods[1]},
            "disks": list(self.disks),
            "others": list(self.others),
            "uncounted": list(self.uncounted),
        }


NOTHING: Final = Blast()


@dataclass(frozen=True, kw_only=True)
class GuardFinding(Finding):
    """One change that replaces, deletes, fails or costs."""

    urn: str
    """In the plan that the change leads to; of the base where it is gone there."""

    path: str
    """In the inputs, or `options.protect`; empty for the resource as a whole. Where one value below the guarded field
    differs, that one's."""

    old: str
    """For a reader: shortened, a secret only said to be one."""

    new: str
    happens: Happens
    order: Order = ""
    stopped: bool = False
    """Whether Pulumi refuses it, since the resource is protected before and after."""

    why: str
    safe: str
    source: str
    known: Known | Literal[""] = ""
    """How we know what happens to the field; empty where it follows from the plans alone."""

    field: str = ""
    """Row of the guard's table, `AgentPool.maxPods`; empty where it follows from the plans alone."""

    blast: Blast = NOTHING

    def row(self) -> dict[str, Any]:
        """As JSON; the keys are a contract, new ones may come."""
        return {
            "rule": self.rule,
            "severity": self.severity,
            "resource": self.resource,
            "urn": self.urn,
            "path": self.path,
            "field": self.field,
            "old": self.old,
            "new": self.new,
            "happens": self.happens,
            "order": self.order,
            "stopped": self.stopped,
            "why": self.why,
            "blast": self.blast.row(),
            "safe": self.safe,
            "source": self.source,
            "known": self.known,
        }


_WEIGHT: Final = {it: weight for weight, it in enumerate(RULES)}


def weight(it: GuardFinding) -> tuple[int, int, int]:
    """The less, the worse: what destroys before what fails, most nodes and workloads first."""
    return _WEIGHT[it.happens], -it.blast.nodes[1], -len(it.blast.workloads)


def by_risk(findings: Iterable[GuardFinding]) -> list[GuardFinding]:
    """Mandatory before advisory, what destroys before what fails, most pods and disks first; then by name."""
    return sorted(
        findings,
        key=lambda it: (it.severity != "mandatory", *weight(it), it.resource, it.path, it.urn),
    )
