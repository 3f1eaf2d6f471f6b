"""A Service's named target port exists in its pods."""

from collections.abc import Iterator
from typing import Any

from policy.objects import Object, Pod, dig, items
from policy.rule import Parameters, StackRule, Violation
from policy.rules._index import service_selector
from policy.rules._turns import over
from policy.stack import Stack


def _check(it: Object, stack: Stack, _parameters: Parameters) -> Iterator[Violation]:
    selector = service_selector(it)
    chosen = stack.selected(it.namespace, selector) if selector else []

    def look(port: Any) -> Iterator[Violation]:
        name = dig(port, "targetPort")
        if not isinstance(name, str) or name.isdigit():
            return
        protocol = dig(port, "protocol") or "TCP"
        if chosen and not any(_has_port(pod, name, protocol) for pod in chosen):
            title = chosen[0].object.title
            yield "targetPort", f"names {name}, which is no {protocol} port of {title}"

    yield from over(items(it.manifest, "spec", "ports"), look)


def _has_port(pod: Pod, name: str, protocol: str) -> bool:
    """As the API server's endpoints look for it: by name and protocol, in what runs as long as the pod."""
    return any(
        dig(port, "name") == name and (dig(port, "protocol") or "TCP") == protocol
        for field in ("containers", "initContainers")
        for _, container in items(pod.spec, field)
        if field == "containers" or dig(container, "restartPolicy") == "Always"
        for _, port in items(container, "ports")
    )


RULE = StackRule(
    id="ref-service-port",
    title="A Service's named target port exists in its pods",
    area="references",
    severity="mandatory",
    kinds=("Service",),
    reach="namespace",
    check=_check,
    why="Requests to this port go nowhere.",
    remedy="name a port of a container",
    source="https://kubernetes.io/docs/concepts/services-networking/service/",
)
