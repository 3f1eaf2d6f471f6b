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
        if chosen and not any(_has_port(pod, name) for pod in chosen):
            yield "targetPort", f"names {name}, which is no port of {chosen[0].object.title}"

    yield from over(items(it.manifest, "spec", "ports"), look)


def _has_port(pod: Pod, name: str) -> bool:
    return any(
        dig(port, "name") == name
        for field in ("containers", "initContainers")
        for _, container in items(pod.spec, field)
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
