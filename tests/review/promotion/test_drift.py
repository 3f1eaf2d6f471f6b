"""Whether two stacks drifted apart: every reason, in words, and what is none."""

import pytest

from review.promotion.comparison import Comparison
from review.promotion.differences import Difference, Side
from review.promotion.drift import drift
from review.promotion.promoting import Move, Proposal
from review.promotion.refusals import Refusal
from review.promotion.rendered import Rendered


def difference(key, intended="", why="", one="Pulumi.dev.yaml:1", other="Pulumi.prod.yaml:2"):
    sides = (Side(value=1, source=one), Side(value=2, source=other))
    return Difference(
        key=key, path=(key,), one=sides[0], other=sides[1], intended=intended, why=why
    )


def row(by_settings, path="spec.replicas"):
    return Rendered(
        component="course-web",
        workload=True,
        resource="Deployment course/web",
        path=path,
        one="1",
        other="2",
        by_settings=by_settings,
    )


def compared(*settings, rendered=(), notes=()):
    return Comparison(
        one="dev", other="prod", settings=settings, rendered=tuple(rendered), notes=tuple(notes)
    )


def move(path, order="unknown", old="1.0", new="1.1"):
    key = ".".join(path)
    return Move(
        key=key,
        path=path,
        old=old,
        new=new,
        source="Pulumi.dev.yaml:3",
        place="Pulumi.prod.yaml:4",
        order=order,
    )


def reasons(*moves, refusals=(), comparison=None):
    proposal = Proposal(
        source="dev",
        target="prod",
        at="2026-11-21T16:00:00Z",
        moves=moves,
        refusals=tuple(refusals),
        notes=(),
    )
    found = drift(proposal, comparison or compared())
    assert (found.source, found.target) == ("dev", "prod")
    return found.reasons


def test_two_stacks_without_differences_are_clean_and_have_no_reason():
    assert compared().clean
    assert reasons() == ()


@pytest.mark.parametrize(
    ("given", "clean"),
    [
        (compared(difference("a", intended="a", why="meant")), True),
        (compared(difference("a")), False),
        (compared(rendered=[row(by_settings=True)]), True),
        (compared(rendered=[row(by_settings=None)]), True),
        (compared(rendered=[row(by_settings=False)]), False),
        (compared(notes=["prod does not fit"]), False),
    ],
)
def test_what_is_meant_or_comes_of_a_setting_leaves_them_clean(given, clean):
    assert given.clean is clean
    assert (reasons(comparison=given) == ()) is clean


def test_what_is_meant_is_grouped_by_its_reason_in_the_order_of_the_settings():
    given = [difference(it, intended=it, why=why) for it, why in ("ax", "by", "cx")]
    it = compared(difference("d"), *given)

    assert [(why, [one.key for one in some]) for why, some in it.meant()] == [
        ("x", ["a", "c"]),
        ("y", ["b"]),
    ]
    assert [one.key for one in it.drift] == ["d"]


@pytest.mark.parametrize(
    ("order", "kind", "words"),
    [
        ("newer", "behind", "is behind"),
        ("older", "ahead", "is ahead"),
        ("unknown", "other", "has another value"),
        ("same", "other", "has another value"),
    ],
)
def test_a_tag_says_which_of_two_stacks_is_behind(order, kind, words):
    [it] = reasons(move(("images", "web", "tag"), order))

    assert (it.kind, it.what, it.place) == (kind, "image web", "Pulumi.prod.yaml:4")
    assert it.message == f"prod {words}: 1.0 there, 1.1 in dev"
    assert it.remedy == "./aks promote dev prod --write"


def test_a_digest_is_told_of_where_its_tag_is_not():
    tag, digest = (
        move(("images", "web", "tag"), "newer"),
        move(("images", "web", "digest"), "newer"),
    )

    assert [it.kind for it in reasons(tag, digest)] == ["behind"]
    assert [(it.kind, it.what) for it in reasons(digest)] == [("other", "image web")]
    other = move(("images", "api", "digest"))
    assert [it.what for it in reasons(tag, other)] == ["image web", "image api"]


def test_a_key_beside_images_has_another_value_whatever_it_is_called():
    named = ("workloads", "web", "tag")

    [it] = reasons(move(named, "newer"))
    assert (it.kind, it.what) == ("other", "key workloads.web.tag")
    assert len(reasons(move(named), move(("workloads", "web", "digest")))) == 2
    tag = move(("images", "web", "tag"))
    assert len(reasons(tag, move(("workloads", "web", "digest")))) == 2


def test_what_cannot_be_promoted_is_a_reason_and_a_frozen_window_is_none():
    refusals = [
        Refusal(rule=it, what="image web", message="is so", remedy="do it", place="f:1")
        for it in ("digest-missing", "frozen")
    ]

    [it] = reasons(refusals=refusals)
    assert (it.kind, it.what, it.remedy, it.place) == ("refused", "image web", "do it", "f:1")
    assert it.message == "cannot be promoted: is so (digest-missing)"


def test_a_difference_that_nobody_declared_says_where_each_value_is_from():
    given = compared(difference("a", why="make them equal"), difference("b", one="", other=""))

    first, second = reasons(comparison=given)
    assert (first.kind, first.what, first.remedy) == ("undeclared", "key a", "make them equal")
    assert first.message == (
        "differs and is declared nowhere: Pulumi.dev.yaml:1 in dev, Pulumi.prod.yaml:2 in prod"
    )
    assert second.message.endswith(": not there in dev, not there in prod")


def test_what_no_setting_explains_says_the_place_or_the_whole():
    given = compared(
        rendered=[row(by_settings=False), row(by_settings=False, path="")], notes=["why not"]
    )

    found = reasons(comparison=given)
    assert [(it.kind, it.what, it.message) for it in found] == [
        ("unexplained", "Deployment course/web", "differs by no setting: spec.replicas"),
        ("unexplained", "Deployment course/web", "differs by no setting: the whole resource"),
        ("not-compared", "dev and prod", "why not"),
    ]
