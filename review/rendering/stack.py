"""One stack from its files to a folder of files, and what is left to say about it."""

import gc
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path

from manifests import Group, secrets
from manifests.estate import groups
from manifests.patched_estate import refuse
from review.rendering import folder, layout, placeholders
from review.rendering.charts import Install, installs
from review.rendering.layout import Format
from review.rendering.placeholders import Placeholder
from settings.load import load


@dataclass(frozen=True, kw_only=True)
class Rendered:
    """What was written."""

    objects: int
    namespaces: int
    files: int
    """Without the marker."""

    unfilled: tuple[Placeholder, ...]
    """What still stands for a value, as `placeholders.placeholders` orders it."""

    charts: tuple[Install, ...]
    """What Helm is to install beside them."""

    def summary(self, output: Path) -> str:
        """One line of counts."""
        counts = (
            _count(self.objects, "object"),
            _count(self.namespaces, "namespace"),
            _count(self.files, "file"),
        )
        return f"{output}: {', '.join(counts)}"

    def notes(self, output: Path) -> Iterator[str]:
        """What the reader has to do before and beside applying it."""
        if self.unfilled:
            yield f"{_count(len(self.unfilled), 'placeholder')} to fill before it is applied:"
        for it in self.unfilled:
            yield f"  {it.shown}: {it.meaning}; {it.remedy}"
        for chart in self.charts:
            yield f"{chart.title} is a Helm chart, not among these objects; after them:"
            yield f"  {chart.command(str(output))}"


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def render(
    root: Path, stack: str, output: Path, form: Format, assignments: Sequence[str] = ()
) -> Rendered:
    """Write the objects of `stack` to the folder `output`; relative paths start from the current folder.

    Raise `SettingsError`, `PlaceholderError` or `FolderError`, and then nothing has changed.
    """
    with _no_garbage_collection():
        settings = load(root, stack)
        refuse(root, stack, settings)
        known = placeholders.placeholders(settings)
        given = placeholders.parse(assignments, known, Path.cwd())
        # A Secret whose values are given has the name that the program gives it; another that of one that is not set.
        values = placeholders.values(known, given, secrets.names(stack, settings, given))
        tally = _Tally()
        estate = tally.of(groups(settings, values))
        charts = tuple(installs(settings))
        values_files = (it.file for it in charts)
        paths = folder.replace(output, chain(layout.files(estate, form), values_files))
    return Rendered(
        objects=tally.objects,
        namespaces=len(tally.namespaces),
        files=len(paths),
        unfilled=tuple(it for name, it in known.items() if name not in given),
        charts=charts,
    )


@dataclass
class _Tally:
    """Counts groups as they pass, so that no estate is ever held whole."""

    objects: int = 0
    namespaces: set[str] = field(default_factory=set[str])

    def of(self, estate: Iterable[Group]) -> Iterator[Group]:
        for group in estate:
            self.objects += len(group.parts)
            if group.namespace:
                self.namespaces.add(group.namespace)
            yield group


@contextmanager
def _no_garbage_collection() -> Iterator[None]:
    """Hardly anything here is a cycle, and looking for one in a growing estate took a fifth of the time."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()
