"""Faults of input: one line each with place, rule, value and remedy, all of them at once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

MAX_VALUE_CHARACTERS = 60
_SECRET_WORDS = (
    "password",
    "secret",
    "token",
    "credential",
    "connectionstring",
    "privatekey",
    "apikey",
)


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
    """`value` for an error; empty for maps and for what may be a secret by the name of its key."""
    if isinstance(value, dict) or any(_secretive(str(step)) for step in path):
        return ""
    text = (
        {True: "true", False: "false", None: "null"}.get(value)
        if isinstance(value, bool | None)
        else repr(value)
    )
    text = text or repr(value)
    return text if len(text) <= MAX_VALUE_CHARACTERS else text[: MAX_VALUE_CHARACTERS - 3] + "..."


def _secretive(name: str) -> bool:
    plain = name.lower().replace("_", "").replace("-", "")
    return any(word in plain for word in _SECRET_WORDS)


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """`did you mean 'x'?` for a near miss among `known`, else empty."""
    near = get_close_matches(name.lower(), {it.lower(): it for it in known}, n=1)
    spelt = {it.lower(): it for it in known}
    return f"did you mean {spelt[near[0]]!r}?" if near else ""


def dotted(path: Iterable[Any]) -> str:
    """`routes[0].host`; keys with dots stay readable in brackets."""
    text = ""
    for step in path:
        if isinstance(step, int):
            text += f"[{step}]"
        elif "." in str(step):
            text += f'["{step}"]'
        else:
            text += f".{step}" if text else str(step)
    return text
