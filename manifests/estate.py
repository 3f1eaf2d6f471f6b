"""The whole of a stack inside the cluster, in apply order."""

from collections.abc import Iterator

from manifests import Group, Values, connections, ingress, priorities, tenant, workload
from settings.stack import Settings


def groups(settings: Settings, values: Values) -> Iterator[Group]:
    """Every component's objects: priorities, tenants, ingress, then workloads in catalogue order.

    `name` is the component's logical name. Priorities and ingress yield nothing where they have no objects; the
    ingress controller is a chart and not among them: `ingress.chart_values`.
    """
    ranked = priorities.parts(settings)
    if ranked:
        name = priorities.COMPONENT
        yield Group(component="Priorities", name=name, namespace="", parts=ranked)
    for namespace in settings.namespaces:
        parts = tenant.parts(settings, namespace, values)
        yield Group(component="Tenant", name=namespace, namespace=namespace, parts=parts)
    parts = ingress.parts(settings)
    if parts:
        yield Group(
            component="Ingress", name="ingress", namespace=settings.ingress.namespace, parts=parts
        )
    graph = connections.graph(settings)
    for it in settings.workloads.values():
        yield Group(
            component="Workload",
            name=f"{it.namespace}-{it.name}",
            namespace=it.namespace,
            parts=workload.parts(settings, it, values, graph),
        )
