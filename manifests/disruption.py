"""How many pods a node drain may take at once."""

from manifests import Part
from manifests.labels import selector
from settings.tracks import Track
from settings.workload import Workload


def parts(workload: Workload, track: Track, labels: dict[str, str]) -> list[Part]:
    """A PodDisruptionBudget for `track`, for deployments and statefulsets.

    Role `disruption-budget`, as the track's; `labels` are those of the track. Without settings
    one pod may go at a time where at least two run; for a single pod there is none, for it could only block the drain.
    """
    if workload.kind not in ("deployment", "statefulset"):
        return []
    given = workload.disruption
    if track.fewest < 2 and (given is None or workload.has_tracks):
        return []
    bound: dict[str, int | str] = {"maxUnavailable": 1}
    if given and given.min_available is not None:
        bound = {"minAvailable": given.min_available}
    elif given and given.max_unavailable is not None:
        bound = {"maxUnavailable": given.max_unavailable}
    name = track.of(workload.name)
    manifest = {
        "apiVersion": "policy/v1",
        "kind": "PodDisruptionBudget",
        "metadata": {"name": name, "namespace": workload.namespace, "labels": {**labels}},
        "spec": {
            **bound,
            "selector": {"matchLabels": selector(workload, track)},
            # Else pods that never became ready block the drain of a broken release.
            "unhealthyPodEvictionPolicy": "AlwaysAllow",
        },
    }
    return [Part(track.of("disruption-budget"), manifest)]
