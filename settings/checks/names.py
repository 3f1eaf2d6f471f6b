"""Names: references that must resolve, and limits that a longer derived name would break."""

from collections.abc import Iterator

from settings.faults import Fault, did_you_mean
from settings.sources import Sources
from settings.stack import Settings
from settings.values import CRON_JOB_NAME_MAX_CHARACTERS, DNS_LABEL_MAX_CHARACTERS
from settings.workload import Workload

STATEFUL_SET_NAME_MAX_CHARACTERS = 52
"""The controller labels pods with `<name>-<hash of 10>`: 63 in all (kubernetes issue 64023)."""

PLATFORM_LABELS = ("app", "env", "chart")
PLATFORM_LABEL_PREFIX = "app.kubernetes.io/"
"""Labels that every object has from the platform; a selector stands on some of them."""

HEADLESS_SUFFIX = "-headless"
"""Ends the name of a statefulset's Service that names each pod."""


def check(settings: Settings, sources: Sources) -> Iterator[Fault]:
    """Namespaces and images exist, ports are named once, derived names fit."""
    used: dict[str, str] = {}
    for name, workload in settings.workloads.items():
        at = ("workloads", name)
        if used.setdefault(workload.image_key, workload.image) != workload.image:
            yield sources.fault(
                (*at, "image"),
                f"shares its last part, and so its version in 'images', with {used[workload.image_key]}",
                repr(workload.image),
                "push one of the two under another name",
            )
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
        for key in workload.labels:
            if key in PLATFORM_LABELS or key.startswith(PLATFORM_LABEL_PREFIX):
                rule = "is set by the platform on every object"
                yield sources.fault(
                    (*at, "labels", key), rule, remedy="remove it or choose another key"
                )
    yield from _headless(settings, sources)
    if not sources.mended:  # else its image may stand in what a model refused
        yield from _unused(settings, set(used), sources)


def _headless(settings: Settings, sources: Sources) -> Iterator[Fault]:
    """A statefulset's second Service must not meet another workload's."""
    for name, workload in settings.workloads.items():
        owner = settings.workloads.get(name.removesuffix(HEADLESS_SUFFIX))
        if (
            name.endswith(HEADLESS_SUFFIX)
            and owner
            and owner.kind == "statefulset"
            and workload.service
        ):
            yield sources.fault(
                ("workloads", name, "name"),
                f"is the name of the headless Service of statefulset {owner.name}",
                repr(name),
                "rename one of them",
            )


def _unused(settings: Settings, used: set[str], sources: Sources) -> Iterator[Fault]:
    wanted = used | {
        str(document.data.get("image", "")).rpartition("/")[2]
        for document in sources.catalogue.values()
    }
    for key in settings.images:
        if key not in wanted:
            yield sources.fault(
                ("images", key),
                "is the version of no image in the catalogue",
                remedy=did_you_mean(key, used - set(settings.images)) or "remove it",
            )


def _list(names: object) -> str:
    return ", ".join(repr(name) for name in sorted(names)) or "none"  # type: ignore[call-overload]


def _lengths(workload: Workload, at: tuple[str, ...], sources: Sources) -> Iterator[Fault]:
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
    last = f"{workload.name}-{workload.job.runs - 1}" if workload.job else ""
    indexed = workload.job is not None and workload.job.indexed
    if indexed and workload.kind == "job" and len(last) > DNS_LABEL_MAX_CHARACTERS:
        yield sources.fault(
            (*at, "name"),
            f"must leave room for the index in the host name of a pod: {DNS_LABEL_MAX_CHARACTERS} characters in all",
            repr(workload.name),
            "shorten it",
        )
    if (workload.service or workload.kind == "statefulset") and workload.name[0].isdigit():
        yield sources.fault(
            (*at, "name"),
            "must begin with a letter, as the name of its Service must",
            repr(workload.name),
            "rename it",
        )


def _ports(workload: Workload, at: tuple[str, ...], sources: Sources) -> Iterator[Fault]:
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
    if workload.service and workload.service.target_port:
        wanted.append((("service", "targetPort"), workload.service.target_port))
    for kind in ("startup", "readiness", "liveness"):
        found = getattr(workload.probes, kind)
        probe = None if found == "none" else found
        for key, action in (
            (("httpGet", probe.http_get), ("tcpSocket", probe.tcp_socket), ("grpc", probe.grpc))
            if probe
            else ()
        ):
            if action and action.port:
                wanted.append((("probes", kind, key, "port"), action.port))
    for path, port in wanted:
        if port not in workload.ports:
            yield sources.fault(
                (*at, *path),
                f"must be a name in 'ports', which has {_list(workload.ports)}",
                repr(port),
                did_you_mean(port, workload.ports) or "add the port",
            )
