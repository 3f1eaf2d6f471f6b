"""Label selectors, answered for all objects at once: a set of objects is the bits of one number.

https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors : requirements are ANDed; an
empty selector matches everything; `NotIn` and `DoesNotExist` also match an object without the key.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final, NamedTuple

from review.analyses.reachability.shapes import RefusedError, a_list, a_map, a_text, labels

OPERATORS: Final = ("In", "NotIn", "Exists", "DoesNotExist")


class Requirement(NamedTuple):
    """One of `matchExpressions`; a label of `matchLabels` is an `In` of one value."""

    operator: str
    key: str
    values: tuple[str, ...]


Selector = tuple[Requirement, ...]


def selector(data: Any, path: tuple[str | int, ...]) -> Selector:
    """A LabelSelector; raises `RefusedError` for one that the API server would not take."""
    data = a_map(data, path)
    if not data:
        return ()
    found = [
        Requirement("In", key, (value,))
        for key, value in labels(data.get("matchLabels"), (*path, "matchLabels")).items()
    ]
    if data.get("matchExpressions") is not None:
        here = (*path, "matchExpressions")
        for index, item in enumerate(a_list(data["matchExpressions"], here)):
            found.append(_requirement(a_map(item, (*here, index)), (*here, index)))
    return tuple(found) if len(found) < 2 else tuple(sorted(set(found)))


def _requirement(data: Mapping[str, Any], path: tuple[str | int, ...]) -> Requirement:
    operator = a_text(data.get("operator"), (*path, "operator"))
    if operator not in OPERATORS:
        raise RefusedError((*path, "operator"), f"must be one of {', '.join(OPERATORS)}", operator)
    key = a_text(data.get("key"), (*path, "key"))
    values = [a_text(it, (*path, "values")) for it in a_list(data.get("values"), (*path, "values"))]
    if bool(values) != (operator in ("In", "NotIn")):
        rule = "must name values" if not values else "must be empty"
        raise RefusedError((*path, "values"), f"{rule} with {operator}")
    return Requirement(operator, key, tuple(sorted(set(values))))


class Index:
    """Which of some objects a selector matches; object `n` is bit `n`."""

    def __init__(self, objects: Iterable[Mapping[str, str]]) -> None:
        self._pairs: dict[tuple[str, str], int] = {}
        self._keys: dict[str, int] = {}
        self._known: dict[Selector, int] = {}
        count = 0
        for number, found in enumerate(objects):
            bit = 1 << number
            for key, value in found.items():
                self._pairs[key, value] = self._pairs.get((key, value), 0) | bit
                self._keys[key] = self._keys.get(key, 0) | bit
            count = number + 1
        self.all = (1 << count) - 1

    def matched(self, wanted: Selector) -> int:
        """The objects that meet every requirement."""
        if wanted not in self._known:
            found = self.all
            for requirement in wanted:
                found &= self._met(requirement)
            self._known[wanted] = found
        return self._known[wanted]

    def _met(self, requirement: Requirement) -> int:
        operator, key, values = requirement
        if operator in ("Exists", "DoesNotExist"):
            found = self._keys.get(key, 0)
        else:
            found = 0
            for value in values:
                found |= self._pairs.get((key, value), 0)
        return found if operator in ("In", "Exists") else self.all & ~found


def bits(number: int) -> list[int]:
    """The objects of a set, ascending."""
    if number.bit_count() > 32:
        return [at for at, bit in enumerate(bin(number)[:1:-1]) if bit == "1"]
    found = []
    while number:
        low = number & -number
        found.append(low.bit_length() - 1)
        number ^= low
    return found
