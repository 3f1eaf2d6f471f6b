"""From two plans to findings: `guard` is what `./aks guard` prints and `./aks review` takes in."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any, Final

from review import urn as urns
from review.findings import Severity
from review.guard import rows_azure, rows_cluster, rows_kubernetes, rows_pools
from review.guard.blast import Surroundings
from review.guard.findings import RULES, Blast, GuardFinding, Happens, Order, by_risk
from review.guard.lost import deletions, holds_data, unprotected
from review.guard.pairs import Pair, mapping, pairs, title
from review.guard.table import EVERY_OBJECT, Guarded, path_parameters, plain_type
from review.guard.values import ABSENT, both_told, differs, leaves, places
from review.plan import SECRET, UNKNOWN, Plan, Resource

ROWS: Final = (
    *rows_cluster.ROWS,
    *rows_pools.ROWS,
    *rows_azure.ROWS,
    *rows_kubernetes.ROWS,
)
"""Every row about a type by name; `rows_of` adds those that all resources of a provider have."""

OPTIONS: Final = "https://www.pulumi.com/docs/iac/concepts/resources/options/"
ALIASES: Final = f"{OPTIONS}aliases/"


def guard(base: Plan, head: Plan) -> list[GuardFinding]:
    """What the change from `base` to `head` replaces, deletes, fails at or lays open; most dangerous first.

    Pure: it reads both plans and nothing else. Resources are matched by URN, by alias, and by what they are called in
    Azure or the cluster; a base of another stack is compared as if it were of the head's. A resource that is replaced
    is told of once for each field that does it, and not for fields that a new one takes anyway.
    """
    beside = pairs(base, head)
    around = Surroundings(base)
    found = [
        *(it for pair in beside.same for it in _changed(*pair, around)),
        *_moved(beside.moved, around),
        *deletions(beside.gone, around, Surroundings(head)),
        *unprotected(beside),
    ]
    return by_risk(found)


@lru_cache(maxsize=1024)
def rows_of(token: str) -> Sequence[Guarded]:
    """The rows of a resource type, from the table and from what every resource of its provider has."""
    type_ = plain_type(token)
    rows = list(_BY_TYPE.get(type_, ()))
    if type_.startswith("kubernetes:") and not type_.startswith("kubernetes:helm.sh:"):
        rows += _BY_TYPE[EVERY_OBJECT]
    if type_.startswith("azure-native:"):
        told = {it.path for it in rows}
        keys = [it for it in path_parameters().get(type_, ()) if it not in told]
        rows += rows_azure.of_the_path(type_, keys)
        rows.append(rows_azure.of_the_region(type_))
    return rows


def _by_type() -> Mapping[str, Sequence[Guarded]]:
    found = defaultdict(list)
    for row in ROWS:
        found[row.type].append(row)
    return found


_BY_TYPE: Final = _by_type()


def _changed(base: Resource, head: Resource, around: Surroundings) -> list[GuardFinding]:
    if base.inputs == head.inputs and base.options == head.options:
        return []
    found = [it for row in rows_of(head.type) for it in _of_row(row, base, head, around)]
    found += _by_option(base, head, around, {it.path for it in found if it.happens == "replaced"})
    if any(it.happens == "replaced" for it in found):
        found = [it for it in found if it.happens in ("replaced", "maybeReplaced")]
    # An unknown that several guarded fields are below is one place.
    return list({(it.path, it.happens): it for it in reversed(found)}.values())


def _of_row(
    row: Guarded, base: Resource, head: Resource, around: Surroundings
) -> Iterator[GuardFinding]:
    for path, old, new in places(base.inputs, head.inputs, row.path):
        old, new = _filled(row, old), _filled(row, new)
        sure = differs(old, new, row.alike)
        if sure == "no" or (sure == "yes" and not row.when(old, new)):
            continue
        severity = _severity(row, head)
        happens: Happens
        if _matches(head.options.get("ignoreChanges"), path):
            if row.effect == "inPlace":
                continue
            happens, severity = "ignored", "advisory"
        elif _matches(head.options.get("replaceOnChanges"), path):
            happens = "replaced"
            severity = "mandatory" if holds_data(head) else "advisory"
        elif row.effect == "replaces":
            # azure-native replaces for no value that Azure had filled in itself, and no plan tells which it had.
            unsaid = old is ABSENT and row.type.startswith("azure-native:")
            happens = "maybeReplaced" if sure == "maybe" or unsaid else "replaced"
        else:
            happens = "refused" if row.effect == "refused" else "inPlace"
            if sure == "maybe":
                severity = "advisory"
        yield _finding(
            base,
            head,
            around,
            happens=happens,
            severity=severity,
            path=path,
            values=(old, new),
            field=row.id,
            why=row.why,
            safe=row.safe,
            source=row.source,
            known=row.known,
        )


def _by_option(
    base: Resource, head: Resource, around: Surroundings, told: set[str]
) -> Iterator[GuardFinding]:
    """Replacements that the program asks for, beyond the table."""
    severity: Severity = "mandatory" if holds_data(head) else "advisory"
    for path in head.options.get("replaceOnChanges") or ():
        for at, old, new in _asked_for(base, head, str(path)):
            if at not in told and (sure := differs(old, new)) != "no":
                told.add(at)
                yield _finding(
                    base,
                    head,
                    around,
                    happens="replaced" if sure == "yes" else "maybeReplaced",
                    severity=severity,
                    path=at,
                    values=(old, new),
                    why="the program asks for a new one when it changes (`replaceOnChanges`)",
                    safe="keep the value",
                    source=f"{OPTIONS}replaceonchanges/",
                    known="documented",
                )
    before, after = base.options.get("replacementTrigger"), head.options.get("replacementTrigger")
    sure = differs(before, after) if before is not None and after is not None else "no"
    if sure != "no":
        yield _finding(
            base,
            head,
            around,
            happens="replaced" if sure == "yes" else "maybeReplaced",
            severity=severity,
            path="options.replacementTrigger",
            values=(before, after),
            why="the program asks for a new one (`replacementTrigger`)",
            safe="keep the trigger",
            source=f"{OPTIONS}replacementtrigger/",
            known="documented",
        )


def _asked_for(base: Resource, head: Resource, path: str) -> Iterator[tuple[str, Any, Any]]:
    """The places of one property path of the program's; with `*` or a position the smallest ones that differ."""
    if not any(it in path for it in "*["):
        yield from places(base.inputs, head.inputs, path)
        return
    for at, old, new in leaves(base.inputs, head.inputs):
        if _matches([path], at.removeprefix(".")):
            yield at.removeprefix("."), old, new


