"""Releases: steps, versions that are named and needed, and what goes with which strategy."""

from collections.abc import Iterator
from itertools import pairwise

from settings.faults import Fault, did_you_mean
from settings.release import TWO_TRACKS, Release
from settings.sources import Sources
from settings.stack import Image, Settings
from settings.tracks import ALL, BLUE, CANDIDATE, GREEN, second_of
from settings.values import DNS_LABEL_MAX_CHARACTERS
from settings.workload import Workload, key_of

At = tuple[str | int, ...]

MOST_GRAY = 50
"""Beside the full number of stable pods, as many candidates are half of all."""

_STEPPED = ("canary", "gray")
_ONLY: dict[str, tuple[str, ...]] = {
    "step": _STEPPED,
    "by": _STEPPED,
    "match": _STEPPED,
    "active": ("blueGreen",),
}
"""Keys of a release that say something with these strategies only; `steps` is a plan and may stand with any."""

_TRACKS = {"canary": (CANDIDATE,), "gray": (CANDIDATE,), "blueGreen": (BLUE, GREEN)}


def check(settings: Settings, sources: Sources) -> Iterator[Fault]:
    """What a workload says of its release agrees with itself, with the versions of the stack and with its ingress."""
    for name, workload in settings.workloads.items():
        at = ("workloads", name, "release")
        yield from _strategy(workload, at, sources)
        if workload.has_tracks:
            yield from _steps(workload.release, at, sources)
            yield from _names(settings, workload, at, sources)
            yield from _requests(settings, workload, at, sources)
            if not sources.mended:  # else the version may stand in what a model refused
                yield from _second(settings, workload, at, sources)
    yield from _versions(settings, sources)


def _strategy(workload: Workload, at: At, sources: Sources) -> Iterator[Fault]:
    release, said = workload.release, Release()
    if workload.kind != "deployment" and release.strategy != said.strategy:
        yield sources.fault(
            at,
            f"{release.strategy} goes with deployment only",
            remedy=f"remove it or change 'kind: {workload.kind}'",
        )
        return
    if release.strategy == "recreate" and workload.availability == "ha":
        yield sources.fault(
            at,
            "must not be recreate with 'availability: ha': it stops every pod before the first new one starts",
            "'recreate'",
            "write 'release: rolling', or 'availability: single'",
        )
    for key, strategies in _ONLY.items():
        given = getattr(release, key)
        if release.strategy not in strategies and given != getattr(said, key):
            yield sources.fault(
                (*at, key),
                f"goes with {' and '.join(strategies)} only",
                remedy=f"remove it or change 'strategy: {release.strategy}'",
            )


def _steps(release: Release, at: At, sources: Sources) -> Iterator[Fault]:
    if release.strategy not in _STEPPED:
        return
    steps = release.steps
    if steps[-1] != ALL or any(b <= a for a, b in pairwise(steps)):
        yield sources.fault(
            (*at, "steps"),
            "must rise and end in 100",
            str(steps),
            "write 'steps: [5, 25, 50, 100]'",
        )
        return
    if release.step > len(steps):
        yield sources.fault(
            (*at, "step"),
            f"must not exceed {len(steps)}, the number of 'steps'",
            str(release.step),
            f"write 'step: {len(steps)}' for {ALL} %",
        )
    if release.strategy == "gray" and release.by == "pods":
        for index, share in enumerate(steps):
            if MOST_GRAY < share < ALL:
                yield sources.fault(
                    (*at, "steps", index),
                    f"cannot be had by pods: there are at most as many candidates as stable pods, {MOST_GRAY} %",
                    str(share),
                    "remove it, or write 'strategy: canary', which takes its pods from the stable ones",
                )


def _names(settings: Settings, workload: Workload, at: At, sources: Sources) -> Iterator[Fault]:
    second = f"{workload.name}-{second_of(workload)}"
    other = settings.workloads.get(second)
    if other and other.namespace == workload.namespace:
        yield sources.fault(
            at,
            f"{workload.release.strategy} calls the second version {second}, which is the name of another workload of "
            f"namespace {workload.namespace}",
            remedy="rename one of the two",
        )
    if len(second) > DNS_LABEL_MAX_CHARACTERS:
        most = DNS_LABEL_MAX_CHARACTERS - len(second) + len(workload.name)
        yield sources.fault(
            at,
            f"{workload.release.strategy} needs a name of at most {most} characters: with '-{second_of(workload)}' it "
            f"has {len(second)}, and {DNS_LABEL_MAX_CHARACTERS} is the most",
            remedy="shorten the workload's name",
        )


def _requests(settings: Settings, workload: Workload, at: At, sources: Sources) -> Iterator[Fault]:
    release = workload.release
    if release.match and release.by != "requests":
        yield sources.fault(
            (*at, "match"),
            "needs 'by: requests': behind one Service no request is told from another",
            remedy="add it, or remove 'match'",
        )
    if release.match and (release.match.header is None) == (release.match.cookie is None):
        yield sources.fault(
            (*at, "match"), "must have exactly one of header, cookie", remedy="keep one"
        )
    if release.by != "requests":
        return
    if not workload.routes:
        yield sources.fault(
            (*at, "by"),
            "must be pods for a workload without 'routes': the ingress controller sees none of its requests",
            "'requests'",
            "remove it, or add a route",
        )
    elif settings.ingress.routing != "VirtualServer" and not sources.mended:
        yield sources.fault(
            (*at, "by"),
            "must be pods with ingress routing Ingress, which cannot share out requests",
            "'requests'",
            "remove it, or write 'ingress.routing: VirtualServer' in the stack",
        )


def _second(settings: Settings, workload: Workload, at: At, sources: Sources) -> Iterator[Fault]:
    release, second, key = workload.release, second_of(workload), workload.image_key
    image = settings.images.get(key)
    if image is None or second in image.tracks:
        return
    where = "active" if release.strategy == "blueGreen" else "step"
    value = release.active if where == "active" else release.step
    if value in (0, BLUE):
        return
    yield sources.fault(
        (*at, where),
        f"needs the version of {second} in 'images.{key}.tracks.{second}' of the stack",
        repr(value),
        f"add '{second}: <version>' there, or write '{where}: {BLUE if where == 'active' else 0}'",
    )


def _versions(settings: Settings, sources: Sources) -> Iterator[Fault]:
    """Versions that nothing runs, and rollbacks to where the image is."""
    run = _run(settings)
    for key, image in settings.images.items():
        at = ("images", key)
        for track in image.tracks:
            if track not in run.get(key, ()) and not sources.mended:
                with_it = [it for it in TWO_TRACKS if track in _TRACKS[it]]
                near = did_you_mean(track, run.get(key, ()))
                yield sources.fault(
                    (*at, "tracks", track),
                    f"is the version of nothing: no workload of this image has 'release: {' or '.join(with_it)}'",
                    remedy=near or "remove it, or give the workload that strategy",
                )
        if image.rollback is not None and _same(image):
            yield sources.fault(
                (*at, "rollback"),
                "must be another version than 'tag'",
                repr(image.rollback.tag),
                "remove it, or name the version to go back to",
            )


def _same(image: Image) -> bool:
    back = image.rollback
    return back is not None and back.tag == image.tag and back.digest in (None, image.digest)


def _run(settings: Settings) -> dict[str, set[str]]:
    """The names of versions that some workload runs, by key of the image."""
    found: dict[str, set[str]] = {}
    for workload in settings.workloads.values():
        if workload.has_tracks:
            for _, repository in workload.repositories:
                names = found.setdefault(key_of(repository), set())
                names.update(_TRACKS[workload.release.strategy])
    return found
