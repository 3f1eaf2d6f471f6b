"""The files of one stack as they were read: data, overrides laid on, and where each key stands."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import Any

from settings import yaml_source
from settings.charts import Chart
from settings.explain_errors import (
    MOST_FAULTS,
    SEALED_REMEDY,
    SEALED_RULE,
    as_written,
    is_sealed,
    model_at,
)
from settings.explain_errors import Path as KeyPath
from settings.faults import Fault, did_you_mean, dotted, kind_of, may_be_secret
from settings.forms import Form, form_of
from settings.merge import merge
from settings.stack import PATH, PROJECT, ROOT_KEY, Settings
from settings.values import DNS_LABEL_MAX_CHARACTERS
from settings.workload import Workload
from settings.yaml_source import Document

STACK_FILE = re.compile(r"Pulumi\.(?P<stack>[A-Za-z0-9._-]+)\.yaml")
LOCATION_KEY = "azure-native:location"
WORKLOADS = "workloads"
CHARTS = "charts"

_STACK_FILE_KEYS = ("config", "environment", "encryptionsalt", "encryptedkey", "secretsprovider")
"""https://www.pulumi.com/docs/iac/concepts/projects/stack-settings-file/"""

_ENDINGS = (".yaml", ".yml")
"""Of the catalogue's files; beside them stands what they refer to, in folders, too."""

