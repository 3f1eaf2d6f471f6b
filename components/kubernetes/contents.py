"""All that stands inside a cluster, in the order in which it can."""

from dataclasses import replace

import pulumi

from components.kubernetes import tenant
from components.kubernetes.chart import Chart, ChartArgs
from components.kubernetes.estate import Estate
from components.kubernetes.ingress import Ingress, IngressArgs
from components.kubernetes.priorities import Priorities, PrioritiesArgs
from components.kubernetes.tenant import Recalled, Tenant, TenantArgs
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
    args = {name: TenantArgs(estate=estate, namespace=name) for name in settings.namespaces}
    tenants: dict[str, Tenant | Recalled] = {}
    for name, it in args.items():
        known = recalled(tenant.TOKEN, name, it, opts)
        tenants[name] = it.recalled(name) if known else await pace.make(Tenant, name, it, opts)

    async def made(name: str) -> Tenant:
        found = tenants[name]
        if isinstance(found, Recalled):
            found = tenants[name] = await pace.make(Tenant, name, args[name], opts)
        return found

    if settings.ingress.controller == "nginx":
        ingress = await pace.make(Ingress, "ingress", IngressArgs(estate=estate), opts)
    for one in settings.workloads.values():
        workload = WorkloadArgs(
            estate=estate,
            workload=one,
            tenant=tenants[one.namespace],
            ingress=ingress,
            priorities=priorities,
        )
        name = f"{one.namespace}-{one.name}"
        if not recalled(TOKEN, name, workload, opts):
            whole = replace(workload, tenant=await made(one.namespace))
            await pace.make(Workload, name, whole, opts)
    for key, chart in settings.charts.items():
        release = ChartArgs(estate=estate, key=key, tenant=await made(chart.namespace))
        await pace.make(Chart, f"{chart.namespace}-{key}", release, opts)
