"""What a line of a review says where there is much of one sort, and where it stands."""

import json
import re
from dataclasses import replace

import pytest

from review.renderers.review_json import as_json
from review.renderers.review_markdown import as_markdown
from review.renderers.review_rows import LINES
from review.renderers.review_text import MOST_LINES, as_text
from review.renderers.review_words import MANY, NAMED
from review.report import AreaFinding, Bar, Change, Place, PropertyChange
from tests.review.renderers.parts_of_reviews import _guarded
from tests.review.renderers.reviews import empty

KINDS = "ABCDEFGHIJ"


def text(review):
    return " ".join("\n".join(as_text(review, width=200)).split())


def gone(*kinds):
    return replace(empty(), changes=tuple(
        Change(operation="delete", resource=f"{kind} {at:02}", type=kind, urn=f"urn:{at}")
        for at, kind in enumerate(kinds)
    ))  # fmt: skip


def test_of_many_that_go_the_first_are_named_and_the_rest_is_counted_by_kind():
    few, many = gone(*"A" * 20), gone(*[kind for kind in KINDS for _ in range(3)])

    assert "A 04, A 05 and 14 more (14 A)" in text(few)
    assert re.search(r"and 24 more \((3 [A-Z], ){6}\.\.\.\)", text(many))


def test_one_more_than_are_named_is_named_too():
    assert "more" not in text(gone(*"A" * (NAMED + 1)))
    assert "and 2 more" in text(gone(*"A" * (NAMED + 2)))


@pytest.mark.parametrize(
    ("operation", "word"),
    [
        ("create", "created"),
        ("delete", "deleted"),
        ("maybeReplace", "replaced?"),
        ("move", "moved"),
        ("replace", "replaced"),
        ("same", "left alone"),
        ("update", "updated"),
    ],
)
def test_each_operation_has_its_word(operation, word):
    it = Change(operation=operation, resource="Pod a", type="Pod", urn="urn:a")

    assert f"{word} Pod a" in text(replace(empty(), changes=(it,)))


def found(at, **more):
    return AreaFinding(**{
        "area": "data", "rule": "r", "severity": "mandatory", "resource": f"Pod p{at}",
        "message": "is gone", "urn": f"urn:{at}", "why": "it matters", **more,
    })  # fmt: skip


def of(*findings, places=()):
    return replace(empty(), findings=findings, places=tuple(sorted(places)))


def place(at, key=""):
    return f"urn:{at}{key}", Place(file=f"{at}.yaml", line=at + 1)


def test_a_finding_stands_at_its_property_and_line_as_far_as_either_is_known():
    both, path, line = (
        of(found(1, path="spec.a"), places=[place(1)]),
        of(found(1, path="spec.a")),
        of(found(1), places=[place(1)]),
    )

    assert "at spec.a (1.yaml:2)" in text(both)
    assert "at spec.a" in text(path)
    assert "at 1.yaml:2" in text(line)
    assert "is gone why it matters" in text(of(found(1)))
    assert "`spec.a` in `1.yaml:2`" in as_markdown(both)
    assert "`1.yaml:2`" in as_markdown(line)


def test_findings_that_go_together_have_each_its_line():
    review = of(*(found(at) for at in range(3)), places=[place(at) for at in (0, 2)])

    assert "Pod p0 (0.yaml:1) Pod p1 Pod p2 (2.yaml:3)" in text(review)
    shown = as_markdown(review)
    assert "\n  - `Pod p0` (`0.yaml:1`)\n  - `Pod p1`\n  - `Pod p2` (`2.yaml:3`)\n" in shown


def test_what_is_said_of_each_alone_follows_its_name():
    review = of(*(found(at, message=f"needs {at} nodes more") for at in (1, 5)), places=[place(1)])

    assert re.search(r"Pod p1: \S* ?1\b.* Pod p5: ", text(review))
    shown = as_markdown(review)
    assert "`Pod p1`: 1 (`1.yaml:2`)" in shown
    assert "`Pod p5`: 5" in shown