_LABEL = re.compile(rf"[a-z0-9-]{{1,{DNS_LABEL_MAX_CHARACTERS}}}")


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
    """Workload files by the name of the workload, unreadable ones included."""

    faults: list[Fault] = field(default_factory=list[Fault])
    """What is wrong before any model is asked."""

    given: Mapping[str, Any] | None = None
    """Settings as the engine hands them out; None: those of the file."""

    sealed: set[KeyPath] = field(default_factory=set[KeyPath])
    """Key paths of the settings that the stack file has as `secure:` values: faults already, and never shown."""

    mended: bool = False
    """Whether a model refused something: what a check misses may then stand in that."""

    paths: dict[Fault, KeyPath] = field(default_factory=dict[Fault, KeyPath])
    """Where in the settings object the faults lie that `fault` made."""

    folder: Path = Path()
    """The project."""

    charts: dict[str, Document] = field(default_factory=dict[str, Document])
    """Files of kind `chart` in the catalogue, by name."""

    today: date = field(default_factory=date.today)
    """The day against which expiry dates are held."""

    @property
    def config(self) -> Mapping[str, Any]:
        """The map under `config` in the stack file; empty where there is none."""
        data = self.document.data
        config = data.get("config") if isinstance(data, dict) else None
        return config if isinstance(config, dict) else {}

    @cached_property
    def root(self) -> Mapping[str, Any]:
        """The settings object of the stack without its `workloads`, with the charts of the catalogue in it."""
        root = {key: value for key, value in self._settings.items() if key != WORKLOADS}
        written = root.get(CHARTS, {})
        if isinstance(written, dict) and (written or self.charts):
            root[CHARTS] = self._charts(written)
        return root

    def _charts(self, written: Mapping[str, Any]) -> dict[str, Any]:
        """Charts of the catalogue with the stack's overrides, then those of the stack alone; null leaves one out."""
        found: dict[str, Any] = {}
        for name, document in self.charts.items():
            over = written.get(name, {})
            found[name] = merge(document.data, over) if isinstance(over, dict) else over
        found |= {name: it for name, it in written.items() if name not in self.charts}
        return {name: it for name, it in found.items() if it is not None}

    @property
    def readable(self) -> bool:
        """Whether there is a settings object, with a map of overrides if any; where not, a fault says so."""
        written = self._given_or_written
        return (
            isinstance(written, Mapping)
            and isinstance(written.get(WORKLOADS, {}), dict)
            and self.sealed.isdisjoint([(), (WORKLOADS,)])
        )

    @property
    def _given_or_written(self) -> Any:
        return self.config.get(PATH) if self.given is None else self.given

    @property
    def _settings(self) -> Mapping[str, Any]:
        settings = self._given_or_written
        return settings if isinstance(settings, Mapping) else {}

    @property
    def overrides(self) -> Mapping[str, Any]:
        """The stack's `workloads`: overrides by workload, null for one it leaves out."""
        found = self._settings.get(WORKLOADS)
        return found if isinstance(found, dict) else {}

    @cached_property
    def workloads(self) -> dict[str, dict[str, Any]]:
        """Catalogue and overrides merged, by workload; without those the stack leaves out, and unreadable ones."""
        merged: dict[str, dict[str, Any]] = {}
        overrides = self.overrides
        for name, document in self.catalogue.items():
            over = overrides.get(name, {})
            if not isinstance(over, dict) or not isinstance(document.data, dict):
                continue
            if (WORKLOADS, name) in self.sealed:
                continue
            form = form_of(Workload)
            merged[name] = merge(document.data, over, form) if over else document.data
            if "name" in over:  # a fault already: the file says it
                merged[name]["name"] = document.data.get("name", name)
        return merged

    def place(self, path: KeyPath) -> tuple[str, int | None, str]:
        """File, line and key path as written there, of a key path below the settings object."""
        document = self.described(path)
        if document and not self._overridden(path, document.data):
            below = as_written(path[2:], document.data)
            return document.file, document.line(below) or 1, dotted(below)
        return self._in_stack(path)

    def described(self, path: KeyPath) -> Document | None:
        """The file of the catalogue that is about the workload or chart at `path`, or what is below it."""
        files = {WORKLOADS: self.catalogue, CHARTS: self.charts}.get(str(path[0])) if path else None
        return files.get(str(path[1])) if files and len(path) > 1 else None

    def _in_stack(self, path: KeyPath) -> tuple[str, int | None, str]:
        path = as_written(path, self._settings)
        key, there = dotted([PATH, *path]), self.document.find(("config", PATH))[0]
        # Where there is no such key the engine had the settings from elsewhere.
        line = self.document.line(("config", PATH, *path)) if there else None
        return self.document.file, line, key

    def _overridden(self, path: KeyPath, base: Any) -> bool:
        """Whether the stack says what stands at `path`; what nobody says belongs to the map it is missing in."""
        above, below = self._settings.get(str(path[0])), path[2:]
        over = above.get(path[1]) if isinstance(above, dict) else None
        form = form_of(Settings).at(path[:2])
        for step in below:
            if not isinstance(over, dict) or step not in over:
                return isinstance(over, dict) and not isinstance(base, dict)
            over = over[step]
            form = form.below(str(step)) if form else None
            base = base.get(step) if isinstance(base, dict) else None
            base = form.long(base) if form else base
            if not isinstance(over, dict):
                return True
        return bool(below)

    def fault(self, path: KeyPath, rule: str, value: str = "", remedy: str = "") -> Fault:
        """A fault of the key at `path`, with its place; `value` is left out where it may be a secret."""
        fault = Fault(*self.place(path), rule, "" if may_be_secret(path) else value, remedy)
        self.paths[fault] = path
        return fault


def read_sources(root: Path, stack: str, given: Mapping[str, Any] | None = None) -> Sources:
    """Read `Pulumi.<stack>.yaml` and `workloads/*.yaml` below `root`. Never raises: see `Sources.faults`."""
    name = f"Pulumi.{stack}.yaml"
    document = yaml_source.read(root / name, name)
    sources = Sources(stack, document, {}, given=given, folder=root)
    if not (root / name).exists():
        if given is None:
            known = stacks(root)
            near = did_you_mean(stack, known) or f"stacks here: {', '.join(known) or 'none'}"
            sources.faults.append(Fault(name, None, "", "there is no such stack file", "", near))
    else:
        sources.faults += [
            replace(it, key=it.key.removeprefix("config.")) for it in document.faults
        ]
        if document.data is not None or not document.faults:
            sources.faults += islice(_strange_keys(document), MOST_FAULTS)
            if given is None:  # else nothing need be in it
                sources.faults += _shape(sources)
    _seal(sources)
    _read_catalogue(root, sources)
    sources.faults += islice(_overrides(sources), MOST_FAULTS)
    sources.faults += _chart_overrides(sources)
    return sources


