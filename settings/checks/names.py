"""Names: references that must resolve, and limits that a longer derived name would break."""

from collections.abc import Iterator, Mapping
from typing import Any

from settings.faults import Fault, did_you_mean
from settings.sources import Sources
from settings.stack import Settings
from settings.values import CRON_JOB_NAME_MAX_CHARACTERS, DNS_LABEL_MAX_CHARACTERS
from settings.workload import Workload, key_of

STATEFUL_SET_NAME_MAX_CHARACTERS = 52
"""The controller labels pods with `<name>-<hash of 10>`: 63 in all (kubernetes issue 64023)."""

PLATFORM_LABELS = ("app", "env", "chart")
PLATFORM_LABEL_PREFIX = "app.kubernetes.io/"
"""Labels that every object has from the platform; a selector stands on some of them."""

HEADLESS_SUFFIX = "-headless"
"""Ends the name of a statefulset's Service that names each pod."""


def check(settings: Settings, sources: Sources) -> Iterator[Fault]:
    """Namespaces and images exist, a Service leads to a port, derived names fit."""
    used: dict[str, str] = {}
    for name, workload in settings.workloads.items():
        at = ("workloads", name)
        yield from of_namespace(workload.namespace, at, settings, sources)
        yield from _images(workload, at, settings, used, sources)
        yield from _lengths(workload, at, sources)
        yield from _target_port(workload, at, sources)
        for key in workload.labels:
            if key in PLATFORM_LABELS or key.startswith(PLATFORM_LABEL_PREFIX):
                rule = "is set by the platform on every object"
                yield sources.fault(
                    (*at, "labels", key), rule, remedy="remove it or choose another key"
                )
    yield from _headless(settings, sources)
    if not sources.mended:  # else its image may stand in what a model refused
        yield from _unused(settings, set(used), sources)


def of_namespace(
    name: str, at: tuple[str, ...], settings: Settings, sources: Sources
) -> Iterator[Fault]:
    """The namespace that a workload or chart at `at` goes to is one of the stack's."""
    if name not in settings.namespaces:
        yield sources.fault(
            (*at, "namespace"),
            f"must be one of this stack's: {_list(settings.namespaces)}",
            repr(name),
            did_you_mean(name, settings.namespaces) or "add it to 'namespaces' of the stack",
        )


def _images(
    workload: Workload,
    at: tuple[str, ...],
    settings: Settings,
    used: dict[str, str],
    sources: Sources,
) -> Iterator[Fault]:
    """Every image has a version; `used` has the repository of each key that came before."""
    for place, repository in workload.repositories:
        key = key_of(repository)
        if used.setdefault(key, repository) != repository:
            yield sources.fault(
                (*at, *place),
                f"shares its last part, and so its version in 'images', with {used[key]}",
                repr(repository),
                "push one of the two under another name",
            )
        if key not in settings.images:
            yield sources.fault(
                (*at, *place),
                "must have a version in 'images' of the stack under its last part",
                repr(key),
                did_you_mean(key, settings.images) or f"add 'images: {{{key}: {{tag: ...}}}}'",
            )


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
    written = (it.data for it in sources.catalogue.values())
    wanted = used | {key_of(text) for data in written for text in _repositories(data)}
    for key in settings.images:
        if key not in wanted:
            yield sources.fault(
                ("images", key),
                "is the version of no image in the catalogue",
                remedy=did_you_mean(key, used - set(settings.images)) or "remove it",
            )


def _repositories(data: Mapping[str, Any]) -> Iterator[str]:
    """Images that a file of the catalogue names, whatever else is wrong with it."""
    yield str(data.get("image", ""))
    further = data.get("containers")
    for container in further.values() if isinstance(further, dict) else ():
        if isinstance(container, dict):
            yield str(container.get("image", ""))


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


def _target_port(workload: Workload, at: tuple[str, ...], sources: Sources) -> Iterator[Fault]:
    service, ports = workload.service, workload.all_ports
    if service and service.target_port and service.target_port not in ports:
        yield sources.fault(
            (*at, "service", "targetPort"),
            f"must be a name in 'ports', which has {_list(ports)}",
            repr(service.target_port),
            did_you_mean(service.target_port, ports) or "add the port",
        )
