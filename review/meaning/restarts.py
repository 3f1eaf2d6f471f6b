"""Pods that restart, and why: workload by workload which field of the template does it, and how its pods follow.

A change that restarts nothing is told as that. Facts are neutral; findings are the moments without a ready pod, and
what keeps nodes from being drained.
"""

from collections.abc import Iterator
from typing import Final

from review.findings import Verdict
from review.guard.values import Differs
from review.marks import known
from review.meaning.controllers import Controller, Key, renames, shortened_list
from review.meaning.counts import Count
from review.meaning.replacing import made_anew
from review.meaning.restart_reasons import Reason, changes
from review.meaning.restarts_around import around
from review.meaning.rollouts import ROLLOUT, Rollout, rollout
from review.meaning.running import Side, of_plan
from review.report import AreaFinding, Fact, Sign

__all__ = ["Side", "compare", "of_plan"]

MOST_REASONS: Final = 4
"""Are named in one line; the rest is counted."""


def compare(before: Side, after: Side) -> Iterator[Fact | AreaFinding]:
    """What restarts, starts, stops for good, moves, or stays although its objects change."""
    renamed = renames(before.controllers, after.controllers)
    for was, becomes in renamed.items():
        yield _renamed(was, becomes, before, after)
    told = {*renamed, *renamed.values()}
    for key in sorted({*before.controllers, *after.controllers} - told):
        old, new = before.controllers.get(key), after.controllers.get(key)
        if old is None and new is not None:
            yield _whole(new, after.counts[key], "gained")
        elif new is None and old is not None:
            yield _whole(old, before.counts[key], "lost")
        elif old is not None and new is not None and old.manifest != new.manifest:
            yield from _changed(old, new, before, after)
    yield from around(before, after)


def _renamed(was: Key, becomes: Key, before: Side, after: Side) -> Fact:
    old, new = before.controllers[was], after.controllers[becomes]
    stop, start = before.counts[was], after.counts[becomes]
    words = (
        f"{old.title} is called {new.name} now, by its images: another controller to Kubernetes, so that all "
        f"of its pods stop for good ({stop.text}) and new ones start ({start.text})"
    )
    return _fact(new, words, rank=8, old=old.name, new=new.name)


def _whole(it: Controller, count: Count, sign: Sign) -> Fact:
    is_new = sign == "gained"
    if it.kind == "CronJob":
        schedule = it.spec.get("schedule")
        turns = schedule if isinstance(schedule, str) else "a schedule that is not known"
        effect = f"is new and runs by {turns}" if is_new else "is gone and runs no more"
    elif it.kind == "Job":
        effect = "is new and runs once" if is_new else "is gone and runs no more"
    else:
        one = "s" if count.text == "1 pod" else ""
        effect = (
            f"is new: {count.text} start{one}"
            if is_new
            else f"is gone: {count.text} stop{one} for good"
        )
    return _fact(it, f"{it.title} {effect}", sign=sign, rank=60 if is_new else 10)


def _changed(
    old: Controller, new: Controller, before: Side, after: Side
) -> Iterator[Fact | AreaFinding]:
    count, then = before.counts[old.key], after.counts[new.key]
    anew = _replaced_for(old, new)
    why, in_place = changes(old, new, before.configs, after.configs)
    if anew and new.kind != "Job":
        one = count.rest == count.full == 1 and not count.unknown
        stop = "stops before its successor starts" if one else "all stop before a new one starts"
        words = f"{count.text} of {new.title} {stop}: it is made anew for {anew}"
        yield _fact(new, words, rank=0, path=anew)
    elif why:
        yield from _restarted(new, count, then, why)
    elif anew:
        yield _fact(new, f"{new.title} runs again from the start for {anew}", rank=20, path=anew)
    elif open_ := _replaced_for(old, new, sure="maybe"):
        yield _finding(
            new,
            "restart-unknown",
            f"whether it is made anew, with all of its pods, hangs on {open_}, which is known after deployment only",
            path=open_,
            why="another value there is refused for what runs, so that it is deleted first",
            remedy=f"for a sure answer {open_} must be known: say it in the settings",
            source=ROLLOUT,
            verdict="unknown",
        )
    else:
        yield from _in_place(new, in_place)


