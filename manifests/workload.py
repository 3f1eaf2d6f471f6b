"""One workload: its controller and everything that stands around it."""

from manifests import (
    Part,
    Values,
    autoscaling,
    awaiting,
    config,
    controller,
    disruption,
    ingress,
    network_policy,
    pod,
    secrets,
    service,
    service_account,
    volumes,
)
from manifests.connections import Graph
from manifests.labels import of_workload
from settings.stack import Settings
from settings.workload import Workload


def parts(settings: Settings, workload: Workload, values: Values, graph: Graph) -> tuple[Part, ...]:
    """Objects of `workload` in apply order; `graph` is `connections.graph(settings)`, made once an estate.

    The controller comes after all that its pods read or are bounded by: a pod that starts before its ConfigMap, its
    credentials or its network policies fails, and a Job counts that as an attempt.
    """
    labels = of_workload(settings, workload)
    configs = config.parts(workload, labels)
    folders = secrets.folders(settings, workload, values)
    before = [
        service_account.part(settings, workload, labels, values),
        *configs,
        *secrets.parts(settings, workload, labels, values),
        *volumes.claims(settings, workload, labels),
        *network_policy.parts(settings, workload, labels, graph),
    ]
    template = pod.template(settings, workload, labels, configs, folders)
    found = [
        *before,
        *service.parts(workload, labels),
        Part(
            workload.kind,
            controller.manifest(settings, workload, labels, template),
            tuple(part.role for part in before),
        ),
        *autoscaling.parts(workload, labels),
        *disruption.parts(workload, labels),
        *ingress.routes(settings, workload, labels),
    ]
    if settings.skip_await:
        awaiting.without_await(found)
    return tuple(found)
