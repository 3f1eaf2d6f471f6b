"""Claims of a plan and of its StatefulSets: which go, which stay and where, which are of another size."""

from collections.abc import Iterator
from typing import Final

from review.meaning.controllers import Controller, renames, shortened_list
from review.meaning.data_side import (
    Claim,
    Name,
    Side,
    Thing,
    claim,
    claim_names,
    covering,
    retention,
    templates,
)
from review.meaning.data_telling import fact, finding
from review.meaning.replacing import made_anew
from review.report import AreaFinding, Fact
from settings.quantity import amount

RECLAIM: Final = "https://kubernetes.io/docs/concepts/storage/persistent-volumes/#reclaiming"
SETS: Final = (
    "https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/"
    "#persistentvolumeclaim-retention"
)
RESIZE: Final = (
    "https://kubernetes.io/docs/concepts/storage/persistent-volumes/"
    "#expanding-persistent-volumes-claims"
)


def _fate(side: Side, of: Claim) -> tuple[str, bool]:
    """What comes of the disk when its claim goes, and whether that is known."""
    policy = side.reclaim(of.storage_class)
    named = of.storage_class or "the cluster's default class"
    if policy == "Delete":
        return f"{named} deletes its disk with it", True
    if policy == "Retain":
        return (
            "its disk stays (Retain) under a name that no plan has: `kubectl get pv` tells it before",
            True,
        )
    return f"whether its disk goes hangs on class {named}, which this plan does not have", False


def kept(side: Side, namespace: str) -> str:
    """In which backup the data is, in words."""
    found = [it.title for it in covering(side, namespace)]
    if found:
        return f"{shortened_list(found)} has snapshots of it up to its last run"
    if any(it.unknown for it in side.backups.values()):
        return "which namespaces the backup covers is known after deployment only"
    return f"no backup of this plan covers {namespace}"


def claims(before: Side, after: Side, told: tuple[str, ...]) -> Iterator[Fact | AreaFinding]:
    """Claims that come, go or change; `told` are namespaces whose going was told of as a whole."""
    for name in sorted({*before.claims, *after.claims}):
        old, new = before.claims.get(name), after.claims.get(name)
        if old is None and new is not None:
            one = claim(new.inputs.get("spec"))
            words = f"{new.title} is new: {one.text}; {new_kept(after, name[0])}"
            yield fact(new.title, words, "gained", 50, new.urn)
        elif new is None and old is not None and name[0] not in told:
            yield from _gone(before, name, old, "is deleted", old.stays)
        elif old is not None and new is not None and old.inputs != new.inputs:
            yield from _changed_claim(before, name, old, new)


def new_kept(side: Side, namespace: str) -> str:
    if any(covering(side, namespace)):
        return "the backup covers it"
    return kept(side, namespace)


def _gone(
    side: Side, name: Name, old: Thing, how: str, stays: bool, path: str = ""
) -> Iterator[Fact | AreaFinding]:
    one = claim(old.inputs.get("spec"))
    if stays:
        words = (
            f"{old.title} ({one.text}) leaves the program and stays where it is (`retainOnDelete`)"
        )
        yield fact(old.title, words, "lost", 20, old.urn)
        return
    fate, sure = _fate(side, one)
    for_ = f" for {path}" if path else ""
    yield finding(
        "data-claim-lost",
        old.title,
        f"{how}{for_}: {one.size} of data; {fate}; {kept(side, name[0])}",
        severity="mandatory",
        path=path,
        why="what is on a deleted disk comes back from a backup only",
        remedy="take a snapshot first, or `kubectl patch pv` to Retain; then a claim of another name beside it",
        source=RECLAIM,
        urn=old.urn,
        verdict="fail" if sure else "unknown",
    )


def _changed_claim(side: Side, name: Name, old: Thing, new: Thing) -> Iterator[Fact | AreaFinding]:
    path = made_anew(new.token, old.inputs, new.inputs, new.ignored)
    if path:
        yield from _gone(side, name, old, "is deleted and made anew, empty,", old.stays, path)
        return
    open_ = made_anew(new.token, old.inputs, new.inputs, new.ignored, sure="maybe")
    if open_:
        yield finding(
            "data-unknown",
            new.title,
            f"whether it is deleted and made anew, empty, hangs on {open_}, which is known after deployment only",
            severity="advisory",
            path=open_,
            why="what is on a deleted disk comes back from a backup only",
            remedy=f"for a sure answer {open_} must be known: say it in the settings",
            source=RECLAIM,
            urn=new.urn,
            verdict="unknown",
        )
    was, becomes = claim(old.inputs.get("spec")), claim(new.inputs.get("spec"))
    if was.size != becomes.size:
        yield from _resized(new.title, new.urn, was.size, becomes.size)


def _resized(title: str, urn: str, old: str, new: str) -> Iterator[Fact]:
    try:
        more = amount(new) - amount(old)
    except ValueError:
        words = f"{title}: {old} -> {new}: whether it grows is known after deployment only"
        yield fact(title, words, "changed", 30, urn, RESIZE)
        return
    if more > 0:
        words = f"{title} grows in place, {old} -> {new}, where its class allows expansion; its data stays"
        yield fact(title, words, "changed", 60, urn, RESIZE)
    elif more < 0:
        words = f"{title} cannot shrink from {old} to {new}: it stays as it is, with its data"
        yield fact(title, words, "changed", 10, urn, RESIZE)


