"""Several places looked at, one after the other: what one of them hides does not hide what the others show."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from typing import Any

from policy.evaluation import joined
from policy.objects import Pod, dig, items
from policy.rule import Violation
from policy.unknown import Undecided

FIELDS = ("initContainers", "containers", "ephemeralContainers")
"""Where a pod has containers."""

Check = Callable[[Any], Iterable[Violation]]


def in_turn(*checks: Callable[[], Iterable[Violation]]) -> Iterator[Violation]:
    """What all of them say; what one cannot know is raised behind the others."""
    hidden = None
    for check in checks:
        try:
            yield from check()
        except Undecided as undecided:
            hidden = hidden or undecided
    if hidden:
        raise hidden


def over(found: Iterable[tuple[str, Any]], check: Check) -> Iterator[Violation]:
    """What `check` says of every item, below the item's path; what it cannot know is raised behind the rest."""
    hidden = None
    try:
        for path, item in found:
            try:
                for place, message in check(item):
                    yield joined(path, place), message
            except Undecided as undecided:
                hidden = hidden or undecided
    except Undecided as undecided:
        hidden = hidden or undecided
    if hidden:
        raise hidden


def of_containers(pod: Pod, check: Check, fields: tuple[str, ...] = FIELDS) -> Iterator[Violation]:
    """What `check` says of every container's map, below its path from the pod's spec."""
    present = [it for it in fields if it in pod.spec]
    yield from in_turn(*(partial(over, items(pod.spec, it), check) for it in present))


def of_contexts(pod: Pod, key: str, check: Check) -> Iterator[Violation]:
    """What `check` says of a key of every securityContext that has it: the pod's own and those of its containers."""

    def look(holder: Mapping[str, Any]) -> Iterator[Violation]:
        value = dig(holder, "securityContext", key)
        if value is not None:
            for place, message in check(value):
                yield joined(f"securityContext.{key}", place), message

    yield from in_turn(partial(look, pod.spec), partial(of_containers, pod, look))


def is_windows(pod: Pod) -> bool:
    """Whether the pod says that it runs on Windows, where most fields of Linux mean nothing."""
    return bool(dig(pod.spec, "os", "name") == "windows")


def has_own_users(pod: Pod) -> bool:
    """Whether root in the pod is nobody on the node: `hostUsers: false`, as Pod Security takes it from 1.35 on."""
    return dig(pod.spec, "hostUsers") is False
