"""What a promotion would copy, what hinders it, and the stack file with it."""

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from review.promotion.differences import ABSENT, Path, Stack, leaves, masked, secretive
from review.promotion.order import Order, order
from review.promotion.refusals import (
    OFF,
    SETTINGS,
    Refusal,
    frozen,
    idle,
    images_of,
    of_image,
    of_other_image,
    of_workload,
    place,
    written_at,
)
from review.promotion.splice import UnwritableError, spliced
from settings import yaml_source
from settings.explain import source_of
from settings.faults import SettingsError, dotted
from settings.forms import form_of
from settings.load import WORKLOADS, check, read_sources
from settings.promotion import EVERY, IMAGES, covers, steps
from settings.stack import PATH, Image, Settings


@dataclass(frozen=True, kw_only=True)
class Move:
    """One key that gets another value."""

    key: str
    path: Path
    old: Any
    """Plain data without what may be a secret; None where there is nothing."""

    new: Any
    source: str
    """Where FROM says it."""

    place: str
    """Where TO says it, or will."""

    order: Order = "unknown"
    """Of a tag: how the new one stands to the old."""

    workloads: tuple[str, ...] = ()
    """Those of TO that get it."""


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """A promotion, worked out and not yet written."""

    source: str
    target: str
    at: str
    """RFC 3339, in UTC."""

    moves: tuple[Move, ...]
    refusals: tuple[Refusal, ...]
    notes: tuple[str, ...]
    """What is so and hinders nothing."""

    text: str = ""
    """The stack file with the change, without a byte order mark; empty where something is refused."""

    settings: Any = None
    """The settings object in it, as the program would get it; None where something is refused."""


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What the user asked to promote."""

    workloads: Sequence[str] = ()
    """Empty: every one that both stacks run."""

    keys: Sequence[str] = ()
    """Patterns; empty: every promotable key."""

    allow_downgrade: bool = False


def propose(source: Stack, target: Stack, wanted: Wanted, at: datetime) -> Proposal:
    """All that would go from `source` to `target`, and every reason why not, at once."""
    values: dict[Path, Any] = {}
    refusals: list[Refusal] = []
    notes: list[str] = []
    chosen = _chosen(source, target, wanted.workloads, refusals, notes)
    moves = [
        *_images(source, target, chosen, wanted, values, refusals, notes),
        *_keys(source, target, chosen, wanted, values, refusals, notes),
    ]
    if moves or refusals:
        refusals += frozen(target, at)
    proposal = Proposal(
        source=source.name,
        target=target.name,
        at=at.isoformat().replace("+00:00", "Z"),
        moves=tuple(moves),
        refusals=(),
        notes=tuple(dict.fromkeys(notes)),
    )
    text, settings = "", None
    if values:
        try:
            text = changed_text(target, values)
            settings = _checked(target, text, values)
        except UnwritableError as error:
            refusals.append(
                Refusal(
                    rule="not-writable",
                    what=target.sources.document.file,
                    message=str(error),
                    remedy="then run this again",
                )
            )
        except SettingsError as error:
            refusals += [
                Refusal(
                    rule="not-valid",
                    what=f"{target.name} with the change",
                    message=f"{it.key}: {it.rule}" if it.key else it.rule,
                    remedy=it.remedy or "correct it first",
                    place=f"{it.file}:{it.line}" if it.line else it.file,
                )
                for it in error.faults
            ]
    if refusals:
        return replace(proposal, refusals=tuple(dict.fromkeys(refusals)))
    return replace(proposal, text=text, settings=settings)


def changed_text(target: Stack, values: dict[Path, Any]) -> str:
    """The stack file with `values`, plain data by key path of the settings; raise `UnwritableError`."""
    return spliced(target.sources.document.text, SETTINGS, values, form_of(Settings))


def _checked(target: Stack, text: str, values: dict[Path, Any]) -> Any:
    """The settings object of `text`; raise `SettingsError` for what it would be refused for."""
    sources = read_sources(target.sources.folder, target.name)
    sources.document = yaml_source.parse(text, sources.document.file)
    sources.today = target.sources.today
    after = Stack(target.name, sources, check(sources))
    for path, value in values.items():
        if _at(after.values, path) != value:
            raise UnwritableError(
                f"{dotted(path)}: another key of {target.name} has the last word on it; write it by hand"
            )
    return sources.config[PATH]


def _at(values: Any, path: Path) -> Any:
    """What stands at `path` of plain data; `ABSENT` where nothing does."""
    for step in path:
        try:
            values = values[step]
        except (IndexError, KeyError, TypeError):
            return ABSENT
    return values


def _chosen(
    source: Stack,
    target: Stack,
    names: Sequence[str],
    refusals: list[Refusal],
    notes: list[str],
) -> list[str]:
    """The workloads to promote: those asked for, or all that both stacks run; who is left alone is a note."""
    if not names:
        every = source.settings.workloads
        idle_ones = sorted(name for name, it in every.items() if idle(it))
        without = sorted(every.keys() - target.settings.workloads.keys() - set(idle_ones))
        notes += [f"workload {it}: left alone, {source.name} {OFF}" for it in idle_ones]
        notes += [f"workload {it}: left alone, {target.name} leaves it out" for it in without]
        return sorted(every.keys() - {*idle_ones, *without})
    found = []
    for name in dict.fromkeys(names):
        refusal = of_workload(name, source, target)
        if refusal:
            refusals.append(refusal)
        else:
            found.append(name)
    return found


def _images(
    source: Stack,
    target: Stack,
    chosen: Iterable[str],
    wanted: Wanted,
    values: dict[Path, Any],
    refusals: list[Refusal],
    notes: list[str],
) -> Iterator[Move]:
    """Tag and digest together: one without the other names two images."""
    keys = _shared(source, target, chosen, wanted, refusals, notes)
    users: dict[str, list[str]] = {}
    for name, workload in sorted(target.settings.workloads.items()):
        for key in images_of(workload):
            users.setdefault(key, []).append(name)
    stay: dict[str, tuple[Image, Image]] = {}
    for key in sorted(keys & target.settings.images.keys() & source.settings.images.keys()):
        paths: list[Path] = [("images", key, it) for it in ("tag", "digest")]
        if wanted.keys and not any(covers(it, at) for it in wanted.keys for at in paths):
            continue
        old, new = target.settings.images[key], source.settings.images[key]
        if old.tag == new.tag and new.digest in (None, old.digest):
            stay[key] = old, new
            continue
        refused = list(of_image(key, source, target, allow_downgrade=wanted.allow_downgrade))
        refusals += refused
        notes += _notes(key, old, new)
        beside = sorted(set(users.get(key, ())) - set(chosen))
        if wanted.workloads and beside:
            notes.append(f"image {key}: {', '.join(beside)} of {target.name} gets it, too")
        for path, before, after in zip(
            paths, (old.tag, old.digest), (new.tag, new.digest), strict=True
        ):
            if before == after or after is None:
                continue
            if not refused:
                values[path] = after
            yield Move(
                key=dotted(path),
                path=path,
                old=before,
                new=after,
                source=source_of(path, source.sources),
                place=written_at(path, target),
                order=order(old.tag, new.tag) if path[-1] == "tag" else "unknown",
                workloads=tuple(users.get(key, ())),
            )
    notes += _without_digest(source, target, stay)


def _notes(key: str, old: Image, new: Image) -> Iterator[str]:
    """What a reader should know of the two versions."""
    stands = order(old.tag, new.tag)
    if stands == "unknown":
        yield f"image {key}: nobody can tell whether {new.tag} is newer than {old.tag}: one is no version"
    if stands == "older":
        yield f"image {key}: {new.tag} is older than {old.tag}"
    if old.tag == new.tag and old.digest is not None:
        yield f"image {key}: the tag {new.tag} was moved: it has another digest"


def _shared(
    source: Stack,
    target: Stack,
    chosen: Iterable[str],
    wanted: Wanted,
    refusals: list[Refusal],
    notes: list[str],
) -> set[str]:
    """Images that both stacks run in the same workload; one that `source` alone runs there is told."""
    keys: set[str] = set()
    for name in chosen:
        here, there = (images_of(it.settings.workloads[name]) for it in (source, target))
        keys |= here & there
        for key in sorted(here - there):
            if wanted.workloads:
                refusals.append(of_other_image(name, key, there, source, target))
            else:
                notes.append(
                    f"workload {name}: image {key} of {source.name} is left alone, "
                    f"{target.name} runs {', '.join(sorted(there))}"
                )
    return keys


def _without_digest(
    source: Stack, target: Stack, stay: Mapping[str, tuple[Image, Image]]
) -> Iterator[str]:
    """What a reader should know of images with one tag in both stacks, by old and new: a tag can be moved."""
    by_tag = [key for key, (old, new) in stay.items() if (old.digest, new.digest) == (None, None)]
    if by_tag:
        yield (
            f"{'image' if len(by_tag) == 1 else 'images'} {', '.join(by_tag)}: left alone, both have the same tag "
            "and neither names a digest, so that each runs what the registry has under it"
        )
    for key, (old, new) in stay.items():
        if new.digest is None and old.digest is not None:
            yield (
                f"image {key}: both have the tag {new.tag}, and {target.name} alone names its digest: "
                f"nobody can tell whether {source.name} runs the same"
            )


def _keys(
    source: Stack,
    target: Stack,
    chosen: Iterable[str],
    wanted: Wanted,
    values: dict[Path, Any],
    refusals: list[Refusal],
    notes: list[str],
) -> Iterator[Move]:
    """What TO itself says comes by promotion, beside images, and no stack says belongs to one environment."""
    names = set(chosen)
    patterns = target.settings.promotion.promotable
    own = [it for stack in (source, target) for it in stack.settings.promotion.environment_specific]
    refusals += _not_promotable(wanted.keys, patterns, target)
    if not patterns:
        return
    for path, old, new in leaves(target.values, source.values, patterns=[*patterns, *own]):
        if path[0] == "images" or not _covered(patterns, path) or not _asked(path, names, wanted):
            continue
        key = dotted(path)
        if _covered(own, path):
            if wanted.keys:
                notes.append(f"key {key}: left alone, promotion.environmentSpecific names it")
            continue
        if secretive(path) or masked(new, path) != new:
            refusals.append(
                Refusal(
                    rule="may-be-secret",
                    what=f"key {key}",
                    message="may be a secret, and secrets are never copied",
                    remedy=f"set it in {target.name} by hand, as a secret",
                    place=source_of(path, source.sources),
                )
            )
            continue
        if new is ABSENT or new is None:
            refusals.append(
                Refusal(
                    rule="not-said",
                    what=f"key {key}",
                    message=f"{source.name} has none, and a promotion removes nothing",
                    remedy=f"remove it from {target.name} by hand, or name it in promotion.environmentSpecific",
                    place=source_of(path, target.sources),
                )
            )
            continue
        values[path] = new
        yield Move(
            key=key,
            path=path,
            old=None if old is ABSENT else masked(old, path),
            new=new,
            source=source_of(path, source.sources),
            place=written_at(path, target),
            workloads=(str(path[1]),) if path[0] == WORKLOADS else (),
        )


def _covered(patterns: Iterable[str], path: Path) -> bool:
    return any(covers(it, path) for it in patterns)


def _asked(path: Path, names: Container[str], wanted: Wanted) -> bool:
    """Whether the user's choice of workloads and keys leaves room for a key that is of no image."""
    if wanted.keys and not _covered(wanted.keys, path):
        return False
    return path[1] in names if path[0] == WORKLOADS else not wanted.workloads


def _not_promotable(
    keys: Iterable[str], patterns: Sequence[str], target: Stack
) -> Iterator[Refusal]:
    for key in keys:
        if not any(_meet(key, it) for it in (*IMAGES, *patterns)):
            yield Refusal(
                rule="not-promotable",
                what=f"key {key}",
                message=f"is not promotable into {target.name}",
                remedy="name it in promotion.promotable there, if every environment should have the same value",
                place=place(("promotion", "promotable"), target),
            )


def _meet(one: str, other: str) -> bool:
    """Whether two patterns can be about one key."""
    return all(EVERY in (a, b) or a == b for a, b in zip(steps(one), steps(other), strict=False))
