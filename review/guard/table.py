"""What a row of the guard's tables says of one field, and how the rows of a resource are found."""

import functools
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

from review.findings import Severity
from review.guard.values import ABSENT, Alike, equal
from settings.quantity import amount

Effect = Literal["replaces", "refused", "inPlace"]
"""`replaces`: Pulumi plans a replacement. `refused`: previews as an update, and `pulumi up` fails in the service.
`inPlace`: it works, at a price that the row names."""

Known = Literal["provider", "documented", "inferred"]
"""How we know: from the provider's own table or the path of the request; from the service's documentation; or by
inference from either, never tried."""

When = Callable[[Any, Any], bool]
"""Whether a change from one known value to another is the one that a row is about."""

EVERY_OBJECT: Final = "kubernetes:*"
"""Type of rows about all Kubernetes objects."""


Row = tuple[str, str, Effect, When, str, str, str, Known]
"""A row of plain data: module and name of the type, path, effect, when, why, safe, source, how we know."""


def always(_old: Any, _new: Any) -> bool:
    """Any change."""
    return True


def lowered(old: Any, new: Any) -> bool:
    """A smaller number or quantity, an earlier version; nothing where one cannot be read."""
    try:
        return bool(_rank(new) < _rank(old))
    except (TypeError, ValueError):
        return False


def raised(old: Any, new: Any) -> bool:
    """The other way round."""
    return lowered(new, old)


def switched_off(old: Any, _new: Any) -> bool:
    """It was true, and no longer is."""
    return old is True


def switched_on(_old: Any, new: Any) -> bool:
    """It becomes true."""
    return new is True


def loses(old: Any, new: Any) -> bool:
    """A list that no longer has all it had."""
    return isinstance(old, list) and any(
        it not in (new if isinstance(new, list) else ()) for it in old
    )


def becomes(word: str) -> When:
    """It becomes this word."""
    return lambda _old, new: bool(new == word)


def was(word: str) -> When:
    """It was this word."""
    return lambda old, _new: bool(old == word)


@dataclass(frozen=True, slots=True, kw_only=True)
class Guarded:
    """One field that is fixed at creation, or dear to change."""

    type: str
    """Type token without an API version, `azure-native:containerservice:AgentPool`, `kubernetes:apps:StatefulSet`."""

    path: str
    """In the inputs on the wire; `[]` for every item of a list."""

    effect: Effect
    why: str
    """What it means for what runs, in one clause."""

    safe: str
    """The way round, in the imperative."""

    source: str
    """Page that says it."""

    known: Known = "documented"
    alike: Alike = equal
    when: When = always
    absent: Any = ABSENT
    """What the service takes where nothing is said: written out, it is no change."""

    grave: bool | None = None
    """Whether the finding is mandatory. None: it is where something is replaced or refused."""

    @property
    def severity(self) -> Severity:
        """Of a finding of this row."""
        grave = self.effect != "inPlace" if self.grave is None else self.grave
        return "mandatory" if grave else "advisory"

    @property
    def id(self) -> str:
        """Name of the row, `AgentPool.maxPods`."""
        return f"{self.type.rpartition(':')[2]}.{self.path}"


def plain_type(token: str) -> str:
    """A type token without the API version that the middle of it may carry."""
    package, _, rest = token.partition(":")
    module, _, name = rest.partition(":")
    return f"{package}:{module.partition('/')[0]}:{name}" if name else token


@functools.cache
def path_parameters() -> Mapping[str, Sequence[str]]:
    """By type, the inputs that name an Azure resource in its URL: its own name, and that of what it is in.

    Data of the azure-native SDK: a test compares it with the SDK that is installed.
    """
    text = (Path(__file__).parent / "azure_paths.json").read_text(encoding="utf-8")
    found: Mapping[str, Sequence[str]] = json.loads(text)
    return found


def _rank(value: Any) -> Any:
    if isinstance(value, str) and all(part.isdigit() for part in value.split(".")):
        return tuple(int(part) for part in value.split("."))
    if isinstance(value, str):
        return amount(value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value
    raise TypeError("no order")
