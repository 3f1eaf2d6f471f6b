"""Manifests that the analyses are given: a stack's, or anybody's folder, file or standard input.

Nothing is refused for one broken document: it is named with its file and line, and the rest is read. Objects are
handed out one at a time, and only those of the kinds that the analysis asks for are built, so that memory follows from
what is asked and not from what lies there. Where one object stands is kept with it.
"""

import json
import os
import stat
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from functools import lru_cache
from pathlib import Path
from typing import Any, BinaryIO, Final

from review.plan import Plan, PlanError
from review.reading.found import Found
from review.reading.json_text import json_objects
from review.reading.yaml_text import yaml_objects
from settings.faults import Fault, did_you_mean

STDIN: Final = "-"
SUFFIXES: Final = (".yaml", ".yml", ".json")
_SNIFFED: Final = 4096
_SLIP: Final = 0.9
"""How like a wanted kind another must be to be a slip: `Deploymnt` is 0.95; no two kinds of Kubernetes are so like."""

_RELEASE: Final = "kubernetes:helm.sh/v3:Release"

Kinds = Mapping[str, frozenset[str]]
"""The API groups of each kind that is wanted, `""` for the core one: Calico has a NetworkPolicy, too."""


class GivenError(ValueError):
    """Nothing at all could be read; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Given:
    """One object as it was given."""

    manifest: Mapping[str, Any]

    file: str
    """As the user named it or the walk found it; `-` is standard input; of a stack, its file."""

    line: int | None
    """1-based, of the object's first key; None for an object of a stack."""

    @property
    def place(self) -> str:
        """`file:line`, as errors print it."""
        return f"{self.file}:{self.line}" if self.line else self.file


@dataclass
class Tally:
    """What a reading met; complete once its objects have been taken."""

    files: int = 0
    objects: int = 0
    """Of the kinds that were wanted."""

    skipped: Counter[str] = field(default_factory=Counter[str])
    """Objects of other kinds, by kind."""

    foreign: int = 0
    """Documents that are no Kubernetes objects, such as a chart's values."""

    faults: list[Fault] = field(default_factory=list[Fault])
    """What could not be read, one for each document, item or file."""

    def summary(self) -> str:
        """One line of counts: `12 objects read; skipped: 3 ConfigMap, 1 Secret; 2 documents are no objects`."""
        parts = [f"{_count(self.objects, 'object')} read"]
        if self.files:
            parts[0] += f" from {_count(self.files, 'file')}"
        if self.skipped:
            kinds = sorted(self.skipped.items(), key=lambda it: (-it[1], it[0]))
            parts.append("skipped: " + ", ".join(f"{count:,} {kind}" for kind, count in kinds))
        if self.foreign:
            noun = "document is no object" if self.foreign == 1 else "documents are no objects"
            parts.append(f"{self.foreign:,} {noun}")
        return "; ".join(parts)


def manifests(
    root: Path, source: str, kinds: Kinds, tally: Tally, *, of_charts: bool = False
) -> Iterator[Given]:
    """The objects of `source`: a stack of the project at `root`, else a folder, a file or `-`.

    A stack's name wins; write `./prod` for a folder of that name. Raises `GivenError` where there is nothing to read,
    and `SettingsError` or `PlanError` for a stack that does not load. Faults of single documents go to `tally`. With
    `of_charts` a stack has the pods, too, that it says its charts make (`review/chart_pods.py`).
    """
    if _is_stack(root, source):
        yield from _of_stack(root, source, kinds, tally, of_charts=of_charts)
        return
    path = Path(source)
    if source == STDIN:
        tally.files += 1
        yield from _of_stream(sys.stdin.buffer, STDIN, kinds, tally)
    elif path.is_dir():
        yield from _of_folder(path, kinds, tally)
    else:
        if not path.exists():
            from settings.sources import stacks

            known = stacks(root)
            near = did_you_mean(source, known)
            hint = near or f"stacks here: {', '.join(known) or 'none'}"
            raise GivenError(f"{source}: there is no such stack, folder or file; {hint}")
        yield from _of_file(path, source, kinds, tally)
        if tally.faults and not tally.files:
            raise GivenError(str(tally.faults[0]))
    if not (tally.objects or tally.skipped):
        said = f"{source}: holds no Kubernetes object{_instead(root, source)}"
        lines = [said, *map(str, tally.faults)]
        raise GivenError("\n  ".join(lines))


