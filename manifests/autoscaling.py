"""The autoscaler, which then owns the number of replicas."""

from manifests import Part
from settings.workload import Workload

_SCALED = {"deployment": "Deployment", "statefulset": "StatefulSet"}


def parts(workload: Workload, labels: dict[str, str]) -> list[Part]:
    """A HorizontalPodAutoscaler, role `autoscaler`, where the workload asks for one."""
    scale = workload.autoscale
    if scale is None or workload.kind not in _SCALED:
        return []
    metrics = [
        {
            "type": "Resource",
            "resource": {
                "name": name,
                "target": {"type": "Utilization", "averageUtilization": use},
            },
        }
        for name, use in (("cpu", scale.cpu), ("memory", scale.memory))
        if use is not None
    ]
    manifest = {
        "apiVersion": "autoscaling/v2",
        "kind": "HorizontalPodAutoscaler",
        "metadata": {"name": workload.name, "namespace": workload.namespace, "labels": {**labels}},
        "spec": {
            "scaleTargetRef": {
                "apiVersion": "apps/v1",
                "kind": _SCALED[workload.kind],
                "name": workload.name,
            },
            "minReplicas": scale.min,
            "maxReplicas": scale.max,
            **({"metrics": metrics} if metrics else {}),
        },
    }
    return [Part("autoscaler", manifest)]
