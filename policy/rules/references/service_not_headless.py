"""A StatefulSet's Service is headless and selects its pods."""

from collections.abc import Iterator

from policy.objects import Object, dig, pods
from policy.rule import Parameters, StackRule, Violation
from policy.rules._index import service_selector
from policy.stack import Stack, chooses
from policy.unknown import Undecided


def _check(it: Object, stack: Stack, _parameters: Parameters) -> Iterator[Violation]:
    name = dig(it.manifest, "spec", "serviceName")
    service = stack.get("Service", it.namespace, str(name)) if name else None
    if service is None:
        return
    if dig(service.manifest, "spec", "clusterIP") != "None":
        yield "spec.serviceName", f"names {service.title}, which is not headless"
        return
    selector = service_selector(service)
    for _, pod in pods(it):
        if isinstance(pod, Undecided):
            raise pod
        if selector is not None and not chooses(selector, pod):
            yield "spec.serviceName", f"names {service.title}, which does not select its pods"


RULE = StackRule(
    id="service-not-headless",
    title="A StatefulSet's Service is headless and selects its pods",
    area="references",
    severity="advisory",
    kinds=("StatefulSet",),
    reach="namespace",
    check=_check,
    why="Only a headless Service gives each of its pods a name in DNS: by another they do not find each other.",
    remedy="name a Service with clusterIP: None and the labels of the pod template, beside the one that others call",
    source="https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#stable-network-id",
)
