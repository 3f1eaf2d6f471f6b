"""Hosts and paths on both sides: exposed, withdrawn, moved to another workload, shadowed, without TLS."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from review.findings import Severity
from review.meaning import words
from review.meaning.ways_in import Host, Path, Side
from review.report import AreaFinding, Fact, Sign

_TLS: Final = "https://kubernetes.io/docs/concepts/services-networking/ingress/#tls"
_PATHS: Final = "https://kubernetes.io/docs/concepts/services-networking/ingress/#multiple-matches"
_POLICIES: Final = "https://kubernetes.io/docs/concepts/services-networking/network-policies/"

_DROPPED: Final = "exposure-tls-dropped"

Key = tuple[str, str, str]
"""Host, path and its kind."""


def compare(before: Side, after: Side) -> Iterator[Fact | AreaFinding]:
    """What is otherwise about hosts and their paths."""
    was, now = _by_key(before.paths), _by_key(after.paths)
    old, new = {it[0] for it in was}, {it[0] for it in now}
    for host in sorted(new - old):
        yield _exposed(after, host, now)
    for host in sorted(old - new):
        yield _withdrawn(host, was)
    for host in sorted(old & new):
        yield from _paths(host, was, now)
    yield from _tls(before, after, old & new, new)
    yield from _classes(before, after)
    yield from _taken(was, now)
    yield from _refused(was, now)
    yield from _empty(was, now)


def _by_key(paths: Iterable[Path]) -> dict[Key, list[Path]]:
    found: dict[Key, list[Path]] = {}
    for it in paths:
        found.setdefault((it.host, it.path, it.kind), []).append(it)
    return found


def _whom(paths: Iterable[Path]) -> str:
    """The workloads that answer, else the Service that nobody answers for."""
    listed = [*paths]
    found = list(dict.fromkeys(name for it in listed for name in it.workloads))
    return (
        words.listed(found)
        or f"nobody (Service {words.listed(sorted({it.service for it in listed}))})"
    )


def _of(host: str, paths: Mapping[Key, list[Path]]) -> list[tuple[Key, list[Path]]]:
    return [(key, found) for key, found in sorted(paths.items()) if key[0] == host]


def _exposed(side: Side, host: str, paths: Mapping[Key, list[Path]]) -> Fact:
    found = _of(host, paths)
    listed = [f"{key[1]} to {_whom(several)}" for key, several in found]
    first = found[0][1][0]
    controller = side.controller(first.ingress_class)
    reach = {"internet": " to the Internet", "network": " to the virtual network"}.get(
        controller.reach if controller else "", ""
    )
    secret = _secret(side, host)
    return Fact(
        area="exposure",
        sign="gained",
        resource=first.title,
        message=f"host {host} is exposed{reach}, {f'with TLS by Secret {secret}' if secret else 'without TLS'}: "
        f"{words.listed(listed)}",
        rank=5,
        urn=first.urn,
    )


def _withdrawn(host: str, paths: Mapping[Key, list[Path]]) -> Fact:
    found = _of(host, paths)
    listed = [f"{key[1]} to {_whom(several)}" for key, several in found]
    first = found[0][1][0]
    return Fact(
        area="exposure",
        sign="lost",
        resource=first.title,
        message=f"host {host} is withdrawn: it led {words.listed(listed)}",
        rank=8,
        urn=first.urn,
    )


def _paths(
    host: str, was: Mapping[Key, list[Path]], now: Mapping[Key, list[Path]]
) -> Iterator[Fact]:
    old, new = dict(_of(host, was)), dict(_of(host, now))
    moved: dict[tuple[str, str], list[tuple[Key, Path]]] = {}
    for key in sorted({*old, *new}):
        if key not in old:
            yield _came(key, new[key], old)
        elif key not in new:
            yield _went(key, old[key], new)
        elif (pair := (_whom(old[key]), _whom(new[key])))[0] != pair[1]:
            moved.setdefault(pair, []).append((key, new[key][0]))
    for (whom, who), several in moved.items():
        first = several[0][1]
        whole = len(several) == len(new)
        urls = words.listed([f"{key[0]}{key[1]}" for key, _ in several])
        yield Fact(
            area="exposure",
            sign="changed",
            resource=first.title,
            message=f"{f'host {host}' if whole else urls} leads to {who}, before to {whom}",
            rank=6,
            old=whom,
            new=who,
            urn=first.urn,
        )


def _came(key: Key, paths: list[Path], old: Mapping[Key, list[Path]]) -> Fact:
    before = _longest(key[1], old)
    taken = (
        f", which before went to {_whom(old[before])} by {before[1]}"
        if before and _whom(old[before]) != _whom(paths)
        else ""
    )
    return _path_fact(
        "gained", paths[0], f"{paths[0].url} is exposed and leads to {_whom(paths)}{taken}", 10
    )


def _went(key: Key, paths: list[Path], new: Mapping[Key, list[Path]]) -> Fact:
    after = _longest(key[1], new)
    left = (
        f"; its requests go to {_whom(new[after])} by {after[1]} now"
        if after
        else "; nobody answers there now"
    )
    return _path_fact(
        "lost", paths[0], f"{paths[0].url} is withdrawn: it led to {_whom(paths)}{left}", 12
    )


def _path_fact(sign: Sign, path: Path, message: str, rank: int) -> Fact:
    return Fact(
        area="exposure", sign=sign, resource=path.title, message=message, rank=rank, urn=path.urn
    )


def _longest(path: str, known: Mapping[Key, list[Path]]) -> Key | None:
    """Whoever else takes the requests of `path`: of prefixes the longest, as controllers choose."""
    fitting = [
        key for key in known if key[2] != "Exact" and _is_below(path, key[1]) and path != key[1]
    ]
    return max(fitting, key=lambda it: len(it[1]), default=None)


def _is_below(path: str, prefix: str) -> bool:
    start = prefix.rstrip("/")
    return path == start or path.startswith(f"{start}/")


def _secret(side: Side, host: str) -> str:
    """The certificate that a host shows; one object of it that has TLS is enough."""
    return next((it.secret for it in side.hosts if it.host == host and it.secret), "")


def _stands(side: Side, host: str) -> Host | None:
    """The object that speaks of a host's TLS: the one that has it, else the first."""
    own = [it for it in side.hosts if it.host == host]
    return next((it for it in own if it.secret), own[0] if own else None)


