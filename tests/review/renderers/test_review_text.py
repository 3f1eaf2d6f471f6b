"""A review for a terminal: the verdict first, no line too long, long lists folded, and nothing acted upon."""

import re
from dataclasses import replace

import pytest
from hypothesis import Phase, example, given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from review.renderers import review_text
from review.renderers.review_text import NARROWEST, WIDTH, as_text
from review.renderers.review_words import (
    TITLES,
    facts_together,
    granted,
    harmless,
    number,
    percent,
    shared,
    telling,
    together,
    ungranted,
)
from review.renderers.terminal_page import folded
from review.report import AREAS, Fact
from tests.review.renderers.commonmark import UNSEEN
from tests.review.renderers.golden import assert_golden
from tests.review.renderers.reviews import HOSTILE, empty, many, rich, shuffled
from tests.review.renderers.strategies import reviews, texts


def text(review, width=None):
    return "\n".join(as_text(review, width=width))


def words(said):
    return " ".join(said.split())


@settings(max_examples=40, deadline=None, phases=(Phase.explicit, Phase.generate))
@given(reviews, st.one_of(st.none(), st.integers(1, 300)))
@example(rich(), 80)
@example(rich(), 200)
@example(rich(), None)
def test_no_line_of_any_review_is_wider_than_the_terminal_or_acts_upon_it(review, width):
    lines = list(as_text(review, width=width))

    most = max(NARROWEST, min(width or WIDTH, 200))
    assert max(map(cell_len, lines)) <= most
    assert not UNSEEN.search("".join(lines))
    "\n".join(lines).encode()


@settings(max_examples=200, deadline=None)
@given(texts, st.integers(2, 60))
def test_folding_loses_no_letter(said, width):
    lines = folded(harmless(said), width)

    assert "".join(lines).replace(" ", "") == harmless(said).replace(" ", "")
    assert all(cell_len(it) <= width for it in lines)


def test_the_first_lines_say_the_verdict_and_what_is_destroyed():
    assert text(rich()).split("\n")[:5] == [
        "prod against main (3f2c1ab): does not pass: 10 mandatory findings",
        "  replaced    AgentPool wg1",
        "  deleted     StatefulSet course/redis, ConfigMap course/authentication-env-6004f8516e",
        "  replaced?   ManagedCluster aks-course-prod",
        "  moved       Service course/portal",
    ]


def test_the_verdict_stands_at_the_end_again_where_a_terminal_shows_it():
    lines = text(rich()).split("\n")

    assert lines[-1] == lines[0]


def test_nothing_changed_is_two_lines_and_the_verdict():
    assert text(empty()) == (
        "dev against main (3f2c1ab): changes nothing\n  resources   159 unchanged\n\n"
        "dev against main (3f2c1ab): changes nothing"
    )


def test_a_verdict_longer_than_the_terminal_is_folded():
    lines = text(replace(rich(), base="a/very/long/ref " * 12), 80).split("\n")

    assert lines[0].startswith("prod against a/very/long/ref")
    assert words(" ".join(lines[:4])).count("10 mandatory findings") == 1


def test_advice_alone_passes():
    review = rich()
    advice = tuple(it for it in review.findings if it.severity == "advisory")

    assert text(replace(review, findings=advice)).startswith(
        "prod against main (3f2c1ab): passes\n"
    )


def test_chapters_come_most_dangerous_first_then_changes_then_what_was_not_looked_at():
    said = text(rich())
    titles = [*map(TITLES.get, AREAS), "Changes", "Exempted", "Not looked at"]
    found = [it for it in said.split("\n") if any(it.startswith(title) for title in titles)]

    assert [next(title for title in titles if it.startswith(title)) for it in found] == titles


def test_a_finding_says_where_why_what_to_do_and_where_it_stands():
    said = words(text(rich()))

    assert "mandatory AgentPool wg1: is replaced: deleted first, made anew afterwards" in said
    assert "at vmSize (Pulumi.prod.yaml:38)" in said
    assert 'value "Standard_D4ds_v5" -> "Standard_D8ds_v5"' in said
    assert "takes 1 pool (wg1) of 2 to 5 nodes" in said
    assert "do a new pool first" in said
    assert "see https://learn.microsoft.com/azure/aks/create-node-pools [guard-replaced]" in said


