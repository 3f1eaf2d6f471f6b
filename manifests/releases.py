"""What a Deployment says of its release, for whoever reads the cluster or a plan: annotations, which restart no pod."""

from collections.abc import Sequence

from settings.stack import ImageVersion, Settings
from settings.standing import standing
from settings.tracks import Track
from settings.workload import Workload, key_of

RELEASE = "aks-platform/release"
"""Of each version where two run: `canary step 2 of 4: 25 %, 1 of 4 pods`."""

ROLLBACK = "aks-platform/rollback"
"""Of a controller that runs a rollback: `web: 1.4.1 instead of 1.4.2`, by the key in `images`, with a comma between
several."""

DIGEST_PREFIX = "sha256:"
DIGEST_SHOWN_CHARACTERS = 12


def annotations(
    settings: Settings, workload: Workload, track: Track, runs: Sequence[Track]
) -> dict[str, str]:
    """Of the controller of `track`, one of `runs`; none for most workloads."""
    found = {}
    if len(runs) > 1:
        found[RELEASE] = standing(workload, track, runs)
    back = rolled_back(settings, workload, track)
    if back:
        found[ROLLBACK] = ", ".join(back)
    return found


def rolled_back(settings: Settings, workload: Workload, track: Track) -> list[str]:
    """`web: 1.4.1 instead of 1.4.2` for each image of the pods of `track` that runs its rollback."""
    keys = dict.fromkeys(key_of(repository) for _, repository in workload.repositories)
    images = [(key, settings.images[key]) for key in keys]
    return [
        f"{key}: {_instead(image.rollback, image)}"
        for key, image in images
        if image.rollback is not None and image.version(track.name) is image.rollback
    ]


def _instead(back: ImageVersion, image: ImageVersion) -> str:
    if back.tag == image.tag:
        return f"{_exactly(back)} instead of {_exactly(image)}"
    bare = " without a digest" if image.digest and not back.digest else ""
    return f"{back.tag}{bare} instead of {image.tag}"


def _exactly(version: ImageVersion) -> str:
    """With the first characters of the digest, as container tools show it."""
    digest = (version.digest or "").removeprefix(DIGEST_PREFIX)[:DIGEST_SHOWN_CHARACTERS]
    return f"{version.tag}@{DIGEST_PREFIX}{digest}" if digest else f"{version.tag} without a digest"