def _tls(before: Side, after: Side, both: set[str], new: set[str]) -> Iterator[Fact | AreaFinding]:
    for host in sorted(both):
        old, now = _secret(before, host), _secret(after, host)
        it = _speaking(before, after, host)
        if it is None or old == now:
            continue
        if old and not now:
            yield _without(
                it, _DROPPED, "mandatory",
                f"host {host} has no TLS any more; its certificate was in Secret {old}",
            )  # fmt: skip
        yield Fact(
            area="exposure",
            sign="changed" if old and now else "gained" if now else "lost",
            resource=it.title,
            message=f"host {host} "
            + (
                f"shows the certificate of Secret {now}, before of {old}"
                if old and now
                else f"has TLS, by Secret {now}"
                if now
                else f"has no TLS any more, which Secret {old} gave it"
            ),
            rank=9,
            path="spec.tls",
            old=old,
            new=now,
            urn=it.urn,
            told="" if now else _DROPPED,
        )
    for host in sorted(new - both):
        it = _stands(after, host)
        if it and not it.secret and after.controller(it.ingress_class):
            yield _without(
                it, "exposure-no-tls", "advisory",
                f"host {host} is new and has no TLS",
            )  # fmt: skip


def _speaking(before: Side, after: Side, host: str) -> Host | None:
    """As it stands in the head: the object that has the host's TLS, or had it."""
    now, old = _stands(after, host), _stands(before, host)
    if now and not now.secret and old:
        return next((it for it in after.hosts if (it.title, it.host) == (old.title, host)), old)
    return now