def _strange_keys(document: Document) -> Iterator[Fault]:
    for key in document.data if isinstance(document.data, dict) else ():
        if key not in _STACK_FILE_KEYS:
            rule, near = "no such key in a stack file", did_you_mean(key, _STACK_FILE_KEYS)
            remedy = near or f"known here: {', '.join(_STACK_FILE_KEYS)}"
            line = document.line((key,))
            yield Fault(document.file, line, dotted((key,)), rule, "", remedy)


def _shape(sources: Sources) -> Iterator[Fault]:
    """What is wrong with the stack file around the settings object."""
    document, data = sources.document, sources.document.data
    file = document.file
    needed = f"write 'config:' with '{PATH}:' below it"
    if data is None:
        yield Fault(file, 1, "", "is empty", "", needed)
    elif not isinstance(data, dict):
        yield Fault(file, 1, "", "must be a map", kind_of(data), needed)
    elif "config" not in data:
        yield Fault(file, 1, "config", "is required", "", needed)
    elif not isinstance(data["config"], dict):
        line, value = document.line(("config",)), kind_of(data["config"])
        yield Fault(file, line, "config", "must be a map", value, needed)
    elif PATH not in data["config"]:
        names = {key: key.removeprefix(f"{PROJECT}:") for key in data["config"]}
        misspelt = [key for key, name in names.items() if did_you_mean(ROOT_KEY, [name])]
        remedy = "add it: all that differs between stacks"
        if misspelt:
            remedy = f"rename {misspelt[0]!r}"
        yield Fault(file, document.line(("config",)), PATH, "is required", "", remedy)
    elif not isinstance(data["config"][PATH], dict):
        line, value = document.line(("config", PATH)), kind_of(data["config"][PATH])
        yield Fault(file, line, PATH, "must be a map", value, "write the settings below it")


def _seal(sources: Sources) -> None:
    """Find `secure:` values inside the settings: the engine hands them out as plain text, so there may be none."""
    waiting: list[tuple[Any, KeyPath]] = [(sources.config.get(PATH), ())]
    while waiting:
        node, path = waiting.pop()
        if isinstance(node, list):
            waiting += [(item, (*path, index)) for index, item in enumerate(node)]
        elif is_sealed(node):
            sources.sealed.add(path)
            sources.faults.append(sources.fault(path, SEALED_RULE, remedy=SEALED_REMEDY))
        elif isinstance(node, dict):
            waiting += [(value, (*path, key)) for key, value in node.items()]


def _read_catalogue(root: Path, sources: Sources) -> None:
    folder = root / WORKLOADS
    try:
        found = sorted(folder.iterdir(), key=lambda path: path.name)
    except OSError as error:
        rule = f"cannot be read: {error.strerror}" if folder.exists() else "there is no such folder"
        remedy = "create it; an estate without workloads keeps an empty one"
        sources.faults.append(Fault(WORKLOADS, None, "", rule, "", remedy))
        return
    stems = {path.stem for path in found}
    for path in found:
        file = f"{WORKLOADS}/{path.name}"
        if path.name.startswith("."):
            continue
        if path.suffix.lower() not in _ENDINGS:
            if path.is_dir() and any(it.suffix.lower() in _ENDINGS for it in path.rglob("*")):
                rule, remedy = "is a folder, and the catalogue has none", "move its files up"
                sources.faults.append(Fault(file, None, "", rule, "", remedy))
            continue
        document = yaml_source.read(path, file)
        sources.faults += document.faults
        if twin := sources.catalogue.get(path.stem) or sources.charts.get(path.stem):
            other = twin.file
            rule = f"is the name of the workload in {other}, too"
            line = document.line(("name",)) or 1
            sources.faults.append(
                Fault(file, line, "name", rule, repr(path.stem), "remove one of the two")
            )
            continue
        if isinstance(document.data, dict) and document.data.get("kind") == "chart":
            sources.charts[path.stem] = document
            continue
        sources.catalogue[path.stem] = document
        sources.faults += _file_shape(path.stem, document, stems)


