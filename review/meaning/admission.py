"""Pods that admission would refuse after a change and did not before, those that pass now, what is filled in.

A prediction: webhooks of the cluster and what others made in it are not seen. How much a quota holds at the peak of a
rollout is told by `review.meaning.capacity`.
"""

from collections.abc import Iterator
from typing import Final

from review.findings import Verdict as Decided
from review.meaning.admission_side import Side, Space, Verdict, of_plan
from review.meaning.controllers import shortened_list
from review.meaning.telling import Telling
from review.report import AreaFinding, Fact, Sign
from settings.pod_security import LEVELS, REMEDIES

__all__ = ["Side", "compare", "of_plan"]

STANDARDS: Final = "https://kubernetes.io/docs/concepts/security/pod-security-standards/"
ADMISSION: Final = "https://kubernetes.io/docs/concepts/security/pod-security-admission/"
LIMITS: Final = "https://kubernetes.io/docs/concepts/policy/limit-range/"
SAFEGUARDS: Final = "https://learn.microsoft.com/azure/aks/deployment-safeguards"


def compare(before: Side, after: Side) -> Iterator[Fact | AreaFinding]:
    """Refusals that are new or gone, namespaces that ask for more or less, amounts that are filled in."""
    for title, new in after.verdicts.items():
        old = before.verdicts.get(title)
        if old != new:
            yield from _security(title, old, new)
            yield from _amounts(title, old, new)
            yield from _filled(title, old, new)
            yield from _undecided(title, old, new)
    yield from _spaces(before, after)
    yield from _safeguards(before, after)


def _security(title: str, old: Verdict | None, new: Verdict) -> Iterator[Fact | AreaFinding]:
    was = {(it.control, it.path) for it in old.security} if old else set()
    found = [it for it in new.security if (it.control, it.path) not in was]
    if found:
        controls = list(dict.fromkeys(it.control for it in found))
        said = "; ".join(dict.fromkeys(it.message for it in found[:3]))
        more = f"; and {len(found) - 3} more" if len(found) > 3 else ""
        state = "would be refused for more" if was else "would be refused"
        yield _finding(
            "admission-pod-security",
            title,
            f"its pods {state} in {new.namespace}, which enforces {new.level} v1.{new.minor}: "
            f"{', '.join(controls)} ({said}{more})",
            severity="mandatory",
            path=found[0].path,
            why="the controller is stored and never gets a pod: a rollout stops, and a scaled workload stays short",
            remedy=f"{REMEDIES[controls[0]]}; or let the namespace enforce a lower level, with its reason",
            source=STANDARDS,
            urn=new.urn,
        )
    elif old and old.security and not new.security:
        words = f"pods of {title} pass Pod Security now ({_level(new)}): {_controls(old)} is mended"
        yield _fact(title, words, "lost", 20, STANDARDS, new.urn)


def _controls(it: Verdict) -> str:
    return ", ".join(dict.fromkeys(one.control for one in it.security))


def _level(it: Verdict) -> str:
    return f"{it.level} v1.{it.minor}" if it.level else "nothing is enforced"


def _amounts(title: str, old: Verdict | None, new: Verdict) -> Iterator[Fact | AreaFinding]:
    was = {it.control for it in old.amounts} if old else set()
    found = [it for it in new.amounts if it.control not in was]
    for it in found:
        yield _finding(
            "admission-amounts",
            title,
            f"its pods would be refused in {new.namespace} by {it.control}: {it.message}",
            severity="mandatory",
            path=it.path,
            why="the controller is stored and never gets a pod: a rollout stops, and a scaled workload stays short",
            remedy="bring requests and limits of its containers within the bounds of the namespace",
            source=LIMITS,
            urn=new.urn,
        )
    if old and old.amounts and not new.amounts:
        gone = ", ".join(dict.fromkeys(it.control for it in old.amounts))
        yield _fact(title, f"pods of {title} pass {gone} now", "lost", 20, LIMITS, new.urn)


def _filled(title: str, old: Verdict | None, new: Verdict) -> Iterator[Fact]:
    """Amounts that a LimitRange fills in, where they are others than before; not of what was refused."""
    before = {(container, key): value for container, key, value in (old.filled if old else ())}
    after = {(container, key): value for container, key, value in new.filled}
    parts = []
    for at in sorted({*before, *after}):
        was, becomes = before.get(at), after.get(at)
        if was == becomes:
            continue
        container, key = at
        if was is None:
            parts.append(f"{key} {becomes} for {container}")
        elif becomes is None:
            parts.append(f"{key} for {container} no longer ({was})")
        else:
            parts.append(f"{key} {was} -> {becomes} for {container}")
    if parts:
        sign: Sign = "changed" if before and after else "gained" if after else "lost"
        words = (
            f"the LimitRange of {new.namespace} fills in for {title}: {shortened_list(parts, 4)}"
        )
        yield _fact(title, words, sign, 50, LIMITS, new.urn)


