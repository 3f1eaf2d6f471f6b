"""An Ingress leads to a Service and port."""

from collections.abc import Iterator, Mapping
from typing import Any

from policy.objects import Object, dig, items, mapping
from policy.rule import Parameters, StackRule, Violation
from policy.rules._index import is_missing
from policy.rules._turns import in_turn, over
from policy.stack import Stack


def _check(it: Object, stack: Stack, _parameters: Parameters) -> Iterator[Violation]:
    def backend(held: Any) -> Iterator[Violation]:
        name = dig(held, "service", "name")
        if not name:
            return
        if is_missing(stack, "Service", it.namespace, name):
            yield (
                "service.name",
                f"leads to Service {name}, which namespace {it.namespace} does not have",
            )
            return
        service = stack.get("Service", it.namespace, name)
        if service and not _has_port(service, mapping(held, "service", "port")):
            yield "service.port", f"is no port of {service.title}"

    def path(held: Any) -> Iterator[Violation]:
        for place, message in backend(dig(held, "backend")):
            yield f"backend.{place}", message

    def rule(held: Any) -> Iterator[Violation]:
        yield from over(items(held, "http", "paths"), path)

    def default() -> Iterator[Violation]:
        for place, message in backend(dig(it.manifest, "spec", "defaultBackend")):
            yield f"spec.defaultBackend.{place}", message

    yield from in_turn(default, lambda: over(items(it.manifest, "spec", "rules"), rule))


def _has_port(service: Object, wanted: Mapping[str, Any]) -> bool:
    if dig(service.manifest, "spec", "type") == "ExternalName":
        return True
    name, number = wanted.get("name"), wanted.get("number")
    return any(
        dig(port, "name") == name if name else dig(port, "port") == number
        for _, port in items(service.manifest, "spec", "ports")
    )


RULE = StackRule(
    id="ref-ingress-backend",
    title="An Ingress leads to a Service and port",
    area="references",
    severity="mandatory",
    kinds=("Ingress",),
    reach="namespace",
    check=_check,
    why="The controller answers 404 or 503.",
    remedy="name a Service of the namespace and one of its ports",
    source="https://kubernetes.io/docs/concepts/services-networking/ingress/",
)