def test_an_undecided_finding_says_so_and_what_must_be_known():
    said = words(text(rich()))

    assert (
        "namespace testing: at the peak of a rollout requests.cpu is 1200m of 1 undecided" in said
    )
    assert "do spec.replicas of Deployment testing/runner must be known." in said


def test_findings_that_differ_in_the_resource_alone_are_one_with_a_count():
    said = text(rich())

    assert "30 times: the image has a tag and no digest" in said
    assert "and 24 more; --format json names all" in said
    assert said.count("a tag can be moved under a running stack") == 1


def test_facts_that_say_the_same_of_others_are_told_once():
    said = words(text(rich()))

    assert (
        "~ 2 pods of course/service-00 restart: configuration the same: course/service-01," in said
    )
    assert "~ 1 pod of course/web restarts: image" in said


def test_a_fact_that_is_its_resource_is_not_taken_for_another():
    rows = [Fact(area="images", sign="changed", resource=it, message=it) for it in ("a", "b")]

    assert [len(it) for it in facts_together(rows)] == [1, 1]


def test_a_change_says_its_properties_and_a_secret_only_that_it_is_one():
    said = words(text(rich()))

    assert "updated Deployment course/web (workloads/web.yaml:1) spec.replicas: 1 -> 3" in said
    assert "env[TOKEN].value: [secret] -> [secret, perhaps another]" in said
    assert 'annotations[checksum]: nothing -> "sha"' in said
    assert 'priorityClassName: "high" -> nothing' in said
    assert '"Standard_D8ds_v5" (replaces)' in said


def test_what_is_made_as_a_whole_is_told_by_component():
    assert (
        "  created     course-catalogue: Service course/catalogue, ServiceAccount course/catalogue\n"
        in text(rich())
    )


def twins(count):
    review = rich()
    [web] = [it for it in review.changes if it.resource == "Deployment course/web"]
    changes = tuple(
        replace(web, resource=f"Deployment course/w{at}", urn=f"urn:{at}") for at in range(count)
    )
    return replace(review, changes=changes)


def test_updates_with_equal_lines_are_one():
    said = words(text(twins(7)))

    assert "updated Deployment course/w0, Deployment course/w1," in said
    assert "Deployment course/w5, Deployment course/w6 spec.replicas" in said
    assert said.count("spec.replicas: 1 -> 3") == 1


def test_a_workload_that_goes_is_not_named_again_as_what_goes_with_it():
    lines = [it.strip() for it in as_text(rich(), width=200)]

    assert "takes  1 workload with 1 pod" in lines
    assert any(re.match(r"takes  \d+ workloads? with .*: \S", it) for it in lines)


def test_bars_are_half_as_long_where_there_is_little_room():
    bars = {
        width: [it for it in as_text(rich(), width=width) if "###" in it] for width in (80, 100)
    }

    assert bars[80]
    assert max(it.count("#") + it.count(".") for it in bars[80]) < 20
    assert max(len(re.findall(r"[#.]{12} ", it)) for it in bars[100]) == 2


def test_a_page_that_fits_the_terminal_is_in_one_line():
    page = f"https://example.org/{'a' * 70}"
    found = [replace(it, source=page) for it in rich().findings if it.rule == "image-has-digest"]
    lines = text(replace(rich(), findings=tuple(found)), 100).split("\n")

    assert f"{page:>100}" in lines
    assert "               see    [image-has-digest]" in lines


def test_a_finding_without_a_page_names_its_rule():
    found = [replace(it, source="") for it in rich().findings if it.rule == "image-has-digest"]
    said = text(replace(rich(), findings=tuple(found)))

    assert "               rule   [image-has-digest]" in said
    assert "               see " not in said


def test_what_findings_share_is_told_once_and_what_is_their_own_at_each():
    found = [
        replace(it, message=f"host {at}.example has no TLS any more")
        for at, it in enumerate(rich().findings)
        if it.rule == "image-has-digest"
    ]
    said = text(replace(rich(), findings=tuple(found)))

    assert "30 times: host ... has no TLS any more" in said
    assert said.count("has no TLS any more") == 1
    assert f"{found[0].resource}: {found[0].message.split()[1]}" in said


