"""What a comment is once a parser has read it: held to what our own words may make."""

import re

from markdown_it import MarkdownIt

MARKER = re.compile(r"<!-- aks-platform review: [A-Za-z0-9._~%-]* -->")
FOLD = re.compile(r"<details>\n<summary>[A-Za-z0-9, ]+</summary>")
WORDS = re.compile(r"[A-Za-z0-9 ,.;:()'\"/%→…-]*")
"""All that may stand outside of code: nothing in it is acted upon, as the next two hold."""

REFERENCE = re.compile(r"\b(GH-[0-9]+|[0-9a-f]{7,40})\b|://|www\.|:[a-z0-9_]+:", re.IGNORECASE)
UNSEEN = re.compile(
    r"[^\S \n]|[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]"
)
CONTAINERS = {
    f"{name}_{end}"
    for name in (
        "heading", "paragraph", "bullet_list", "list_item",
        "table", "thead", "tbody", "tr", "th", "td", "strong", "link",
    )
    for end in ("open", "close")
}  # fmt: skip


def parser():
    """CommonMark with GitHub's tables."""
    return MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])


def faults(text, pages=()):
    """What is not whole, or is not text though others wrote it; `pages` are the addresses that may be links."""
    found = [f"unseen character {it!r}" for it in UNSEEN.findall(text)]
    opened = 0
    for token in parser().parse(text):
        if token.type == "html_block":
            html = token.content.strip()
            opened += (html.startswith("<details>")) - (html == "</details>")
            if not (MARKER.fullmatch(html) or FOLD.fullmatch(html) or html == "</details>"):
                found.append(f"HTML {html!r}")
            if opened not in (0, 1):
                found.append("a fold in a fold, or closed twice")
        elif token.type == "inline":
            found += _inline(token, pages)
        elif token.type not in CONTAINERS:
            found.append(f"{token.type} {token.content!r}")
    if opened:
        found.append("a fold is not closed")
    return [*found, *_tables(text)]


def _inline(token, pages):
    for it in token.children:
        if it.type == "text" and not (
            WORDS.fullmatch(it.content) and not REFERENCE.search(it.content)
        ):
            yield f"text {it.content!r}"
        elif it.type == "link_open" and it.attrs["href"] not in pages:
            yield f"link {it.attrs['href']!r}"
        elif it.type not in {"text", "code_inline", "hardbreak", "softbreak", *CONTAINERS}:
            yield f"{it.type} {it.content!r}"


def _tables(text):
    """Rows with another number of cells than the heading's."""
    width = 0
    for line in text.split("\n"):
        bars = len(re.findall(r"(?<!\\)\|", line)) if line.startswith("|") else 0
        if bars and width and bars != width:
            yield f"a row of {bars} bars under one of {width}: {line!r}"
        width = bars


def codes(text):
    """Contents of all code, in order."""
    tokens = parser().parse(text)
    return [
        it.content
        for token in tokens
        if token.type == "inline"
        for it in token.children
        if it.type == "code_inline"
    ]
