"""Kubernetes quantities: read exactly, compare, add and print.

Amounts are `Decimal` cores or bytes, never floats: a sum of a thousand `100m` must be 100 cores, not 99.99.
"""

import re
from decimal import Decimal
from functools import lru_cache

CPU_PATTERN = r"^([0-9]{1,12}m|[0-9]{1,9}(\.[0-9]{1,3})?)$"
MEMORY_PATTERN = r"^[0-9]{1,12}(\.[0-9]{1,6})?(Ki|Mi|Gi|Ti|k|M|G|T)$"
"""https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/ , without exponents and
without fractions of a byte: nobody types them and reviewers misread them. Memory has a unit, since `memory: 512`
means 512 bytes and nobody wants them."""

_QUANTITY = re.compile(
    r"(?P<number>[0-9]+(\.[0-9]*)?|\.[0-9]+)(?P<unit>[KMGTPE]i|[numkMGTPE]?|[eE](?P<exponent>[-+]?[0-9]+))",
    re.ASCII,
)

_UNITS = {
    "n": Decimal("0.000000001"),
    "u": Decimal("0.000001"),
    "m": Decimal("0.001"),
    "": Decimal(1),
    "k": Decimal(10) ** 3,
    "M": Decimal(10) ** 6,
    "G": Decimal(10) ** 9,
    "T": Decimal(10) ** 12,
    "P": Decimal(10) ** 15,
    "E": Decimal(10) ** 18,
    "Ki": Decimal(2) ** 10,
    "Mi": Decimal(2) ** 20,
    "Gi": Decimal(2) ** 30,
    "Ti": Decimal(2) ** 40,
    "Pi": Decimal(2) ** 50,
    "Ei": Decimal(2) ** 60,
}

_MOST_POWER = 99
_DIGITS = 6
"""Of an exponent. The API server takes any, and caps what is more than 2^63: past this power all are alike."""


@lru_cache(maxsize=4096)
def amount(quantity: str) -> Decimal:
    """Cores or bytes: `250m` is 0.25, `1Gi` is more than `1G`. Every spelling of Kubernetes for what is not negative.

    Raises `ValueError` for anything else.
    """
    found = _QUANTITY.fullmatch(quantity)
    if not found:
        raise ValueError(f"not a quantity: {quantity!r}")
    if exponent := found["exponent"]:
        power = max(-_MOST_POWER, min(_MOST_POWER, int(exponent[:_DIGITS])))
        return Decimal(found["number"]).scaleb(power)
    return Decimal(found["number"]) * _UNITS[found["unit"]]


def cpu_text(cores: Decimal) -> str:
    """Shortest exact spelling: `4`, `250m`; what the API server answers for the same amount."""
    milli = int((cores * 1000).to_integral_value(rounding="ROUND_CEILING"))
    return f"{milli}m" if milli % 1000 else f"{milli // 1000}"


def memory_text(size: Decimal) -> str:
    """Exact spelling in the largest binary unit that divides it: `1536Mi`, `2Gi`; plain bytes if none does."""
    whole = int(size.to_integral_value(rounding="ROUND_CEILING"))
    for unit in ("Ti", "Gi", "Mi", "Ki"):
        if whole and whole % int(_UNITS[unit]) == 0:
            return f"{whole // int(_UNITS[unit])}{unit}"
    return str(whole)
