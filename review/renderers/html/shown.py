"""Text of people's files made harmless for HTML: jinja2 escapes it, and here what cannot be seen gets a mark."""

from typing import Final
from urllib.parse import urlsplit

from markupsafe import Markup

LONGEST: Final = 2_000
"""Characters of one text; the rest is counted. JSON holds all."""

_NAMED: Final = {"\n": "↵", "\t": "⇥"}


def shown(value: object) -> object:
    """What jinja2 writes for a value: text with a mark for each character that has no look or turns others around.

    Bidi controls, escapes of a terminal, no-break spaces and halves of surrogate pairs are all not printable to Python.
    """
    if isinstance(value, Markup) or not isinstance(value, str):
        return value
    if len(value) > LONGEST:
        value = f"{value[:LONGEST]} … and {len(value) - LONGEST:,} characters more"
    return value if value.isprintable() else "".join(map(_mark, value))


def link(url: str) -> str:
    """The URL where it is one to follow, empty otherwise: of `https` alone, in plain ASCII, without credentials."""
    if not url.isascii() or not url.isprintable() or set(url) & set(" \"'<>\\`"):
        return ""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return url if parts.scheme == "https" and parts.hostname and "@" not in parts.netloc else ""


def number(value: float) -> str:
    """`1,250`, `7.25`: two decimals at most."""
    text = f"{value:,.2f}"
    return text.rstrip("0").rstrip(".")


def count(amount: int, noun: str, plural: str = "") -> str:
    """`1 finding`, `2,000 findings`."""
    return f"{amount:,} {noun if amount == 1 else plural or f'{noun}s'}"


def _mark(character: str) -> str:
    if character.isprintable():
        return character
    return _NAMED.get(character) or f"⟦U+{ord(character):04X}⟧"
