"""The whole of a stack inside the cluster, in apply order."""

from collections.abc import Iterator

from manifests import Group, Values, connections, ingress, tenant, workload
from settings.stack import Settings


def groups(settings: Settings, values: Values) -> Iterator[Group]:
    """Every component's objects: tenants, ingress, then workloads in catalogue order.

    `name` is the component's logical name. The ingress yields nothing where it has no objects; its controller is a
    chart and not among them: `ingress.chart_values`.
    """
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
