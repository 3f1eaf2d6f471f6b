"""Which of two image tags is the later version, where tags are versions."""

import re
from typing import Final, Literal

Order = Literal["same", "newer", "older", "unknown"]
"""`unknown`: one of the two is no version, so nobody can tell by looking."""

_VERSION: Final = re.compile(
    r"v?(?P<numbers>[0-9]+(\.[0-9]+){0,5})(-(?P<pre>[0-9A-Za-z-]+(\.[0-9A-Za-z-]+)*))?",
    re.IGNORECASE,
)
_SHA: Final = re.compile(r"[0-9a-f]{7,64}")
"""A commit may be digits alone; a version has a point, or is short."""


def order(old: str, new: str) -> Order:
    """Where `new` stands to `old`: semantic versioning, with any number of numbers and a `v` before them.

    https://semver.org/#spec-item-11 ; `1.4` is `1.4.0`, and 2026.11.2 a version like any other. A version after the
    hyphen is before the release, as a flavour (`-alpine`) is, too: of two with the same flavour the numbers decide.
    """
    if old == new:
        return "same"
    before, after = _key(old), _key(new)
    if before is None or after is None:
        return "unknown"
    if before == after:
        return "same"
    return "newer" if after > before else "older"


def _key(tag: str) -> "tuple[tuple[int, ...], tuple[tuple[int, int, str], ...]] | None":
    found = _VERSION.fullmatch(tag)
    if not found or ("." not in tag and _SHA.fullmatch(tag.lower())):
        return None
    numbers = [int(it) for it in found["numbers"].split(".")]
    numbers += [0] * (6 - len(numbers))
    if found["pre"] is None:
        return tuple(numbers), ((2, 0, ""),)
    # Numbers come before words, and what ends first before what goes on.
    pre = [(0, int(it), "") if it.isdecimal() else (1, 0, it) for it in found["pre"].split(".")]
    return tuple(numbers), tuple(pre)
