"""Faults of a stack's policy configuration and of exemptions: one line each, all of them at once."""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any


@dataclass(frozen=True, order=True)
class PolicyFault:
    """One fault of one key; printed as those of the settings are."""

    file: str
    line: int
    """1-based; 0 where no line can be named."""

    key: str
    rule: str
    """What must hold."""

    value: str = ""
    """What stands there instead."""

    remedy: str = ""

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        parts = [f"{self.key}: {self.rule}" if self.key else self.rule]
        if self.value:
            parts.append(f"got {self.value}")
        if self.remedy:
            parts.append(self.remedy)
        return f"{place}: {'; '.join(parts)}"


class PolicyConfigError(ValueError):
    """Every fault of the files that were read; `str()` is what the user sees."""

    def __init__(self, faults: Iterable[PolicyFault]) -> None:
        self.faults = sorted(set(faults))
        count = len(self.faults)
        head = f"{count} fault{'' if count == 1 else 's'} in the policy's configuration"
        super().__init__("\n  ".join([head, *map(str, self.faults)]))


def near(name: str, known: Iterable[str]) -> str:
    """`did you mean 'x'?` for a near miss, else empty."""
    found = get_close_matches(name, [*known], n=1)
    return f"did you mean {found[0]!r}?" if found else ""


def shown(value: Any) -> str:
    """A value for an error: short, printable, and of a map or a list only that it is one."""
    if isinstance(value, dict | list):
        return "a map" if isinstance(value, dict) else "a list"
    text = {None: "null", True: "true", False: "false"}.get(value, repr(value))
    return text if len(text) <= 60 else f"{text[:57]}..."