@pytest.mark.parametrize(("shown", "most"), [(as_markdown, LINES), (text, MOST_LINES)])
def test_properties_of_one_resource_beyond_a_few_are_counted(shown, most):
    def many(count):
        return of(*(found(1, path=f"spec.a{at:02}") for at in range(count)))

    assert "more" not in shown(many(most))
    assert "and 1 more" in shown(many(most + 1))
    assert f"spec.a{most - 1:02}" in shown(many(most + 1))
    assert f"spec.a{most:02}" not in shown(many(most + 1))


def test_every_page_that_findings_rest_on_is_told_once_and_the_rule_with_the_last():
    """Of the guard's several fields of one resource come to the same, each by a page of its own."""
    pages = [f"https://a.example/{at}" for at in (1, 2, 1)]
    first = next(_guarded())
    shown = text(of(*(replace(first, source=it, path=f"a{at}") for at, it in enumerate(pages))))

    assert [shown.count(page) for page in pages[:2]] == [1, 1]
    assert f"see https://a.example/1 see https://a.example/2 [{first.rule}]" in shown
    assert "rule [r]" in text(of(found(1)))


def test_what_many_updates_have_in_common_is_told_once_and_who_has_no_more_by_name():
    line = PropertyChange(path="metadata.labels.env", alters="changed", old='"a"', new='"b"')
    own = PropertyChange(path="spec.replicas", alters="changed", old="1", new="2")
    changes = tuple(
        Change(operation="update", resource=f"Pod p{at}", type="Pod", urn=f"urn:{at}",
               properties=(line, own) if at == 0 else (line,))
        for at in range(MANY)
    )  # fmt: skip
    review = replace(empty(), changes=changes)

    shown = text(review)
    assert shown.count("metadata.labels.env") == 1
    assert "updated in no other way than that: Pod p1, Pod p2, Pod p3, " in shown
    shown = as_markdown(review)
    assert shown.count("metadata.labels.env") == 1
    assert "\n- in no other way than that: `Pod p1`, `Pod p2`, `Pod p3`, " in shown
    assert "`Pod p0`\n  - `spec.replicas`: `1` → `2`" in shown


def test_what_goes_and_what_is_full_is_painted_as_bad():
    def painted(review):
        return "\n".join(as_text(review, lambda said, style: f"<{style}>{said}</>", 200))

    for operation, style in (("delete", "bad"), ("replace", "bad"), ("maybeReplace", "warning")):
        it = Change(operation=operation, resource="Pod a", type="Pod", urn="urn:a")
        headline = painted(replace(empty(), changes=(it,))).split("Changes")[0]
        assert f"<{style}>" in headline, operation
    for after, style in ((101, "bad"), (100, "warning"), (86, "warning"), (85, "")):
        bar = Bar(group="pool a", name="cpu", unit="cores", before=1.0, after=float(after),
                  limit_before=100.0, limit_after=100.0)  # fmt: skip
        [line] = [it for it in painted(replace(empty(), bars=(bar,))).split("\n") if "cpu" in it]
        assert [it for it in ("bad", "warning") if f"<{it}>" in line] == ([style] if style else [])


@pytest.mark.parametrize("operation", ["delete", "replace", "update"])
def test_a_line_about_a_secret_shows_neither_side_whatever_it_holds(operation):
    line = PropertyChange(
        path="data.p", alters="secret", old="canary-old", new="canary-new", replaces=True
    )
    it = Change(
        operation=operation, resource="Secret a", type="Secret", urn="u", properties=(line,)
    )
    review = replace(empty(), changes=(it,))

    for shown in (text(review), as_markdown(review), as_json(review)):
        assert "canary" not in shown
        assert "data.p" in shown or operation == "delete"
    [row] = json.loads(as_json(review))["changes"]
    assert [(one["old"], one["new"]) for one in row["properties"]] == [("[secret]", "[secret]")]
    alone = replace(review, changes=(replace(it, properties=(replace(line, old=""),)),))
    [row] = json.loads(as_json(alone))["changes"]
    assert [(one["old"], one["new"]) for one in row["properties"]] == [("", "[secret]")]
