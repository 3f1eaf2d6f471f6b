"""What restarts nothing although it changes, and what moves pods although their own objects stay: nodes and charts."""

from collections.abc import Iterator
from typing import Final

from review.diff.shapes import ANY, of_kind
from review.diff.walk import differences
from review.guard.rows_pools import POOL
from review.guard.table import plain_type
from review.meaning.config_references import Name, changed_keys, references, titled
from review.meaning.controllers import Controller, Key, shortened_list
from review.meaning.disruption import SOURCE, blocking
from review.meaning.node_moves import Move, moves, surge
from review.meaning.running import Side
from review.report import AreaFinding, Fact, Sign

MOST_PATHS: Final = 4
"""Are named in one line; the rest is counted."""

MOUNTED: Final = (
    "https://kubernetes.io/docs/concepts/configuration/configmap/"
    "#mounted-configmaps-are-updated-automatically"
)
CHARTS: Final = "https://helm.sh/docs/howto/charts_tips_and_tricks/"


def around(before: Side, after: Side) -> Iterator[Fact | AreaFinding]:
    """All that restarts hang on beside the controllers' own objects."""
    yield from _configs(before, after)
    yield from _beside(before, after)
    yield from _charts(before, after)
    for it in moves(before.nodes, after.nodes):
        yield from _moved(it, after)
    yield from _budgets(before, after)


def _configs(before: Side, after: Side) -> Iterator[Fact]:
    """Configuration that changes under its name: pods that read it keep what they started with."""
    changed = {
        key
        for key, new in after.configs.items()
        if (old := before.configs.get(key)) is not None
        and (old.data, old.unknown) != (new.data, new.unknown)
    }
    if not changed:
        return
    readers: dict[Name, list[Controller]] = {key: [] for key in changed}
    spaces = {key[1] for key in changed}
    for it in after.controllers.values():
        if it.namespace in spaces:
            for kind, name in references(it.pod):
                if (kind, it.namespace, name) in changed:
                    readers[kind, it.namespace, name].append(it)
    for key in sorted(changed):
        kind, namespace, name = key
        old, new = before.configs[key], after.configs[key]
        keys = changed_keys(kind, old, new, None)
        titles = shortened_list(it.title for it in readers[key])
        effect = (
            f"no pod of {titles} restarts for it: environment stays as it is until they do, mounted files follow "
            "within about a minute"
            if titles
            else "no pod of this plan reads it"
        )
        yield Fact(
            area="restarts",
            sign="changed",
            resource=f"{kind} {namespace}/{name}",
            message=f"{titled(kind, name)} in {namespace} changes under its name ({keys}): {effect}",
            rank=40,
            path="data",
            source=MOUNTED,
            urn=new.urn,
        )


def _beside(before: Side, after: Side) -> Iterator[Fact]:
    """Objects that change in place and restart nothing."""
    for key, (urn, new) in after.beside.items():
        old = before.beside.get(key)
        if old is None or old[1] == new:
            continue
        kind, namespace, name = key
        shape = of_kind(str(new.get("apiVersion", "v1")), kind)
        paths = sorted(
            it.path for it in differences(old[1], new, shape) if not it.path.startswith("metadata.")
        )
        if paths:
            yield Fact(
                area="restarts",
                sign="changed",
                resource=f"{kind} {namespace}/{name}",
                message=f"no pod restarts for {kind} {namespace}/{name}: {shortened_list(paths, MOST_PATHS)} changes "
                "in place",
                rank=85,
                path=paths[0],
                urn=urn,
            )


def _charts(before: Side, after: Side) -> Iterator[Fact]:
    """Releases: what of their pods restarts a plan does not tell, and that is said."""
    for key, (urn, new) in after.releases.items():
        old = before.releases.get(key)
        if old is None:
            yield _of_chart(key, "gained", "is new: how many pods start its chart decides", urn)
            continue
        paths = sorted(it.path for it in differences(old[1], new, ANY))
        if paths:
            words = (
                f"changes {shortened_list(paths, MOST_PATHS)}: which of its pods restart the chart decides, and no "
                "plan has what it makes of its values"
            )
            yield _of_chart(key, "changed", words, urn, paths[0])
    for key in sorted({*before.releases} - {*after.releases}):
        words = "is gone: all its pods stop for good"
        yield _of_chart(key, "lost", words, before.releases[key][0])


def _of_chart(key: tuple[str, str], sign: Sign, words: str, urn: str, path: str = "") -> Fact:
    title = f"Release {key[0]}/{key[1]}"
    return Fact(
        area="restarts",
        sign=sign,
        resource=title,
        message=f"{title} {words}",
        rank=30,
        path=path,
        source=CHARTS,
        urn=urn,
    )


