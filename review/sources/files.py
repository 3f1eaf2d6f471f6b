"""The files of a stack, of which only those are parsed that are new since the last review."""

from pathlib import Path

from review.sources.cache import Cache, key
from review.sources.content import tool
from settings import yaml_source
from settings.load import Sources, read_sources


def sources_of(root: Path, stack: str, cache: Cache) -> Sources:
    """As `settings.load.read_sources`, which a thousand files take 0.3 s; what is read stays at hand for the program
    that a fork of this process runs.

    What the catalogue holds is kept by its whole text. The stack file is not: it is the one that has secrets, if
    encrypted ones.
    """
    name = key("files", tool())
    kept = cache.load(name)
    yaml_source.remember_data(kept if isinstance(kept, dict) else {})
    sources = read_sources(root, stack)
    catalogue = [*sources.catalogue.values(), *sources.charts.values()]
    yaml_source.remember([sources.document, *catalogue])
    found = {it.text: it.data for it in catalogue if not it.faults}
    if found.keys() != (kept or {}).keys():
        cache.store(name, found)
    return sources