def _file_shape(stem: str, document: Document, stems: set[str]) -> Iterator[Fault]:
    """What is wrong with a workload file as a whole; a name that is no name at all is left to the model."""
    if not isinstance(document.data, dict):
        if not document.faults:
            rule = "is empty" if document.data is None else "must be a map"
            remedy = "describe one workload, from 'name:' on"
            yield Fault(
                document.file, 1, "", rule, kind_of(document.data) if document.data else "", remedy
            )
        return
    name = document.data.get("name", stem)
    if name != stem and isinstance(name, str) and _LABEL.fullmatch(name):
        twice = f"is the name of the workload in {WORKLOADS}/{name}.yaml, too"
        rule = twice if name in stems else "must be the file's own name without its ending"
        rename = f"rename the file to {name}.yaml"
        remedy = f"write 'name: {stem}'" + ("" if name in stems else f" or {rename}")
        remedy = remedy if _LABEL.fullmatch(stem) else rename
        yield Fault(document.file, document.line(("name",)), "name", rule, repr(name), remedy)


def _overrides(sources: Sources) -> Iterator[Fault]:
    """Overrides that meet no workload or no key of it."""
    written = sources._settings.get(WORKLOADS, {})
    if not isinstance(written, dict) and (WORKLOADS,) not in sources.sealed:
        rule, remedy = (
            "must be a map of overrides by workload",
            "remove the key, or write 'name:' below it",
        )
        yield sources.fault((WORKLOADS,), rule, kind_of(written), remedy)
    for name, over in sources.overrides.items():
        path: KeyPath = (WORKLOADS, name)
        if any(path[: len(it)] == it for it in sources.sealed):
            continue
        if name not in sources.catalogue:
            near = did_you_mean(name, sources.catalogue)
            if name in sources.charts:
                near = f"it is a chart: say it below '{CHARTS}'"
            remedy = near or f"add {WORKLOADS}/{name}.yaml or remove the override"
            yield sources.fault(path, "no workload of that name in the catalogue", "", remedy)
        elif isinstance(over, dict):
            base = sources.catalogue[name].data
            base = base if isinstance(base, dict) else over
            yield from _override(sources, path, over, base, form_of(Workload))
        elif over is not None:
            rule = "must be a map of overrides, or null to leave the workload out"
            place = sources._in_stack(path)
            yield Fault(*place, rule, kind_of(over), "write the overrides below it")


def _chart_overrides(sources: Sources) -> Iterator[Fault]:
    """Nulls among the stack's charts that remove nothing; below `values` a null takes back what the chart says."""
    written = sources._settings.get(CHARTS)
    for name, over in written.items() if isinstance(written, dict) else ():
        path: KeyPath = (CHARTS, name)
        if over is None and name not in sources.charts:
            near = did_you_mean(name, sources.charts) or "remove it"
            yield sources.fault(path, "removes nothing: there is no such chart", "", near)
        for key, value in over.items() if isinstance(over, dict) else ():
            known = [str(it.alias) for it in Chart.model_fields.values()]
            if value is None and key not in known:
                near = did_you_mean(key, known) or "remove it"
                yield sources.fault((*path, key), "removes nothing: there is no such key", "", near)


def _override(
    sources: Sources, path: KeyPath, over: Mapping[str, Any], base: Any, form: Form | None
) -> Iterator[Fault]:
    if len(path) == 2 and "name" in over:
        rule = "cannot be overridden: the file in the catalogue says it"
        yield sources.fault((*path, "name"), rule, "", "remove it")
    owner = model_at(Workload, path[2:])
    base = form.long(base) if form else base
    base = base if isinstance(base, dict) else {}
    known = [str(it.alias) for it in owner.model_fields.values()] if owner else list(base)
    for key, value in over.items():
        here = (*path, key)
        if isinstance(value, dict):
            below = form.below(key) if form else None
            yield from _override(sources, here, value, base.get(key), below)
        elif value is None and known and key not in known:
            remedy = did_you_mean(key, known) or "remove it"
            yield sources.fault(here, "removes nothing: there is no such key", "", remedy)