def _moved(move: Move, after: Side) -> Iterator[Fact | AreaFinding]:
    """Nodes that go: the pods on them, those that stop meanwhile, those that nothing may evict."""
    is_pool = plain_type(move.nodes.token) == POOL
    on = [
        key
        for key, it in after.counts.items()
        if key[0] not in ("Job", "CronJob", "DaemonSet")
        and (not is_pool or it.pool in ("", move.nodes.pool))
    ]
    rest = sum(after.counts[key].rest for key in on)
    full = sum(after.counts[key].full for key in on)
    pods = f"{rest}" if rest == full else f"{rest} to {full}"
    titles = [after.controllers[key].title for key in on]
    pace = "all at once" if move.at_once else surge(move.nodes) if is_pool else "pool by pool"
    may = "" if move.sure else "may "
    does = f"{may}{'stop' if move.at_once else 'move'}"
    who = f"{pods} pods of {len(titles)} workloads ({shortened_list(titles)}) {does}"
    yield Fact(
        area="restarts",
        sign="changed",
        resource=move.nodes.title,
        message=f"{who if titles else f'no pods of this plan {does}'} with the nodes of {move.nodes.title}: "
        f"{move.path}: {move.why}; {pace}",
        rank=2,
        path=move.path,
        source=move.source,
        urn=move.nodes.urn,
    )
    if not move.sure:
        yield _of_nodes(
            move,
            "restart-unknown",
            f"whether its nodes are drained hangs on {move.path}, which is known after deployment only",
            why="pods move with their nodes",
            remedy=f"for a sure answer {move.path} must be known",
            unknown=True,
        )
        return
    single = [after.controllers[key].title for key in on if after.counts[key].rest == 1]
    if single and not move.at_once:
        yield _of_nodes(
            move,
            "drain-interrupts",
            f"{_alone(len(single))} node goes: {shortened_list(single)}",
            why="an evicted pod stops before another one is ready elsewhere",
            remedy="choose the hour, or run two of each behind a disruption budget first",
        )
    if is_pool or not move.at_once:
        yield from _blocked(move, after, frozenset(on))


def _alone(count: int) -> str:
    if count == 1:
        return "1 workload with one pod does not answer while its"
    return f"{count} workloads with one pod each do not answer while their"


def _blocked(move: Move, after: Side, on: frozenset[Key]) -> Iterator[AreaFinding]:
    at_rest = {key: after.counts[key].rest for key in on}
    for it, budget, why in blocking(after.budgets, after.controllers, at_rest, on):
        yield AreaFinding(
            rule="drain-blocked",
            severity="mandatory",
            resource=it.title,
            message=f"PodDisruptionBudget {budget[0]}/{budget[1]} lets no pod of it be evicted ({why}): "
            f"{move.nodes.title} waits until the drain times out, and then the change of its nodes fails",
            path="spec",
            why=f"{move.path} changes, so every node there has to be drained",
            remedy="let the budget allow one pod to be away, or run one replica more, before this change",
            source=SOURCE,
            urn=budget[2],
            area="restarts",
        )


def _of_nodes(
    move: Move, rule: str, message: str, *, why: str, remedy: str, unknown: bool = False
) -> AreaFinding:
    return AreaFinding(
        rule=rule,
        severity="advisory",
        resource=move.nodes.title,
        message=message,
        path=move.path,
        why=why,
        remedy=remedy,
        source=move.source,
        urn=move.nodes.urn,
        area="restarts",
        verdict="unknown" if unknown else "fail",
    )


def _budgets(before: Side, after: Side) -> Iterator[AreaFinding]:
    """Budgets that let nothing be evicted any more."""
    if before.budgets == after.budgets and before.counts == after.counts:
        return
    held = {(it.key, budget[:2]) for it, budget, _ in _held(before)}
    for it, budget, why in _held(after):
        if (it.key, budget[:2]) not in held:
            yield AreaFinding(
                rule="budget-blocks",
                severity="advisory",
                resource=it.title,
                message=f"PodDisruptionBudget {budget[0]}/{budget[1]} lets no pod of it be evicted any more ({why})",
                path="spec",
                why="a node that it runs on cannot be drained: upgrades of nodes wait for the drain timeout and fail",
                remedy="let the budget allow one pod to be away, or run one replica more",
                source=SOURCE,
                urn=budget[2],
                area="restarts",
            )


def _held(side: Side) -> Iterator[tuple[Controller, tuple[str, ...], str]]:
    at_rest = {key: it.rest for key, it in side.counts.items()}
    for it, budget, why in blocking(side.budgets, side.controllers, at_rest):
        yield it, budget[:3], why
