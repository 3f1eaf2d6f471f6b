"""What a promotion, drift and a comparison look like; whatever their texts hold does nothing to a terminal."""

import json

import pytest

from review.promotion.comparison import Comparison
from review.promotion.differences import Difference, Side
from review.promotion.drift import Drift, Reason, drift
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


def test_what_to_do_is_told_once_for_reasons_that_follow_each_other():
    reasons = [
        Reason(kind="behind", what=f"image {it}", message="m", remedy="do" if it < "c" else "else")
        for it in "abc"
    ]
    said = promotion.drift_as_text(Drift(source="dev", target="prod", reasons=tuple(reasons)))
    assert list(said)[1:] == [
        "  image a: m [behind]",
        "  image b: m [behind]",
        "    do",
        "  image c: m [behind]",
        "    else",
    ]


@pytest.mark.parametrize(
    ("one", "other", "says"),
    [
        (None, {"a": "b" * 80}, f'nothing | {{"a": "{"b" * 50}...'),
        ("/x" * 60 + "/dev", "/x" * 60 + "/prod", None),
        ({"a": "b" * 80}, {"c": "b" * 80}, f'{{"a": "{"b" * 50}... | {{"c": "{"b" * 50}...'),
    ],
)
def test_two_long_values_are_cut_so_that_they_look_apart(one, other, says):
    sides = [Side(value=it, source="f:1") for it in (one, other)]
    row = Difference(key="k", path=("k",), one=sides[0], other=sides[1], intended="k", why="meant")
    both = Comparison(one="dev", other="prod", settings=(row,), rendered=())
    [line] = [it for it in comparison.as_text(both) if it.startswith("  k: ")]
    left, right = line.removeprefix("  k: ").split(" | ")
    assert left != right
    assert '"' not in line or says
    if says:
        assert line == f"  k: {says}"


def test_a_side_without_the_key_ends_where_its_words_end():
    lines = list(comparison.as_text(compared()))
    assert "  prod  not there" in lines


def test_data_keeps_what_a_terminal_would_act_upon_and_acts_upon_nothing():
    said = promotion.as_json(proposal("\x9b31m\u202ev\u00e4lue"), review=None, record="")
    assert said.isascii()
    assert json.loads(said)["notes"] == ["\x9b31m\u202ev\u00e4lue"]
    assert comparison.as_json(compared("\x9b31m")).isascii()
    assert promotion.drift_as_json(drift(proposal("\x9b31m"), compared())).isascii()


def test_nothing_to_say_is_one_line():
    empty = Proposal(source="dev", target="prod", at="", moves=(), refusals=(), notes=())
    clean = Comparison(one="dev", other="prod", settings=(), rendered=())
    assert list(promotion.as_text(empty)) == ["dev -> prod: nothing to promote"]
    assert list(promotion.drift_as_text(drift(empty, clean))) == ["dev and prod: no drift"]
    assert next(comparison.as_text(clean)) == "dev and prod: no drift, 0 on purpose"
