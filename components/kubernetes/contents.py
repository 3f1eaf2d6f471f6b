"""All that stands inside a cluster, in the order in which it can."""

import pulumi

from components.kubernetes.chart import Chart, ChartArgs
from components.kubernetes.estate import Estate
from components.kubernetes.ingress import Ingress, IngressArgs
from components.kubernetes.priorities import Priorities, PrioritiesArgs
from components.kubernetes.tenant import Tenant, TenantArgs
from components.kubernetes.workload import TOKEN, Workload, WorkloadArgs
from components.pace import Pace
from components.recall import recalled


async def make_contents(estate: Estate, opts: pulumi.ResourceOptions) -> None:
    """Make priorities, tenants, the way in, workloads and charts of `estate`, a few at a time; each gets `opts`."""
    settings, pace = estate.settings, Pace()
    priorities, ingress = None, None
    if settings.priority_classes:
        ranks = PrioritiesArgs(estate=estate)
        priorities = await pace.make(Priorities, "priorities", ranks, opts)
    tenants: dict[str, Tenant] = {}
    for name in settings.namespaces:
        tenant = TenantArgs(estate=estate, namespace=name)
        tenants[name] = await pace.make(Tenant, name, tenant, opts)
    if settings.ingress.controller == "nginx":
        ingress = await pace.make(Ingress, "ingress", IngressArgs(estate=estate), opts)
    for it in settings.workloads.values():
        home = tenants[it.namespace]
        workload = WorkloadArgs(
            estate=estate, workload=it, tenant=home, ingress=ingress, priorities=priorities
        )
        name = f"{it.namespace}-{it.name}"
        if not recalled(TOKEN, name, workload, opts):
            await pace.make(Workload, name, workload, opts)
    for key, chart in settings.charts.items():
        release = ChartArgs(estate=estate, key=key, tenant=tenants[chart.namespace])
        await pace.make(Chart, f"{chart.namespace}-{key}", release, opts)
