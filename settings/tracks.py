"""The versions of a workload that run side by side: how many pods of each, and who gets the requests.

One arithmetic for what is made, what is counted against quotas and pools, and what `./aks explain release.<workload>`
says. Shares are of pods, so they are rounded to whole ones: 5 % of 3 pods is one pod, and that is 33 %.
"""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from math import ceil
from typing import Literal

from settings.release import Release
from settings.stack import Settings
from settings.workload import Workload

STABLE = "stable"
CANDIDATE = "candidate"
BLUE = "blue"
GREEN = "green"
ALL = 100


@dataclass(frozen=True, kw_only=True)
class Track:
    """One version of a workload: its pods, and whether they get requests."""

    name: str
    """`stable` and `candidate`, or `blue` and `green`."""

    suffix: str
    """Ends the names of its objects; empty for `stable` and `blue`, which keep the workload's own: a workload that
    takes up a strategy keeps its running Deployment."""

    fewest: int
    """Pods at the bottom of the scale."""

    most: int
    """Pods at the top of the scale, without surge."""

    serves: bool
    """Whether the Service sends it requests."""

    def of(self, name: str) -> str:
        """`name` as this version's: of an object or of its role in the component, `web-green`, `autoscaler-green`."""
        return f"{name}-{self.suffix}" if self.suffix else name

    @property
    def scales(self) -> bool:
        """Whether an autoscaler of the workload has anything to do for it: not where it has come to 0 pods."""
        return self.most > 0


def running(settings: Settings, workload: Workload) -> tuple[Track, ...]:
    """The versions of `workload` that run in this stack, the one that keeps its name first.

    Rolling, recreate and every kind but deployments have one. A second one runs from step 1 on, or with blueGreen
    always, and only where the stack says its version in `images.<key>.tracks`.
    """
    if not workload.has_tracks:
        return tracks(workload, second=False)
    image = settings.images.get(workload.image_key)
    return tracks(workload, second=image is not None and second_of(workload) in image.tracks)


def second_of(workload: Workload) -> Literal["candidate", "green"]:
    """Name of the second version of a workload that may have two."""
    return "green" if workload.release.strategy == "blueGreen" else "candidate"


def tracks(workload: Workload, *, second: bool = True) -> tuple[Track, ...]:
    """The versions of `workload` by its strategy and step; `second` says whether the stack names a second one."""
    fewest, most = workload.fewest_replicas, workload.most_replicas
    release = workload.release
    blue_green = workload.has_tracks and release.strategy == "blueGreen"
    share = share_of(release) if workload.has_tracks and not blue_green else 0
    if not second or not (blue_green or share):
        name = BLUE if blue_green else STABLE
        return (Track(name=name, suffix="", fewest=fewest, most=most, serves=True),)
    if blue_green:
        green = release.active == GREEN
        return (
            Track(name=BLUE, suffix="", fewest=fewest, most=most, serves=not green),
            Track(name=GREEN, suffix=GREEN, fewest=fewest, most=most, serves=green),
        )
    return (
        _gray(fewest, most, share) if release.strategy == "gray" else _canary(fewest, most, share)
    )


def share_of(release: Release) -> int:
    """The candidate's share at the current step, in percent; a step beyond the last is the last."""
    return release.steps[min(release.step, len(release.steps)) - 1] if release.step else 0


def taken(replicas: int, share: int) -> int:
    """How many of `replicas` a canary of `share` percent takes: at least one, at most all but one below 100 %.

    A single pod cannot be shared: then the candidate's comes beside it.
    """
    if share >= ALL or replicas == 0:
        return replicas
    wanted = int((Decimal(replicas) * share / ALL).quantize(Decimal(1), ROUND_HALF_UP))
    return min(max(wanted, 1), max(replicas - 1, 1))


def beside(replicas: int, share: int) -> int:
    """How many pods give a candidate `share` percent beside `replicas` stable ones, at most as many as those.

    More than half is not to be had so: every share from 50 % on takes as many pods as there are stable ones.
    """
    if share >= ALL // 2 or replicas == 0:
        return replicas
    return max(ceil(Decimal(replicas) * share / (ALL - share)), 1)


def _canary(fewest: int, most: int, share: int) -> tuple[Track, ...]:
    candidate = Track(
        name=CANDIDATE,
        suffix=CANDIDATE,
        fewest=taken(fewest, share),
        most=taken(most, share),
        serves=True,
    )
    floor = 0 if share >= ALL or fewest == 0 else 1
    stable = Track(
        name=STABLE,
        suffix="",
        fewest=max(fewest - candidate.fewest, floor),
        most=max(most - candidate.most, floor),
        serves=share < ALL,
    )
    return (stable, candidate)


def _gray(fewest: int, most: int, share: int) -> tuple[Track, ...]:
    candidate = Track(
        name=CANDIDATE,
        suffix=CANDIDATE,
        fewest=beside(fewest, share),
        most=beside(most, share),
        serves=True,
    )
    stable = Track(name=STABLE, suffix="", fewest=fewest, most=most, serves=share < ALL)
    return (stable, candidate)
