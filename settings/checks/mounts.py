"""What containers read and mount: every source exists and is one, every folder is taken once."""

import re
from collections.abc import Iterator, Mapping
from functools import cache

from pydantic.alias_generators import to_snake

from settings.bounds import Limits
from settings.checks.containers import At, places
from settings.container import ContainerSettings
from settings.demand import one_pod
from settings.faults import Fault, did_you_mean
from settings.mounts import VOLUME_SOURCES, DownwardItem, EnvSource, ProjectedSource, Volume
from settings.quantity import amount, memory_text
from settings.section import Section
from settings.sources import Sources
from settings.stack import Settings
from settings.workload import Workload

CONFIG_VOLUME = "config-files"
PLATFORM_VOLUMES = (CONFIG_VOLUME, "secret-files")
PLATFORM_PREFIXES = ("vault-", "secret-files-", "scratch-")
"""Volumes that a pod has for `config.files`, for `secrets` and for `scratch`."""

_WHOLE_MAPS = ("metadata.labels", "metadata.annotations")
_NOT_IN_FILES = ("spec.", "status.")
_KEY = re.compile(r"\['(?P<key>.*)'\]")
_QUALIFIED = re.compile(
    r"([a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?/)?[A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?"
)
"""https://kubernetes.io/docs/concepts/workloads/pods/downward-api/ : fields of variables, of files, of both."""


def check(settings: Settings, sources: Sources) -> Iterator[Fault]:
    """Variables, volumes and mounts of every container of every workload."""
    for name, workload in settings.workloads.items():
        at = ("workloads", name)
        config = workload.config
        if config and bool(config.files) != bool(config.mount_path):
            yield sources.fault(
                (*at, "config", "mountPath"),
                "goes together with 'files'",
                remedy="set both or neither",
            )
        tenant = settings.namespaces.get(workload.namespace)
        if workload.volumes:
            yield from _volumes(workload, tenant.limits if tenant else None, at, sources)
        for path, container in places(workload, at):
            yield from _variables(workload, container, path, sources)
            yield from _mounts(workload, container, path, sources)
            yield from _folders(workload, container, path, sources)
        if workload.secrets:
            yield from _vault_folders(workload, at, sources)


@cache
def _attributes(keys: tuple[str, ...]) -> list[tuple[str, str]]:
    return [(key, to_snake(key)) for key in keys]


def _exactly_one(
    section: Section, keys: tuple[str, ...], at: At, sources: Sources
) -> Iterator[Fault]:
    given = [key for key, name in _attributes(keys) if getattr(section, name) is not None]
    if len(given) != 1:
        yield sources.fault(
            at,
            f"must have exactly one of {', '.join(keys)}",
            ", ".join(given) or "none",
            "keep one; null removes one that comes from the catalogue" if given else "add one",
        )


def _variables(
    workload: Workload, container: ContainerSettings, at: At, sources: Sources
) -> Iterator[Fault]:
    known = workload.config.env if workload.config else {}
    for name, given in container.env.items():
        if isinstance(given, str):
            continue
        path = (*at, "env", name)
        yield from _exactly_one(given, EnvSource.ONE_OF, path, sources)
        if given.config and given.config not in known:
            yield sources.fault(
                (*path, "config"),
                f"must be a key in 'config.env': {', '.join(known) or 'none'}",
                repr(given.config),
                did_you_mean(given.config, known) or "add it there",
            )
        if given.secret and given.secret not in workload.secrets:
            yield sources.fault(
                (*path, "secret"),
                f"must be a key in 'secrets': {', '.join(workload.secrets) or 'none'}",
                remedy=did_you_mean(given.secret, workload.secrets) or "add it there",
            )
        if given.field in _WHOLE_MAPS:
            yield sources.fault(
                (*path, "field"),
                f"must name one of them, for example \"{given.field}['app']\": a variable holds no map",
                repr(given.field),
                "name one, or use a volume with 'downward'",
            )
        elif given.field:
            yield from _field_key(given.field, (*path, "field"), sources)


def _field_key(field: str, at: At, sources: Sources) -> Iterator[Fault]:
    found = _KEY.search(field)
    if found and not _QUALIFIED.fullmatch(found["key"]):
        rule = "must name a label or annotation by its key, for example \"metadata.labels['app']\""
        yield sources.fault(at, rule, repr(field), "correct it")


def _volumes(
    workload: Workload, limits: Limits | None, at: At, sources: Sources
) -> Iterator[Fault]:
    used = {
        it.volume for _, container in workload.all_containers for it in container.mounts.values()
    }
    for name, volume in workload.volumes.items():
        path = (*at, "volumes", name)
        if name in PLATFORM_VOLUMES or name.startswith(PLATFORM_PREFIXES):
            begins = ", ".join(map(repr, PLATFORM_PREFIXES))
            rule = (
                f"must not be {' or '.join(map(repr, PLATFORM_VOLUMES))} nor begin with {begins}: those are the "
                "platform's own"
            )
            yield sources.fault(path, rule, remedy="rename it")
        yield from _exactly_one(volume, VOLUME_SOURCES, path, sources)
        if not volume.mount_path and name not in used:
            yield sources.fault(
                path,
                "is mounted nowhere",
                remedy="add 'mountPath', name it in 'mounts' of a container, or remove it",
            )
        if volume.read_only and not volume.mount_path:
            yield sources.fault(
                (*path, "readOnly"), "goes with 'mountPath' only", remedy="say it in 'mounts'"
            )
        yield from _in_memory(workload, volume, limits, path, sources)
        yield from _files(volume.downward or {}, (*path, "downward"), sources)
        yield from _projected(volume, path, sources)


