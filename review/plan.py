"""The recorded plan: all that one run of a program registers, as plain rows.

Policy and review read nothing else. No Pulumi import, and no secret's value: inputs are in wire form, with `UNKNOWN`
where only a deployment can tell and `SECRET` where the program says so. The JSON is described in
`docs/plan-schema.json`.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, Final, TypeVar

import orjson

S = TypeVar("S")
T = TypeVar("T")

VERSION: Final = 1
"""Of the JSON. A key added at the end of a resource or a plan keeps it; anything else raises it."""

UNKNOWN: Final[Mapping[str, bool]] = {"$unknown": True}
"""Stands for a value that is only known once something has been deployed."""

SECRET: Final[Mapping[str, bool]] = {"$secret": True}
"""Stands for a secret, known or not. Its value is never kept."""


_BEGIN: Final = '"resources": ['
_END: Final = '], "outputs": '


class PlanError(Exception):
    """Why a stack could not be planned, in words for the person who wrote the program.

    `details` is the full traceback, for `--debug`; empty when there is none to show.
    """

    def __init__(self, message: str, details: str = "") -> None:
        super().__init__(message, details)
        self.message = message
        self.details = details

    def __str__(self) -> str:
        return self.message


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """One registration, as the engine would write it."""

    urn: str
    type: str
    """Type token, such as `kubernetes:apps/v1:Deployment`."""

    name: str
    """Logical name, the last part of the URN."""

    parent: str = ""
    """URN; empty for the stack itself."""

    provider: str = ""
    """`urn::id` of the provider; empty for components and providers. An id not yet known is Pulumi's own sentinel,
    `04da6b54-80e4-46f7-96ec-b56ff0331ba9`."""

    inputs: Mapping[str, Any] = field(default_factory=dict[str, Any])
    """As the provider gets them: camelCase keys, outputs resolved."""

    dependencies: tuple[str, ...] = ()
    """URNs, sorted."""

    options: Mapping[str, Any] = field(default_factory=dict[str, Any])
    """Only what is set, such as `{"protect": True, "ignoreChanges": ["count"]}`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What one stack registers. Two runs of one program give equal plans and equal bytes of JSON."""

    project: str
    stack: str
    resources: tuple[Resource, ...]
    """A parent comes before its children, and children in the order the program made them."""

    outputs: Mapping[str, Any] = field(default_factory=dict[str, Any])
    """What the stack exports."""

    def to_json(self) -> str:
        """One line a resource, keys of inputs sorted; ends with a line feed."""
        return document(self.project, self.stack, map(line, self.resources), self.outputs)

    @classmethod
    def from_json(cls, text: str, known: dict[str, Resource] | None = None) -> "Plan":
        """Raise `ValueError` for text that is no plan, or one of another version.

        `known` has rows by their line as `to_json` writes it, and takes up those of this plan: two plans that differ in
        little share the rest.
        """
        if known is not None and (found := _by_lines(text, known)) is not None:
            return found
        try:
            data = orjson.loads(text)
        except orjson.JSONDecodeError as fault:
            raise ValueError(f"not a plan: no JSON at line {fault.lineno}: {fault.msg}") from None
        version = data.get("version") if isinstance(data, dict) else None
        if version != VERSION:
            raise ValueError(f"not a plan of version {VERSION}: its version is {version!r}")
        try:
            return cls(
                project=data["project"],
                stack=data["stack"],
                resources=tuple(_resource(row) for row in data["resources"]),
                outputs=data["outputs"],
            )
        except (KeyError, TypeError) as fault:
            raise ValueError(f"not a plan: {fault.args[0]!r} is missing or malformed") from None


def of_rows(find: Callable[[Plan], T]) -> Callable[[Plan], T]:
    """`find`, which hangs on the rows of a plan alone, asked once for them: the last two plans are remembered.

    Several parts of a review ask for the same. None of them may change what it is given.
    """
    last: list[tuple[tuple[Resource, ...], T]] = []

    @wraps(find)
    def found(plan: Plan) -> T:
        for rows, made in last:
            if rows is plan.resources:
                return made
        made = find(plan)
        last[:] = [*last[-1:], (plan.resources, made)]
        return made

    return found


def of_two(find: Callable[[S, S], T]) -> Callable[[S, S], T]:
    """`find`, asked once for what was and what is: the last two are remembered, and known by being the very same."""
    last: list[tuple[S, S, T]] = []

    @wraps(find)
    def found(before: S, after: S) -> T:
        for old, new, made in last:
            if old is before and new is after:
                return made
        made = find(before, after)
        last[:] = [(before, after, made)]
        return made

    return found


def document(project: str, stack: str, lines: Iterable[str], outputs: Mapping[str, Any]) -> str:
    """The JSON of a plan whose resources are in JSON already, one each of `lines`."""
    rows = ",\n".join(lines)
    return (
        f'{{"version": {VERSION}, "project": {_dump(project)}, "stack": {_dump(stack)}, '
        f"{_BEGIN}\n{rows}\n{_END}{_dump(outputs)}}}\n"
    )


def line(resource: Resource) -> str:
    """The JSON of one resource, without a line feed."""
    return "{" + ", ".join([f'"{key}": {_dump(getattr(resource, key))}' for key in _KEYS]) + "}"


def _by_lines(text: str, known: dict[str, Resource]) -> Plan | None:
    """The plan of a text as `document` writes it, line by line; None for any other text."""
    first, *lines = text.split("\n")
    if len(lines) < 3 or lines.pop() or not first.endswith(_BEGIN):
        return None
    last = lines.pop()
    if not last.startswith(_END) or not all(it.endswith("},") for it in lines[:-1]):
        return None
    if lines == [""]:
        lines = []
    try:
        around = orjson.loads(f"{first}{last}")
        if around["version"] != VERSION:
            return None
        found = []
        for number, it in enumerate(lines, 1):
            own = it if number == len(lines) else it[:-1]
            row = known.get(own)
            if row is None:
                row = known[own] = _resource(orjson.loads(own))
            found.append(row)
        return Plan(
            project=around["project"],
            stack=around["stack"],
            resources=tuple(found),
            outputs=around["outputs"],
        )
    except (orjson.JSONDecodeError, KeyError, TypeError):
        return None


def _resource(row: Mapping[str, Any]) -> Resource:
    return Resource(**{**row, "dependencies": tuple(row["dependencies"])})


_KEYS: Final = tuple(Resource.__dataclass_fields__)
_dump: Final = json.JSONEncoder(sort_keys=True).encode
