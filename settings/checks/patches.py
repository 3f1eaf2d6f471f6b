"""What a `patch` must leave alone: whatever says which object it is, and which pods belong to it.

Whether a workload has the object is known where its objects are made: `manifests.patches`.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from settings.checks.names import PLATFORM_LABEL_PREFIX
from settings.faults import Fault
from settings.sources import WORKLOADS, Sources
from settings.stack import Settings

PLATFORM_PREFIXES = (PLATFORM_LABEL_PREFIX, "aks-platform/")
"""Labels that select pods, and annotations that a review reads."""

DIRECTIVE = "$patch"

IDENTITY = frozenset(
    {
        ("apiVersion",),
        ("kind",),
        ("metadata", "name"),
        ("metadata", "namespace"),
        ("spec", "selector"),
        ("spec", "podSelector"),
    }
)
"""A change of these is another object, or one that its controller no longer knows."""

CONTENT = ("data", "stringData", "binaryData", "immutable")
"""Of a ConfigMap or a Secret: its name is made from them."""

_METADATA: tuple[tuple[str, ...], ...] = (
    ("metadata",),
    ("spec", "template", "metadata"),
    ("spec", "jobTemplate", "spec", "template", "metadata"),
)
_WHOLE = frozenset(
    path[:length]
    for it in _METADATA
    for path in ((*it, "labels"), (*it, "annotations"), ("spec",))
    for length in range(len(path) + 1)
)
"""Maps that hold something of this: to be added to, never removed or replaced."""

_MARKED = frozenset((*it, name) for it in _METADATA for name in ("labels", "annotations"))


def check(settings: Settings, sources: Sources) -> Iterator[Fault]:
    """No patch touches identity, selectors, the platform's labels or hashed content."""
    for name, workload in settings.workloads.items():
        for reference, patch in workload.patch.items():
            at = (WORKLOADS, name, "patch", reference, "merge")
            kind = reference.partition("/")[0]
            for path, rule, remedy in _wrong(patch.merge, (), kind):
                yield sources.fault((*at, *path), rule, remedy=remedy)


def _wrong(
    merge: Mapping[str, Any], path: tuple[str, ...], kind: str
) -> Iterator[tuple[tuple[str, ...], str, str]]:
    if not path and not merge:
        yield (), "must say what to merge", "add a field, or remove the patch"
    for key, value in merge.items():
        here = (*path, key)
        if here in IDENTITY:
            rule = "must not be patched: with another it is another object, or has other pods"
            yield here, rule, "remove it; the settings of the workload decide it"
        elif not path and key in CONTENT and kind in ("ConfigMap", "Secret"):
            rule = "must not be patched: the object is named by its content"
            yield here, rule, "change 'config' or the secret instead"
        elif path in _MARKED and key.startswith(PLATFORM_PREFIXES):
            yield here, "is the platform's own", "choose another key, or use 'labels'"
        elif path in _WHOLE and key == DIRECTIVE:
            rule = "must not be used here: selectors and labels of the platform would go, too"
            yield here, rule, "name the fields to change; null removes one"
        elif here in _WHOLE:
            if isinstance(value, Mapping):
                yield from _wrong(value, here, kind)
            else:
                yield here, "must be a map: what is in it stays", "name the fields to change"
