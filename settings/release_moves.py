"""What a release could do next: the lines to write, and what each would change. Settings in, settings out."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from settings.demand import Demand, one_pod, pods_at_peak
from settings.release import Release
from settings.stack import Image, ImageVersion, Settings
from settings.standing import asked
from settings.tracks import ALL, BLUE, CANDIDATE, GREEN, Track, running, share_of
from settings.workload import Workload

VERSION = ImageVersion.model_construct(tag="<version>")
"""Stands for a version that only the user knows."""


@dataclass(frozen=True, kw_only=True)
class Write:
    """One line of the stack file."""

    path: tuple[str, ...]
    """Below the settings object."""

    value: Any
    """Plain data; None removes the line."""


@dataclass(frozen=True, kw_only=True)
class Move:
    """One thing to do with a release."""

    name: str
    """`begin`, `forward`, `promote`, `flip`, `next`, `back` or `roll back`."""

    says: str
    """What it is, in a few words."""

    writes: tuple[Write, ...]
    after: Settings
    """The stack with those lines."""


def moves(settings: Settings, workload: Workload) -> Iterator[Move]:
    """What can be done next with the release of `workload`, forward first."""
    image = settings.images[workload.image_key]
    if workload.has_tracks:
        by_strategy = _flips if workload.release.strategy == "blueGreen" else _steps
        yield from by_strategy(settings, workload, image)
    if running(settings, workload)[0].serves or image.rollback:
        yield _rollback(settings, workload, image)


def _steps(settings: Settings, workload: Workload, image: Image) -> Iterator[Move]:
    release = workload.release
    if CANDIDATE not in image.tracks:
        named = _image(settings, workload, tracks={**image.tracks, CANDIDATE: VERSION})
        write = Write(path=_track(workload, CANDIDATE), value=VERSION.tag)
        yield _step(named, workload, 1, "begin", (write,))
        return
    if release.step < len(release.steps):
        yield _step(settings, workload, release.step + 1, "forward")
    else:
        yield _promote(settings, workload, image)
    if release.step:
        yield _step(settings, workload, 0, "back")


def _step(
    settings: Settings, workload: Workload, step: int, name: str, first: tuple[Write, ...] = ()
) -> Move:
    share = workload.release.steps[step - 1] if step else 0
    return Move(
        name=name,
        says=f"step {step} of {len(workload.release.steps)}: {share} %",
        writes=(*first, Write(path=_at(workload, "step"), value=step)),
        after=_released(settings, workload, step=step),
    )


def _promote(settings: Settings, workload: Workload, image: Image) -> Move:
    version = image.tracks[CANDIDATE]  # type: ignore[index]
    others = {key: it for key, it in image.tracks.items() if key != CANDIDATE}
    update = {"tag": version.tag, "digest": version.digest, "tracks": others, "rollback": None}
    return Move(
        name="promote",
        says=f"the stable pods run {version.tag} too and take over",
        writes=(
            *_version(workload, image, version),
            _dropped(workload, image, CANDIDATE),
            Write(path=_at(workload, "step"), value=0),
        ),
        after=_released(_image(settings, workload, **update), workload, step=0),
    )


def _version(workload: Workload, image: Image, version: ImageVersion) -> Iterator[Write]:
    at = ("images", workload.image_key)
    yield Write(path=(*at, "tag"), value=version.tag)
    if version.digest or image.digest:
        yield Write(path=(*at, "digest"), value=version.digest)
    if image.rollback:
        yield Write(path=(*at, "rollback"), value=None)


def _flips(settings: Settings, workload: Workload, image: Image) -> Iterator[Move]:
    if GREEN not in image.tracks:
        yield Move(
            name="begin",
            says="green comes up beside blue and gets no request",
            writes=(Write(path=_track(workload, GREEN), value=VERSION.tag),),
            after=_image(settings, workload, tracks={**image.tracks, GREEN: VERSION}),
        )
        return
    now = workload.release.active
    other = GREEN if now == BLUE else BLUE
    yield Move(
        name="flip",
        says=f"{other} gets all requests, {now} stands by; the same line back undoes it",
        writes=(Write(path=_at(workload, "active"), value=other),),
        after=_released(settings, workload, active=other),
    )
    if now == BLUE:
        others = {key: it for key, it in image.tracks.items() if key != GREEN}
        yield Move(
            name="back",
            says="green goes; blue got all requests before",
            writes=(_dropped(workload, image, GREEN),),
            after=_image(settings, workload, tracks=others),
        )
    else:
        yield Move(
            name="next",
            says="blue runs the next version and gets no request before the flip",
            writes=(Write(path=_track(workload, BLUE), value=VERSION.tag),),
            after=_image(settings, workload, tracks={**image.tracks, BLUE: VERSION}),
        )


def _dropped(workload: Workload, image: Image, track: str) -> Write:
    """Without a version that is the only one `tracks` goes, too: nothing stands below it then."""
    path = _track(workload, track)
    return Write(path=path if len(image.tracks) > 1 else path[:-1], value=None)


def _rollback(settings: Settings, workload: Workload, image: Image) -> Move:
    path = ("images", workload.image_key, "rollback")
    if image.rollback:
        return Move(
            name="forward",
            says=f"{image.tag} again instead of the rollback {image.rollback.tag}",
            writes=(Write(path=path, value=None),),
            after=_image(settings, workload, rollback=None),
        )
    first = running(settings, workload)[0]
    return Move(
        name="roll back",
        says=f"{first.name} pods run an earlier version instead of {image.tag}, until the line goes",
        writes=(Write(path=path, value=VERSION.tag),),
        after=_image(settings, workload, rollback=VERSION),
    )


def _at(workload: Workload, key: str) -> tuple[str, ...]:
    return ("workloads", workload.name, "release", key)


def _track(workload: Workload, track: str) -> tuple[str, ...]:
    return ("images", workload.image_key, "tracks", track)


def _released(settings: Settings, workload: Workload, **update: Any) -> Settings:
    release = workload.release.model_copy(update=update)
    changed = workload.model_copy(update={"release": release})
    return settings.model_copy(update={"workloads": {**settings.workloads, workload.name: changed}})


def _image(settings: Settings, workload: Workload, **update: Any) -> Settings:
    key = workload.image_key
    changed = settings.images[key].model_copy(update=update)
    return settings.model_copy(update={"images": {**settings.images, key: changed}})


@dataclass(frozen=True, kw_only=True)
class Share:
    """Who gets which share of the requests."""

    asked: int
    """Percent, as the settings say."""

    lowest: Decimal
    """Percent by whole pods, at the bottom of the scale."""

    highest: Decimal
    """The same at the top of the scale."""


def shares(workload: Workload, runs: Sequence[Track]) -> Mapping[str, Share]:
    """The share of each of `runs`, by its name: by pods those of all that serve, by requests exactly what is asked."""
    serving = [it for it in runs if it.serves]
    exact = workload.has_tracks and workload.release.by == "requests"
    found = {}
    for it in runs:
        wanted = _wanted(workload.release, it, runs)
        parts = [
            Decimal(wanted) if exact else _percent(of * it.serves, total)
            for of, total in (
                (it.fewest, sum(other.fewest for other in serving)),
                (it.most, sum(other.most for other in serving)),
            )
        ]
        found[it.name] = Share(asked=wanted, lowest=parts[0], highest=parts[1])
    return found


def _wanted(release: Release, track: Track, runs: Sequence[Track]) -> int:
    if len(runs) == 1 or release.strategy == "blueGreen":
        return ALL if track.serves else 0
    return asked(release, track)


def _percent(part: int, whole: int) -> Decimal:
    """With one decimal, half up; 0 of nothing."""
    exact = Decimal(part) * ALL / whole if whole else Decimal(0)
    return exact.quantize(Decimal("0.1"), ROUND_HALF_UP)


@dataclass(frozen=True, kw_only=True)
class Needs:
    """What a move asks for while it goes on."""

    fewest: int
    """Pods that serve at the least meanwhile, at the bottom of the scale; as many as have been ready before."""

    before: Demand
    """All of the namespace at the peak of a rollout, without the move."""

    peak: Demand
    """The same with the move, while what it removes is still there: that goes last."""


def needs(settings: Settings, workload: Workload, move: Move) -> Needs:
    """What `move` asks for."""
    space, limits = workload.namespace, settings.namespaces[workload.namespace].limits
    changed = move.after.workloads[workload.name]
    now = {it.suffix: it for it in running(settings, workload)}
    then = {it.suffix: it for it in running(move.after, changed)}
    leaving = sum(it.most for suffix, it in now.items() if suffix not in then)
    staying = 0
    if (
        changed.release.strategy == "canary"
        and share_of(changed.release) == ALL
        and then[""].most == 0
    ):
        # The stable pods go when all candidates are available.
        staying = max(now[""].most - then[""].most, 0)
    fewest = 0
    for suffix, it in now.items():
        after = then.get(suffix)
        if it.serves:
            kept = it.fewest if after is None or (staying and not suffix) else after.fewest
            fewest += min(it.fewest, kept)
    peak = at_peak(move.after, space) + one_pod(changed, limits) * (leaving + staying)
    return Needs(fewest=fewest, before=at_peak(settings, space), peak=peak)


def at_peak(settings: Settings, namespace: str) -> Demand:
    """What all workloads of `namespace` ask for at the peak of a rollout of everything: what its quota must hold."""
    limits = settings.namespaces[namespace].limits
    mine = (it for it in settings.workloads.values() if it.namespace == namespace)
    return sum((one_pod(it, limits) * pods_at_peak(settings, it) for it in mine), Demand())
