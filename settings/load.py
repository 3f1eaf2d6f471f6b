"""From the two YAML sources to one checked `Settings`: every fault of every file in one `SettingsError`."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from settings import case_files, explain_errors
from settings.checks import every_check
from settings.faults import Fault, SettingsError
from settings.mend import Doubts, mended, mended_workload
from settings.sources import LOCATION_KEY as LOCATION_KEY
from settings.sources import STACK_FILE as STACK_FILE
from settings.sources import WORKLOADS as WORKLOADS
from settings.sources import Sources as Sources
from settings.sources import read_sources as read_sources
from settings.sources import stacks as stacks
from settings.stack import Settings
from settings.workload import Workload

Path_ = explain_errors.Path
Model = TypeVar("Model", bound=BaseModel)


def load(
    root: Path,
    stack: str,
    given: Mapping[str, Any] | None = None,
    *,
    today: date | None = None,
) -> Settings:
    """The checked settings of `stack`; raises one `SettingsError` that lists every fault of every file.

    `given` is the settings object as the engine hands it out; offline it is read from the stack file. Expiry dates
    are held against `today`, by default the machine's day.
    """
    sources = read_sources(root, stack, given)
    if today:
        sources.today = today
    return check(sources)


def check(sources: Sources) -> Settings:
    """Validate what was read; raises one `SettingsError` with every fault.

    What a model refuses is mended for the cross-checks, so that they still see the rest; their faults about what was
    mended are left out.
    """
    Workload.model_rebuild()  # first: `Settings` takes up its schema, and would build another
    faults, doubts = list(sources.faults), Doubts(sources.sealed)
    settings = None
    if sources.readable:
        settings = _validated(Settings, sources.root, (), sources, faults)
        if settings is None or sources.sealed:
            settings = mended(sources.root, sources.workloads, sources.sealed, doubts)
    workloads: dict[str, Workload] = {}
    for name, data in sources.workloads.items():
        workload = _validated(Workload, data, (WORKLOADS, name), sources, faults)
        workload = workload or mended_workload(name, data, doubts)
        if workload:
            workloads[name] = workload
            if found := case_files.read(name, workload, sources):
                faults += found
                doubts.add(WORKLOADS, name, "job")
    if settings:
        sources.mended = bool(faults)
        settings = settings.model_copy(update={WORKLOADS: workloads})
        found = every_check(settings, sources)
        faults += [it for it in found if not doubts.about(sources.paths.get(it))]
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
            error,
            model,
            data,
            lambda path: sources.place((*at, *path)),
            [it[len(at) :] for it in sources.sealed if it[: len(at)] == at],
        )
        return None
