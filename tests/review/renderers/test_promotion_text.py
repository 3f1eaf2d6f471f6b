"""What a promotion, drift and a comparison look like; whatever their texts hold does nothing to a terminal."""

import json

import pytest

from review.promotion.comparison import Comparison
from review.promotion.differences import Difference, Side
from review.promotion.drift import drift
from review.promotion.promoting import Move, Proposal
from review.promotion.refusals import Refusal
from review.promotion.rendered import Rendered
from review.renderers import comparison, promotion

HOSTILE = "a\x1b[31m\nb\u202ec\x07|`<script>`"


def proposal(text="x", refusals=1):
    moves = (
        Move(key=f"images.{text}.tag", path=("images", text, "tag"), old="2", new="1", source=text, place=text,
             order="older", workloads=(text,)),
        Move(key=f"images.{text}.digest", path=("images", text, "digest"), old=None, new=f"sha256:{'a' * 64}",
             source=text, place=text),
        Move(key=text, path=(text,), old=[text], new={text: text}, source=text, place=text),
    )  # fmt: skip
    refusal = Refusal(rule="downgrade", what=text, message=text, remedy=text, place=text)
    return Proposal(
        source="dev",
        target="prod",
        at="2026-11-21T16:00:00Z",
        moves=moves,
        refusals=(refusal,) * refusals,
        notes=(text,),
    )


def compared(text="x"):
    side = Side(value={text: text}, source=text)
    settings = (
        Difference(key=text, path=(text,), one=side, other=Side(value=None, source=""), why=text),
        Difference(key=text, path=(text,), one=side, other=side, intended=f"{text}.*", why=text),
    )
    rows = tuple(
        Rendered(
            component=text,
            workload=it,
            resource=text,
            path=text,
            one=text,
            other=text,
            by_settings=it,
        )
        for it in (True, False)
    )
    return Comparison(one="dev", other="prod", settings=settings, rendered=rows, notes=(text,))


TEXTS = {
    "promotion": lambda it: promotion.as_text(proposal(it)),
    "drift": lambda it: promotion.drift_as_text(drift(proposal(it), compared(it))),
    "comparison": lambda it: comparison.as_text(compared(it), every=True),
}
JSONS = {
    "promotion": lambda it: promotion.as_json(proposal(it), review=None, record=""),
    "drift": lambda it: promotion.drift_as_json(drift(proposal(it), compared(it))),
    "comparison": lambda it: comparison.as_json(compared(it)),
}


@pytest.mark.parametrize("name", TEXTS)
def test_no_text_does_anything_to_a_terminal(name):
    lines = list(TEXTS[name](HOSTILE))
    assert [it for it in lines if not it.isprintable()] == []
    assert len(lines) == len(list(TEXTS[name]("x")))


@pytest.mark.parametrize("name", JSONS)
def test_json_keeps_every_text_as_it_is(name):
    text = JSONS[name](HOSTILE)
    assert HOSTILE in "".join(_texts(json.loads(text)))
    assert json.loads(text)["version"] == 1


def _texts(it):
    if isinstance(it, dict):
        for key, value in it.items():
            yield from (key, *_texts(value))
    elif isinstance(it, list):
        for value in it:
            yield from _texts(value)
    elif isinstance(it, str):
        yield it


def test_tag_and_digest_of_an_image_stand_together_and_an_older_version_is_marked():
    lines = list(promotion.as_text(proposal(refusals=0)))
    assert lines[:5] == [
        "dev -> prod: 3 keys",
        "  x  x",
        "    tag     2 -> 1  older",
        "    digest  nothing -> sha256:aaaaaaaaaaaa",
        "    x -> x",
    ]


def test_a_reason_is_told_once_an_image_with_its_kind():
    kinds = [it.kind for it in drift(proposal(), compared()).reasons]
    assert kinds == ["ahead", "other", "refused", "undeclared", "unexplained", "not-compared"]


def test_nothing_to_say_is_one_line():
    empty = Proposal(source="dev", target="prod", at="", moves=(), refusals=(), notes=())
    clean = Comparison(one="dev", other="prod", settings=(), rendered=())
    assert list(promotion.as_text(empty)) == ["dev -> prod: nothing to promote"]
    assert list(promotion.drift_as_text(drift(empty, clean))) == ["dev and prod: no drift"]
    assert next(comparison.as_text(clean)) == "dev and prod: no drift, 0 on purpose"
