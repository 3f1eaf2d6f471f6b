"""A review as one HTML file: nothing is fetched, and nothing is hidden without a script.

A Content-Security-Policy in the file lets it use its own style sheet and script, by their hashes, and nothing else.
Every text of the review goes through jinja2's escaping; what has no look gets a mark (`shown`); URLs are links only
where they are plain `https`. Equal reviews give equal bytes, in whatever order their rows come.
"""

import sys
from base64 import b64encode
from collections import Counter
from functools import cache as remembered
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from jinja2 import BytecodeCache, Environment, FileSystemLoader, StrictUndefined
from jinja2 import __version__ as jinja2_version
from jinja2.bccache import Bucket
from markupsafe import Markup

from review.renderers.html.capacity import WIDTH, chart
from review.renderers.html.changes import grouped
from review.renderers.html.chapters import MOST_WHOLE, chapters
from review.renderers.html.graph import MOST_LISTED, drawing
from review.renderers.html.graph import SAID as SAID_OF_EDGES
from review.renderers.html.rights import matrix
from review.renderers.html.shown import link, prose, shown
from review.renderers.review_words import DONE, JSON_NAMES_ALL, counted, kind_of, verdict
from review.report import DESTRUCTIVE, Review, in_order
from review.sources.cache import Cache, key

FOLDER: Final = Path(__file__).parent / "templates"

MOST_HEADED: Final = 12
"""Destroyed resources that the head of the page names; its chapters name all."""

_SIGNS: Final = {"gained": "+", "lost": "\N{MINUS SIGN}", "changed": "~"}


def as_html(review: Review, cache: Cache | None = None) -> str:
    """The whole document, to be written in UTF-8; compiled templates are kept in `cache`."""
    review = in_order(review)
    places = dict(review.places)
    environment, style, script = _environment(cache)
    operations: Counter[str] = Counter(it.operation for it in review.changes)
    destroyed = [it for it in review.changes if it.operation in DESTRUCTIVE]
    groups = grouped(review.changes, places)
    edges: Counter[str] = Counter(it.sign for it in review.edges)
    bars = chart(review.bars)
    rows: dict[str, Any] = {
        "review": review,
        "style": style,
        "script": script,
        "policy": (
            f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'; "
            "base-uri 'none'; form-action 'none'"
        ),
        "verdict": _headline(review),
        "tables": _tiles(review, operations, edges),
        "destroyed": destroyed[:MOST_HEADED],
        "destroyed_left_out": max(0, len(destroyed) - MOST_HEADED),
        "ids": {row.change.urn: row.id for group in groups for row in group.rows},
        "chapters": chapters(review, places, [group for group, _ in bars.groups] if bars else ()),
        "groups": groups,
        "drawing": drawing(review.edges),
        "edges": [
            (title, rows[:MOST_LISTED], max(0, len(rows) - MOST_LISTED))
            for title, rows in (
                ("changed", [it for it in review.edges if it.sign != "same"]),
                ("unchanged", [it for it in review.edges if it.sign == "same"]),
            )
            if rows
        ],
        "chart": bars,
        "bar_width": WIDTH,
        "matrix": matrix(review.rights),
    }
    return environment.get_template("page.html").render(rows)


def _headline(review: Review) -> tuple[str, str]:
    """Class and words."""
    words = verdict(review).capitalize()
    if review.mandatory:
        return "fails", f"{words}: {counted(review.mandatory, 'mandatory finding')}"
    return "passes", words


def _tiles(
    review: Review, operations: Counter[str], edges: Counter[str]
) -> list[tuple[str, list[tuple[int, str, str]]]]:
    """Rows of count, what is counted, and its class; of none only what a reader looks for."""
    undecided = sum(it.verdict == "unknown" for it in review.findings)
    rights = Counter(it.sign for it in review.facts if it.area == "permissions")
    advisory = len(review.findings) - review.mandatory
    exempted = len(review.exempted)
    findings = [
        (review.mandatory, "mandatory", "bad"),
        (advisory, "advisory", "warn"),
        *_some((undecided, "undecided", "unknown")),
        *_some((exempted, "exempted", "")),
        *_some((review.old_findings, "in the base already, left out", "")),
    ]
    resources = [
        (operations["replace"], "replaced", "bad"),
        (operations["delete"], "deleted", "bad"),
        *_some((operations["maybeReplace"], "perhaps replaced", "unknown")),
        *_some((operations["move"], "moved", "bad")),
        (operations["update"], "updated", ""),
        (operations["create"], "created", ""),
        *_some((review.unchanged + operations["same"], "unchanged", "")),
    ]
    meaning = [
        tile
        for amount, noun, what in (
            (edges["gained"], "connection", "opened"),
            (edges["lost"], "connection", "closed"),
            (rights["gained"], "permission", "gained"),
            (rights["lost"], "permission", "lost"),
        )
        for tile in _some((amount, f"{noun if amount == 1 else noun + 's'} {what}", ""))
    ]
    tables = [("Findings", findings), ("Resources", resources), ("Access", meaning)]
    return [
        (title, [(amount, noun, tone if amount else "") for amount, noun, tone in tiles])
        for title, tiles in tables
    ]


def _some(tile: tuple[int, str, str]) -> list[tuple[int, str, str]]:
    return [tile] if tile[0] else []


class _Compiled(BytecodeCache):
    """Templates as compiled code: making it anew takes a tenth of a second of every page.

    It is code that is run, so it is kept where only this user can write, as plans are. Another template, another
    jinja2 or Python, or other settings of the environment below have another key.
    """

    def __init__(self, cache: Cache) -> None:
        self._cache = cache

    def load_bytecode(self, bucket: Bucket) -> None:
        if found := self._cache.get(_name(bucket)):
            bucket.bytecode_from_string(found)

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._cache.put(_name(bucket), bucket.bytecode_to_string())


def _name(bucket: Bucket) -> str:
    return key("template", bucket.key, bucket.checksum, jinja2_version, sys.version, _own(__file__))


@remembered
def _environment(cache: Cache | None) -> tuple[Environment, Markup, Markup]:
    """The templates, the style sheet and the script."""
    environment = Environment(
        loader=FileSystemLoader(FOLDER),
        bytecode_cache=_Compiled(cache) if cache else None,
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=shown,
        keep_trailing_newline=True,
    )
    environment.filters |= {"link": link, "kind": kind_of, "prose": prose}
    environment.globals |= {
        "counted": counted,
        "all_named": JSON_NAMES_ALL,
        "most_whole": MOST_WHOLE,
        "operations": DONE,
        "edge_words": SAID_OF_EDGES,
        "signs": _SIGNS,
    }
    return environment, _own("style.css"), _own("script.js")


@remembered
def _own(name: str) -> Markup:
    return Markup((FOLDER / name).read_text(encoding="utf-8"))


def _hash(text: str) -> str:
    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode()}"
