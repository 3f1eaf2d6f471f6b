"""The answer to `./aks explain release.<workload>`: who gets which share, and what the next line would change."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from settings.explain import UnknownKeyError, source_of
from settings.faults import did_you_mean, dotted
from settings.quantity import amount, cpu_text, memory_text
from settings.release_moves import Move, Share, Write, moves, needs, shares
from settings.sources import Sources
from settings.stack import PATH, ImageVersion, Settings
from settings.standing import pods, span
from settings.tracks import ALL, Track, running, share_of
from settings.workload import Workload

DIGEST_SHOWN_CHARACTERS = 19
"""`sha256:` and twelve more, as container tools show it."""

_INDENT = "  "


def explained(settings: Settings, sources: Sources, name: str) -> list[str]:
    """What runs of workload `name`, who gets which share, and what could be done next with the lines to write.

    Raises `UnknownKeyError` for a workload that the stack does not have.
    """
    workload = settings.workloads.get(name)
    if workload is None:
        near = did_you_mean(name, settings.workloads)
        raise UnknownKeyError(
            f"no workload {name!r} in this stack; {near or 'name one of the catalogue'}"
        )
    runs = running(settings, workload)
    lines = [f"release.{name} = {_state(workload)}"]
    lines.append(f"  from      {source_of(('workloads', name, 'release', 'strategy'), sources)}")
    lines += [f"  {it}" for it in _table(settings, workload, runs)]
    lines += [f"  note      {it}" for it in _notes(workload, runs)]
    for move in moves(settings, workload):
        lines += _move(settings, sources, workload, runs, move)
    return lines


def _state(workload: Workload) -> str:
    release = workload.release
    if not workload.has_tracks:
        return f"{release.strategy}: one version"
    if release.strategy == "blueGreen":
        return f"blueGreen: {release.active} is active"
    share = f"{share_of(release)} % to the candidate, by {release.by}"
    return (
        f"{release.strategy}, step {release.step} of {len(release.steps)} {release.steps}: {share}"
    )


def _table(settings: Settings, workload: Workload, runs: Sequence[Track]) -> Iterator[str]:
    image = settings.images[workload.image_key]
    by_name = shares(workload, runs)
    rows = [("version", "object", "image", "pods", "asked", "really", "requests")]
    for it in runs:
        rows.append(
            (
                it.name,
                it.of(workload.name),
                f"{workload.image}:{_version(image.version(it.name))}",
                _of_all(it, runs),
                f"{by_name[it.name].asked} %",
                _really(by_name[it.name]),
                "yes" if it.serves else "no",
            )
        )
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        yield (
            _INDENT
            + "  ".join(
                f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True)
            ).rstrip()
        )


def _version(version: ImageVersion) -> str:
    if version.digest is None:
        return version.tag
    return f"{version.tag}@{version.digest[:DIGEST_SHOWN_CHARACTERS]}"


def _of_all(track: Track, runs: Sequence[Track]) -> str:
    """`1 of 4`, `1 to 2 of 4 to 8`."""
    fewest = sum(it.fewest for it in runs if it.serves or it is track)
    most = sum(it.most for it in runs if it.serves or it is track)
    own = span(track.fewest, track.most)
    return f"{own} of {span(fewest, most)}" if track.serves and len(runs) > 1 else own


def _really(share: Share) -> str:
    if share.lowest == share.highest:
        return f"{_plain(share.lowest)} %"
    return f"{_plain(share.lowest)} % at the fewest, {_plain(share.highest)} % at the most"


def _plain(number: Decimal) -> str:
    return f"{number.normalize():f}"


def _notes(workload: Workload, runs: Sequence[Track]) -> Iterator[str]:
    release, share = workload.release, share_of(workload.release)
    if len(runs) < 2 or release.strategy == "blueGreen":
        return
    candidate = shares(workload, runs)[runs[1].name]
    for replicas, part, where in (
        (workload.fewest_replicas, candidate.lowest, runs[1].fewest),
        (workload.most_replicas, candidate.highest, runs[1].most),
    )[: 1 if workload.fewest_replicas == workload.most_replicas else 2]:
        if part == share:
            continue
        if replicas == 1 and release.strategy == "canary":
            yield f"one pod cannot be shared: the candidate's comes beside it, and {share} % is {_plain(part)} %"
        else:
            exact = _plain((Decimal(replicas) * share / ALL).quantize(Decimal("0.01")))
            of = f"{share} % of {pods(replicas, replicas)} is {exact}"
            if release.strategy == "gray":
                of = f"{share} % beside {pods(replicas, replicas)}"
            yield f"{of}, rounded to {pods(where, where)}: {_plain(part)} %"
    if release.by == "requests":
        yield "callers inside the cluster use the Service, which sends all to one version: stable until 100 %"


def _move(
    settings: Settings, sources: Sources, workload: Workload, runs: Sequence[Track], move: Move
) -> Iterator[str]:
    changed = move.after.workloads[workload.name]
    then = running(move.after, changed)
    yield f"  {move.name:<9} {move.says}"
    for text in (*_changes(workload, runs, changed, then), *_needs(settings, workload, move)):
        yield f"{_INDENT}{'':10}{text}"
    for it in move.writes:
        yield f"{_INDENT}{'':10}{line_to_write(sources, it)}"


def _changes(
    workload: Workload, runs: Sequence[Track], changed: Workload, then: Sequence[Track]
) -> Iterator[str]:
    before, after = shares(workload, runs), shares(changed, then)
    nobody = Track(name="", suffix="", fewest=0, most=0, serves=False)
    now, next_ = {it.name: it for it in runs}, {it.name: it for it in then}
    if now == next_ and workload.release.step != changed.release.step:
        yield "no pod moves: in whole pods the share is the same"
    for name in dict.fromkeys([*now, *next_]):
        old, new = now.get(name, nobody), next_.get(name, nobody)
        told = []
        if (old.fewest, old.most) != (new.fewest, new.most):
            told.append(f"{span(old.fewest, old.most)} -> {pods(new.fewest, new.most)}")
        had = _really(before[name]) if name in before else "0 %"
        gets = _really(after[name]) if name in after else "0 %"
        if had != gets:
            told.append(f"{had} -> {gets} of requests")
        if told:
            yield f"{name}: {'; '.join(told)}"


def _needs(settings: Settings, workload: Workload, move: Move) -> Iterator[str]:
    asked = needs(settings, workload, move)
    if workload.has_tracks and move.name != "begin":
        least, usual = asked.fewest, workload.fewest_replicas
        if least < usual:
            yield f"meanwhile at least {least} of {pods(usual, usual)} serve"
    quota = settings.namespaces[workload.namespace].quota
    was, then, cpu, memory = asked.before, asked.peak, cpu_text, memory_text
    rows = (
        ("pods", Decimal(was.pods), Decimal(then.pods), f"{quota.pods}", str),
        ("requests.cpu", was.requests_cpu, then.requests_cpu, quota.requests.cpu, cpu),
        ("requests.memory", was.requests_memory, then.requests_memory, quota.requests.memory, memory),
        ("limits.cpu", was.limits_cpu, then.limits_cpu, quota.limits.cpu, cpu),
        ("limits.memory", was.limits_memory, then.limits_memory, quota.limits.memory, memory),
    )  # fmt: skip
    told = []
    for key, before, peak, hard, text in rows:
        if peak == before:
            continue
        much = hard is not None and peak > amount(hard)
        told.append(
            f"{key} {text(before)} -> {text(peak)}{f' of {hard}' if hard else ''}{' TOO MUCH' if much else ''}"
        )
    if told:
        yield f"quota of {workload.namespace} at the peak: {', '.join(told)}"


def line_to_write(sources: Sources, write: Write) -> str:
    """Where to write what, in the stack file: `Pulumi.dev.yaml:12: step: 3`, or below which key a line is added."""
    document, root = sources.document, ("config", PATH)
    depth = 0
    while depth < len(write.path) and document.find((*root, *write.path[: depth + 1]))[0]:
        depth += 1
    _, line = document.find((*root, *write.path[:depth]))
    place = f"{document.file}:{line}" if line else document.file
    if depth == len(write.path):
        return (
            f"{place}: remove '{write.path[-1]}'"
            if write.value is None
            else f"{place}: write '{_flow(write.path[-1:], write.value)}'"
        )
    at, rest = write.path[:depth], write.path[depth:]
    short = _value_at(document.data, (*root, *at))
    if isinstance(short, str):
        # `release: canary` is short for a map, and the key goes into that.
        return f"{place}: write '{at[-1]}: {{strategy: {short}, {_flow(rest, write.value)}}}'"
    if write.value is None:
        return f"{place}: remove '{dotted(write.path)}'"
    return f"{place}: below '{dotted(at) or PATH}' add '{_flow(rest, write.value)}'"


def _value_at(data: object, path: Sequence[str]) -> object:
    for step in path:
        data = data.get(step) if isinstance(data, Mapping) else None
    return data


def _flow(path: Sequence[str], value: object) -> str:
    """One line of YAML; a text in quotes where it could be read as a number."""
    first, *rest = path
    if rest:
        return f"{first}: {{{_flow(rest, value)}}}"
    plain = not isinstance(value, str) or value in ("<version>", "blue", "green")
    return f"{first}: {value}" if plain else f'{first}: "{value}"'
