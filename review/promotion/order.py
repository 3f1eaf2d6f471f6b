"""Which of two image tags is the later version, where tags are versions."""

import re
from typing import Final, Literal

Order = Literal["same", "newer", "older", "unknown"]
"""`unknown`: one of the two is no version, so nobody can tell by looking."""

_VERSION: Final = re.compile(
    r"v?(?P<numbers>[0-9]+(\.[0-9]+){0,5})(-(?P<pre>[0-9A-Za-z-]+(\.[0-9A-Za-z-]+)*))?",
    re.IGNORECASE,
)
_DAY: Final = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})(?![0-9])")
_COUNTED: Final = re.compile(r"(?P<word>[A-Za-z]+)(?P<count>[0-9]+)")
_SHA: Final = re.compile(r"[0-9a-f]{7,64}")
"""A commit may be digits alone; a version has a point, or is short."""


def order(old: str, new: str) -> Order:
    """Where `new` stands to `old`: semantic versioning, with any number of numbers and a `v` before them, and dates.

    https://semver.org/#spec-item-11 ; `1.4` is `1.4.0`, and 2026.11.2 a version like any other, `2026-11-02` the same
    one. A version after the hyphen is before the release, as a flavour (`-alpine`) is, too: of two with the same
    flavour the numbers decide. Unlike there `rc10` comes after `rc9`, as whoever counts so means it.
    """
    if old == new:
        return "same"
    before, after = _key(old), _key(new)
    if before is None or after is None:
        return "unknown"
    if before == after:
        return "same"
    return "newer" if after > before else "older"


def _key(tag: str) -> "tuple[tuple[int, ...], tuple[tuple[int, str, int], ...]] | None":
    found = _VERSION.fullmatch(_DAY.sub(r"\1.\2.\3", tag, count=1) if _DAY.match(tag) else tag)
    if not found or ("." not in tag and _SHA.fullmatch(tag.lower())):
        return None
    numbers = [int(it) for it in found["numbers"].split(".")]
    numbers += [0] * (6 - len(numbers))
    if found["pre"] is None:
        return tuple(numbers), ((2, "", 0),)
    # Numbers come before words, and what ends first before what goes on.
    return tuple(numbers), tuple(_part(it) for it in found["pre"].split("."))


def _part(text: str) -> tuple[int, str, int]:
    if text.isdecimal():
        return 0, "", int(text)
    counted = _COUNTED.fullmatch(text)
    return (1, counted["word"], int(counted["count"])) if counted else (1, text, -1)
