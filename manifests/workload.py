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
from settings.tracks import ALL, running, share_of
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
        *_in_order(workload, service.parts(settings, workload, labels), controllers),
        *around,
        *ingress.routes(settings, workload, labels),
    ]
    if settings.skip_await:
        awaiting.without_await(found)
    if workload.patch:
        found = patches.patched(workload, found)
    return tuple(found)


def _in_order(workload: Workload, services: list[Part], controllers: list[Part]) -> list[Part]:
    """Where one version hands over to the other, it does so when the pods of the other are available.

    Blue and green, gray at 100 % and shares of requests by the Service, which then sends all to one of them; a canary
    at 100 % by the stable pods, which go.
    """
    release = workload.release
    if not workload.has_tracks:
        return [*services, *controllers]
    if release.strategy in FLIPPED or release.by == "requests":
        roles = tuple(part.role for part in controllers)
        services = [part._replace(after=(*part.after, *roles)) for part in services]
        return [*controllers, *services]
    if len(controllers) > 1 and share_of(release) == ALL:
        stable, candidate = controllers
        controllers = [candidate, stable._replace(after=(*stable.after, candidate.role))]
    return [*services, *controllers]
