"""One workload: its controller and everything that stands around it."""

from manifests import (
    Part,
    Values,
    autoscaling,
    awaiting,
    cases,
    config,
    controller,
    disruption,
    ingress,
    network_policy,
    patches,
    pod,
    secrets,
    service,
    service_account,
    volumes,
)
from manifests.connections import Graph
from manifests.labels import of_workload
from settings.release import FLIPPED
from settings.stack import Settings
from settings.tracks import running
from settings.workload import Workload


def parts(settings: Settings, workload: Workload, values: Values, graph: Graph) -> tuple[Part, ...]:
    """Objects of `workload` in apply order; `graph` is `connections.graph(settings)`, made once an estate.

    The controller comes after all that its pods read or are bounded by: a pod that starts before its ConfigMap, its
    credentials or its network policies fails, and a Job counts that as an attempt.
    """
    labels = of_workload(settings, workload)
    configs = config.parts(workload, labels)
    folders = secrets.folders(settings, workload, values)
    batch = cases.parts(workload, labels)
    before = [
        service_account.part(settings, workload, labels, values),
        *configs,
        *batch,
        *secrets.parts(settings, workload, labels, values),
        *volumes.claims(settings, workload, labels),
        *network_policy.parts(settings, workload, labels, graph),
    ]
    ready = tuple(part.role for part in before)
    controllers, around = [], []
    runs = running(settings, workload)
    for track in runs:
        own = of_workload(settings, workload, track)
        template = pod.template(settings, workload, own, configs, folders, track, values)
        cases.mount(workload, template, batch)
        manifest = controller.manifest(settings, workload, own, template, runs, track)
        controllers.append(Part(track.of(workload.kind), manifest, ready))
        around += autoscaling.parts(workload, track, own)
        around += disruption.parts(workload, track, own)
    found = [
        *before,
        *_served(workload, service.parts(settings, workload, labels), controllers),
        *around,
        *ingress.routes(settings, workload, labels),
    ]
    if settings.skip_await:
        awaiting.without_await(found)
    if workload.patch:
        found = patches.patched(workload, found)
    return tuple(found)


def _served(workload: Workload, services: list[Part], controllers: list[Part]) -> list[Part]:
    """Where the Service goes over from one version to the other, it does so when the pods of both are available."""
    if not workload.has_tracks or workload.release.strategy not in FLIPPED:
        return [*services, *controllers]
    roles = tuple(part.role for part in controllers)
    return [*controllers, *(part._replace(after=(*part.after, *roles)) for part in services)]
