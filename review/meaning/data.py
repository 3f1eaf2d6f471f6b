"""Data at risk: claims and disks that go, shrink, or are no longer what pods write to; what survives, and where.

The guard tells of the replacement or deletion of an object; this tells of the data behind it, of backups that cover it,
and of what nobody can say before a deployment.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from review.guard.rows_cluster import CLUSTER
from review.guard.table import plain_type
from review.marks import is_mark, known
from review.meaning.controllers import Key, shortened_list
from review.meaning.data_backups import unknown
from review.meaning.data_claims import RECLAIM, claims, kept, sets
from review.meaning.data_side import Side, Thing, is_persistent, listed, of_plan
from review.meaning.data_stores import stores
from review.meaning.data_telling import fact, finding
from review.meaning.replacing import made_anew
from review.report import AreaFinding, Fact

__all__ = ["Side", "compare", "of_plan"]

EMPTY: Final = "https://kubernetes.io/docs/concepts/storage/volumes/#emptydir"
ZONES: Final = "https://learn.microsoft.com/azure/aks/aks-zone-resiliency"


def compare(before: Side, after: Side) -> Iterator[Fact | AreaFinding]:
    """Claims, sets, what pods write to, namespaces and clusters that go, then stores and backups."""
    cluster, spaces = _lost_cluster(before, after), _lost_spaces(before, after)
    if cluster is not None:
        yield from _with_cluster(cluster, before)
    else:
        yield from _with_spaces(spaces, before)
        yield from claims(before, after, spaces)
        yield from sets(before, after, spaces)
    yield from _writers(before, after)
    yield from _volumes(before, after)
    yield from stores(before, after)


def _writers(before: Side, after: Side) -> Iterator[Fact | AreaFinding]:
    """What pods wrote to that outlived them, and no longer does."""
    for key, new in after.writers.items():
        old = before.writers.get(key, new)
        if old == new:
            continue
        title = f"{key[0]} {key[1]}/{key[2]}"
        for at, source in old.items():
            if is_persistent(source) and new.get(at) != source:
                yield from _unmounted(title, at, source, new, after.urns[key])
        for at, source in new.items():
            if is_persistent(source) and at in old and not is_persistent(old[at]):
                words = f"what pods of {title} write to {_path(at)} outlives them now ({source}; it was {old[at]})"
                yield fact(title, words, "gained", 45, after.urns[key], EMPTY)
    for key in sorted(before.pools.keys() & after.pools.keys()):
        was, becomes = before.pools[key], after.pools[key]
        if was != becomes:
            yield _zoned(key, was, becomes, after.urns[key])


def _path(at: str) -> str:
    container, _, path = at.partition(":")
    return f"{path} of {container}"


def _unmounted(
    title: str, at: str, source: str, new: Mapping[str, str], urn: str
) -> Iterator[Fact | AreaFinding]:
    now = new.get(at)
    if now is not None and is_persistent(now):
        if not (now.startswith("claims ") and source.startswith("claims ")):
            yield finding(
                "data-other-claim",
                title,
                f"its pods have {now} at {_path(at)} in place of {source}: they start with what is on that one",
                severity="advisory",
                why="another claim is another disk: the data of before is not there",
                remedy=f"copy what is needed from {source} first; it stays until somebody deletes it",
                source=RECLAIM,
                urn=urn,
            )
        return
    elsewhere = [other for other, it in new.items() if it == source]
    if now is None and elsewhere:
        words = (
            f"pods of {title} have {source} at {_path(elsewhere[0])} now, no longer at {_path(at)}"
        )
        yield fact(title, words, "changed", 30, urn, RECLAIM)
        return
    yield finding(
        "data-not-kept",
        title,
        f"what its pods write to {_path(at)} was kept on {source} and now is lost with each pod "
        f"({now or 'nothing is mounted there'})",
        severity="mandatory",
        why="the data of before is not mounted any more, and new data does not outlive a restart",
        remedy=f"keep {source} mounted there, or say where the data lies from now on",
        source=EMPTY,
        urn=urn,
    )


def _zoned(key: Key, was: str, becomes: str, urn: str) -> AreaFinding:
    return finding(
        "data-other-pool",
        f"{key[0]} {key[1]}/{key[2]}",
        f"its pods go from {f'pool {was}' if was else 'any pool'} to {f'pool {becomes}' if becomes else 'any pool'}, "
        "their disks stay in the zones they were made in",
        severity="advisory",
        why="a disk of one zone is attached to nodes of that zone only: a pod stays Pending where there is none",
        remedy="see that the other pool has nodes in the zones of the disks: `kubectl get pv -o wide`",
        source=ZONES,
        urn=urn,
    )


def _lost_cluster(before: Side, after: Side) -> Thing | None:
    """The cluster that goes, with every disk that it made."""
    for key, old in before.stores.items():
        if plain_type(old.token) != CLUSTER or old.stays:
            continue
        new = after.stores.get(key)
        if new is None or made_anew(new.token, old.inputs, new.inputs, new.ignored):
            return old
    return None


def _lost_spaces(before: Side, after: Side) -> tuple[str, ...]:
    """Namespaces whose claims go all together."""
    return tuple(
        name
        for name, it in before.namespaces.items()
        if name not in after.namespaces and not it.stays
    )


def _with_cluster(cluster: Thing, before: Side) -> Iterator[AreaFinding]:
    if found := listed(before):
        how = "its node resource group goes, with every disk there"
        yield _all_go(cluster, found, how, before, None)


def _with_spaces(spaces: tuple[str, ...], before: Side) -> Iterator[AreaFinding]:
    for name in spaces:
        if found := listed(before, [name]):
            yield _all_go(before.namespaces[name], found, "every claim in it goes", before, name)


def _all_go(
    of: Thing, found: list[str], how: str, side: Side, namespace: str | None
) -> AreaFinding:
    """One finding for all that goes with a cluster or a namespace."""
    if namespace is not None:
        saved = kept(side, namespace)
    elif any(it.snapshots for it in side.backups.values()):
        saved = "snapshots of the backup stay in their own resource group while that stays"
    else:
        saved = "no backup of this plan has them"
    return finding(
        "data-claim-lost",
        of.title,
        f"{how}: {shortened_list(found, 5)}; {saved}",
        severity="mandatory",
        why="what is on a deleted disk comes back from a backup only",
        remedy="back up and try the restore, or move the data, in a change before this one",
        source=RECLAIM,
        urn=of.urn,
    )


def _volumes(before: Side, after: Side) -> Iterator[Fact | AreaFinding]:
    """Volumes and classes that delete where they kept."""
    for name, new in after.volumes.items():
        old = before.volumes.get(name)
        was, becomes = (
            known(it.inputs.get("spec")).get("persistentVolumeReclaimPolicy", "Retain")
            for it in (old or new, new)
        )
        if was != becomes and (is_mark(was) or is_mark(becomes)):
            yield unknown(new, "spec.persistentVolumeReclaimPolicy")
            continue
        if was != becomes and becomes == "Delete":
            yield finding(
                "data-reclaim",
                new.title,
                f"reclaim policy {was} -> {becomes}: when its claim goes its disk is deleted",
                severity="advisory",
                path="spec.persistentVolumeReclaimPolicy",
                why="with Retain a claim deleted by mistake costs no data",
                remedy="keep Retain where the data matters",
                source=RECLAIM,
                urn=new.urn,
            )
        elif was != becomes:
            words = f"{new.title}: reclaim policy {was} -> {becomes}"
            yield fact(new.title, words, "changed", 40, new.urn, RECLAIM)
    for name, old in before.volumes.items():
        if name not in after.volumes:
            words = f"{old.title} is gone: nothing leads to its disk any more"
            yield fact(old.title, words, "lost", 20, old.urn, RECLAIM)
    for name in sorted({*before.classes} & {*after.classes}):
        was, becomes = before.reclaim(name), after.reclaim(name)
        if was != becomes:
            title = after.classes[name].title
            policies = f"{was or 'unknown'} -> {becomes or 'unknown'}"
            words = f"{title}: {policies} for disks made from now on; others keep theirs"
            yield fact(title, words, "changed", 30, after.classes[name].urn, RECLAIM)
