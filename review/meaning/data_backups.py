"""Backups of the cluster: how long their recovery points stay, when they are made, which namespaces they cover."""

import re
from collections.abc import Iterator
from typing import Any, Final

from review.findings import Severity
from review.guard.values import ABSENT
from review.marks import is_mark, known, known_list, marks
from review.meaning.controllers import shortened_list
from review.meaning.data_side import Side, Thing, covering, listed, templates
from review.meaning.data_telling import fact, finding
from review.report import AreaFinding, Fact

BACKUPS: Final = (
    "https://learn.microsoft.com/azure/backup/azure-kubernetes-service-cluster-backup-concept"
)
LOGS: Final = "https://learn.microsoft.com/azure/azure-monitor/logs/data-retention-configure"


def days_changed(
    new: Thing, path: str, was: Any, becomes: Any, severity: Severity
) -> Fact | AreaFinding:
    """Days for which something is kept: fewer are a finding, more are a fact, what is not known is undecided."""
    words = f"{said(was)} -> {said(becomes)}"
    if is_mark(was) or is_mark(becomes):
        return unknown(new, path)
    before, after = (it if isinstance(it, int | float) else 0 for it in (was, becomes))
    if after < before:
        return finding(
            "data-retention",
            new.title,
            f"keeps what it has for fewer days: {path} {words}; what is older goes",
            severity=severity,
            path=path,
            why="what is gone by its retention comes back from nowhere",
            remedy="export what must be kept first",
            source=BACKUPS if severity == "mandatory" else LOGS,
            urn=new.urn,
        )
    more = f"{new.title} keeps what it has for more days: {path} {words}"
    return fact(new.title, more, "changed", 60, new.urn, path=path)


def said(value: Any) -> str:
    """A number, a word or a switch as YAML has it."""
    if value is ABSENT:
        return "nothing"
    return str(value).lower() if isinstance(value, bool) else str(value)


def unknown(new: Thing, path: str) -> AreaFinding:
    """How long data is kept cannot be told."""
    return finding(
        "data-unknown",
        new.title,
        f"how its data is kept hangs on {path}, which is known after deployment only",
        severity="advisory",
        path=path,
        why="what is kept for less long goes at once",
        remedy=f"for a sure answer {path} must be known: say it in the settings",
        source=BACKUPS,
        urn=new.urn,
        verdict="unknown",
    )


_PERIOD: Final = re.compile(r"P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?")


def _period_days(text: Any) -> int | None:
    """Days of an ISO 8601 duration; months and years as Azure counts them, 30 and 365."""
    found = _PERIOD.fullmatch(text) if isinstance(text, str) else None
    if not found:
        return None
    years, months, weeks, days = (int(it or 0) for it in found.groups())
    return years * 365 + months * 30 + weeks * 7 + days


def policy(old: Thing, new: Thing) -> Iterator[Fact | AreaFinding]:
    """Rules of retention by name, and the schedule."""
    if known(old.inputs.get("properties")) == known(new.inputs.get("properties")):
        return
    was, becomes = _rules(old), _rules(new)
    if isinstance(was, str) or isinstance(becomes, str):
        yield unknown(new, becomes if isinstance(becomes, str) else str(was))
        return
    for name in sorted({*was, *becomes}):
        path = f"properties.policyRules[{name}]"
        one, other = was.get(name), becomes.get(name)
        if one != other and not (isinstance(one, str) or isinstance(other, str)):
            yield days_changed(new, path, one or ABSENT, other or ABSENT, "mandatory")
        elif one != other:
            words = f"{new.title}: backups are made by {other or 'no schedule'}, they were by {one or 'none'}"
            yield fact(new.title, words, "changed", 30, new.urn, BACKUPS, path=path)


def _rules(of: Thing) -> dict[str, int | str] | str:
    """Days and schedules by name; the path of what must be known to tell them."""
    properties = of.inputs.get("properties")
    rules = known(properties).get("policyRules")
    if is_mark(properties):
        return "properties"
    for path in marks(rules, "properties.policyRules"):
        return path
    found: dict[str, int | str] = {}
    for rule in known_list(rules):
        name = str(rule.get("name"))
        for cycle in known_list(rule.get("lifecycles")):
            store = known(cycle.get("sourceDataStore")).get("dataStoreType")
            days = _period_days(known(cycle.get("deleteAfter")).get("duration"))
            if days is None:
                return "properties.policyRules"
            found[f"{name} {store}"] = days
        times = known(known(rule.get("trigger")).get("schedule")).get("repeatingTimeIntervals")
        if isinstance(times, list):
            found[name] = ", ".join(map(str, times))
    return found


def coverage(before: Side, after: Side) -> Iterator[Fact | AreaFinding]:
    """Namespaces with claims that a backup covered and none does any more, and the other way round."""
    if before.backups == after.backups:
        return
    for key, new in after.backups.items():
        if new.unknown and not before.backups.get(key, new).unknown:
            yield finding(
                "data-unknown",
                new.title,
                "which namespaces it covers is known after deployment only",
                severity="advisory",
                path="properties.policyInfo",
                why="a claim that no backup covers is lost with its disk",
                remedy="for a sure answer properties.policyInfo must be known",
                source=BACKUPS,
                urn=new.urn,
                verdict="unknown",
            )
            return
    held = _held(before) & _held(after)
    was, becomes = ({it for it in held if any(covering(side, it))} for side in (before, after))
    was_open, open_ = (any(it.unknown for it in side.backups.values()) for side in (before, after))
    one = next(iter({**before.backups, **after.backups}.values()))
    if lost := [] if open_ else sorted(was - becomes):
        claims = listed(after, lost)
        yield finding(
            "data-backup-lost",
            one.title,
            f"no backup covers the disks of {shortened_list(lost)} any more: {shortened_list(claims)}",
            severity="advisory",
            path="properties.policyInfo",
            why="what happens to these disks from now on cannot be undone",
            remedy="keep the namespace in the backup while it has claims, or say what else copies them",
            source=BACKUPS,
            urn=one.urn,
        )
    if gained := [] if was_open else sorted(becomes - was):
        words = f"a backup covers the disks of {shortened_list(gained)} from now on"
        yield fact(one.title, words, "gained", 40, one.urn, BACKUPS)


def _held(side: Side) -> set[str]:
    """Namespaces with claims."""
    return {space for space, _ in side.claims} | {
        space for (space, _), it in side.sets.items() if templates(it)
    }
