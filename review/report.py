"""What a review says of a change, as data: every renderer reads this and nothing else.

A `Review` is the same in every run on the same two plans: no clock, no path of a machine, no order of events. What
came out of people's files is kept as it is; a renderer makes it harmless for its format. No secret's value gets here:
plans hold marks.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final, Literal

from review.findings import Finding
from review.guard.findings import GuardFinding, weight

VERSION: Final = 1
"""Of the JSON (docs/review-schema.json). A key more keeps it; anything else raises it."""

Area = Literal[
    "replacement",
    "data",
    "exposure",
    "connections",
    "permissions",
    "admission",
    "policy",
    "capacity",
    "restarts",
    "versions",
    "images",
]
AREAS: Final[tuple[Area, ...]] = Area.__args__  # type: ignore[attr-defined]
"""Most dangerous first: the order of chapters and, within a severity, of findings and facts."""

Sign = Literal["gained", "lost", "changed"]

Operation = Literal["create", "update", "replace", "maybeReplace", "delete", "move", "same"]
"""`maybeReplace` hangs on a value that only a deployment tells; `move` is a rename that the engine would take for
another resource; `same` is told only of what `pulumi preview` was asked about and left alone."""

DESTRUCTIVE: Final[tuple[Operation, ...]] = ("replace", "delete", "maybeReplace", "move")
"""What takes away something that runs, or may."""

OPERATIONS: Final[tuple[Operation, ...]] = (*DESTRUCTIVE, "update", "create", "same")
"""In the order in which changes are told."""

Alters = Literal["added", "removed", "changed", "unknown", "secret"]
"""`unknown`: one side is only known after a deployment. `secret`: it is another one, or may be: no more is said."""


_DEAR: Final = {
    kind: at
    for at, kind in enumerate(
        (
            "ManagedCluster",
            "AgentPool",
            "PersistentVolumeClaim",
            "StatefulSet",
            "Namespace",
            "Deployment",
            "DaemonSet",
            "Release",
            "CronJob",
            "Job",
            "Ingress",
            "Service",
        )
    )
}
"""Kinds in the order in which they are missed: of changes that nothing else sets apart, the first is told first."""


@dataclass(frozen=True, kw_only=True)
class Fact:
    """One thing that is otherwise in the running system after the change, and no fault by itself."""

    area: Area
    sign: Sign
    resource: str
    """As in a finding."""

    message: str
    """One line that can be read alone: `course/web may call course/redis on TCP 6379`."""

    rank: int = 50
    """0 is told first among the facts of its area, 99 last: how much a reviewer should care."""

    path: str = ""
    old: str = ""
    new: str = ""
    source: str = ""
    urn: str = ""
    told: str = ""
    """What else says the same: the rule of a finding of the same resource, or a group of bars. A page that shows that
    leaves the fact out."""


@dataclass(frozen=True, kw_only=True)
class AreaFinding(Finding):
    """A finding of a review: `area` says in which chapter it is told."""

    area: Area = "policy"


@dataclass(frozen=True, kw_only=True)
class PropertyChange:
    """One place where two plans differ in meaning."""

    path: str
    """Items by the key by which Kubernetes merges them: `spec.template.spec.containers[api].image`."""

    alters: Alters
    old: str = ""
    """For a reader: shortened, `[secret]`, `unknown before deployment`, empty where there was nothing."""

    new: str = ""
    replaces: bool = False
    """Whether the guard, or the engine itself, says that the resource is replaced for it."""


@dataclass(frozen=True, kw_only=True)
class Change:
    """One resource that is not the same in both plans."""

    operation: Operation
    resource: str
    """As a reader knows it: `Deployment course/web`."""

    type: str
    urn: str
    """In the plan that the change leads to; of the base where it is gone there."""

    base_urn: str = ""
    """Where the resource had another URN: an alias, a move."""

    properties: tuple[PropertyChange, ...] = ()
    """Of an update or a replacement, by path; none of what is created or deleted as a whole."""

    component: str = ""
    """Logical name of the component above it: the unit in which people think, `course-web`."""


@dataclass(frozen=True, kw_only=True)
class Edge:
    """One connection of the graph, in both plans or in one."""

    source: str
    target: str
    """Workloads as `namespace/name`; `internet`, or a block of addresses."""

    ports: str
    sign: Literal["gained", "lost", "same"] = "same"


@dataclass(frozen=True, kw_only=True)
class Bar:
    """One amount beside its limit, before and after: a bar of the capacity chart. Units are in `unit`."""

    group: str
    """`pool wg1`, `namespace course`."""

    name: str
    """`CPU requests, peak`."""

    unit: str
    before: float | None
    """None where the base has none."""

    after: float | None
    limit_before: float | None
    limit_after: float | None


@dataclass(frozen=True, kw_only=True)
class Right:
    """One cell of the permission matrix: what a subject may do in a namespace."""

    subject: str
    namespace: str
    """Empty for the whole cluster."""

    resources: str
    verbs_before: tuple[str, ...]
    verbs_after: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Exempted:
    """A finding that an exemption lets pass; it stays in the report."""

    finding: Finding
    reason: str
    owner: str
    expires: str
    """`2027-03-31`."""


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where in the project's files something was written."""

    file: str
    """From the project's folder, `/` between parts."""

    line: int
    """From 1."""

    gone: bool = False
    """Whether it is a place in the base's files, which those of the head no longer have."""


