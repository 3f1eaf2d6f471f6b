"""Puts a review together: the diff, what each analysis makes of it, and every finding in one order."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any, Final, TypeVar

from review.chapters import CHAPTERS, Chapter
from review.diff import engine_says
from review.diff.changes import Differences, changes
from review.diff.pulumi_preview import Previewed
from review.findings import PROGRAM, Finding
from review.guard.changes import guard
from review.plan import Plan
from review.policies import Judged, Policies, judged, only_new, told_once
from review.report import (
    AreaFinding,
    Fact,
    Review,
    ranked_by_risk,
    ranked_facts,
)
from review.sources.cache import Cache, key
from review.sources.content import tool
from review.sources.memo import Memo, digest_of
from review.stack_findings import standing, with_areas
from review.told_twice import once

if TYPE_CHECKING:
    from review.guard.findings import GuardFinding

T = TypeVar("T")

_MISSHAPEN: Final = (AttributeError, IndexError, KeyError, RecursionError, TypeError, ValueError)
"""What an analysis raises at an object that is not shaped like one of Kubernetes or Azure."""


@dataclass(frozen=True, kw_only=True)
class Compared:
    """One of the two plans."""

    plan: Plan
    label: str
    content: str = ""
    """Hash of the plan, under which its analyses are kept; empty: they are not."""

    said: tuple[tuple[str, str], ...] = ()
    """What its program logged, by severity."""

    foreign: bool = False
    """Whether it comes from a file, so that its objects may have any shape."""

    notes: tuple[str, ...] = ()
    previewed: Previewed | None = None
    """Of the head: what `pulumi preview` said, whose operations stand over those that we predict."""


@dataclass
class _Told:
    """Collects what the analyses say."""

    findings: list[Finding] = field(default_factory=list[Finding])
    facts: list[Fact] = field(default_factory=list[Fact])
    notes: list[str] = field(default_factory=list[str])

    def add(self, found: Iterable[Finding | Fact]) -> None:
        for it in found:
            if isinstance(it, Fact):
                self.facts.append(it)
            else:
                self.findings.append(it)

    @contextmanager
    def whole(self, what: str) -> Iterator[None]:
        """Where a part cannot be worked out, the review says so and fails: silence would look like safety."""
        try:
            yield
        except _MISSHAPEN as error:
            self.findings.append(_untold(what, error))


def review_plans(
    base: Compared,
    head: Compared,
    *,
    today: date,
    policies: Policies | None = None,
    cache: Cache | None = None,
) -> Review:
    """What the change from `base` to `head` means.

    `today` dates what ends: versions, retirements, exemptions. Without `policies` no rule of the pack is asked.
    `cache` keeps what hangs on one plan alone, or on one resource.
    """
    kept = cache or Cache(None)
    told = _Told(notes=[*base.notes, *head.notes])
    guarded: list[GuardFinding] = []
    differences = Differences(changes=(), unchanged=0)
    with told.whole("what is replaced or deleted"):
        guarded = guard(base.plan, head.plan)
        told.findings += guarded
    with told.whole("what changes"):
        differences = changes(base.plan, head.plan, guarded)
        told.notes += differences.notes
    made, unchanged = differences.changes, differences.unchanged
    if head.previewed is not None:
        by_engine = engine_says.told(head.previewed, made)
        made, unchanged = by_engine.changes, by_engine.unchanged
        told.findings += by_engine.findings
        told.notes += by_engine.notes
    extra: dict[str, Any] = {}
    for chapter in CHAPTERS:
        with told.whole(chapter.name):
            extra |= _chapter(chapter, base, head, told, kept, today)
    with told.whole("faults of the stack as a whole"):
        told.findings += _new_in(base, head, today, kept)
    if policies is not None:
        with told.whole("policy"):
            extra |= _judged(base, head, policies, told, today, kept)
    return Review(
        project=head.plan.project,
        stack=head.plan.stack,
        base=base.label,
        head=head.label,
        changes=made,
        findings=ranked_by_risk(once(told.findings)),
        facts=ranked_facts(told.facts),
        unchanged=unchanged,
        notes=tuple(dict.fromkeys(told.notes)),
        **extra,
    )


def _chapter(
    chapter: Chapter, base: Compared, head: Compared, told: _Told, kept: Cache, today: date
) -> Mapping[str, Any]:
    read: Callable[[Plan], Any] = chapter.of_plan
    memo = Memo(kept, key(f"memo of {chapter.name}", tool())) if chapter.remembers else None
    if memo is not None:
        read = partial(chapter.of_plan, memo=memo)
    if not chapter.kept:
        before, after = read(base.plan), read(head.plan)
    elif chapter.sees is not None:
        before, after = _of_what_is_seen(chapter.name, read, base, head, kept, chapter.sees)
    else:
        before, after = (_of_plan(chapter.name, read, it, kept) for it in (base, head))
    if memo is not None:
        memo.save()
    found = list(chapter.compare(before, after, today))
    extra = chapter.extra(before, after)
    told.notes += chapter.notes(after)
    told.add(found)
    return extra


def _of_plan(name: str, read: Callable[[Plan], T], of: Compared, kept: Cache) -> T:
    if not of.content:
        return read(of.plan)
    return kept.of(key(name, tool(), of.content), lambda: read(of.plan))


def _of_what_is_seen(
    name: str,
    read: Callable[[Plan], T],
    base: Compared,
    head: Compared,
    kept: Cache,
    sees: Callable[[Plan], Plan],
) -> tuple[T, T]:
    """One side for both where nothing changed that is seen."""

    def seen(of: Compared) -> bytes:
        # Of a plan that was here before it is kept: to look anew costs half of what looking saves.
        content = key("seen", name, tool(), of.content) if of.content else ""
        return kept.of(content, lambda: digest_of(sees(of.plan))) if content else b""

    def side(of: Compared, content: bytes) -> T:
        def make() -> T:
            return read(sees(of.plan))

        return kept.of(key(name, tool(), content), make) if content else make()

    old, new = seen(base), seen(head)
    before = side(base, old)
    return before, before if old and old == new else side(head, new)


def _new_in(base: Compared, head: Compared, today: date, kept: Cache) -> list[AreaFinding]:
    """Faults of the stack that the base has not."""
    memo = Memo(kept, key("memo of faults", tool()))

    def found(of: Compared) -> list[AreaFinding]:
        return _of_plan(
            key("standing", f"{today}", repr(of.said)),
            lambda plan: with_areas(standing(plan, of.said, today, memo)),
            of,
            kept,
        )

    before, after = found(base), found(head)
    memo.save()
    old = {(it.rule, it.resource, it.message) for it in before}
    new = [it for it in after if (it.rule, it.resource, it.message) not in old]
    # What the base's own program said is in no file.
    return [it for it in new if not (base.foreign and it.rule == PROGRAM)]


def _judged(
    base: Compared,
    head: Compared,
    policies: Policies,
    told: _Told,
    today: date,
    kept: Cache,
) -> Mapping[str, Any]:
    """What the rules of the pack find in the head and did not in the base."""
    results = Memo(kept, key("policy results", policies.key, tool()))
    asked = key(
        "judged", policies.key, repr(policies.config), repr(policies.exemptions), f"{today}"
    )

    def judge(side: Compared) -> Judged:
        return _of_plan(asked, lambda plan: judged(plan, policies, today, results), side, kept)

    before, after = judge(base), judge(head)
    results.save()
    new, old = only_new(after.findings, before.findings)
    told.findings += told_once(new)
    return {"old_findings": len(old), "exempted": after.exempted}


def _untold(what: str, error: Exception) -> AreaFinding:
    return AreaFinding(
        rule="review-incomplete",
        severity="mandatory",
        resource="the review",
        message=f"{what}: cannot be told: an object in a plan is not shaped like one of its kind "
        f"({type(error).__name__})",
        why="silence here would look like safety",
        remedy="mend the object that the plan has in a strange shape; if there is none, the reviewer is at fault",
        verdict="unknown",
    )
