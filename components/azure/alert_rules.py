"""Alerts as PromQL, each with what to do about it. Pure: settings in, no Pulumi.

Only metrics that managed Prometheus collects without being told are read (its minimal ingestion profile), so that no
alert is silent because its metric never comes. What has no metric there has no alert here: docs/observability.md says
which.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from typing import Final

from settings.alerts import Alert, Alerts, PoolShare
from settings.calendar import MINORS
from settings.machines import allocatable
from settings.node_pools import NodePool
from settings.stack import Settings

PROFILE: Final = (
    "https://learn.microsoft.com/azure/azure-monitor/containers/prometheus-metrics-scrape-default"
    "#minimal-ingestion-profile"
)

MAX_RULES: Final = 20
"""Of one rule group: https://learn.microsoft.com/azure/azure-monitor/fundamentals/service-limits#prometheus-metrics"""

_STATE = 'job="kube-state-metrics"'
_POD = "cluster, namespace, pod"


@dataclass(frozen=True)
class AlertRule:
    """One alert."""

    name: str
    """What people see in the mail."""

    expression: str
    """PromQL; every series that it gives is one alert."""

    settings: Alert
    """For how long, and how bad."""

    description: str
    """What is wrong, with the labels of the series."""

    remedy: str
    """What to do."""


def of_cluster(settings: Settings) -> list[AlertRule]:
    """What is told of the whole cluster, in the order of the settings."""
    alerts = settings.observability.alerts
    return [it for it in _of_cluster(alerts) if it.settings.enabled]


def of_pool(settings: Settings, name: str) -> list[AlertRule]:
    """What is told of one pool: at most five, so that every pool fits a rule group of its own."""
    pool = settings.node_pools[name]
    alerts = settings.observability.alerts
    return [it for it in _of_pool(alerts, name, pool) if it.settings.enabled]


def nodes_of(pool: str) -> str:
    """Selects the nodes of `pool`, and of those that stand in for it under its name and four more digits."""
    return f'kube_node_labels{{{_STATE}, label_agentpool=~"{pool}([0-9a-f]{{4}})?"}}'


def _of_cluster(alerts: Alerts) -> Iterator[AlertRule]:
    yield AlertRule(
        "Node not ready",
        f'max by (cluster, node) (kube_node_status_condition{{{_STATE}, condition="Ready", status="true"}}) == 0',
        alerts.nodes_not_ready,
        "The control plane does not hear from node {{ $labels.node }}.",
        "kubectl describe node {{ $labels.node }}: memory, disk or network of the machine; AKS repairs it after a "
        "while, else delete the machine and the pool makes another.",
    )
    pending = f'sum by (cluster, namespace) (kube_pod_status_phase{{{_STATE}, phase="Pending"}})'
    yield AlertRule(
        "Pods pending",
        f"{pending} >= {alerts.pending_pods.pods}",
        alerts.pending_pods,
        "{{ $value }} pods of {{ $labels.namespace }} wait for a node, an image or a volume.",
        "kubectl get events -n {{ $labels.namespace }}: raise max of the pool, lower requests, or mend the image or "
        "the volume that the event names.",
    )
    oom = alerts.oom_kills
    yield AlertRule(
        "Container killed for memory",
        f"(max by ({_POD}, container) (kube_pod_container_status_last_terminated_reason"
        f'{{{_STATE}, reason="OOMKilled"}}) == 1) and on ({_POD}, container) (max by ({_POD}, container) '
        f"(increase(kube_pod_container_status_restarts_total{{{_STATE}}}[{oom.window_minutes}m])) >= {oom.restarts})",
        oom,
        "{{ $labels.namespace }}/{{ $labels.pod }} ({{ $labels.container }}) was killed for taking more memory than "
        "its limit.",
        "raise resources.limits.memory of the workload, or find what takes it.",
    )
    yield AlertRule(
        "Container does not stay up",
        f"max by ({_POD}, container) (max_over_time(kube_pod_container_status_waiting_reason"
        f'{{{_STATE}, reason="CrashLoopBackOff"}}[5m])) >= 1',
        alerts.crash_loops,
        "{{ $labels.namespace }}/{{ $labels.pod }} ({{ $labels.container }}) ends again and again.",
        "kubectl logs -n {{ $labels.namespace }} {{ $labels.pod }} -c {{ $labels.container }} --previous",
    )
    yield AlertRule(
        "Job failed",
        f'max by (cluster, namespace, job_name) (kube_job_failed{{{_STATE}, condition="true"}}) > 0',
        alerts.failed_jobs,
        "Job {{ $labels.namespace }}/{{ $labels.job_name }} has used up its attempts.",
        "kubectl logs -n {{ $labels.namespace }} job/{{ $labels.job_name }}; delete the Job to end the alert.",
    )
    full = alerts.volumes_nearly_full
    claim = "cluster, namespace, persistentvolumeclaim"
    yield AlertRule(
        "Volume nearly full",
        f'max by ({claim}) (kubelet_volume_stats_used_bytes{{job="kubelet"}}) / '
        f'max by ({claim}) (kubelet_volume_stats_capacity_bytes{{job="kubelet"}}) > {_ratio(full.percent)}',
        full,
        "{{ $labels.namespace }}/{{ $labels.persistentvolumeclaim }} is {{ $value | humanizePercentage }} full.",
        "raise disk.size of the workload, which Azure disks do without a restart, or free space.",
    )
    ends = alerts.certificate_ends
    left = " or ".join(
        f'label_replace(min by (cluster, instance) (kubelet_certificate_manager_{side}_ttl_seconds{{job="kubelet"}}), '
        f'"side", "{side}", "", "")'
        for side in ("client", "server")
    )
    yield AlertRule(
        "Certificate of a node ends",
        f"({left}) < {ends.days * 86400}",
        ends,
        "The {{ $labels.side }} certificate of the kubelet at {{ $labels.instance }} ends in "
        "{{ $value | humanizeDuration }}.",
        "upgrade the node image of its pool, which makes new machines; else az aks rotate-certs in a maintenance "
        "window.",
    )
    version = alerts.version_ends
    yield AlertRule(
        "Kubernetes version ends",
        _version_ends(version.days),
        version,
        f"Standard support of Kubernetes {{{{ $labels.minor }}}}, which {{{{ $value }}}} nodes run, ends within "
        f"{version.days} days or has ended.",
        "set cluster.kubernetesVersion to the next minor; ./aks preview names the day.",
    )