def _moved(pairs: Iterable[Pair], around: Surroundings) -> Iterator[GuardFinding]:
    """One finding for all that moved from one parent to another: a component under another name takes all it made."""
    together: dict[tuple[str, str], list[Pair]] = defaultdict(list)
    for base, head in pairs:
        together[base.parent, head.parent].append((base, head))
    for moved in together.values():
        base, head = moved[0]
        found = _finding(
            base,
            head,
            around,
            happens="moved",
            severity="mandatory",
            path="",
            values=tuple(f"{plain_type(it.type)}::{it.name}" for it in moved[0]),
            why="Pulumi takes it for another resource: it is made anew while it still stands, which fails, or deleted "
            "after it was taken over",
            safe="give it the old name as an alias: `ResourceOptions(aliases=[Alias(name=...)])`",
            source=ALIASES,
        )
        if len(moved) > 1:
            names = tuple(title(it) for it, _ in moved)
            of = f"{len(moved)} resources of {urns.name_of(base.parent)}"
            found = replace(found, resource=of, blast=Blast(others=names))
        yield found


def _finding(
    base: Resource,
    head: Resource,
    around: Surroundings,
    *,
    happens: Happens,
    severity: Severity,
    path: str,
    values: tuple[Any, ...],
    why: str,
    safe: str,
    source: str,
    known: Any = "",
    field: str = "",
) -> GuardFinding:
    replaced = happens in ("replaced", "maybeReplaced")
    below = list(leaves(*values)) if path else []
    if len(below) == 1:
        [(step, *values_there)] = below
        path, values = f"{path}{step}", (values_there[0], values_there[1])
    if base.type == "kubernetes:core/v1:Secret" and path.startswith(("data", "stringData")):
        values = tuple(map(_hidden, values))
    old, new = both_told(*values)
    if replaced or happens == "moved":
        blast = around.blast(base)
    else:
        blast = around.pods_of(base) if happens == "inPlace" else Blast()
    return GuardFinding(
        rule=RULES[happens],
        severity=severity,
        resource=title(base),
        message=f"{path or 'its URN'}: {old} -> {new}: {why}; {safe}",
        urn=head.urn,
        path=path,
        old=old,
        new=new,
        happens=happens,
        order=_order(base, head) if replaced else "",
        stopped=(replaced or happens == "moved")
        and base.options.get("protect") is True
        and head.options.get("protect") is True,
        why=why,
        safe=safe,
        source=source,
        known=known,
        field=field,
        blast=blast,
    )


def _hidden(value: Any) -> Any:
    """What a Secret holds, key by key: as secret as what the program marks, and not always marked."""
    if isinstance(value, Mapping) and value not in (SECRET, UNKNOWN):
        return dict.fromkeys(value, SECRET)
    return value if value is ABSENT or value == UNKNOWN else SECRET


def _order(base: Resource, head: Resource) -> Order:
    """azure-native deletes first whatever has a name of its own choosing; pulumi-kubernetes what keeps its name."""
    if isinstance(asked := head.options.get("deleteBeforeReplace"), bool):
        return "deleteFirst" if asked else "createFirst"
    if head.type.startswith("azure-native:"):
        own = list(path_parameters().get(plain_type(head.type), ()))[-1:]
        named = any(head.inputs.get(key) is not None for key in own)
        return "deleteFirst" if named else "createFirst"
    if head.type.startswith("kubernetes:"):
        keys = ("name", "namespace")
        names = [
            [mapping(it.inputs.get("metadata")).get(key, it.inputs.get(key)) for key in keys]
            for it in (base, head)
        ]
        return "deleteFirst" if names[0] == names[1] and names[0][0] else "createFirst"
    return "createFirst"


def _severity(row: Guarded, head: Resource) -> Severity:
    if row.type == EVERY_OBJECT:
        return "mandatory" if holds_data(head) else "advisory"
    return row.severity


def _filled(row: Guarded, value: Any) -> Any:
    return row.absent if value is ABSENT else value


def _matches(patterns: Any, path: str) -> bool:
    """Whether one of the program's property paths is `path` or leads to it; `[*]` is any item."""
    if not isinstance(patterns, list | tuple):
        return False
    steps = _steps(path)
    for pattern in patterns:
        wanted = _steps(str(pattern))
        if len(wanted) <= len(steps) and all(
            one in ("*", it) for one, it in zip(wanted, steps, strict=False)
        ):
            return True
    return False


def _steps(path: str) -> list[str]:
    return path.replace("[", ".").replace("]", "").split(".")