def _is_stack(root: Path, source: str) -> bool:
    """By its file alone: the settings' own list comes with their models, 0.3 s that a folder does not need."""
    return "/" not in source and (root / f"Pulumi.{source}.yaml").is_file()


def _instead(root: Path, source: str) -> str:
    """What to name in place of files of workloads, which are no objects yet."""
    from settings.sources import WORKLOADS, stacks

    folder = (root / WORKLOADS).resolve()
    if source == STDIN or not Path(source).resolve().is_relative_to(folder):
        return ""
    named = ", ".join(stacks(root))
    return f"; a stack makes objects of its workloads: name one instead ({named})" if named else ""


def of_plan(plan: Plan, kinds: Kinds, tally: Tally) -> Iterator[Given]:
    """The objects that a stack registers. What a chart will make is not among them."""
    for row in plan.resources:
        if row.type.startswith("kubernetes:") and "kind" in row.inputs:
            api_version, kind = str(row.inputs.get("apiVersion", "v1")), str(row.inputs["kind"])
            if _wants(kinds)(api_version, kind):
                tally.objects += 1
                yield Given(row.inputs, f"Pulumi.{plan.stack}.yaml", None)
            else:
                tally.skipped[kind] += 1
        elif row.type == _RELEASE:
            tally.skipped["Helm release"] += 1


def _of_stack(
    root: Path, stack: str, kinds: Kinds, tally: Tally, *, of_charts: bool
) -> Iterator[Given]:
    # Pulumi's SDK and the models of the settings come with these, and folders need neither.
    from review.planner import plan_stacks
    from settings.load import load

    settings = load(root, stack)
    version = settings.cluster.kubernetes_version
    plan = plan_stacks(root, [stack], kubernetes_version=version, said=_unheard)[stack]
    if isinstance(plan, PlanError):
        raise plan
    yield from of_plan(plan, kinds, tally)
    if of_charts:
        from review.chart_pods import chart_pods, told_releases

        tally.skipped["Helm release"] -= told_releases(settings)
        tally.skipped += Counter()  # drops what is none
        for manifest in chart_pods(settings):
            tally.objects += 1
            yield Given(manifest, f"Pulumi.{stack}.yaml", None)


def _unheard(_stack: str, _severity: str, _text: str) -> None:
    """What the program warns of is for `./aks preview`."""


def _of_folder(top: Path, kinds: Kinds, tally: Tally) -> Iterator[Given]:
    found = False
    for path in _files(top, tally.faults):
        found = True
        yield from _of_file(path, str(path), kinds, tally)
    if not found and not tally.faults:
        raise GivenError(f"{top}: holds no file that ends in {', '.join(SUFFIXES)}")


def _files(top: Path, faults: list[Fault]) -> Iterator[Path]:
    """Files by suffix in the order of their names; hidden ones are left out, and each folder is entered once."""
    seen: set[tuple[int, int]] = set()

    def refused(error: OSError) -> None:
        rule = f"cannot be read: {error.strerror}"
        faults.append(Fault(str(error.filename), None, "", rule, remedy="check its rights"))

    for folder, folders, names in os.walk(top, followlinks=True, onerror=refused):
        status = Path(folder).stat()
        if (status.st_dev, status.st_ino) in seen:
            folders.clear()
            continue
        seen.add((status.st_dev, status.st_ino))
        folders[:] = sorted(it for it in folders if not it.startswith("."))
        for name in sorted(names):
            if not name.startswith(".") and name.lower().endswith(SUFFIXES):
                yield Path(folder, name)


