"""From the two YAML sources to one checked `Settings`: every fault of every file in one `SettingsError`."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from settings import explain_errors, yaml_source
from settings.faults import Fault, SettingsError, did_you_mean, dotted
from settings.merge import merge
from settings.stack import PATH, Settings
from settings.workload import Workload
from settings.yaml_source import Document

STACK_FILE = re.compile(r"Pulumi\.(?P<stack>[A-Za-z0-9._-]+)\.yaml")
LOCATION_KEY = "azure-native:location"
WORKLOADS = "workloads"

Path_ = explain_errors.Path
Model = TypeVar("Model", bound=BaseModel)


def stacks(root: Path) -> list[str]:
    """Names of the stacks that have a file in `root`, sorted."""
    found = (STACK_FILE.fullmatch(path.name) for path in root.glob("Pulumi.*.yaml"))
    return sorted(match["stack"] for match in found if match)


@dataclass
class Sources:
    """The files of one stack, read and merged but not yet checked; it also knows where each key stands."""

    stack: str
    document: Document
    """The stack file."""

    catalogue: dict[str, Document]
    """Workload files by the name of the workload."""

    faults: list[Fault] = field(default_factory=list[Fault])
    """What is wrong before any model is asked."""

    given: Mapping[str, Any] | None = None
    """Settings as the engine hands them out; None: those of the file."""

    @property
    def config(self) -> Mapping[str, Any]:
        """The map under `config` in the stack file; empty where there is none."""
        config = self.document.data.get("config") if isinstance(self.document.data, dict) else None
        return config if isinstance(config, dict) else {}

    @cached_property
    def root(self) -> Mapping[str, Any]:
        """The settings object of the stack without its `workloads`."""
        return {key: value for key, value in self._settings.items() if key != WORKLOADS}

    @property
    def _settings(self) -> Mapping[str, Any]:
        settings = self.config.get(PATH) if self.given is None else self.given
        return settings if isinstance(settings, dict) else {}

    @property
    def overrides(self) -> Mapping[str, Any]:
        """The stack's `workloads`: overrides by workload, null for one it leaves out."""
        found = self._settings.get(WORKLOADS)
        return found if isinstance(found, dict) else {}

    @cached_property
    def workloads(self) -> dict[str, dict[str, Any]]:
        """Catalogue and overrides merged, by workload; without those the stack leaves out."""
        merged: dict[str, dict[str, Any]] = {}
        for name, document in self.catalogue.items():
            over = self.overrides.get(name, {})
            if over is None:
                continue
            merged[name] = (
                merge(document.data, over) if isinstance(over, dict) and over else document.data
            )
        return merged

    def place(self, path: Path_) -> tuple[str, int | None, str]:
        """File, line and key path as written there, of a key path below the settings object."""
        if path[:1] == (WORKLOADS,) and len(path) > 1 and str(path[1]) in self.catalogue:
            name, below = str(path[1]), path[2:]
            full = ("config", PATH, *path)
            document = self.catalogue[name]
            if self.given is None and below and self.document.find(full)[0]:
                return self.document.file, self.document.line(full), dotted([PATH, *path])
            return document.file, document.line(below) or 1, dotted(below)
        if self.given is not None and not self.document.find(("config", PATH))[0]:
            return self.document.file, None, dotted([PATH, *path])
        return (
            self.document.file,
            self.document.line(("config", PATH, *path)),
            dotted([PATH, *path]),
        )

    def fault(self, path: Path_, rule: str, value: str = "", remedy: str = "") -> Fault:
        """A fault of the key at `path`, with its place."""
        file, line, key = self.place(path)
        return Fault(file, line, key, rule, value, remedy)


