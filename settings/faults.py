"""Faults of input: one line each with place, rule, value and remedy, all of them at once."""

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from heapq import nlargest
from typing import Any

MAX_VALUE_CHARACTERS = 60
_MOST_COMPARED = 20
"""Of more names only the likely ones are compared: in an estate of a thousand each comparison counts."""

_SECRET_WORDS = (
    "password", "passwd", "passphrase", "secret", "token", "credential", "connectionstring", "privatekey", "apikey",
    "accesskey", "accountkey", "sharedkey",
)  # fmt: skip
_FREE_TEXT = {"env", "files", "command", "args", "secure"}
"""Below these anything may stand, and now and then it is a password."""

_TELLS_SECRET = re.compile(rf"({'|'.join(_SECRET_WORDS)})\w*\s*[ =:]", re.IGNORECASE)
_PLAIN_KEY = re.compile(r"[\w$?<>:/*@+-]+")
_CREDENTIALS = re.compile(r"//[^/@\s]*@")


@dataclass(frozen=True, order=True)
class Fault:
    """One fault of one key."""

    file: str
    """Relative to the project."""

    line: int | None
    """1-based; None where no line can be named."""

    key: str
    """Key path in the file, dotted; empty for the file as a whole."""

    rule: str
    """What must hold, with an example: 'must be ...'."""

    value: str = ""
    """What stands there instead, printable; empty where it is said by the rule or must not be shown."""

    remedy: str = ""
    """What to do."""

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        parts = [f"{self.key}: {self.rule}" if self.key else self.rule]
        if self.value:
            parts.append(f"got {self.value}")
        if self.remedy:
            parts.append(self.remedy)
        return f"{place}: {'; '.join(parts)}"


class SettingsError(ValueError):
    """Every fault of a run; `str()` is what the user sees."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = sorted(set(faults), key=lambda it: (it.file, it.line or 0, it.key, it.rule))
        count = len(self.faults)
        head = f"{count} fault{'' if count == 1 else 's'} in the settings"
        super().__init__("\n  ".join([head, *(str(fault) for fault in self.faults)]))


def shown(value: Any, path: Sequence[Any] = ()) -> str:
    """`value` for an error, in at most `MAX_VALUE_CHARACTERS`; of a map or a list only that it is one.

    Empty for what may be a secret, by the keys of `path` or by the look of it.
    """
    if may_be_secret(path) or (isinstance(value, str) and _TELLS_SECRET.search(value)):
        return ""
    if isinstance(value, dict | list):
        return "a map" if isinstance(value, dict) else "a list"
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    text = repr(_CREDENTIALS.sub("//***@", value) if isinstance(value, str) else value)
    return text if len(text) <= MAX_VALUE_CHARACTERS else text[: MAX_VALUE_CHARACTERS - 3] + "..."


def kind_of(value: Any) -> str:
    """As `shown`, for what stands where a map or a list belongs: a text is not what anyone meant to show."""
    return "a text" if isinstance(value, str) else shown(value)


def may_be_secret(path: Sequence[Any]) -> bool:
    """Whether what stands at `path` must stay unsaid; a workload's own name says nothing about its keys."""
    steps = path[2:] if path[:1] == ("workloads",) else path
    return any(step in _FREE_TEXT or _secretive(str(step)) for step in steps)


def _secretive(name: str) -> bool:
    plain = name.lower().replace("_", "").replace("-", "")
    return any(word in plain for word in _SECRET_WORDS)


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """`did you mean 'x'?` for a near miss among `known`, else empty."""
    wanted, spelt = name.lower(), {it.lower(): it for it in known}
    if len(spelt) > _MOST_COMPARED:
        alike = (it for it in spelt if it[:1] == wanted[:1])
        near = nlargest(_MOST_COMPARED, alike, key=lambda it: _shared(it, wanted))
        spelt = {it: spelt[it] for it in near}
    found = get_close_matches(wanted, spelt, n=1)
    return f"did you mean {spelt[found[0]]!r}?" if found else ""


def _shared(one: str, other: str) -> int:
    """How many characters the two begin with alike."""
    pairs = zip(one, other, strict=False)
    return next((index for index, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other)))


def dotted(path: Iterable[Any]) -> str:
    """`routes[0].host`; a key that would not read back so stands in brackets: `labels["course.example/tier"]`."""
    text = ""
    for step in path:
        name = str(step)
        if isinstance(step, int):
            text += f"[{step}]"
        elif _PLAIN_KEY.fullmatch(name):
            text += f".{name}" if text else name
        else:
            text += f"[{json.dumps(name, ensure_ascii=not name.isprintable())}]"
    return text