def _undecided(title: str, old: Verdict | None, new: Verdict) -> Iterator[AreaFinding]:
    paths = [it for it in new.undecided if not (old and it in old.undecided)]
    if paths:
        yield _finding(
            "admission-unknown",
            title,
            f"whether its pods are let in hangs on {shortened_list(paths)}, which is known after deployment only or "
            "not in this plan",
            severity="advisory",
            path=paths[0] if not paths[0].startswith("the ") else "",
            why="a pod that is refused is never made, and the rollout stops",
            remedy=f"for a sure answer {paths[0]} must be known: say it in the settings",
            source=ADMISSION,
            urn=new.urn,
            verdict="unknown",
        )


def _spaces(before: Side, after: Side) -> Iterator[Fact | AreaFinding]:
    for name, new in after.spaces.items():
        old = before.spaces.get(name)
        if old is None:
            yield from _new_space(f"Namespace {name}", new)
        elif old != new:
            yield from _space(f"Namespace {name}", old, new)
    for name, old in before.spaces.items():
        if name not in after.spaces:
            words = f"Namespace {name} is gone, with what it enforced ({_said(old)})"
            yield _fact(f"Namespace {name}", words, "lost", 40, ADMISSION, old.urn)


def _space(title: str, old: Space, new: Space) -> Iterator[Fact | AreaFinding]:
    if new.unknown and not old.unknown:
        yield _of_space(
            "admission-namespace-unknown",
            title,
            "what it enforces is known after deployment only",
            new.urn,
            remedy="metadata.labels must be known: say the level in the settings",
            verdict="unknown",
        )
    elif old.unknown and not new.unknown:
        words = f"{title} enforces {_said(new)}; before, only a deployment told its level"
        yield _fact(title, words, "changed", 10, ADMISSION, new.urn)
    elif _rank(new) < _rank(old):
        yield _of_space(
            "admission-level-lowered",
            title,
            f"enforces {_said(new)} where it enforced {_said(old)}: pods with more rights are let in",
            new.urn,
            remedy="keep the level, and give the one workload that needs more a namespace of its own",
        )
    elif _rank(new) > _rank(old):
        words = f"{title} enforces {_said(new)} where it enforced {_said(old)}"
        yield _fact(title, words, "changed", 10, ADMISSION, new.urn)
    elif _rank(new) and old.minor != new.minor:
        yield _of_space(
            "admission-version-pin",
            title,
            f"holds pods to the rules of {_version(new)} where it held them to those of {_version(old)}",
            new.urn,
            remedy="see that every pod there passes the rules of that version, "
            "and that the cluster is not older than it",
        )
    if old.told != new.told:
        words = f"{title} warns of and audits {_told(new)} where it did {_told(old)}"
        yield _fact(title, words, "changed", 60, ADMISSION, new.urn)


def _new_space(title: str, new: Space) -> Iterator[Fact | AreaFinding]:
    if new.unknown or new.level == "restricted":
        words = f"{title} is new and enforces {_said(new)}"
        yield _fact(title, words, "gained", 40, ADMISSION, new.urn)
    else:
        yield _of_space(
            "admission-level-low",
            title,
            f"is new and enforces {_said(new)}: pods with more rights than restricted allows are let in",
            new.urn,
            remedy="let it enforce restricted, and say why where it cannot",
        )


def _rank(it: Space) -> int:
    return LEVELS.index(it.level) if it.level else 0


def _version(it: Space) -> str:
    return "the cluster's own version" if it.minor is None else f"v1.{it.minor}"


def _said(it: Space) -> str:
    if it.unknown:
        return "a level that is known after deployment only"
    return f"{it.level} ({_version(it)})" if it.level else "nothing"


def _told(it: Space) -> str:
    return ", ".join(f"{key}={value}" for key, value in it.told) or "nothing"


def _of_space(
    rule: str, title: str, message: str, urn: str, *, remedy: str, verdict: Decided = "fail"
) -> AreaFinding:
    return _finding(
        rule,
        title,
        message,
        severity="advisory",
        path="metadata.labels",
        why="the level of a namespace is what keeps a pod from the node under it",
        remedy=remedy,
        source=ADMISSION,
        urn=urn,
        verdict=verdict,
    )


def _safeguards(before: Side, after: Side) -> Iterator[Fact | AreaFinding]:
    """Levels of AKS deployment safeguards, which are policies of Azure's own and not held against pods here."""
    for name in sorted({*before.safeguards, *after.safeguards}):
        old, urn = before.safeguards.get(name, ("off", ""))
        new, urn = after.safeguards.get(name, ("off", urn))
        if old == new:
            continue
        title = f"DeploymentSafeguard {name}"
        if new == "Enforce":
            yield _finding(
                "admission-safeguards",
                title,
                f"deployment safeguards go from {old} to Enforce: objects against Azure's policies are refused, "
                "and pods get what they lack filled in; which ones is not computed here",
                severity="advisory",
                path="level",
                why="Azure changes these policies on its own, and a refusal stops a rollout",
                remedy="look at what Warn has told in the cluster before",
                source=SAFEGUARDS,
                urn=urn,
            )
        else:
            words = f"deployment safeguards go from {old} to {new}"
            yield _fact(title, words, "changed", 15, SAFEGUARDS, urn)


def _fact(title: str, message: str, sign: Sign, rank: int, source: str, urn: str) -> Fact:
    return Fact(
        area="admission",
        sign=sign,
        resource=title,
        message=message,
        rank=rank,
        source=source,
        urn=urn,
    )


_finding: Final = Telling("admission").finding