def read_sources(root: Path, stack: str, given: Mapping[str, Any] | None = None) -> Sources:
    """Read `Pulumi.<stack>.yaml` and `workloads/*.yaml` below `root`. Never raises: see `Sources.faults`."""
    name = f"Pulumi.{stack}.yaml"
    document = yaml_source.read(root / name, name)
    sources = Sources(stack, document, {}, given=given)
    if document.faults and not (root / name).exists():
        known = stacks(root)
        if given is None:
            near = did_you_mean(stack, known) or f"stacks here: {', '.join(known) or 'none'}"
            sources.faults.append(Fault(name, None, "", "there is no such stack file", remedy=near))
    else:
        sources.faults += document.faults or list(_shape(sources))
    _read_catalogue(root, sources)
    for name in sources.overrides:
        if name not in sources.catalogue:
            path = (WORKLOADS, name)
            near = (
                did_you_mean(str(name), sources.catalogue)
                or f"add workloads/{name}.yaml or remove the override"
            )
            sources.faults.append(
                sources.fault(path, "no workload of that name in the catalogue", remedy=near)
            )
        elif not isinstance(sources.overrides[name], dict | None):
            sources.faults.append(
                sources.fault(
                    (WORKLOADS, name),
                    "must be a map of overrides, or null to leave the workload out",
                    remedy="indent its keys below it",
                )
            )
    return sources


def _shape(sources: Sources) -> Iterator[Fault]:
    document = sources.document
    if document.data is None:
        yield Fault(
            document.file, None, "", "is empty", remedy=f"it must hold 'config:' with '{PATH}:'"
        )
        return
    if not isinstance(document.data, dict) or not sources.config:
        yield Fault(
            document.file,
            1,
            "config",
            "must be a map",
            remedy=f"write 'config:' with '{PATH}:' below it",
        )
        return
    if not isinstance(sources.config.get(PATH), dict) and sources.given is None:
        near = did_you_mean(PATH, sources.config)
        line = document.line(("config",))
        yield Fault(
            document.file,
            line,
            f"config.{PATH}",
            "is required and must be a map",
            remedy=near or "add it",
        )


def _read_catalogue(root: Path, sources: Sources) -> None:
    folder = root / WORKLOADS
    files: dict[str, str] = {}
    for path in sorted(folder.iterdir()) if folder.is_dir() else []:
        file = f"{WORKLOADS}/{path.name}"
        if path.suffix not in (".yaml", ".yml") or path.name.startswith("."):
            continue
        document = yaml_source.read(path, file)
        if document.faults:
            sources.faults += document.faults
            continue
        if not isinstance(document.data, dict):
            rule = "is empty" if document.data is None else "must be a map"
            sources.faults.append(
                Fault(file, 1, "", rule, remedy="describe one workload, from 'name:' on")
            )
            continue
        name = document.data.get("name")
        if not isinstance(name, str):
            name = path.stem
        if name in files:
            sources.faults.append(
                Fault(
                    file,
                    document.line(("name",)),
                    "name",
                    f"is the name of the workload in {files[name]}, too",
                    repr(name),
                    "give one of them another name",
                )
            )
            continue
        if name != path.stem and "name" in document.data:
            sources.faults.append(
                Fault(
                    file,
                    document.line(("name",)),
                    "name",
                    "must be the file's own name without its ending",
                    repr(name),
                    f"write 'name: {path.stem}' or rename the file",
                )
            )
        files[name] = file
        sources.catalogue[name] = document


def load(root: Path, stack: str, given: Mapping[str, Any] | None = None) -> Settings:
    """The checked settings of `stack`; raises one `SettingsError` that lists every fault of every file.

    `given` is the settings object as the engine hands it out; offline it is read from the stack file.
    """
    return check(read_sources(root, stack, given))


def check(sources: Sources) -> Settings:
    """Validate what was read; raises one `SettingsError` with every fault."""
    from settings.checks import every_check

    faults = list(sources.faults)
    settings = _validated(Settings, sources.root, (), sources, faults)
    workloads: dict[str, Workload] = {}
    for name, data in sources.workloads.items():
        workload = _validated(Workload, data, (WORKLOADS, name), sources, faults)
        if workload:
            workloads[name] = workload
    if settings:
        settings = settings.model_copy(update={WORKLOADS: workloads})
        faults += every_check(settings, sources)
    if faults or settings is None:
        raise SettingsError(faults)
    return settings


def _validated(
    model: type[Model], data: Any, at: Path_, sources: Sources, faults: list[Fault]
) -> Model | None:
    try:
        return model.model_validate(data)
    except ValidationError as error:
        faults += explain_errors.faults_of(
            error, model, data, lambda path: sources.place((*at, *path))
        )
        return None
