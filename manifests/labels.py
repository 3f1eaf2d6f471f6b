"""Labels of every object, and the two of them that select pods.

A selector cannot be changed: whatever varies with a release (version, chart, environment, labels of
the team) stays out of it, and a Deployment never has to be replaced for a label.
"""

import re
from functools import lru_cache

from manifests.names import instance, shortened
from settings.stack import Settings
from settings.tracks import ALL, CANDIDATE, GREEN, STABLE, Track, share_of
from settings.values import DNS_LABEL_MAX_CHARACTERS
from settings.workload import Workload

NAME = "app.kubernetes.io/name"
INSTANCE = "app.kubernetes.io/instance"
COMPONENT = "app.kubernetes.io/component"
PART_OF = "app.kubernetes.io/part-of"
VERSION = "app.kubernetes.io/version"
MANAGED_BY = "app.kubernetes.io/managed-by"
"""https://kubernetes.io/docs/concepts/overview/working-with-objects/common-labels/"""

APP = "app"
ENV = "env"
CHART = "chart"

TRACK = "aks-platform/track"
"""On the objects and pods of a second version alone: its name, `candidate` or `green`."""

NAMESPACE_NAME = "kubernetes.io/metadata.name"
"""Set by the API server on every namespace, so a policy can name one."""

MANAGER = "Pulumi"

PLATFORM_VERSION = "1.0.0"
"""Version of what tenants and the ingress consist of; raise it when their objects change shape."""

_FORBIDDEN = re.compile("[^A-Za-z0-9._-]+")


@lru_cache(maxsize=4096)
def value(text: str) -> str:
    """`text` as a label value: allowed characters only, alphanumeric at both ends, at most 63."""
    clean = _FORBIDDEN.sub("-", text).strip("-._")
    return shortened(clean, DNS_LABEL_MAX_CHARACTERS)


def selector(workload: Workload, track: Track | None = None) -> dict[str, str]:
    """The two labels that pods of `workload` in `track` have and no other pods in the cluster; they never change.

    The first track, like no track, has those of a workload with one version: one that takes up a strategy keeps its
    running Deployment.
    """
    return _selector(workload, track.suffix if track else "")


def _selector(workload: Workload, suffix: str) -> dict[str, str]:
    name = f"{workload.name}-{suffix}" if suffix else workload.name
    return {NAME: workload.name, INSTANCE: instance(workload.namespace, name)}


def pods_of_all_tracks(workload: Workload) -> dict[str, str]:
    """What selects every pod of `workload` within its namespace, whichever version: for network policies.

    By the strategy, not by what runs: a step changes no policy, and new pods never start before one.
    """
    return {NAME: workload.name} if workload.has_tracks else selector(workload)


def served_by(workload: Workload) -> dict[str, str]:
    """The selector of the Service: which versions get requests.

    Canary and gray: every pod, until gray has come to 100 % and the stable pods only stand by; by requests the stable
    ones, until 100 %. Blue and green: the active one.
    """
    release = workload.release
    if not workload.has_tracks:
        return selector(workload)
    if release.strategy == "blueGreen":
        return _selector(workload, GREEN if release.active == GREEN else "")
    if release.by == "requests":
        # The controller shares out requests by itself; who calls from inside the cluster gets the stable version.
        return _selector(workload, CANDIDATE if share_of(release) == ALL else "")
    if release.strategy == "gray" and share_of(release) == ALL:
        return _selector(workload, CANDIDATE)
    return {NAME: workload.name}


def of_workload(
    settings: Settings, workload: Workload, track: Track | None = None
) -> dict[str, str]:
    """Labels of every object of `workload`, or of those of one `track`; the team's own displace none of these."""
    labels = {
        **workload.labels,
        **selector(workload, track),
        COMPONENT: "workload",
        PART_OF: settings.platform,
        VERSION: value(
            settings.images[workload.image_key].version(track.name if track else STABLE).tag
        ),
        MANAGED_BY: MANAGER,
        APP: workload.name,
        ENV: settings.environment,
        CHART: value(f"{workload.name}-{workload.version}"),
    }
    if track and track.suffix:
        labels[TRACK] = track.name
    return labels


def of_pods(labels: dict[str, str]) -> dict[str, str]:
    """Labels of the pods of an object with `labels`.

    Without `chart`: a new version of the description that changes nothing else must not restart pods.
    """
    return {key: text for key, text in labels.items() if key != CHART}


def of_platform(settings: Settings, component: str, name: str) -> dict[str, str]:
    """Labels of the platform's own objects: `component` is `tenant` or `ingress`, `name` which one."""
    return {
        NAME: component,
        INSTANCE: value(name),
        COMPONENT: component,
        PART_OF: settings.platform,
        VERSION: PLATFORM_VERSION,
        MANAGED_BY: MANAGER,
        APP: component,
        ENV: settings.environment,
        CHART: f"{component}-{PLATFORM_VERSION}",
    }


def ingress_controller() -> dict[str, str]:
    """What selects the ingress controller's pods, whatever its Helm release is called."""
    return {NAME: "nginx-ingress", INSTANCE: "nginx-ingress"}