@pytest.mark.parametrize(
    ("messages", "said"),
    [
        (["a b c d", "a b x d"], ("a b ... d", ("c", "x"))),
        (["one a b c", "two or so a b c"], ("... a b c", ("one", "two or so"))),
        (["a b c", "a b c"], ("a b c", ("", ""))),
        (["a b c", "a b d"], ("", ("a b c", "a b d"))),
        (["a b c d", "a b c"], ("", ("a b c d", "a b c"))),
        (["a a a a", "a a a a a"], ("a a a ...", ("a", "a a"))),
    ],
)
def test_messages_with_three_words_in_common_and_something_of_their_own_are_one(messages, said):
    assert shared(messages) == said


def test_a_fact_that_a_finding_or_a_bar_tells_is_told_once():
    finding = next(it for it in rich().findings if it.rule == "pool-full")
    bar = next(it for it in telling(rich().bars))
    facts = [
        Fact(area="capacity", sign="changed", resource="x", message=message, urn=urn, told=told)
        for message, urn, told in (
            ("told by the finding", finding.urn, finding.rule),
            ("of another resource", "urn:other", finding.rule),
            ("told by the bar", "", bar.group),
            ("told by a bar that is not there", "", "pool other"),
        )
    ]
    said = text(replace(rich(), facts=tuple(facts)))

    assert [it.message for it in facts if it.message in said] == [
        "of another resource",
        "told by a bar that is not there",
    ]


def test_the_name_of_a_resource_is_not_said_again_after_it():
    found = replace(rich().findings[-1], resource="Pod a/b", message="a/b may be called by all")
    said = text(replace(rich(), findings=(found,)))

    assert "Pod a/b: may be called by all" in said


def test_a_line_that_many_share_is_told_once_and_each_is_left_with_its_own():
    review = twins(9)
    first, *others = review.changes
    own = replace(first.properties[0], path="spec.minReadySeconds")
    first = replace(first, properties=(*first.properties, own))
    said = words(text(replace(review, changes=(first, *others))))

    assert "in 9 spec.replicas: 1 -> 3" in said
    assert "updated Deployment course/w0 spec.minReadySeconds: 1 -> 3" in said
    assert "updated in no other way than that: Deployment course/w1, Deployment course/w2" in said
    assert "updated Deployment course/w1" not in said
    assert said.count("spec.replicas: 1 -> 3") == 1


def test_what_the_guard_says_of_several_fields_of_one_resource_is_told_as_one():
    review = rich()
    [found] = [it for it in review.findings if it.rule == "guard-replaced"]
    other = replace(found, path="osDiskType", old='"a"', new='"b"', why="the disk is another")
    said = words(text(replace(review, findings=(found, other))))

    assert said.count("takes 1 pool (wg1) of 2 to 5 nodes") == 1
    assert said.count("mandatory AgentPool wg1: is replaced") == 1
    assert 'at osDiskType (Pulumi.prod.yaml:38) value "a" -> "b" why the disk is another' in said
    assert "at vmSize (Pulumi.prod.yaml:38) value" in said


def test_a_message_that_begins_with_the_resource_does_not_name_it_twice():
    review = rich()
    [found] = [it for it in review.findings if it.rule == "tls-dropped"]
    said = text(replace(review, findings=(replace(found, message="host course.example is bare"),)))

    assert "  mandatory   host course.example is bare\n" in said


def test_bars_say_both_sides_their_limit_and_what_is_over():
    said = text(rich(), 120)

    assert (
        "    #########...   81% -> ############  104% CPU requests, peak: 12.96 -> 16.64 of 16 cores\n"
        in said
    )
    assert "34% pods: nothing -> 2 of 6\n" in said
    assert "pods: 2 of 6 -> nothing\n" in said


def test_a_bar_that_stays_as_it_was_is_not_drawn_and_the_fullest_comes_first():
    still = replace(rich().bars[0], before=1, after=1, name="still")

    assert next(it.group for it in telling([*rich().bars, still])) == "pool wg1"
    assert "still" not in {it.name for it in telling([*rich().bars, still])}


