"""What watches the cluster: alerts that nobody hears or that never come, logs that are paid for twice."""

from collections.abc import Iterator

from settings.faults import Fault
from settings.observability import BASIC_TABLES, Observability
from settings.sources import Sources
from settings.stack import Settings

AT = "observability"

POOL_LABEL = "agentpool"
"""Which pool a node belongs to; AKS writes it on every node."""

_OF_POOLS = (
    "poolCpuRequests",
    "poolMemoryRequests",
    "poolCpuLimits",
    "poolMemoryLimits",
    "poolAtMaximum",
)


def check(settings: Settings, sources: Sources) -> Iterator[Fault]:
    """Parts that need each other, receivers, tables and categories."""
    if settings.target != "aks":
        if AT in sources.root:
            rule = f"has no effect with target {settings.target}"
            yield sources.fault((AT,), rule, remedy="remove it")
        return
    watched = settings.observability
    yield from _alerts(watched, sources)
    yield from _metrics(watched, sources)
    yield from _tables(watched, sources)
    yield from _collected(watched, sources)


def _alerts(watched: Observability, sources: Sources) -> Iterator[Fault]:
    alerts, at = watched.alerts, (AT, "alerts")
    for index, name in enumerate(alerts.notify or ()):
        if name not in watched.action_groups:
            yield sources.fault(
                (*at, "notify", index),
                "must be a key of observability.actionGroups",
                repr(name),
                "add the group, or name one of it",
            )
    if not alerts.enabled:
        return
    if not watched.metrics.enabled:
        yield sources.fault(
            (AT, "metrics", "enabled"),
            "must be true, since alerts read metrics",
            "false",
            "write 'enabled: true', or switch observability.alerts off",
        )
    if not watched.notified:
        yield sources.fault(
            (*at, "notify") if alerts.notify is not None else (AT, "actionGroups"),
            "must have a group that is told, or alerts ring where nobody is",
            remedy="add one, for example 'actionGroups: {ops: {email: {ops: ops@course.example}}}', or switch "
            "observability.alerts off",
        )
    for name in watched.notified:
        group = watched.action_groups.get(name)
        if group and not (group.email or group.webhooks):
            yield sources.fault(
                (AT, "actionGroups", name),
                "must have a receiver: alerts are on and tell this group",
                remedy="add one, for example 'email: {ops: ops@course.example}'",
            )
    labels = watched.metrics.kube_state_metrics.labels.get("nodes", [])
    of_pools = [key for key, alert in alerts.each() if key in _OF_POOLS and alert.enabled]
    if of_pools and not {POOL_LABEL, "*"} & {*labels}:
        yield sources.fault(
            (AT, "metrics", "kubeStateMetrics", "labels"),
            f"must hold nodes: [{POOL_LABEL}], or no alert on a pool ever comes: {', '.join(of_pools)}",
            remedy=f"add {POOL_LABEL}",
        )


def _metrics(watched: Observability, sources: Sources) -> Iterator[Fault]:
    if watched.grafana.enabled and not watched.metrics.enabled:
        yield sources.fault(
            (AT, "grafana", "enabled"),
            "must be false without observability.metrics, which it shows",
            "true",
            "write 'enabled: false'",
        )


def _tables(watched: Observability, sources: Sources) -> Iterator[Fault]:
    logs, at = watched.logs, (AT, "logs", "tables")
    if logs.workspace_id and logs.tables:
        yield sources.fault(
            at,
            "must be empty where logs.workspaceId names a workspace that is not this stack's",
            remedy="write 'tables: {}'",
        )
    for name, table in logs.tables.items():
        if table.plan == "Basic" and name not in BASIC_TABLES:
            yield sources.fault(
                (*at, name, "plan"),
                f"must be Analytics: of the tables of a cluster only {', '.join(BASIC_TABLES)} may have Basic",
                "'Basic'",
                "write 'plan: Analytics'",
            )
        if table.plan == "Basic" and table.retention_days is not None:
            yield sources.fault(
                (*at, name, "retentionDays"),
                "has no effect with plan Basic, which always has 30 days",
                str(table.retention_days),
                "remove it, or say totalRetentionDays",
            )
        queried = 30 if table.plan == "Basic" else table.retention_days or logs.retention_days
        if table.total_retention_days is not None and table.total_retention_days < queried:
            yield sources.fault(
                (*at, name, "totalRetentionDays"),
                f"must be at least the {queried} days that the table can be queried",
                str(table.total_retention_days),
                "raise it",
            )


def _collected(watched: Observability, sources: Sources) -> Iterator[Fault]:
    insights, at = watched.container_insights, (AT, "containerInsights")
    if insights.namespace_filtering == "Off" and insights.namespaces:
        yield sources.fault(
            (*at, "namespaces"),
            "has no effect while namespaceFiltering is Off",
            remedy="write 'namespaceFiltering: Exclude', or remove it",
        )
    if insights.namespace_filtering != "Off" and not insights.namespaces:
        yield sources.fault(
            (*at, "namespaces"),
            f"must name at least one with namespaceFiltering {insights.namespace_filtering}",
            remedy="add one, or write 'namespaceFiltering: Off'",
        )
    categories = watched.diagnostics.categories
    if "kube-audit" in categories and "kube-audit-admin" in categories:
        yield sources.fault(
            (AT, "diagnostics", "categories", categories.index("kube-audit-admin")),
            "must not stand beside kube-audit, which holds all of it: it would be paid for twice",
            "'kube-audit-admin'",
            "remove one of the two",
        )
    if watched.logs.daily_cap_gb and watched.logs.workspace_id:
        yield sources.fault(
            (AT, "logs", "dailyCapGb"),
            "has no effect where logs.workspaceId names a workspace that is not this stack's",
            str(watched.logs.daily_cap_gb),
            "remove it",
        )
