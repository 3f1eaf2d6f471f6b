"""A review as a comment: it fits, it is whole, it drops the least first, and no name does anything."""

import re
from dataclasses import replace

import pytest
from hypothesis import Phase, example, given, settings
from hypothesis import strategies as st

from review.renderers.markdown_text import cell, code, marker, page, prose
from review.renderers.review_markdown import LEAST, LIMIT, as_markdown
from review.renderers.review_words import harmless
from review.report import Change, Place, PropertyChange
from tests.review.renderers import commonmark
from tests.review.renderers.golden import assert_golden
from tests.review.renderers.reviews import HOSTILE, empty, many, rich, shuffled
from tests.review.renderers.strategies import reviews, texts


def pages_of(review):
    found = (*review.findings, *(it.finding for it in review.exempted))
    return {it.source for it in found}


@settings(max_examples=50, deadline=None, phases=(Phase.explicit, Phase.generate))
@given(reviews, st.one_of(st.just(LIMIT), st.integers(LEAST, 12_000)))
@example(rich(), LIMIT)
@example(rich(), LEAST)
@example(many(60), LEAST)
def test_any_review_fits_and_is_whole_and_no_text_is_acted_upon(review, limit):
    text = as_markdown(review, limit)

    assert len(text) <= limit
    assert commonmark.faults(text, pages_of(review)) == []
    text.encode()


@settings(max_examples=300, deadline=None)
@given(texts)
def test_a_code_span_shows_any_text_as_it_is(text):
    [shown] = commonmark.codes(f"- {code(text, 10_000)}") or ["(empty)"]

    assert shown == (harmless(text) or "(empty)")


@settings(max_examples=300, deadline=None)
@given(texts)
def test_a_cell_shows_any_text_but_for_a_blank_between_a_backslash_and_a_bar(text):
    table = f"| a | b |\n|---|---|\n| {cell(code(text, 10_000))} | b |\n"
    tokens = commonmark.parser().parse(table)
    cells = [it.children for it in tokens if it.type == "inline"][2:]

    assert len(cells) == 2
    shown = "".join(it.content for it in cells[0])
    assert shown == (re.sub(r"\\(?=\|)", r"\\ ", harmless(text)) or "(empty)")


@settings(max_examples=300, deadline=None)
@given(texts)
@example("1. first")
@example("12)")
@example("`a``b`")
@example("(`az aks update`), then `@x`y `z`")
def test_a_sentence_keeps_its_words(text):
    tokens = commonmark.parser().parse(f"- {prose(text, 10_000)}")
    shown = "".join(it.content for token in tokens for it in token.children or ())

    assert bare(shown) == bare(harmless(text)) or "(empty)" in shown
    assert commonmark.faults(f"- {prose(text, 10_000)}") == []


def bare(text):
    """Without what says that something is code, and with arrows and dots in one form."""
    return re.sub("[ `']", "", text.replace("->", "→").replace("...", "…"))


def test_what_a_sentence_has_in_backticks_stays_code():
    assert prose("run it (`az aks update --x`), then `pulumi refresh`: see a.md") == (
        "run it (`az aks update --x`), then `pulumi refresh`: see `a.md`"
    )


def test_plain_words_stay_words_and_the_rest_of_a_sentence_is_code():
    assert prose("course/web may call course/redis on TCP 6379") == (
        "course/web may call course/redis on TCP 6379"
    )
    assert prose("asks @team about #12, <b> and 3f2c1ab") == (
        "asks `@team` about `#12, <b>` and `3f2c1ab`"
    )


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_name_is_in_the_comment_as_text(text):
    shown = harmless(f"ConfigMap course/{text}")

    assert shown in commonmark.codes(as_markdown(rich()))


def test_the_first_line_marks_the_comment_of_a_stack():
    assert as_markdown(rich()).startswith("<!-- aks-platform review: prod -->\n")
    assert marker("a --> b") == "<!-- aks-platform review: a%20--%3E%20b -->"
    assert marker("my--stack") == "<!-- aks-platform review: my--stack -->"


