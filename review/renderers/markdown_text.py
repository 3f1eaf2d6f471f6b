"""Text of others in Markdown, as GitHub reads it: shown as it is, acted upon by nothing.

What is not plain words goes into a code span: there GitHub sees no HTML, no link, no mention, no reference, no
formula and no emoji (https://github.github.com/gfm/). A mention cannot be taken off by a backslash or an entity.
"""

import re
from collections.abc import Sequence
from typing import Final
from urllib.parse import quote

from review.renderers.review_words import clipped, harmless

_WORD: Final = r"[\"'(]?(?:[A-Za-z0-9]+(?:['/-][A-Za-z0-9]+)*|[0-9]+\.[0-9]+|[0-9]+%)[\"')]?[,.;:]?"
_WORDS: Final = re.compile(rf"{_WORD}(?: {_WORD})*")
_REFERENCE: Final = re.compile(r"\b(?:[0-9a-f]{7,40}|(?:[A-Z]+|gh)-[0-9]+)\b")
"""Commits and issues of trackers (`GH-1`), which GitHub makes links of."""

_LISTED: Final = re.compile(r"\s*[0-9]+[.)](?:\s|$)")
"""What begins a numbered list at the start of a line."""

_BETWEEN: Final = re.compile(r"((?:[),.;:]+(?= |$))? ?)(.*?)( ?\(?)")
"""What may stand as it is at code's right and left: punctuation and a bracket that opens."""

_QUOTED: Final = re.compile(r"'([^'`]+)'([,;:]?)|(.*[^,;:])([,;:])")
"""What code needs no quotes for, and the punctuation of the sentence that it stands in."""

_SIGNS: Final = {"->": "→", "...": "…"}
"""Words of ours that are plain ones in another letter."""
_TICKS: Final = re.compile("`+")
_PAGE: Final = re.compile(
    r"https://[A-Za-z0-9.-]+(?:/[A-Za-z0-9._~/-]*)?(?:[?#][A-Za-z0-9._~/=&-]*)?"
)
_MOST_NAME: Final = 160
_MOST_PROSE: Final = 400
_MOST_MARK: Final = 100


def code(text: str, most: int = _MOST_NAME) -> str:
    """`text` as a code span."""
    text = clipped(harmless(text), most)
    if not text:
        return "(empty)"
    if "`" not in text:
        edge = " " if " " in (text[0], text[-1]) and text.strip(" ") else ""
        return f"`{edge}{text}{edge}`"
    fence = "`" * (max(map(len, _TICKS.findall(text))) + 1)
    return f"{fence} {text} {fence}"


def prose(text: str, most: int = _MOST_PROSE) -> str:
    """A sentence: its plain words as words, everything else in it as code, and so what it has in backticks itself."""
    text = clipped(harmless(text), most)
    parts = text.split("`")
    if len(parts) % 2 == 0 or "``" in text:
        return _words(text, most)
    written = ""
    for at, part in enumerate(parts):
        if at % 2:
            found = code(part, most)
        else:
            before, said, after = _BETWEEN.fullmatch(part).groups()  # type: ignore[union-attr]
            inner = _words(said, most)
            found = f"{before}{inner}{after}" if inner else before + after
        # Two code spans that touch would be another one.
        written += f" {found}" if written.endswith("`") and found.startswith("`") else found
    return written


def _words(text: str, most: int) -> str:
    listed = bool(_LISTED.match(text))
    if not listed and _WORDS.fullmatch(text) and not _REFERENCE.search(text):
        return text
    parts: list[str] = []
    odd: list[str] = []
    for at, word in enumerate(text.split()):
        if not (listed and not at) and _WORDS.fullmatch(word) and not _REFERENCE.search(word):
            parts += _odd(odd, most)
            odd = []
            parts.append(word)
        elif word in _SIGNS:
            parts += _odd(odd, most)
            odd = []
            parts.append(_SIGNS[word])
        else:
            odd.append(word)
    return " ".join([*parts, *_odd(odd, most)])


def _odd(words: Sequence[str], most: int) -> list[str]:
    """Words that stand as code."""
    if not words:
        return []
    found = _QUOTED.fullmatch(text := " ".join(words))
    if found is None:
        return [code(text, most)]
    quoted, after, bare, end = found.groups()
    return [f"{code(quoted or bare, most)}{after or end or ''}"]


def cell(markdown: str) -> str:
    """Markdown of one line as a cell of a table; readers differ on a backslash before a bar, so it is set apart."""
    return re.sub(r"\\(?=\|)", r"\\ ", markdown).replace("|", r"\|")


def page(url: str) -> str:
    """A link to a page that a rule names; what is no plain address stays text."""
    return f"[source]({url})" if _PAGE.fullmatch(url) else prose(url)


def marker(stack: str) -> str:
    """The first line of a comment, by which it is found again: no other text makes an equal one."""
    name = quote(stack.encode("utf-8", "surrogatepass"), safe="")
    return f"<!-- aks-platform review: {name[:_MOST_MARK]} -->"