def test_a_chapter_in_which_nothing_changes_has_no_heading():
    still = replace(rich().bars[0], before=1, after=1)
    said = text(replace(rich(), findings=(), facts=(), bars=(still,), rights=()))

    assert "\nCapacity" not in said
    assert "\nPermissions" not in said


def test_rights_of_one_kind_in_several_namespaces_are_one():
    right = rich().rights[0]
    rows = granted([right, replace(right, namespace="testing")])

    assert [it.namespaces for it in rows] == [("course", "testing")]


def test_a_right_that_a_fact_says_in_the_same_words_is_not_said_again():
    [row, *others] = granted(rich().rights)
    said = f"{row.subject} may now {', '.join(row.verbs)} {row.resources} in course; by a binding"
    fact = Fact(area="permissions", sign="gained", resource=row.subject, message=said)

    assert ungranted([row, *others], [fact]) == others
    for other in (
        replace(fact, sign="lost"),
        replace(fact, area="admission"),
        replace(fact, message=said.replace("course", "testing")),
        replace(fact, message=said.replace(row.subject, "somebody")),
        replace(fact, message=said.replace("get", "see")),
    ):
        assert ungranted([row], [other]) == [row]


def test_rights_are_what_is_gained_and_lost():
    said = text(rich())

    assert "  + group 6f1c03aa: get, list secrets in course\n" in said
    assert "  - ServiceAccount course/web: create pods/exec in the whole cluster\n" in said


def test_an_exempted_finding_stays_with_its_owner_and_its_end():
    assert "until 2027-03-31, platform-team: log files lie on the node" in text(rich())


def test_a_thousand_workloads_are_folded_and_counted():
    lines = list(as_text(many()))

    assert len(lines) < 6_000
    assert "mandatory findings; --format json names all" in "\n".join(lines)
    assert any(re.fullmatch(r"  and [0-9,]+ more \(.*created.*\); .*", it) for it in lines)


@pytest.mark.parametrize("hostile", HOSTILE)
def test_a_hostile_name_is_printed_harmless(hostile):
    shown = harmless(hostile)

    assert shown.isprintable()
    assert words(shown) in words(text(rich(), 200))


def test_colours_are_the_callers_and_change_no_letter():
    painted = "\n".join(as_text(rich(), lambda it, _style: f"\x1b[1m{it}\x1b[0m"))

    drawn = painted.replace("\x1b[1m", "").replace("\x1b[0m", "").replace("█", "#")
    assert drawn.replace("░", ".") == text(rich())
    assert "\x1b[1mdoes not pass: 10 mandatory findings\x1b[0m" in painted


def test_rows_in_any_order_give_the_same_lines():
    assert {text(shuffled(rich(), seed)) for seed in range(5)} == {text(rich())}


def test_findings_go_together_by_all_but_resource_path_and_message():
    first, *_ = [it for it in rich().findings if it.rule == "image-has-digest"]

    assert len(together([first, replace(first, resource="b", path="c", message="d")])) == 1
    for change in ({"why": "x"}, {"severity": "mandatory"}, {"verdict": "unknown"}):
        assert len(together([first, replace(first, **change)])) == 2


@pytest.mark.parametrize(
    ("part", "whole", "share"),
    [
        (1, 2, 50),
        (1, 3, 34),
        (2, 2, 100),
        (2.001, 2, 101),
        (0, 5, 0),
        (None, 5, None),
        (1, 0, None),
    ],
)
def test_a_share_is_rounded_up(part, whole, share):
    assert percent(part, whole) == share


@pytest.mark.parametrize(
    ("value", "said"), [(12.0, "12"), (0.25, "0.25"), (1204.5, "1,204.5"), (0, "0"), (100, "100")]
)
def test_a_number_has_no_more_digits_than_it_needs(value, said):
    assert number(value) == said


def test_every_word_for_a_style_is_one_that_commands_paint():
    styles = set()

    def paint(it, style):
        styles.add(style)
        return it

    list(as_text(rich(), paint))

    assert styles <= {"heading", "faint", "good", "warning", "bad"}
    assert review_text.WIDTH == 100


def test_the_golden_texts_are_as_they_were():
    assert_golden("rich.txt", text(rich()) + "\n")
    assert_golden("narrow.txt", text(rich(), 80) + "\n")
