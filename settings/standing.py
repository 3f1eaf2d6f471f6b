"""How far a release has come, in one line for each version: what stands on its Deployment and in every review."""

from collections.abc import Sequence

from settings.release import Release
from settings.tracks import ALL, CANDIDATE, Track, share_of
from settings.workload import Workload


def standing(workload: Workload, track: Track, runs: Sequence[Track]) -> str:
    """`canary step 2 of 4: 25 %, 1 of 4 pods`: where the release is, the share asked for `track`, and its pods."""
    release = workload.release
    if release.strategy == "blueGreen":
        role = "gets all requests" if track.serves else "stands by"
        return f"blueGreen: {track.name} {role}, {pods(track.fewest, track.most)}"
    head = (
        f"{release.strategy} step {release.step} of {len(release.steps)}: {asked(release, track)} %"
    )
    what = f"{head} of requests" if release.by == "requests" else head
    if not track.serves:
        return f"{what}, {pods(track.fewest, track.most)} standing by"
    return f"{what}, {span(track.fewest, track.most)} of {all_pods(runs)}"


def asked(release: Release, track: Track) -> int:
    """The share of `track` that the step asks for, in percent."""
    share = share_of(release)
    return share if track.name == CANDIDATE else ALL - share


def span(fewest: int, most: int) -> str:
    """`3`, or `3 to 9` where an autoscaler decides."""
    return f"{fewest}" if fewest == most else f"{fewest} to {most}"


def pods(fewest: int, most: int) -> str:
    """`3 pods`, `1 pod`, or `3 to 9 pods`."""
    return f"{span(fewest, most)} pod{'' if fewest == most == 1 else 's'}"


def all_pods(runs: Sequence[Track]) -> str:
    """Those of every version that serves, together."""
    serving = [it for it in runs if it.serves]
    return pods(sum(it.fewest for it in serving), sum(it.most for it in serving))
