"""Why something is not promoted, and what to do."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from review.promotion.differences import Stack
from review.promotion.order import order
from settings.faults import did_you_mean
from settings.load import WORKLOADS
from settings.promotion import moment
from settings.stack import PATH, Image
from settings.tracks import running
from settings.workload import Workload, key_of

Rule = Literal[
    "not-run",
    "not-wanted",
    "digest-missing",
    "downgrade",
    "frozen",
    "rolled-back",
    "release-under-way",
    "not-promotable",
    "may-be-secret",
    "not-said",
    "not-writable",
    "not-valid",
]


@dataclass(frozen=True, kw_only=True)
class Refusal:
    """One reason."""

    rule: Rule
    what: str
    """`workload web`, `image web-course-main`, `key workloads.web.config.env.A`, `stack prod`."""

    message: str
    remedy: str
    place: str = ""
    """`Pulumi.dev.yaml:87`: where the remedy is written."""

    def __str__(self) -> str:
        return f"{self.what}: {self.message}; {self.remedy} [{self.rule}]"


SETTINGS: Final = ("config", PATH)
"""Where the settings are in a stack file."""

OFF: Final = "runs no pod of it"
"""Of a stack that has a workload only by name."""


def of_workload(name: str, source: Stack, target: Stack) -> Refusal | None:
    """Whether a workload that was asked for by name is one that both stacks run."""
    what = f"workload {name}"
    if name not in source.settings.workloads:
        if name in source.sources.catalogue:
            return Refusal(
                rule="not-run",
                what=what,
                message=f"{source.name} does not run it: workloads.{name} is null",
                remedy=f"run it in {source.name} first",
                place=written_at((WORKLOADS, name), source),
            )
        near = did_you_mean(name, source.settings.workloads)
        known = ", ".join(sorted(source.settings.workloads)) or "none"
        return Refusal(
            rule="not-run",
            what=what,
            message=f"{source.name} has no such workload",
            remedy=near or f"workloads there: {known}",
        )
    if name not in target.settings.workloads:
        return Refusal(
            rule="not-wanted",
            what=what,
            message=f"{target.name} leaves it out: workloads.{name} is null",
            remedy="remove that line, or do not name the workload",
            place=written_at((WORKLOADS, name), target),
        )
    return None


def idle(workload: Workload) -> bool:
    """Whether a stack has a workload without ever running it."""
    run = workload.cron if workload.kind == "cronjob" else workload.job
    return workload.most_replicas == 0 or bool(run and run.suspend)


def of_image(key: str, source: Stack, target: Stack, *, allow_downgrade: bool) -> Iterator[Refusal]:
    """Why the version of an image that `source` names cannot be that of `target`."""
    old, new = target.settings.images[key], source.settings.images[key]
    what = f"image {key}"
    yield from _run_there(key, new, source)
    if new.digest is None:
        yield Refusal(
            rule="digest-missing",
            what=what,
            message=f"{source.name} names {new.tag} without its digest, and a tag can be moved",
            remedy=f"add the digest that {source.name} runs: "
            f"'digest: sha256:...', from 'imageID' in the status of its pods",
            place=place(("images", key), source),
        )
    if order(old.tag, new.tag) == "older" and not allow_downgrade:
        yield Refusal(
            rule="downgrade",
            what=what,
            message=f"{new.tag} of {source.name} is older than {old.tag} of {target.name}",
            remedy="give --allow-downgrade if that is meant",
            place=place(("images", key, "tag"), source),
        )
    yield from _under_way(key, old, target)


def _run_there(key: str, image: Image, source: Stack) -> Iterator[Refusal]:
    """A version that is named and is not what pods get, or not what requests get."""
    at = ("images", key)
    if image.rollback is not None:
        yield Refusal(
            rule="rolled-back",
            what=f"image {key}",
            message=f"{source.name} runs {image.rollback.tag} instead of {image.tag}",
            remedy=f"remove images.{key}.rollback there when {image.tag} is good, or write the version as 'tag'",
            place=place((*at, "rollback"), source),
        )
    users = [it for it in source.settings.workloads.values() if key in images_of(it)]
    if users and all(idle(it) for it in users):
        names = ", ".join(sorted(it.name for it in users))
        yield Refusal(
            rule="not-run",
            what=f"image {key}",
            message=f"{source.name} {OFF}: {names}",
            remedy=f"run it in {source.name} first",
        )
    for workload in users:
        first, *others = running(source.settings, workload)
        if workload.image_key == key and not first.serves:
            yield Refusal(
                rule="release-under-way",
                what=f"image {key}",
                message=f"in {source.name} requests go to {others[0].name} of {workload.name}, not to {image.tag}",
                remedy="finish the release there: write its version as 'tag'",
                place=place((*at, "tracks"), source),
            )


def _under_way(key: str, image: Image, target: Stack) -> Iterator[Refusal]:
    """What of `target` a new `tag` would miss, or hit in the middle of a release."""
    at = ("images", key)
    if image.rollback is not None:
        yield Refusal(
            rule="rolled-back",
            what=f"image {key}",
            message=f"{target.name} runs {image.rollback.tag} instead of any 'tag': a new one would not run",
            remedy=f"remove images.{key}.rollback there first",
            place=place((*at, "rollback"), target),
        )
    if image.tracks:
        yield Refusal(
            rule="release-under-way",
            what=f"image {key}",
            message=f"{target.name} has a release of it under way ({', '.join(sorted(image.tracks))})",
            remedy="finish it, or go back to step 0 and remove 'tracks'",
            place=place((*at, "tracks"), target),
        )


def images_of(workload: Workload) -> set[str]:
    """Keys below `images` of what its containers run."""
    return {key_of(repository) for _, repository in workload.repositories}


def of_other_image(
    name: str, key: str, others: Iterable[str], source: Stack, target: Stack
) -> Refusal:
    """An image that a workload runs in `source`, and does not in `target`, where it runs `others`."""
    return Refusal(
        rule="not-wanted",
        what=f"workload {name}",
        message=f"{source.name} runs image {key} in it, and {target.name} runs {', '.join(sorted(others))}",
        remedy="name the same image in both first",
        place=place((WORKLOADS, name, "image"), source),
    )


def frozen(target: Stack, at: datetime) -> Iterator[Refusal]:
    """The window that `at` is in."""
    for index, window in enumerate(target.settings.promotion.frozen):
        if window.holds(at):
            until = moment(window.until).isoformat().replace("+00:00", "Z")
            yield Refusal(
                rule="frozen",
                what=f"stack {target.name}",
                message=f"is frozen until {until}: {window.reason}",
                remedy="wait, or change the window in a review of its own",
                place=place(("promotion", "frozen", index), target),
            )


def place(path: tuple[str | int, ...], stack: Stack) -> str:
    """File and line of a key of the settings."""
    file, line, _ = stack.sources.place(path)
    return f"{file}:{line}" if line else file


def written_at(path: tuple[str | int, ...], stack: Stack) -> str:
    """File and line of a key in the stack file itself, or of the deepest key that it goes below."""
    document = stack.sources.document
    line = document.line((*SETTINGS, *path))
    return f"{document.file}:{line}" if line else document.file
