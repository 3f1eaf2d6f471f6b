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
from settings.tracks import ALL, STABLE, running, share_of
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
        *service_account.rights(settings, workload, labels),
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
        own = labels if track.name == STABLE else of_workload(settings, workload, track)
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
        *_routed(workload, ingress.routes(settings, workload, labels), controllers),
    ]
    if settings.skip_await:
        awaiting.without_await(found)
    if workload.patch:
        found = patches.patched(workload, found)
    return tuple(found)


def _in_order(workload: Workload, services: list[Part], controllers: list[Part]) -> list[Part]:
    """Where one version hands over to the other, it does so when the pods of the other are available.

    Blue and green, gray at 100 % and shares of requests by the Service, which then sends all to one of them; a canary
    at 100 % by the stable pods, which go last.
    """
    release = workload.release
    if not workload.has_tracks:
        return [*services, *controllers]
    flips = release.strategy in FLIPPED or release.by == "requests"
    goes = release.strategy == "canary" and share_of(release) == ALL and len(controllers) > 1
    if not flips and not goes:
        return [*services, *controllers]
    staying, going = (controllers[1:], controllers[:1]) if goes else (controllers, [])
    if flips:
        services = _after(services, staying)
        return [*staying, *services, *_after(going, [*staying, *services])]
    return [*services, *staying, *_after(going, staying)]


def _routed(workload: Workload, routes: list[Part], controllers: list[Part]) -> list[Part]:
    """A share of the requests goes to pods that are available."""
    if not workload.has_tracks or workload.release.by != "requests":
        return routes
    last = tuple(it.role for it in controllers)
    return [
        it._replace(after=(*it.after, *last)) if it.role.startswith("route-") else it
        for it in routes
    ]


def _after(parts: list[Part], others: list[Part]) -> list[Part]:
    roles = tuple(other.role for other in others)
    return [part._replace(after=(*part.after, *roles)) for part in parts]
