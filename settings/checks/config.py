"""Configuration keys beside the settings object: the Azure location, and secrets by name."""

from collections.abc import Iterator

from pydantic import TypeAdapter, ValidationError

from settings.azure_values import AzureLocation
from settings.faults import Fault, did_you_mean, shown
from settings.mounts import EnvSource
from settings.secret_keys import VAULTS_FOLDER, SecretKey, secret_keys
from settings.sources import Sources
from settings.stack import PATH, PROJECT, Settings

LOCATION_KEY = "azure-native:location"
_LOCATION = TypeAdapter[str](AzureLocation)


def check(settings: Settings, sources: Sources) -> Iterator[Fault]:
    """Unknown keys of this project, secrets in plain text or that nobody reads, a missing or misspelt location."""
    yield from _secrets(settings, sources)
    yield from _sources(settings, sources)
    yield from _folders(settings, sources)
    if settings.target == "aks" and sources.given is None:
        yield from _location(sources)


def _secrets(settings: Settings, sources: Sources) -> Iterator[Fault]:
    document = sources.document
    known: dict[str, SecretKey] = {}
    for secret in secret_keys(settings):
        other = known.setdefault(secret.key, secret)
        if _what(other) != _what(secret):
            rule = (
                f"has the key {secret.key!r} for its value, which is also that of {_what(secret)}"
            )
            remedy = "rename it: each secret has a key of its own"
            yield sources.fault(_where(other), rule, remedy=remedy)
    for key, value in sources.config.items():
        name = key.removeprefix(f"{PROJECT}:")
        if name == key or key == PATH:
            continue
        if name in known:
            if not (isinstance(value, dict) and set(value) == {"secure"}):
                line = document.line(("config", key))
                rule = "is a secret and stands here in plain text"
                command = f"pulumi config set --stack {sources.stack} --secret {name}"
                remedy = f"'{command}', and treat the old value as known to others"
                yield Fault(document.file, line, key, rule, "", remedy)
        elif not sources.mended:  # else it may belong to what a model refused
            line = document.line(("config", key))
            near = did_you_mean(name, [PATH.removeprefix(f"{PROJECT}:"), *known])
            yield Fault(
                document.file, line, key, "no such configuration key", "", near or "remove it"
            )


def _what(secret: SecretKey) -> str:
    if secret.use == "pull":
        return f"pull secret {secret.name!r} of namespace {secret.namespace}"
    if secret.use == "workload":
        return f"secret {secret.name!r} of workload {secret.workload}"
    return f"{secret.name!r} of vault {secret.vault}"


def _where(secret: SecretKey) -> tuple[str, ...]:
    """Key path of what users can rename."""
    if secret.use == "pull":
        return ("namespaces", secret.namespace, "pullSecrets", secret.name)
    if secret.use == "workload":
        return ("workloads", secret.workload, "secrets", secret.name)
    return ("keyVaults", secret.vault)


def _sources(settings: Settings, sources: Sources) -> Iterator[Fault]:
    """Each secret of a workload comes from one place, and somebody reads it."""
    for name, workload in settings.workloads.items():
        read = {
            it.secret
            for _, container in workload.all_containers
            for it in container.env.values()
            if isinstance(it, EnvSource)
        }
        for key, secret in workload.secrets.items():
            at = ("workloads", name, "secrets", key)
            if secret.vault and secret.existing:
                rule, remedy = "must not stand beside 'vault'", "keep one of the two"
                yield sources.fault((*at, "existing"), rule, remedy=remedy)
            if secret.mount_path is None and key not in read:
                rule = "is read by nobody: no 'mountPath', and no variable of a container names it"
                remedy = f"add 'mountPath', or 'env: {{NAME: {{secret: {key}}}}}'"
                yield sources.fault(at, rule, remedy=remedy)


def _folders(settings: Settings, sources: Sources) -> Iterator[Fault]:
    """Nothing else is mounted where a vault is that only variables read."""
    for name, workload in settings.workloads.items():
        if not any(it.vault and it.mount_path is None for it in workload.secrets.values()):
            continue
        places: list[tuple[tuple[str, ...], str | None]] = [
            *(
                (("volumes", it, "mountPath"), kept.mount_path)
                for it, kept in workload.volumes.items()
            ),
            *(
                (("secrets", it, "mountPath"), kept.mount_path)
                for it, kept in workload.secrets.items()
            ),
            *((("scratch", path), path) for path in workload.scratch),
            *((("mounts", path), path) for path in workload.mounts),
        ]
        if workload.config:
            places.append((("config", "mountPath"), workload.config.mount_path))
        for path, folder in places:
            if folder and f"{folder}/".startswith(f"{VAULTS_FOLDER}/"):
                rule = (
                    f"must not lie in {VAULTS_FOLDER}: vaults that variables read are mounted there"
                )
                at = ("workloads", name, *path)
                yield sources.fault(at, rule, repr(folder), "choose another folder")


def _location(sources: Sources) -> Iterator[Fault]:
    file, location = sources.document.file, sources.config.get(LOCATION_KEY)
    line = sources.document.line(("config", LOCATION_KEY))
    if location is None:
        remedy = f"add it, for example '{LOCATION_KEY}: westeurope'"
        yield Fault(file, line, LOCATION_KEY, "is required with target aks", "", remedy)
        return
    try:
        _LOCATION.validate_python(location)
    except ValidationError as error:
        rule = error.errors()[0]["msg"]
        yield Fault(file, line, LOCATION_KEY, rule, shown(location), "correct the value")
