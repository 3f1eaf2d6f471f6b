"""Sums that are worked out every minute, so that dashboards need not: Microsoft's groups for managed Prometheus.

Names and meaning are those of
https://learn.microsoft.com/azure/azure-monitor/containers/prometheus-metrics-scrape-default#recording-rules , which the
dashboards read by name. Pure: no Pulumi.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class RecordingRule:
    """One sum."""

    record: str
    """Metric it is kept as."""

    expression: str
    """PromQL."""

    labels: Mapping[str, str] | None = None
    """Labels it gets beside those of its expression."""


_NODE = 'job="node"'
_STATE = 'job="kube-state-metrics"'
_POD = "cluster, namespace, pod"
_ALIVE = f'max by ({_POD}) (kube_pod_status_phase{{{_STATE}, phase=~"Pending|Running"}} == 1)'
_NODE_OF_POD = f'on ({_POD}) group_left (node) topk by ({_POD}) (1, max by ({_POD}, node) (kube_pod_info{{node!=""}}))'
_AVAILABLE = (
    f"(node_memory_MemAvailable_bytes{{{_NODE}}} or (node_memory_Buffers_bytes{{{_NODE}}} + "
    f"node_memory_Cached_bytes{{{_NODE}}} + node_memory_MemFree_bytes{{{_NODE}}} + node_memory_Slab_bytes{{{_NODE}}}))"
)


def _rate(metric: str, more: str = "") -> str:
    return f"rate({metric}{{{_NODE}{more}}}[5m])"


_IDLE = _rate("node_cpu_seconds_total", ', mode=~"idle|iowait|steal"')
_BUSY = _rate("node_cpu_seconds_total", ', mode!="idle", mode!="iowait", mode!="steal"')


def _without_loopback(direction: str, what: str) -> RecordingRule:
    metric = f"node_network_{direction}_{what}_total"
    return RecordingRule(
        f"instance:node_network_{direction}_{what}_excluding_lo:rate5m",
        "sum without (device) (" + _rate(metric, ', device!="lo"') + ")",
    )


def _memory(what: str) -> RecordingRule:
    return RecordingRule(
        f"node_namespace_pod_container:container_memory_{what}",
        f'container_memory_{what}{{job="cadvisor", image!=""}} * {_NODE_OF_POD}',
    )


def _asked(resource: str, kind: str) -> tuple[RecordingRule, RecordingRule]:
    metric = f'kube_pod_container_resource_{kind}{{{_STATE}, resource="{resource}"}}'
    whole = f"max by ({_POD}, container) ({metric}) * on ({_POD}) group_left () {_ALIVE}"
    return (
        RecordingRule(
            f"cluster:namespace:pod_{resource}:active:kube_pod_container_resource_{kind}",
            f"{metric} * on ({_POD}) group_left () {_ALIVE}",
        ),
        RecordingRule(
            f"namespace_{resource}:kube_pod_container_resource_{kind}:sum",
            f"sum by (cluster, namespace) (sum by ({_POD}) ({whole}))",
        ),
    )


def _owner(kind: str, workload_type: str) -> RecordingRule:
    return RecordingRule(
        "namespace_workload_pod:kube_pod_owner:relabel",
        f"max by (cluster, namespace, workload, pod) (label_replace(kube_pod_owner{{{_STATE}, "
        f'owner_kind="{kind}"}}, "workload", "$1", "owner_name", "(.*)"))',
        {"workload_type": workload_type},
    )


_DEPLOYMENT = RecordingRule(
    "namespace_workload_pod:kube_pod_owner:relabel",
    "max by (cluster, namespace, workload, pod) (label_replace(label_replace("
    f'kube_pod_owner{{{_STATE}, owner_kind="ReplicaSet"}}, "replicaset", "$1", "owner_name", "(.*)") '
    "* on (cluster, namespace, replicaset) group_left (owner_name) topk by (cluster, namespace, replicaset) (1, "
    f"max by (cluster, namespace, replicaset, owner_name) (kube_replicaset_owner{{{_STATE}}})), "
    '"workload", "$1", "owner_name", "(.*)"))',
    {"workload_type": "deployment"},
)

NODE: Final[tuple[RecordingRule, ...]] = (
    RecordingRule(
        "instance:node_num_cpu:sum",
        f'count without (cpu, mode) (node_cpu_seconds_total{{{_NODE}, mode="idle"}})',
    ),
    RecordingRule(
        "instance:node_cpu_utilisation:rate5m",
        f"1 - avg without (cpu) (sum without (mode) ({_IDLE}))",
    ),
    RecordingRule(
        "instance:node_load1_per_cpu:ratio",
        f"node_load1{{{_NODE}}} / instance:node_num_cpu:sum{{{_NODE}}}",
    ),
    RecordingRule(
        "instance:node_memory_utilisation:ratio",
        f"1 - {_AVAILABLE} / node_memory_MemTotal_bytes{{{_NODE}}}",
    ),
    RecordingRule("instance:node_vmstat_pgmajfault:rate5m", _rate("node_vmstat_pgmajfault")),
    RecordingRule(
        "instance_device:node_disk_io_time_seconds:rate5m",
        _rate("node_disk_io_time_seconds_total", ', device!=""'),
    ),
    RecordingRule(
        "instance_device:node_disk_io_time_weighted_seconds:rate5m",
        _rate("node_disk_io_time_weighted_seconds_total", ', device!=""'),
    ),
    _without_loopback("receive", "bytes"),
    _without_loopback("transmit", "bytes"),
    _without_loopback("receive", "drop"),
    _without_loopback("transmit", "drop"),
)
"""Group NodeRecordingRulesRuleGroup."""

KUBERNETES: Final[tuple[RecordingRule, ...]] = (
    RecordingRule(
        "node_namespace_pod_container:container_cpu_usage_seconds_total:sum_irate",
        f"sum by ({_POD}, container) (irate(container_cpu_usage_seconds_total"
        f'{{job="cadvisor", image!=""}}[5m])) * {_NODE_OF_POD}',
    ),
    _memory("working_set_bytes"),
    _memory("rss"),
    _memory("cache"),
    _memory("swap"),
    *_asked("memory", "requests"),
    *_asked("cpu", "requests"),
    *_asked("memory", "limits"),
    *_asked("cpu", "limits"),
    _DEPLOYMENT,
    _owner("DaemonSet", "daemonset"),
    _owner("StatefulSet", "statefulset"),
    _owner("Job", "job"),
    RecordingRule(":node_memory_MemAvailable_bytes:sum", f"sum by (cluster) ({_AVAILABLE})"),
    RecordingRule(
        "cluster:node_cpu:ratio_rate5m",
        f"sum by (cluster) ({_BUSY}) "
        f"/ count by (cluster) (sum by (cluster, instance, cpu) (node_cpu_seconds_total{{{_NODE}}}))",
    ),
)
"""Group KubernetesRecordingRulesRuleGroup."""
