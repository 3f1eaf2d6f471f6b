"""Text of people's files made harmless for HTML: jinja2 escapes it, and here what cannot be seen gets a mark."""

from typing import Final
from urllib.parse import urlsplit

from markupsafe import Markup, escape

from review.renderers.review_words import harmless

LONGEST: Final = 2_000
"""Characters of one text; the rest is counted. JSON holds all."""

_NAMED: Final = {"\n": "↵", "\t": "⇥"}


def shown(value: object) -> object:
    """What jinja2 writes for a value: text with a mark for each character that has no look or turns others around.

    Bidi controls, escapes of a terminal, no-break spaces, halves of surrogate pairs, letters that show nothing.
    """
    if isinstance(value, Markup) or not isinstance(value, str):
        return value
    if len(value) > LONGEST:
        value = f"{value[:LONGEST]} … and {len(value) - LONGEST:,} characters more"
    return value if harmless(value) == value else "".join(map(_mark, value))


def prose(text: str) -> Markup:
    """A sentence, with what it has in backticks as code; where they do not go in pairs, as it is."""
    parts = text.split("`")
    if len(parts) % 2 == 0 or "``" in text:
        return escape(shown(text))
    written = [escape(shown(it)) for it in parts]
    return Markup("").join(
        Markup("<code>{}</code>").format(it) if at % 2 else it for at, it in enumerate(written)
    )


def link(url: str) -> str:
    """The URL where it is one to follow, empty otherwise: of `https` alone, in plain ASCII, without credentials."""
    if not url.isascii() or not url.isprintable() or set(url) & set(" \"'<>\\`"):
        return ""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return url if parts.scheme == "https" and parts.hostname and "@" not in parts.netloc else ""


def _mark(character: str) -> str:
    if harmless(character) == character:
        return character
    return _NAMED.get(character) or f"⟦U+{ord(character):04X}⟧"
