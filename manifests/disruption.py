"""How many pods a node drain may take at once."""

from manifests import Part
from manifests.labels import selector
from settings.workload import Workload


def parts(workload: Workload, labels: dict[str, str]) -> list[Part]:
    """A PodDisruptionBudget, role `disruption-budget`, for deployments and statefulsets.

    Without settings one pod may go at a time where at least two run; for a single pod there is none, for it could
    only block the drain.
    """
    if workload.kind not in ("deployment", "statefulset"):
        return []
    given = workload.disruption
    if given and given.min_available is not None:
        bound: dict[str, int | str] = {"minAvailable": given.min_available}
    elif given and given.max_unavailable is not None:
        bound = {"maxUnavailable": given.max_unavailable}
    elif workload.fewest_replicas >= 2:
        bound = {"maxUnavailable": 1}
    else:
        return []
    manifest = {
        "apiVersion": "policy/v1",
        "kind": "PodDisruptionBudget",
        "metadata": {"name": workload.name, "namespace": workload.namespace, "labels": {**labels}},
        "spec": {
            **bound,
            "selector": {"matchLabels": selector(workload)},
            # Else pods that never became ready block the drain of a broken release.
            "unhealthyPodEvictionPolicy": "AlwaysAllow",
        },
    }
    return [Part("disruption-budget", manifest)]
