"""Refuses patches that meet no object, with their place in the files, before anything is made of them."""

from pathlib import Path

from manifests import Values, connections, workload
from manifests.patches import PatchError
from settings.faults import SettingsError
from settings.sources import WORKLOADS, read_sources
from settings.stack import Settings


def refuse(root: Path, stack: str, settings: Settings) -> None:
    """Raise one `SettingsError` for every patch that cannot be applied.

    Only here both are known: the objects, and with them this room; the files, whose lines are read again for it.
    Free of charge where no workload has a patch.
    """
    wanted = [it for it in settings.workloads.values() if it.patch]
    if not wanted:
        return
    graph = connections.graph(settings)
    values = Values(client_ids=dict.fromkeys(settings.workloads, ""))
    wrong: list[tuple[str, PatchError]] = []
    for it in wanted:
        try:
            workload.parts(settings, it, values, graph)
        except PatchError as error:
            wrong.append((it.name, error))
    if wrong:
        sources = read_sources(root, stack)
        raise SettingsError(
            sources.fault((WORKLOADS, name, *it.path), it.rule, it.value, it.remedy)
            for name, it in wrong
        )