def test_a_page_is_a_link_only_where_its_address_is_plain():
    assert page("https://learn.microsoft.com/azure/aks/#x") == (
        "[source](https://learn.microsoft.com/azure/aks/#x)"
    )
    for it in ("https://x.example/a)b", "javascript:alert(1)", "http://x.example", "https://x y"):
        assert "](" not in page(it)


def test_the_head_says_the_verdict_and_what_is_destroyed():
    head = as_markdown(rich())[:700]

    assert "## `prod` against `main (3f2c1ab)`: does not pass\n" in head
    assert "**Findings:** 10 mandatory, 47 advisory (2 of all undecided" in head
    assert "- **replaced** `AgentPool wg1` (`Pulumi.prod.yaml:38`)\n" in head
    assert "- **deleted** `StatefulSet course/redis`\n" in head


def test_nothing_changed_is_three_lines():
    assert as_markdown(empty()).split("\n\n") == [
        "<!-- aks-platform review: dev -->\n## `dev` against `main (3f2c1ab)`: changes nothing",
        "**Resources:** 159 unchanged\n",
    ]


def test_what_fits_is_not_said_to_be_left_out():
    assert "Left out" not in as_markdown(rich())
    assert "more\n" not in as_markdown(replace(rich(), findings=(), facts=()))


def gone(name, **more):
    """A Deployment that is deleted."""
    return Change(
        operation="delete",
        resource=f"Deployment {name}",
        type="Deployment",
        urn=f"urn:{name}",
        **more,
    )


def test_what_goes_with_its_component_is_one_row_and_so_is_what_is_replaced_for_the_same():
    line = PropertyChange(path="spec.template", alters="changed", old="a", new="b", replaces=True)
    jobs = [
        replace(
            gone(f"job-{it}", component=f"course-job-{it}"), operation="replace", properties=(line,)
        )
        for it in range(3)
    ]
    parts = [gone(f"web-{it}", component="course-web") for it in range(2)]
    was = Place(file="workloads/web.yaml", line=2, gone=True)
    review = replace(empty(), changes=(*jobs, *parts), places=tuple((it.urn, was) for it in parts))

    assert as_markdown(review).split("### What is destroyed")[1].split("\n###")[0].strip() == (
        "- **replaced** `Deployment job-0`, `Deployment job-1`, `Deployment job-2`\n"
        "  - `spec.template`: `a` → `b`, **replaces**\n"
        "- **deleted** `course-web`: `Deployment web-0`, `Deployment web-1` "
        "(`workloads/web.yaml:2 of the base`)"
    )


def test_what_a_finding_says_of_a_replacement_is_not_said_above_it():
    head = as_markdown(rich()).split("### What is destroyed")[1].split("\n###")[0]

    assert "`AgentPool wg1` (`Pulumi.prod.yaml:38`)\n- **" in head
    assert "vmSize" not in head


def test_each_of_many_findings_has_its_line():
    found = next(it for it in rich().findings if it.rule == "image-has-digest")
    findings = tuple(
        replace(
            found, urn=f"urn:{at}", resource=f"Pod {at}", message=f"has {at} images without one"
        )
        for at in range(9)
    )
    places = tuple((f"urn:{at}", Place(file="a.yaml", line=at + 1)) for at in range(9))
    text = as_markdown(replace(empty(), findings=findings, places=places))

    assert "9 times: has … images without one" in text
    assert "\n  - `Pod 5`: 5 (`a.yaml:6`)\n" in text
    assert "\n  - and `Pod 6`, `Pod 7`, `Pod 8`\n" in text


def test_punctuation_arrows_and_quotes_are_the_sentences_own():
    assert prose("a.b -> c.d; then e.f, g") == "`a.b` → `c.d`; then `e.f`, g"
    assert prose("set 'a.b' or x") == "set `a.b` or x"