def _version_ends(days: int) -> str:
    """Nodes by minor, from the day on which its end is `days` away: the dates are those known at the last update."""
    parts = []
    for minor, dates in MINORS.items():
        first = datetime.combine(dates.ends - timedelta(days=days), time(), UTC)
        version = minor.replace(".", "[.]")
        nodes = f'kubernetes_build_info{{job="kubelet", git_version=~"v{version}[.].*"}}'
        parts.append(
            f'label_replace(count by (cluster) ({nodes}), "minor", "{minor}", "", "") '
            f"and on () (vector(time()) >= {int(first.timestamp())})"
        )
    return " or ".join(f"({it})" for it in parts)


def _of_pool(alerts: Alerts, name: str, pool: NodePool) -> Iterator[AlertRule]:
    usable = allocatable(pool)
    if usable:
        cpu, memory = usable
        shares = (
            ("CPU requests", "cpu", "requests", alerts.pool_cpu_requests, cpu),
            ("Memory requests", "memory", "requests", alerts.pool_memory_requests, memory),
            ("CPU limits", "cpu", "limits", alerts.pool_cpu_limits, cpu),
            ("Memory limits", "memory", "limits", alerts.pool_memory_limits, memory),
        )
        for title, resource, kind, alert, each in shares:
            yield _share(f"{title} of pool {name}", name, pool, resource, kind, alert, each)
    if pool.max > pool.min:
        yield AlertRule(
            f"Pool {name} at its maximum",
            f"count by (cluster) ({nodes_of(name)}) >= {pool.max}",
            alerts.pool_at_maximum,
            f"Pool {name} has {{{{ $value }}}} nodes and may have {pool.max}: the autoscaler can add none.",
            f"raise nodePools.{name}.max, with the addresses and the quota for it, or lower requests.",
        )


def _share(
    title: str, name: str, pool: NodePool, resource: str, kind: str, alert: PoolShare, each: Decimal
) -> AlertRule:
    most = each * pool.max
    metric = f'kube_pod_container_resource_{kind}{{{_STATE}, resource="{resource}", node!=""}}'
    alive = f'(max by ({_POD}) (kube_pod_status_phase{{{_STATE}, phase=~"Pending|Running"}}) == 1)'
    pods = f"{metric} and on ({_POD}) {alive} and on (cluster, node) {nodes_of(name)}"
    return AlertRule(
        title,
        f"sum by (cluster) ({pods}) / {_number(most)} > {_ratio(alert.percent)}",
        alert,
        f"{kind.capitalize()} of {resource} on pool {name} are {{{{ $value | humanizePercentage }}}} of "
        f"{_text(resource, most)}, which is all that pods can use at its maximum of {pool.max} nodes with "
        f"{_text(resource, each)} each.",
        f"raise nodePools.{name}.max or its vmSize, or lower {kind} of its workloads: ./aks preview shows which ask "
        "most.",
    )


def _text(resource: str, amount: Decimal) -> str:
    return f"{amount:.2f} cores" if resource == "cpu" else f"{amount / 2**30:.1f} GiB"


def _ratio(percent: int) -> str:
    return _number(Decimal(percent) / 100)


def _number(value: Decimal) -> str:
    return f"{value.normalize():f}"
