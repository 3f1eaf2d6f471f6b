"""Names: references that must resolve, and limits that a longer derived name would break."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from settings.faults import Fault, did_you_mean
from settings.stack import Settings
from settings.values import CRON_JOB_NAME_MAX_CHARACTERS
from settings.workload import Workload

if TYPE_CHECKING:
    from settings.load import Sources

STATEFUL_SET_NAME_MAX_CHARACTERS = 52
"""The controller labels pods with `<name>-<hash of 10>`: 63 in all (kubernetes issue 64023)."""

NODE_RESOURCE_GROUP_MAX_CHARACTERS = 80
"""https://learn.microsoft.com/azure/aks/faq"""


def check(settings: Settings, sources: "Sources") -> Iterator[Fault]:
    """Namespaces and images exist, ports are named once, derived names fit."""
    used = set()
    for name, workload in settings.workloads.items():
        at = ("workloads", name)
        used.add(workload.image_key)
        if workload.namespace not in settings.namespaces:
            yield sources.fault(
                (*at, "namespace"),
                f"must be one of this stack's: {_list(settings.namespaces)}",
                repr(workload.namespace),
                did_you_mean(workload.namespace, settings.namespaces)
                or "add it to 'namespaces' of the stack",
            )
        if workload.image_key not in settings.images:
            yield sources.fault(
                (*at, "image"),
                "must have a version in 'images' of the stack under its last part",
                repr(workload.image_key),
                did_you_mean(workload.image_key, settings.images)
                or f"add 'images: {{{workload.image_key}: {{tag: ...}}}}'",
            )
        yield from _lengths(workload, at, sources)
        yield from _ports(workload, at, sources)
    everywhere = {
        str(document.data.get("image", "")).rpartition("/")[2]
        for document in sources.catalogue.values()
    }
    for key in settings.images:
        if key not in used | everywhere:
            yield sources.fault(
                ("images", key),
                "is the version of no image in the catalogue",
                remedy=did_you_mean(key, used - set(settings.images)) or "remove it",
            )
    group = settings.cluster.node_resource_group or f"{settings.resource_group or ''}-nodes"
    if len(group) > NODE_RESOURCE_GROUP_MAX_CHARACTERS:
        yield sources.fault(
            ("cluster", "nodeResourceGroup"),
            f"must have at most {NODE_RESOURCE_GROUP_MAX_CHARACTERS} characters",
            repr(group),
            "give a shorter one",
        )


def _list(names: object) -> str:
    return ", ".join(repr(name) for name in sorted(names)) or "none"  # type: ignore[call-overload]


def _lengths(workload: Workload, at: tuple[str, ...], sources: "Sources") -> Iterator[Fault]:
    most = {
        "cronjob": CRON_JOB_NAME_MAX_CHARACTERS,
        "statefulset": STATEFUL_SET_NAME_MAX_CHARACTERS,
    }
    limit = most.get(workload.kind)
    if limit and len(workload.name) > limit:
        yield sources.fault(
            (*at, "name"),
            f"must have at most {limit} characters for a {workload.kind}: Kubernetes adds to it",
            repr(workload.name),
            "shorten it",
        )


def _ports(workload: Workload, at: tuple[str, ...], sources: "Sources") -> Iterator[Fault]:
    numbers: dict[int, str] = {}
    for name, number in workload.ports.items():
        if number in numbers:
            yield sources.fault(
                (*at, "ports", name),
                f"must not repeat the number of {numbers[number]!r}",
                str(number),
                "keep one name a port",
            )
        numbers.setdefault(number, name)
    wanted: list[tuple[tuple[str, ...], str]] = []
    if workload.service:
        wanted.append((("service", "targetPort"), workload.service.target_port))
    for kind in ("startup", "readiness", "liveness"):
        probe = getattr(workload.probes, kind)
        for key, action in (
            (("httpGet", probe.http_get), ("tcpSocket", probe.tcp_socket), ("grpc", probe.grpc))
            if probe
            else ()
        ):
            if action:
                wanted.append((("probes", kind, key, "port"), action.port))
    for path, port in wanted:
        if port not in workload.ports:
            yield sources.fault(
                (*at, *path),
                f"must be a name in 'ports': {_list(workload.ports)}",
                repr(port),
                did_you_mean(port, workload.ports) or "add the port",
            )