def left_out(text):
    """Rows that are counted at the end, by sort."""
    [line] = [it for it in text.split("\n") if it.startswith("**Left out")] or [":**"]
    plain = re.sub(r"\([^)]*\)", "", line.partition(":**")[2])
    return {
        sort.removesuffix("s"): int(count.replace(",", ""))
        for count, sort in re.findall(r"([0-9,]+) ([a-z ]+[a-z])", plain)
    }


@pytest.mark.parametrize("limit", [2_000, 5_000, 9_000, 20_000, 64_000])
def test_every_destroyed_resource_and_every_mandatory_finding_is_named_or_counted(limit):
    review = many(200)
    text = as_markdown(review, limit)
    cut = left_out(text)

    going = re.findall(r"^- \*\*(?:deleted|replaced)\*\* .*", text, re.MULTILINE)
    named = sum(it.count("`Kind") for it in going)
    assert named + cut.get("destroyed resource", 0) == 400
    rows = re.findall(r"^- \*\*mandatory\*\* (?:([0-9]+) times)?", text, re.MULTILINE)
    assert sum(int(it or 1) for it in rows) + cut.get("mandatory finding", 0) == 200
    assert named > 1
    assert rows


def test_what_is_left_out_is_counted_by_sort_and_what_must_not_go_unsaid_by_kind():
    text = as_markdown(many(200), 3_000)

    assert left_out(text)["updated resource"] == 800
    assert left_out(text)["created resource"] == 400
    assert re.search(r"destroyed resources \([0-9]+ `deleted Deployment`, [0-9]+ `replaced ", text)
    assert "`--format json names all`." in text


def test_the_less_room_there_is_the_less_dangerous_goes_first():
    review = replace(rich(), exempted=())
    sorts = [set(left_out(as_markdown(review, limit))) for limit in range(16_000, 2_000, -250)]
    first_cut = {sort: sorts.index(found) for found in reversed(sorts) for sort in found}

    assert first_cut["created resource"] <= first_cut["updated resource"]
    assert first_cut["updated resource"] < first_cut["advisory finding"]
    assert first_cut["advisory finding"] < first_cut["mandatory finding"]
    assert "destroyed resource" not in first_cut


def test_denials_are_kept_before_other_advice():
    text = as_markdown(rich(), 5_000)

    assert "needs 6 nodes" not in text
    assert "at the peak of a rollout" in text


def test_one_more_character_of_room_never_says_less_of_what_goes():
    review = many(30)
    counts = [
        as_markdown(review, limit).count("- **deleted**") for limit in range(2_000, 12_000, 500)
    ]

    assert counts == sorted(counts)


def test_less_room_than_is_needed_is_refused():
    with pytest.raises(ValueError, match="needs 2,000 characters, and 1,999 are allowed"):
        as_markdown(rich(), LEAST - 1)


def test_names_as_long_as_the_comment_leave_a_comment_that_fits():
    review = replace(
        rich(),
        stack="`" * 5_000,
        base="|`" * 5_000,
        changes=tuple(
            replace(it, resource="`" * 5_000, type="`" * 5_000 + str(at))
            for at, it in enumerate(rich().changes)
        ),
    )
    for limit in (LEAST, 4_000, LIMIT):
        text = as_markdown(review, limit)

        assert len(text) <= limit
        assert commonmark.faults(text, pages_of(review)) == []
        assert "10 mandatory" in text


def test_rows_in_any_order_give_the_same_comment():
    assert {as_markdown(shuffled(rich(), seed), 9_000) for seed in range(5)} == {
        as_markdown(rich(), 9_000)
    }


def test_the_golden_comment_is_as_it_was():
    assert_golden("rich.md", as_markdown(rich()))
    assert_golden("short.md", as_markdown(rich(), 6_000))