def _without(it: Host, rule: str, severity: Severity, message: str) -> AreaFinding:
    return AreaFinding(
        rule=rule,
        severity=severity,
        resource=it.title,
        message=message,
        path="spec.tls",
        why="passwords, cookies and tokens can be read by whoever is on the way",
        remedy="name a certificate in 'ingress.tls' or in the host's own 'tls'",
        source=_TLS,
        urn=it.urn,
        area="exposure",
    )


def _classes(before: Side, after: Side) -> Iterator[Fact]:
    old = {(it.title, it.host): it for it in before.hosts}
    seen: set[tuple[str, str, str]] = set()
    for it in after.hosts:
        was = old.get((it.title, it.host))
        if was and was.ingress_class != it.ingress_class:
            key = it.host, was.ingress_class, it.ingress_class
            if key in seen:
                continue
            seen.add(key)
            known = after.controller(it.ingress_class) is not None
            yield Fact(
                area="exposure",
                sign="changed",
                resource=it.title,
                message=f"host {it.host} is served by class {it.ingress_class or 'of the cluster'}, before by "
                f"{was.ingress_class or 'that of the cluster'}"
                + ("" if known else "; this program installs no controller of that class"),
                rank=9,
                path="spec.ingressClassName",
                old=was.ingress_class,
                new=it.ingress_class,
                urn=it.urn,
            )


def _taken(was: Mapping[Key, list[Path]], now: Mapping[Key, list[Path]]) -> Iterator[AreaFinding]:
    """One path of one host that two objects lead to different Services."""
    for key, several in sorted(now.items()):
        if not _clash(several) or _clash(was.get(key, [])):
            continue
        objects = sorted({it.title for it in several})
        last = max(several, key=lambda it: it.title)
        yield AreaFinding(
            rule="exposure-path-taken",
            severity="mandatory",
            resource=last.title,
            message=f"{key[0]}{key[1]} is in {words.listed(objects)}, and each leads it elsewhere: to "
            f"{words.listed(sorted({_whom([it]) for it in several}))}",
            path="spec.rules",
            why="the controller takes the oldest and drops the other, or takes turns; nothing fails",
            remedy="keep the path in one of them",
            source=_PATHS,
            urn=last.urn,
            area="exposure",
        )


def _clash(several: list[Path]) -> bool:
    objects = {it.title for it in several}
    return len(objects) > 1 and len({it.service for it in several}) > 1


def _refused(was: Mapping[Key, list[Path]], now: Mapping[Key, list[Path]]) -> Iterator[AreaFinding]:
    """Paths whose requests the workload's own policies stop."""
    found: dict[str, list[Path]] = {}
    for key, several in sorted(now.items()):
        known = {name for it in was.get(key, ()) for name in it.refused}
        for it in several:
            for name in it.refused:
                if name not in known:
                    found.setdefault(name, []).append(it)
    for name, several in found.items():
        first = several[0]
        yield AreaFinding(
            rule="exposure-shut-by-policy",
            severity="mandatory",
            resource=first.title,
            message=f"{words.listed(sorted({it.url for it in several}))} leads to {name}, "
            "and network policies do not let the ingress controller call it",
            why="whoever asks for it gets 502 or 504, and every object looks right",
            remedy="let the controller's pods call its port, and be called by it",
            source=_POLICIES,
            urn=first.urn,
            area="exposure",
        )


def _empty(was: Mapping[Key, list[Path]], now: Mapping[Key, list[Path]]) -> Iterator[AreaFinding]:
    """Paths that nobody answers for any more."""
    found: dict[str, list[Path]] = {}
    for key, several in sorted(now.items()):
        if any(it.workloads for it in several):
            continue
        if key not in was or any(it.workloads for it in was[key]):
            found.setdefault(several[0].service, []).append(several[0])
    for service, several in found.items():
        first = several[0]
        yield AreaFinding(
            rule="exposure-leads-nowhere",
            severity="mandatory",
            resource=first.title,
            message=f"{words.listed(sorted({it.url for it in several}))} leads to Service {service} port {first.port}, "
            "and no pod of this plan answers there",
            path="spec.rules",
            why="whoever asks for it gets 503",
            remedy="correct the Service's name or port, its selector, or the labels of the pods",
            source=_PATHS,
            urn=first.urn,
            area="exposure",
        )