def _restarted(
    it: Controller, count: Count, then: Count, why: tuple[Reason, ...]
) -> Iterator[Fact | AreaFinding]:
    """`count` is of what runs, `then` of what is asked for."""
    how = rollout(it, count.rest, count.full)
    told = "; ".join(one.text for one in why[:MOST_REASONS])
    if len(why) > MOST_REASONS:
        told += f"; and {len(why) - MOST_REASONS} more"
    sure = any(one.sure for one in why)
    may = "" if sure else "may "
    if it.kind == "Job":
        head = f"{it.title} {may}{'run' if may else 'runs'} again from the start"
    elif it.kind == "CronJob":
        head = f"{it.title} {may}{'change' if may else 'changes'} for its next runs"
    elif not how.restarts:
        head = f"{count.text} of {it.title} get another template"
    else:
        one = count.rest == count.full == 1 and not count.unknown
        head = f"{count.text} of {it.title} {may}{'restarts' if one and sure else 'restart'}"
    first = why[0]
    scaled = f"; {count.text} -> {then.text}" if count.text != then.text and how.restarts else ""
    yield _fact(
        it,
        f"{head} ({told}): {how.text}{scaled}",
        rank=_rank(how, sure),
        path=first.path,
        old=first.old,
        new=first.new,
        source=how.source,
    )
    if how.down and sure:
        yield _interrupted(it, count, how, first)
    if not sure:
        unknown = first.path
        yield _finding(
            it,
            "restart-unknown",
            f"whether its pods restart hangs on {unknown}, which is known after deployment only",
            path=unknown,
            why="a value that a deployment fills in may be the one that runs already, or another one",
            remedy=f"for a sure answer {unknown} must be known: say it in the settings",
            source=how.source,
            verdict="unknown",
        )


def _rank(how: Rollout, sure: bool) -> int:
    if how.down:
        return 5
    return 20 if how.restarts and sure else 30 if how.restarts else 50


def _interrupted(it: Controller, count: Count, how: Rollout, first: Reason) -> AreaFinding:
    who = "its only pod stops" if count.rest == 1 else f"all {count.rest} pods stop"
    if it.kind == "StatefulSet":
        remedy = "choose the hour, or run more replicas that can take over from each other"
    elif it.kind == "Pod":
        remedy = "choose the hour, or let a Deployment make the pod"
    elif known(it.spec.get("strategy")).get("type") == "Recreate":
        remedy = "choose the hour, or roll with a surge where two versions may run side by side"
    else:
        remedy = "let `maxSurge` be 1, so that the new pod is ready before the old one goes"
    return _finding(
        it,
        "restart-interrupts",
        f"{who} before another one is ready: it does not answer meanwhile",
        path=first.path,
        why="whoever calls it meanwhile gets an error, and work in flight is cut off",
        remedy=remedy,
        source=how.source,
    )


def _replaced_for(old: Controller, new: Controller, sure: Differs = "yes") -> str:
    """The field for which the object is deleted and made anew, or may be; a Job's template is told by its fields."""
    group = str(new.manifest.get("apiVersion", "v1"))
    token = f"kubernetes:{group if '/' in group else f'core/{group}'}:{new.kind}"
    return made_anew(
        token, old.manifest, new.manifest, new.ignored, without="spec.template", sure=sure
    )


def _in_place(it: Controller, paths: tuple[str, ...]) -> Iterator[Fact]:
    """What of a controller changes and leaves its pods alone."""
    if paths:
        named = shortened_list(paths, MOST_REASONS)
        message = f"no pod of {it.title} restarts: {named} changes in place"
        yield _fact(it, message, rank=80, path=paths[0])


def _fact(
    it: Controller,
    message: str,
    *,
    rank: int,
    sign: Sign = "changed",
    path: str = "",
    old: str = "",
    new: str = "",
    source: str = ROLLOUT,
) -> Fact:
    return Fact(
        area="restarts",
        sign=sign,
        resource=it.title,
        message=message,
        rank=rank,
        path=path,
        old=old,
        new=new,
        source=source,
        urn=it.urn,
    )


def _finding(
    it: Controller,
    rule: str,
    message: str,
    *,
    path: str,
    why: str,
    remedy: str,
    source: str,
    verdict: Verdict = "fail",
) -> AreaFinding:
    return AreaFinding(
        rule=rule,
        severity="advisory",
        resource=it.title,
        message=message,
        path=path,
        why=why,
        remedy=remedy,
        source=source,
        urn=it.urn,
        area="restarts",
        verdict=verdict,
    )