def _in_memory(
    workload: Workload, volume: Volume, limits: Limits | None, at: At, sources: Sources
) -> Iterator[Fault]:
    """What lies in memory counts against the limits of the containers that write it."""
    if volume.empty_dir is None or volume.empty_dir.medium != "Memory":
        return
    size, most = volume.empty_dir.size_limit, one_pod(workload, limits).limits_memory
    if most and amount(size) >= most:
        yield sources.fault(
            (*at, "emptyDir", "sizeLimit"),
            f"must be below the memory limit of the pod, {memory_text(most)}: what lies in memory counts against it",
            repr(size),
            "lower it, raise resources.limits.memory, or write 'medium: Disk'",
        )


def _files(files: Mapping[str, DownwardItem], at: At, sources: Sources) -> Iterator[Fault]:
    for name, item in files.items():
        yield from _exactly_one(item, DownwardItem.ONE_OF, (*at, name), sources)
        if item.field and item.field.startswith(_NOT_IN_FILES):
            yield sources.fault(
                (*at, name),
                "must be a field below 'metadata': Kubernetes gives the others to variables only",
                repr(item.field),
                "use 'env'",
            )
        elif item.field:
            yield from _field_key(item.field, (*at, name), sources)


def _projected(volume: Volume, at: At, sources: Sources) -> Iterator[Fault]:
    if volume.projected is None:
        return
    keys = ("configMap", "secret", "downward", "token")
    if not volume.projected:
        rule = "must have at least one source"
        yield sources.fault((*at, "projected"), rule, remedy="add one")
    taken: set[str] = set()
    for index, source in enumerate(volume.projected):
        path = (*at, "projected", index)
        yield from _exactly_one(source, keys, path, sources)
        yield from _files(source.downward or {}, (*path, "downward"), sources)
        for file in _paths(source):
            if file in taken:
                rule = f"makes the file {file!r}, which another source makes already"
                yield sources.fault(path, rule, remedy="choose another path")
            taken.add(file)


def _paths(source: ProjectedSource) -> list[str]:
    """Files that a source is known to make."""
    if source.token:
        return [source.token.path]
    if source.downward is not None:
        return [*source.downward]
    existing = source.config_map or source.secret
    return [*existing.items.values()] if existing else []


def _mounts(
    workload: Workload, container: ContainerSettings, at: At, sources: Sources
) -> Iterator[Fault]:
    if not container.mounts:
        return
    known = [*workload.volumes]
    if workload.config and workload.config.files:
        known.append(CONFIG_VOLUME)
    for folder, mount in container.mounts.items():
        if mount.volume not in known:
            yield sources.fault(
                (*at, "mounts", folder),
                f"must be a name in 'volumes': {', '.join(known) or 'none'}",
                repr(mount.volume),
                did_you_mean(mount.volume, known) or "add it there",
            )


def _folders(
    workload: Workload, container: ContainerSettings, at: At, sources: Sources
) -> Iterator[Fault]:
    """A folder of a container can show one thing only."""
    places: list[tuple[At, str, str]] = []
    if container is workload:
        places += [
            (("volumes", name, "mountPath"), volume.mount_path, f"volume {name}")
            for name, volume in workload.volumes.items()
            if volume.mount_path
        ]
    places += [
        (("mounts", folder), folder, f"volume {mount.volume}")
        for folder, mount in container.mounts.items()
    ]
    places += [(("scratch", folder), folder, "scratch") for folder in container.scratch]
    if container is workload:
        places += [
            (("secrets", name, "mountPath"), path, f"secrets of {vault or 'the stack'}")
            for path, (name, vault) in _by_folder(workload).items()
        ]
        config = workload.config
        if config and config.mount_path:
            places.append((("config", "mountPath"), config.mount_path, "config"))
        cases = workload.job.cases if workload.job else None
        if cases and cases.count is None:
            places.append((("job", "cases", "mountPath"), cases.mount_path, "cases"))
    taken: dict[str, str] = {}
    for path, written, what in places:
        folder = written.rstrip("/")
        if folder in taken:
            rule = f"is taken by {taken[folder]}"
            yield sources.fault((*at, *path), rule, repr(written), "choose another folder")
        taken.setdefault(folder, what)


def _by_folder(workload: Workload) -> dict[str, tuple[str, str | None]]:
    """Name and vault of the first secret in each folder."""
    found: dict[str, tuple[str, str | None]] = {}
    for name, secret in workload.secrets.items():
        if secret.mount_path:
            found.setdefault(secret.mount_path, (name, secret.vault))
    return found


def _vault_folders(workload: Workload, at: At, sources: Sources) -> Iterator[Fault]:
    """A vault is a volume of its own, so its files lie in folders of their own."""
    first = _by_folder(workload)
    for name, secret in workload.secrets.items():
        if secret.mount_path and first[secret.mount_path][1] != secret.vault:
            yield sources.fault(
                (*at, "secrets", name, "mountPath"),
                "holds the secrets of another vault already",
                repr(secret.mount_path),
                "choose another folder",
            )