def _of_file(path: Path, file: str, kinds: Kinds, tally: Tally) -> Iterator[Given]:
    try:
        if not stat.S_ISREG(path.stat().st_mode) and path.suffix.lower() in SUFFIXES:
            rule = "is no regular file"
            tally.faults.append(Fault(file, None, "", rule, remedy="name a file"))
            return
        with path.open("rb") as stream:
            tally.files += 1
            yield from _of_stream(stream, file, kinds, tally)
    except OSError as error:
        rule = f"cannot be read: {error.strerror}"
        tally.faults.append(Fault(file, None, "", rule, remedy="check the path and its rights"))


def _of_stream(stream: BinaryIO, file: str, kinds: Kinds, tally: Tally) -> Iterator[Given]:
    lines = iter(stream)
    start: list[bytes] = []
    for line in lines:
        start.append(line)
        if line.strip(b" \t\r\n\xef\xbb\xbf"):
            break
    first = start[-1].lstrip(b" \t\xef\xbb\xbf")[:1] if start else b""
    if first in (b"{", b"["):
        yield from _of_json(b"".join([*start, *lines]), file, kinds, tally)
    else:
        whole = _chained(start, lines)
        yield from _kept(yaml_objects(whole, file, _wants(kinds), tally.faults), file, tally, kinds)


def _of_json(data: bytes, file: str, kinds: Kinds, tally: Tally) -> Iterator[Given]:
    """JSON, or YAML in flow style where it is none and does not claim to be."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        tally.faults.append(Fault(file, line, "", "is not UTF-8 text", remedy="save it as UTF-8"))
        return
    if not file.lower().endswith(".json") and not _begins_as_json(text):
        lines = data.splitlines(keepends=True)
        found = yaml_objects(lines, file, _wants(kinds), tally.faults)
    else:
        found = json_objects(text, file, _wants(kinds), tally.faults)
    yield from _kept(found, file, tally, kinds)


def _begins_as_json(text: str) -> bool:
    """Whether the first key is in double quotes, or the whole is a list of such maps."""
    head = text[:_SNIFFED].lstrip("\ufeff \t\r\n[{")
    if head[:1] not in ('"', "]", "}"):
        return False
    if len(text) > _SNIFFED:
        return True
    try:
        json.JSONDecoder().raw_decode(text.lstrip("\ufeff \t\r\n"))
    except (json.JSONDecodeError, RecursionError):
        return False
    return True


def _kept(found: Iterable[Found], file: str, tally: Tally, kinds: Kinds) -> Iterator[Given]:
    for it in found:
        if it.manifest is not None:
            tally.objects += 1
            yield Given(it.manifest, file, it.line)
        elif it.kind in kinds and not it.api_version:
            rule = f"{it.kind} has no apiVersion"
            tally.faults.append(Fault(file, it.line, "", rule, remedy="add it"))
        elif it.kind and (meant := _misspelt(kinds, it.api_version, it.kind)):
            rule = f"{it.api_version} has no kind {it.kind}"
            remedy = f"did you mean {meant!r}?"
            tally.faults.append(Fault(file, it.line, "", rule, remedy=remedy))
        elif it.kind:
            tally.skipped[it.kind] += 1
        else:
            tally.foreign += 1


def _misspelt(kinds: Kinds, api_version: str, kind: str) -> str:
    """Which wanted kind of the same API group a kind is a slip of; empty where it is another kind."""
    group = api_version.rpartition("/")[0]
    return next((it for it, groups in kinds.items() if group in groups and _is_slip(it, kind)), "")


@lru_cache(maxsize=4096)
def _is_slip(known: str, kind: str) -> bool:
    one, other = known.lower(), kind.lower()
    if known == kind or abs(len(one) - len(other)) > 1:
        return False
    likeness = SequenceMatcher(None, one, other, autojunk=False).ratio()
    return likeness >= _SLIP or other == f"{one}s"


def _wants(kinds: Kinds) -> Callable[[str, str], bool]:
    """An object without an apiVersion is wanted by its kind alone, for it is to be named."""

    def wanted(api_version: str, kind: str) -> bool:
        group = api_version.rpartition("/")[0]
        return kind in kinds and (not api_version or group in kinds[kind])

    return wanted


def _chained(start: list[bytes], lines: Iterator[bytes]) -> Iterator[bytes]:
    yield from start
    yield from lines


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