@dataclass(frozen=True, kw_only=True)
class Review:
    """All that one change means."""

    project: str
    stack: str
    base: str
    """As the user named it, and what it stood for: `main (3f2c1ab)`, `stack dev`, `before.json`."""

    head: str
    changes: tuple[Change, ...]
    findings: tuple[Finding, ...]
    """Ranked by `ranked_by_risk`. Those of the guard are `GuardFinding`s, those of a chapter `AreaFinding`s."""

    facts: tuple[Fact, ...]
    """Ranked by `ranked_facts`."""

    unchanged: int = 0
    """Resources that are the same in both."""

    old_findings: int = 0
    """Findings that the base has, too, and that `--only-new` leaves out."""

    exempted: tuple[Exempted, ...] = ()
    edges: tuple[Edge, ...] = ()
    """The whole graph of the head, and what was lost."""

    bars: tuple[Bar, ...] = ()
    rights: tuple[Right, ...] = ()
    """Only what differs."""

    places: tuple[tuple[str, Place], ...] = ()
    """By URN, and by `URN#path` where a path has a line of its own."""

    notes: tuple[str, ...] = ()
    """What this review could not see, and why: a reader must not take silence for safety."""

    @property
    def mandatory(self) -> int:
        """Findings that fail the review."""
        return sum(it.severity == "mandatory" for it in self.findings)


def area_of(finding: Finding) -> Area:
    """The chapter that a finding is told in."""
    if isinstance(finding, AreaFinding):
        return finding.area
    return "replacement" if finding.rule.startswith("guard-") else "policy"


def ranked_by_risk(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Mandatory first, then by area; undecided ones behind decided ones; those of the guard in the guard's order."""
    return tuple(
        sorted(
            dict.fromkeys(findings),
            key=lambda it: (
                it.severity != "mandatory",
                AREAS.index(area_of(it)),
                it.verdict == "unknown",
                weight(it) if isinstance(it, GuardFinding) else (),
                it.resource,
                it.rule,
                it.path,
                it.message,
                it.urn,
                repr(it),
            ),
        )
    )


def ranked_facts(facts: Iterable[Fact]) -> tuple[Fact, ...]:
    """By area, rank and name."""
    return tuple(
        sorted(
            set(facts),
            key=lambda it: (
                AREAS.index(it.area),
                it.rank,
                it.resource,
                it.message,
                it.path,
                it.sign,
            ),
        )
    )


def in_order(review: Review) -> Review:
    """The same review with every list in the order in which it is told, whatever order it came in."""
    findings = ranked_by_risk(review.findings)
    first: dict[str, int] = {}
    for at, it in enumerate(findings):
        first.setdefault(it.urn, at)
    return replace(
        review,
        changes=tuple(
            sorted(
                review.changes,
                key=lambda it: (
                    OPERATIONS.index(it.operation) if it.operation not in DESTRUCTIVE else -1,
                    first.get(it.urn, len(findings)),
                    OPERATIONS.index(it.operation),
                    _DEAR.get(it.type.rpartition(":")[2], len(_DEAR)),
                    it.resource,
                    it.urn,
                    it.base_urn,
                ),
            )
        ),
        findings=findings,
        facts=ranked_facts(review.facts),
        exempted=tuple(sorted(review.exempted, key=repr)),
        edges=tuple(sorted(review.edges, key=lambda it: (it.source, it.target, it.ports, it.sign))),
        bars=tuple(sorted(review.bars, key=lambda it: (it.group, it.name, it.unit, repr(it)))),
        rights=tuple(sorted(review.rights, key=lambda it: (it.subject, it.namespace, repr(it)))),
        places=tuple(sorted(review.places, key=lambda it: (it[0], it[1].file, it[1].line))),
        notes=tuple(sorted(review.notes)),
    )


def place_of(places: Mapping[str, Place], urn: str, path: str = "") -> Place | None:
    """Where a property was written, or the nearest of what it is in; None where nothing is known of the resource."""
    while path:
        if found := places.get(f"{urn}#{path}"):
            return found
        path = path[: max(path.rfind("."), path.rfind("["), 0)]
    return places.get(urn)
