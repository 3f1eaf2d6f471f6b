"""The autoscaler, which then owns the number of replicas."""

from collections.abc import Iterator
from typing import Any

from manifests import Part
from settings.scaling import Autoscale, Metric, ScalingBehavior, ScalingPolicy, ScalingRules
from settings.tracks import Track
from settings.workload import Workload

_SCALED = {"deployment": "Deployment", "statefulset": "StatefulSet"}


def parts(workload: Workload, track: Track, labels: dict[str, str]) -> list[Part]:
    """A HorizontalPodAutoscaler for `track`, where the workload asks for one and the track has pods.

    Role `autoscaler`, as the track's; `labels` are those of the track. Each track moves
    between its own bounds by the use of its own pods. A metric of type External or Object is that of both together.
    """
    scale = workload.autoscale
    if scale is None or workload.kind not in _SCALED or not track.scales:
        return []
    name = track.of(workload.name)
    metrics = list(_metrics(scale))
    spec: dict[str, Any] = {
        "scaleTargetRef": {"apiVersion": "apps/v1", "kind": _SCALED[workload.kind], "name": name},
        "minReplicas": track.fewest,
        "maxReplicas": track.most,
        **({"metrics": metrics} if metrics else {}),
    }
    if scale.behavior:
        spec["behavior"] = _behavior(scale.behavior)
    manifest = {
        "apiVersion": "autoscaling/v2",
        "kind": "HorizontalPodAutoscaler",
        "metadata": {"name": name, "namespace": workload.namespace, "labels": {**labels}},
        "spec": spec,
    }
    return [Part(track.of("autoscaler"), manifest)]


def _metrics(scale: Autoscale) -> Iterator[dict[str, Any]]:
    for name, use in (("cpu", scale.cpu), ("memory", scale.memory)):
        if use is not None:
            target = {"type": "Utilization", "averageUtilization": use}
            yield {"type": "Resource", "resource": {"name": name, "target": target}}
    for name, metric in scale.metrics.items():
        yield _metric(name, metric)


def _metric(name: str, metric: Metric) -> dict[str, Any]:
    identifier: dict[str, Any] = {"name": name}
    if metric.selector:
        identifier["selector"] = {"matchLabels": {**metric.selector}}
    target = {"type": "Value", "value": metric.value}
    if metric.average_value is not None:
        target = {"type": "AverageValue", "averageValue": metric.average_value}
    source: dict[str, Any] = {"metric": identifier, "target": target}
    if metric.object is not None:
        api_version, kind, of = metric.object.rsplit("/", 2)
        source["describedObject"] = {"apiVersion": api_version, "kind": kind, "name": of}
    return {"type": metric.type, metric.type.lower(): source}


def _behavior(behavior: ScalingBehavior) -> dict[str, Any]:
    return {
        key: _rules(rules)
        for key, rules in (("scaleUp", behavior.scale_up), ("scaleDown", behavior.scale_down))
        if rules
    }


def _rules(rules: ScalingRules) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if rules.stabilization_window_seconds is not None:
        found["stabilizationWindowSeconds"] = rules.stabilization_window_seconds
    if rules.policies:
        found["policies"] = [_policy(it) for it in rules.policies]
    if rules.select_policy:
        found["selectPolicy"] = rules.select_policy
    return found


def _policy(policy: ScalingPolicy) -> dict[str, Any]:
    kind, value = ("Pods", policy.pods) if policy.pods else ("Percent", policy.percent)
    return {"type": kind, "value": value, "periodSeconds": policy.period_seconds}