def sets(before: Side, after: Side, told: tuple[str, ...]) -> Iterator[Fact | AreaFinding]:
    """The same of the claims that StatefulSets make."""
    renamed = renames(
        {it.key: it for it in before.sets.values()}, {it.key: it for it in after.sets.values()}
    )
    for name, old in before.sets.items():
        new = after.sets.get(name)
        full = before.counts[old.key].full
        if new is None and old.key in renamed:
            yield from _renamed_set(before, old, after.sets[renamed[old.key][1:]], full)
        elif new is None:
            if name[0] not in told:
                yield from _gone_set(before, old, full)
        elif old.manifest != new.manifest or before.counts[old.key] != after.counts[new.key]:
            yield from _changed_templates(old, new, full)
            yield from _scaled(old, new, full, after.counts[new.key].full)
    for name, new in after.sets.items():
        if name not in before.sets and new.key not in renamed.values() and (made := templates(new)):
            sizes = ", ".join(f"{key} {it.text}" for key, it in made.items())
            words = f"{new.title} is new, with claims a replica: {sizes}; {new_kept(after, new.namespace)}"
            yield fact(new.title, words, "gained", 50, new.urn, SETS)


def _gone_set(side: Side, old: Controller, full: int) -> Iterator[Fact | AreaFinding]:
    made = templates(old)
    if not made or not full:
        return
    names = ", ".join(
        f"{claim_names(key, old, 0, full)} ({it.size} each)" for key, it in made.items()
    )
    if retention(old)["whenDeleted"] == "Delete":
        fate = "; ".join(dict.fromkeys(_fate(side, it)[0] for it in made.values()))
        yield finding(
            "data-claim-lost",
            old.title,
            f"goes, and its claims with it (`whenDeleted: Delete`): {names}; {fate}; {kept(side, old.namespace)}",
            severity="mandatory",
            path="spec.persistentVolumeClaimRetentionPolicy.whenDeleted",
            why="what is on a deleted disk comes back from a backup only",
            remedy="set `whenDeleted: Retain` in a change before this one",
            source=SETS,
            urn=old.urn,
        )
        return
    yield finding(
        "data-left-behind",
        old.title,
        f"goes, its claims stay with their data and nothing here manages them: {names}",
        severity="advisory",
        why="disks that nobody uses are paid for, and a set of the same name takes them up again with what is on them",
        remedy="move the data first, then delete the claims by hand once nobody needs them",
        source=SETS,
        urn=old.urn,
    )


def _renamed_set(
    side: Side, old: Controller, new: Controller, full: int
) -> Iterator[Fact | AreaFinding]:
    made = templates(old)
    if retention(old)["whenDeleted"] == "Delete" or not made or not full:
        yield from _gone_set(side, old, full)
        return
    names = ", ".join(
        f"{claim_names(key, old, 0, full)} ({it.size} each)" for key, it in made.items()
    )
    yield finding(
        "data-left-behind",
        new.title,
        f"is what {old.name} was, by its images, and starts with empty disks: {names} stay with the data of "
        "before, and nothing mounts them",
        severity="mandatory",
        why="claims of a set have its name in theirs: another name is another disk",
        remedy="keep the name; or copy the data to the claims of the new name before its pods start",
        source=SETS,
        urn=new.urn,
    )


def _changed_templates(old: Controller, new: Controller, full: int) -> Iterator[Fact | AreaFinding]:
    was, becomes = templates(old), templates(new)
    if not full:
        return
    for key in sorted({*was} - {*becomes}):
        names = claim_names(key, old, 0, full)
        yield finding(
            "data-left-behind",
            new.title,
            f"no longer has claims {key}: {names} ({was[key].size} each) stay with their data, and its pods start "
            "without it",
            severity="mandatory",
            path=f"spec.volumeClaimTemplates[{key}]",
            why="the workload starts empty while its data lies on disks that nothing mounts",
            remedy="keep the name of the claims, or copy the data to the new ones before this change",
            source=SETS,
            urn=new.urn,
        )
    for key in sorted({*was} & {*becomes}):
        if was[key] != becomes[key]:
            names = claim_names(key, old, 0, full)
            words = (
                f"{new.title}: {names} stay as they are, with their data ({was[key].text}); only claims of new "
                f"replicas are of {becomes[key].text}"
            )
            yield fact(new.title, words, "changed", 15, new.urn, SETS)
    for key in ("whenDeleted", "whenScaled"):
        one, other = retention(old)[key], retention(new)[key]
        if one != other and was:
            effect = "go with it" if other == "Delete" else "stay, with their data"
            event = "the set is deleted" if key == "whenDeleted" else "a replica is scaled away"
            words = f"{new.title}: {key} {one} -> {other}: when {event} its claims {effect}"
            yield fact(new.title, words, "changed", 15, new.urn, SETS)


def _scaled(
    old: Controller, new: Controller, was: int, becomes: int
) -> Iterator[Fact | AreaFinding]:
    made = templates(old)
    if becomes >= was or not made:
        return
    names = ", ".join(
        f"{claim_names(key, old, becomes, was)} ({it.size} each)" for key, it in made.items()
    )
    if retention(new)["whenScaled"] == "Delete":
        yield finding(
            "data-claim-lost",
            new.title,
            f"{was} -> {becomes} replicas, and the claims of those that go are deleted (`whenScaled: Delete`): {names}",
            severity="mandatory",
            path="spec.replicas",
            why="what is on a deleted disk comes back from a backup only",
            remedy="see that the other replicas have the data, or set `whenScaled: Retain` first",
            source=SETS,
            urn=new.urn,
        )
    else:
        words = (
            f"{new.title}: {was} -> {becomes} replicas; the claims of those that go stay: {names}"
        )
        yield fact(new.title, words, "changed", 40, new.urn, SETS)
