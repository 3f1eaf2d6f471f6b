"""Effective rights on both sides, cell by cell: what a subject may do in a namespace, or everywhere."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from review.analyses.access.objects import AccessFinding
from review.analyses.permissions import Grant, RoleName, Subject, also, effective
from review.findings import Severity
from review.meaning import words
from review.report import AreaFinding, Fact, Sign
from review.report import Right as MatrixRight
from settings.api_resources import Table, served_by
from settings.escalation import Path, found_in
from settings.rbac import ALL, Right

_WAYS: Final = (
    "https://kubernetes.io/docs/concepts/security/rbac-good-practices/#privilege-escalation-risks"
)
_EVERYTHING: Final = "everything"
_MOST: Final = 4
"""Kinds of rights said in one line; more are counted."""

_GUID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


class Side(NamedTuple):
    """What a cell has on one side."""

    rights: Mapping[Right, tuple[Grant, ...]]
    whole: tuple[Grant, ...]
    """What gives everything."""

    unknown: tuple[Grant, ...]
    """Bindings to roles that are not among the objects."""

    ways: Mapping[str, tuple[tuple[Path, Grant], ...]]
    """Ways to further rights, by name."""


@dataclass(frozen=True)
class Cell:
    """What one subject may do in a namespace, or (empty) everywhere, where the two sides differ."""

    subject: Subject
    namespace: str
    before: Side
    after: Side
    everywhere: tuple[frozenset[Right], frozenset[Right]] = (frozenset(), frozenset())
    """Rights that are gained, and lost, in all namespaces: they are told there."""

    def gained(self) -> frozenset[Right]:
        """What only the head has."""
        return frozenset(self.after.rights.keys() - self.before.rights.keys() - self.everywhere[0])

    def lost(self) -> frozenset[Right]:
        """What only the base has."""
        return frozenset(self.before.rights.keys() - self.after.rights.keys() - self.everywhere[1])


Held = Mapping[Subject, tuple[Grant, ...]]


def cells(before: Held, after: Held, minor: str) -> list[Cell]:
    """The cells of all whose own bindings, or whose roles, differ; in order.

    Both sides are spelt out over the resources of one Kubernetes minor, the head's: an upgrade gives nobody a right.
    """
    table = served_by(minor)
    found: list[Cell] = []
    for subject in sorted({*before, *after}):
        old, new = before.get(subject, ()), after.get(subject, ())
        if _meant(old) != _meant(new):
            found += _of(subject, before, after, table)
    return found


def _meant(grants: Iterable[Grant]) -> frozenset[object]:
    return frozenset((it.namespace, it.role, it.rules) for it in grants)


def _of(subject: Subject, before: Held, after: Held, table: Table) -> Iterator[Cell]:
    old = [grant for who in also(subject) for grant in before.get(who, ())]
    new = [grant for who in also(subject) for grant in after.get(who, ())]
    whole = Cell(subject, "", _side(old, subject, "", table), _side(new, subject, "", table))
    yield whole
    both = whole.gained(), whole.lost()
    for namespace in sorted({it.namespace for it in (*old, *new)} - {""}):
        yield Cell(
            subject,
            namespace,
            _side(old, subject, namespace, table),
            _side(new, subject, namespace, table),
            both,
        )


def _side(grants: Sequence[Grant], subject: Subject, namespace: str, table: Table) -> Side:
    here = [it for it in grants if it.namespace in ("", namespace)]
    rights = effective(here, subject, namespace, table)
    ways: dict[str, list[tuple[Path, Grant]]] = {}
    for grant in here:
        for rule in grant.rules or ():
            for way, opened in found_in(rule):
                # One of the whole cluster is none of a binding inside a namespace.
                if any(
                    it._replace(name=name) in rights
                    for it in opened
                    for name in rule.names or ("",)
                ):
                    ways.setdefault(way.name, []).append((way, grant))
    return Side(
        {right: tuple(several) for right, several in rights.items()},
        tuple(it for it in here if any(map(_is_all, it.rules or ()))),
        tuple(it for it in here if it.rules is None),
        {name: tuple(several) for name, several in ways.items()},
    )


def _is_all(rule: object) -> bool:
    groups, resources, verbs, names = rule  # type: ignore[misc]
    return ALL in groups and ALL in resources and ALL in verbs and not names  # type: ignore[has-type]


def said_subject(subject: Subject) -> str:
    """`Entra group 6f1c…`, `ServiceAccount course/web`."""
    if subject.kind in ("Group", "User") and _GUID.fullmatch(subject.name):
        return f"Entra {subject.kind.lower()} {subject.name}"
    return str(subject)


def facts(
    found: Iterable[Cell], old_urns: Mapping[RoleName, str], new_urns: Mapping[RoleName, str]
) -> Iterator[Fact]:
    """Rights gained and lost, those of several subjects or namespaces in one where they are the same."""
    grouped: dict[tuple[Sign, frozenset[Right] | str], list[Cell]] = {}
    for cell in found:
        signs: tuple[tuple[Sign, frozenset[Right], bool], ...] = (
            ("gained", cell.gained(), bool(cell.after.whole and not cell.before.whole)),
            ("lost", cell.lost(), bool(cell.before.whole and not cell.after.whole)),
        )
        for sign, changed, whole in signs:
            if changed:
                grouped.setdefault((sign, _EVERYTHING if whole else changed), []).append(cell)
        yield from _unknown(cell, old_urns, new_urns)
    for (sign, what), several in grouped.items():
        yield from _facts(sign, what, several, old_urns if sign == "lost" else new_urns, new_urns)


def _facts(
    sign: Sign,
    changed: frozenset[Right] | str,
    several: list[Cell],
    urns: Mapping[RoleName, str],
    new_urns: Mapping[RoleName, str],
) -> Iterator[Fact]:
    spaces: dict[Subject, list[str]] = {}
    for it in several:
        spaces.setdefault(it.subject, []).append(it.namespace)
    by_spaces: dict[tuple[str, ...], list[Subject]] = {}
    for subject, where in spaces.items():
        by_spaces.setdefault(tuple(where), []).append(subject)
    if len(by_spaces) > 1 and all(len(it) == 1 for it in by_spaces.values()):
        by_spaces = {(): list(spaces)}
    for spaces_, subjects in by_spaces.items():
        first = next(it for it in several if it.subject == subjects[0])
        giving = _giving(first, sign, changed)
        by, urn = _by(giving, urns, new_urns)
        who = _who(subjects)
        may = "may now" if sign == "gained" else "may no longer"
        if len(several) > 1:
            by += ", and alike elsewhere"
        yield Fact(
            area="permissions",
            sign=sign,
            resource=said_subject(subjects[0]) if len(subjects) == 1 else str(giving.role),
            message=f"{who} {may} {said(changed)} {_where(spaces_)}{by}",
            rank=(0 if changed == _EVERYTHING else 10) + (20 if sign == "lost" else 0),
            urn=urn,
        )


def _who(subjects: Sequence[Subject]) -> str:
    if len(subjects) == 1:
        return said_subject(subjects[0])
    kinds = {it.kind for it in subjects}
    noun = {"Group": "groups", "User": "users", "ServiceAccount": "service accounts"}
    kind = noun.get(next(iter(kinds)), "subjects") if len(kinds) == 1 else "subjects"
    names = [f"{it.namespace}/{it.name}".lstrip("/") for it in subjects]
    return f"{len(subjects):,} {kind} ({words.listed(names)})"


def _where(namespaces: Sequence[str]) -> str:
    if not namespaces:
        return "where they are bound"
    if tuple(namespaces) == ("",):
        return "in every namespace, and what has none"
    if len(namespaces) == 1:
        return f"in {namespaces[0]}"
    return f"in {len(namespaces):,} namespaces ({words.listed(list(namespaces))})"


def _giving(cell: Cell, sign: Sign, changed: frozenset[Right] | str) -> Grant:
    side = cell.after if sign == "gained" else cell.before
    if isinstance(changed, str):
        return side.whole[0]
    return side.rights[min(changed)][0]


def _by(
    grant: Grant, urns: Mapping[RoleName, str], new_urns: Mapping[RoleName, str]
) -> tuple[str, str]:
    """Binding and role, and the URN of the binding, of the base where it is gone."""
    urn = new_urns.get(grant.binding) or urns.get(grant.binding, "")
    return f"; by {grant.binding} to {grant.role}", urn


def said(changed: frozenset[Right] | str) -> str:
    """`get, list, watch secrets; create pods/exec`."""
    if isinstance(changed, str):
        return "do everything with every resource"
    by_resource: dict[str, list[str]] = {}
    for it in sorted(changed):
        by_resource.setdefault(_resource(it), []).append(it.verb)
    by_verbs: dict[tuple[str, ...], list[str]] = {}
    for resource, verbs in by_resource.items():
        by_verbs.setdefault(tuple(verbs), []).append(resource)
    parts = [
        f"{', '.join(verbs)} {words.listed(resources, _MOST)}"
        for verbs, resources in sorted(by_verbs.items(), key=lambda it: (-len(it[1]), it[0]))
    ]
    more = len(parts) - _MOST
    return "; ".join(parts[:_MOST]) + (f"; and {more} more kinds of rights" if more > 0 else "")


def _resource(right: Right) -> str:
    shown = f"{right.resource}.{right.group}" if right.group else right.resource
    return f"{shown} {right.name!r}" if right.name else shown


def _unknown(
    cell: Cell, old_urns: Mapping[RoleName, str], new_urns: Mapping[RoleName, str]
) -> Iterator[Fact]:
    """Roles that are bound and not among the objects: nobody here can say what they allow."""
    was = {it.role for it in cell.before.unknown if it.namespace == cell.namespace}
    now = {it.role for it in cell.after.unknown if it.namespace == cell.namespace}
    both: tuple[tuple[Sign, set[RoleName], Side], ...] = (
        ("gained", now - was, cell.after),
        ("lost", was - now, cell.before),
    )
    for sign, roles, side in both:
        for role in sorted(roles):
            grant = next(it for it in side.unknown if it.role == role)
            _, urn = _by(grant, old_urns, new_urns)
            yield Fact(
                area="permissions",
                sign=sign,
                resource=said_subject(cell.subject),
                message=f"{said_subject(cell.subject)} {'gets' if sign == 'gained' else 'no longer has'} {role} "
                f"{_where((cell.namespace,))}, which is not in this plan: what it allows cannot be told; "
                f"by {grant.binding}",
                rank=8 if sign == "gained" else 28,
                urn=urn,
            )


def escalations(
    found: Iterable[Cell],
    faults: Iterable[AccessFinding],
    sources: Mapping[RoleName, tuple[RoleName, ...]],
    urns: Mapping[RoleName, str],
) -> Iterator[AreaFinding]:
    """Ways to further rights that somebody gains; how bad each is, the findings of roles say."""
    weights: dict[tuple[RoleName, str], Severity] = {(it.of, it.rule): it.severity for it in faults}
    grouped: dict[tuple[str, Severity, str], list[tuple[Cell, Path, Grant]]] = {}
    told: set[Subject] = set()
    for cell in found:
        if cell.after.whole and not cell.before.whole:
            if not (cell.namespace and cell.subject in told):
                grant = cell.after.whole[0]
                way = Path(_EVERYTHING, (), "", "")
                grouped.setdefault((_EVERYTHING, "mandatory", ""), []).append((cell, way, grant))
                told.add(cell.subject)
            continue
        for name, several in sorted(cell.after.ways.items()):
            new = [it for it in several if it[1].namespace == cell.namespace]
            if name in cell.before.ways or not new or cell.subject in told:
                continue
            way, grant = new[0]
            roles = sources.get(grant.role, (grant.role,))
            rule = f"role-{_kebab(name)}"
            severity: Severity = "advisory"
            if any(
                "mandatory" in (weights.get((it, rule)), weights.get((it, "role-wildcard")))
                for it in roles
            ):
                severity = "mandatory"
            grouped.setdefault((name, severity, way.why), []).append((cell, way, grant))
    for (name, severity, _), gaining in sorted(grouped.items(), key=lambda it: it[0]):
        yield _escalation(name, severity, gaining, urns)


def _escalation(
    name: str,
    severity: Severity,
    several: list[tuple[Cell, Path, Grant]],
    urns: Mapping[RoleName, str],
) -> AreaFinding:
    cell, way, grant = several[0]
    subjects = list(dict.fromkeys(it.subject for it, _, _ in several))
    spaces = list(dict.fromkeys(it.namespace for it, _, _ in several))
    by, urn = _by(grant, urns, urns)
    can = "can do everything" if name == _EVERYTHING else way.why
    return AreaFinding(
        rule=f"permissions-gained-{_kebab(name)}",
        severity=severity,
        resource=said_subject(cell.subject) if len(subjects) == 1 else str(grant.role),
        message=f"{_who(subjects)} now {can}: {_where(spaces)}{by}",
        why="it leads to every right that lies behind it"
        if name != _EVERYTHING
        else "no role narrows it, and it takes in whatever a later version brings",
        remedy=way.remedy or "bind a role that lists what is needed",
        source=_WAYS,
        urn=urn,
        area="permissions",
    )


def _kebab(name: str) -> str:
    return re.sub(r"[A-Z]", lambda it: f"-{it[0].lower()}", name)


def matrix(found: Iterable[Cell]) -> tuple[MatrixRight, ...]:
    """Cells as rows by resource, resources with the same verbs on both sides in one."""
    rows: list[MatrixRight] = []
    for cell in found:
        if bool(cell.before.whole) != bool(cell.after.whole):
            whole = (ALL,)
            was, now = (whole, ()) if cell.before.whole else ((), whole)
            if cell.gained() or cell.lost():
                rows.append(MatrixRight(
                    subject=said_subject(cell.subject), namespace=cell.namespace, resources=ALL,
                    verbs_before=was, verbs_after=now,
                ))  # fmt: skip
            continue
        by_resource: dict[str, tuple[list[str], list[str]]] = {}
        differing = {_resource(it) for it in (*cell.gained(), *cell.lost())}
        for at, side in enumerate((cell.before, cell.after)):
            for right in sorted(side.rights):
                if (key := _resource(right)) in differing:
                    by_resource.setdefault(key, ([], []))[at].append(right.verb)
        merged: dict[tuple[tuple[str, ...], tuple[str, ...]], list[str]] = {}
        for resource, (was_, now_) in by_resource.items():
            merged.setdefault((tuple(was_), tuple(now_)), []).append(resource)
        rows += [
            MatrixRight(
                subject=said_subject(cell.subject), namespace=cell.namespace,
                resources=", ".join(sorted(resources)), verbs_before=was, verbs_after=now,
            )
            for (was, now), resources in merged.items()
        ]  # fmt: skip
    return tuple(sorted(set(rows), key=lambda it: (it.subject, it.namespace, it.resources)))
