"""Durations as Go writes them, which Pulumi's timeouts are."""

import re
from decimal import Decimal
from typing import Any, Final

_UNITS: Final = {
    "ns": Decimal("1e-9"),
    "us": Decimal("1e-6"),
    "\N{MICRO SIGN}s": Decimal("1e-6"),
    "ms": Decimal("1e-3"),
    "s": Decimal(1),
    "m": Decimal(60),
    "h": Decimal(3600),
}
_PART: Final = r"([0-9]+\.?[0-9]*|\.[0-9]+)(ns|us|\u00b5s|ms|s|m|h)"


def seconds(text: str) -> Any:
    """600.0 of `10m`; `text` itself where it is no duration (https://pkg.go.dev/time#ParseDuration)."""
    if not re.fullmatch(f"(?:{_PART})+", text):
        return text
    return float(sum(Decimal(number) * _UNITS[unit] for number, unit in re.findall(_PART, text)))
