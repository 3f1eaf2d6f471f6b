"""What pods take from ConfigMaps and Secrets."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from typing import Any, Final, NamedTuple

from policy.objects import Object, Pod, dig, items, mapping
from policy.rule import Violation
from policy.rules._turns import in_turn, of_containers, over
from policy.unknown import either

_FIELDS: Final[Mapping[str, tuple[str, str, str, str]]] = {
    "ConfigMap": ("configMapKeyRef", "configMapRef", "configMap", "name"),
    "Secret": ("secretKeyRef", "secretRef", "secret", "secretName"),
}
"""The keys of a variable, of all variables and of a volume, and what names it in a volume."""


class Reference(NamedTuple):
    """One thing that a pod needs."""

    name: str
    key: str
    """Empty where it takes whatever is there."""


Check = Callable[[Reference], Iterable[Violation]]


def of_references(pod: Pod, kind: str, check: Check) -> Iterator[Violation]:
    """What `check` says of every ConfigMap, or Secret, without which the pod does not start."""
    one, all_, volume, named = _FIELDS[kind]

    def variable(item: Any) -> Iterator[Violation]:
        yield from _told(dig(item, "valueFrom", one), f"valueFrom.{one}", check)

    def variables(item: Any) -> Iterator[Violation]:
        yield from _told(dig(item, all_), all_, check)

    def container(item: Any) -> Iterator[Violation]:
        yield from in_turn(
            lambda: over(items(item, "env"), variable),
            lambda: over(items(item, "envFrom"), variables),
        )

    def mounted(item: Any) -> Iterator[Violation]:
        yield from _told(dig(item, volume), volume, check, named)
        yield from over(items(item, "projected", "sources"), projected)

    def projected(item: Any) -> Iterator[Violation]:
        yield from _told(dig(item, volume), volume, check)

    yield from in_turn(
        partial(of_containers, pod, container), lambda: over(items(pod.spec, "volumes"), mounted)
    )


def _told(reference: Any, path: str, check: Check, named: str = "name") -> Iterator[Violation]:
    name = dig(reference, named)
    if not name or dig(reference, "optional") is True:
        return
    keys = [str(dig(item, "key")) for _, item in items(reference, "items")]
    key = dig(reference, "key")
    for wanted in keys or [str(key) if key else ""]:
        for place, message in check(Reference(str(name), wanted)):
            yield f"{path}{place}", message


def has_key(it: Object, key: str) -> bool:
    """Whether a ConfigMap or Secret has a key; raises `Undecided` where its keys are hidden."""
    return either(
        *(
            lambda part=part: key in mapping(it.manifest, part)
            for part in ("data", "stringData", "binaryData")
        )
    )
