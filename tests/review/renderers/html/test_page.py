"""The page as text: whole, well-formed, sealed against the network, harmless, and the same for the same review."""

import re
from base64 import b64encode
from dataclasses import replace
from hashlib import sha256
from itertools import pairwise

import html5lib
import pytest

from review.findings import Finding
from review.renderers.html import as_html
from review.renderers.html.shown import shown
from review.renderers.review_words import message_of, name_of
from review.report import DESTRUCTIVE, AreaFinding, Change, Edge, Fact
from tests.review.renderers.reviews import HOSTILE, empty, many, rich, shuffled

EVIL = (
    "<script>alert(1)</script>",
    '"onmouseover="alert(1)',
    "'onfocus='alert(1)' autofocus='",
    "</style><script>alert(1)</script>",
    "</title><script>alert(1)</script>",
    "--><script>alert(1)</script>",
    "javascript:alert(1)",
    "{{ 7 * 7 }}{% raw %}",
    "\x1b[31mred\x1b[0m",
    "\u202egnp.exe",
    "a\x00b\x7fc\x85d",
    "\ud800",
    "&lt;b&gt;",
)
URLS = (
    "javascript:alert(1)",
    "JavaScript:alert(1)",
    "\x01javascript:alert(1)",
    "java\nscript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "http://plain.example/",
    "//evil.example/x",
    "https:evil",
    "https://",
    "https://[",
    "https://good.example@evil.example/",
    'https://evil.example/"onmouseover="alert(1)',
    "https://evil.example/ x",
    "https://ev\u0456l.example/",
)
FETCHES = {"src", "srcset", "poster", "data", "background", "action", "formaction", "ping", "style"}


def tree(text):
    """The elements; any fault in the HTML raises."""
    return html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(text)


def words(element):
    return " ".join("".join(element.itertext()).split())


def attacked(text, url=""):
    """A review that says `text` wherever people's words can stand."""
    finding = {
        "rule": text,
        "resource": text,
        "message": text,
        "path": text,
        "why": text,
        "remedy": text,
        "source": url or text,
        "urn": text,
    }
    base = rich()
    return replace(
        base,
        project=text,
        stack=text,
        base=text,
        head=text,
        findings=(
            *(replace(it, **finding) for it in base.findings[:4]),
            AreaFinding(severity="mandatory", area="images", **finding),
            *(Finding(severity="advisory", **(finding | {"path": str(it)})) for it in range(4)),
        ),
        facts=tuple(
            replace(it, resource=text, message=text, path=text, old=text, new=text, source=url)
            for it in base.facts
        ),
        changes=tuple(
            replace(
                it,
                resource=text,
                type=text,
                urn=text,
                base_urn=text + text,
                component=text,
                properties=tuple(
                    replace(each, path=text, old=text, new=text) for each in it.properties
                ),
            )
            for it in base.changes
        ),
        edges=tuple(
            replace(it, source=f"{text}/{text}", target=text, ports=text) for it in base.edges
        ),
        bars=tuple(replace(it, group=text, name=text, unit=text) for it in base.bars),
        rights=tuple(
            replace(it, subject=text, namespace=text, resources=text, verbs_after=(text,))
            for it in base.rights
        ),
        exempted=tuple(
            replace(it, finding=base.findings[-1], reason=text, owner=text, expires=text)
            for it in base.exempted
        ),
        places=((text, replace(base.places[0][1], file=text)),),
        notes=(text,),
    )


@pytest.mark.parametrize("review", [rich(), empty(), many(20), attacked("")])
def test_a_reader_of_html_finds_no_fault_in_it(review):
    assert tree(as_html(review)).find("body") is not None


@pytest.mark.parametrize("seed", range(3))
def test_the_same_rows_in_any_order_give_the_same_bytes(seed):
    assert as_html(shuffled(rich(), seed)) == as_html(rich())


def test_the_policy_forbids_all_but_the_pages_own_style_and_script():
    text = as_html(rich())
    [policy] = [
        it.get("content")
        for it in tree(text).iter("meta")
        if it.get("http-equiv") == "Content-Security-Policy"
    ]
    told = dict(part.strip().split(" ", 1) for part in policy.split(";"))

    assert told == {
        "default-src": "'none'",
        "style-src": f"'{_hash(text, 'style')}'",
        "script-src": f"'{_hash(text, 'script')}'",
        "base-uri": "'none'",
        "form-action": "'none'",
    }
    assert text.index("Content-Security-Policy") < text.index("<style>")


def _hash(text, tag):
    """Of what a browser takes the hash of: all between the tags."""
    [found] = re.findall(rf"<{tag}>(.*?)</{tag}>", text, re.DOTALL)
    return f"sha256-{b64encode(sha256(found.encode()).digest()).decode()}"


def test_nothing_in_it_is_fetched():
    text = as_html(rich())
    for element in tree(text).iter():
        assert not FETCHES & {*element.attrib}, element.tag
        assert element.tag not in ("link", "img", "iframe", "object", "embed", "base", "image")
    [style] = re.findall(r"<style>(.*?)</style>", text, re.DOTALL)
    assert "@import" not in style
    assert "url(" not in style


@pytest.mark.parametrize("text", EVIL)
def test_no_text_becomes_markup_wherever_it_stands(text):
    page = tree(as_html(attacked(text)))

    assert len(list(page.iter("script"))) == len(list(page.iter("style"))) == 1
    plain = {it.tag for it in tree(as_html(rich())).iter()}
    assert {it.tag for it in page.iter()} <= plain
    assert not [it for element in page.iter() for it in element.attrib if it.startswith("on")]
    assert {element.get("href")[:1] for element in page.iter("a")} <= {"#"}
    assert str(shown(text)) in "".join(page.itertext())


@pytest.mark.parametrize("url", URLS)
def test_only_plain_https_becomes_a_link(url):
    links = {it.get("href") for it in tree(as_html(attacked("x", url))).iter("a")}

    assert {it for it in links if not it.startswith("#")} == set()


def test_a_page_that_a_rule_rests_on_can_be_followed_and_learns_nothing_of_the_reader():
    page = tree(as_html(attacked("x", "https://kubernetes.io/docs/?a=b&c=d#e")))
    links = [it for it in page.iter("a") if not it.get("href").startswith("#")]

    assert {it.get("href") for it in links} == {"https://kubernetes.io/docs/?a=b&c=d#e"}
    assert {it.get("rel") for it in links} == {"noopener noreferrer"}


@pytest.mark.parametrize("text", HOSTILE)
def test_what_has_no_look_is_seen_by_its_number(text):
    page = as_html(attacked(text))

    assert all(it.isprintable() or it == "\n" for it in page)
    assert page.encode()


@pytest.mark.parametrize("review", [rich(), empty(), many(3)])
def test_every_id_is_there_once_and_every_link_within_leads_to_one(review):
    page = tree(as_html(review))
    ids = [it.get("id") for it in page.iter() if it.get("id")]

    assert len(ids) == len(set(ids))
    named = {it.get("href")[1:] for it in page.iter("a") if it.get("href").startswith("#")}
    for attribute in ("aria-labelledby", "aria-describedby", "for"):
        named |= {it.get(attribute) for it in page.iter() if it.get(attribute)}
    assert named <= set(ids)


@pytest.mark.parametrize("review", [rich(), empty()])
def test_headings_go_down_by_one_and_there_is_one_of_the_first(review):
    levels = [int(it.tag[1]) for it in tree(as_html(review)).iter() if it.tag in HEADINGS]

    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}


def test_parts_of_the_page_fields_and_tables_say_what_they_are():
    page = tree(as_html(rich()))

    assert page.get("lang") == "en"
    assert [it.tag for it in page.iter() if it.tag in ("header", "nav", "main", "footer")] == [
        "header",
        "nav",
        "main",
        "footer",
    ]
    [skip] = [it for it in page.iter("a") if it.get("class") == "skip"]
    assert skip.get("href") == "#main"
    labelled = {it.get("for") for it in page.iter("label")}
    wrapped = {field for it in page.iter("label") for field in it.iter("input")}
    assert all(it in wrapped or it.get("id") in labelled for it in page.iter("input"))
    assert {it.get("scope") for it in page.iter("th")} == {"row", "col"}
    for table in page.iter("table"):
        assert all(row.find("th") is not None for row in table.iter("tr"))
    scrolled = [it for it in page.iter("div") if it.get("class") == "scroll"]
    assert all(it.get("tabindex") == "0" and it.get("aria-label") for it in scrolled)
    assert sum(1 for it in scrolled for _ in it.iter("table")) == len(list(page.iter("table")))


def test_everything_that_the_review_says_is_in_the_page():
    review = rich()
    said = "".join(tree(as_html(review)).itertext())

    for it in review.findings:
        for text in (it.rule, it.resource, message_of(it), it.path, it.why, it.remedy):
            assert str(shown(text)) in said
    for it in review.facts:
        assert str(shown(it.message)) in said or name_of(it) in said
    for it in review.changes:
        if it.operation != "same":
            assert str(shown(it.resource)) in said
        for each in it.properties:
            assert str(shown(each.path)) in said
    assert "Pulumi.prod.yaml:38" in said
    for text in ("log files lie on the node", "platform-team", "2027-03-31", *review.notes):
        assert text in said


def test_the_headline_tells_the_verdict_and_what_goes_comes_first():
    page = tree(as_html(rich()))
    [verdict] = [it for it in page.iter("section") if it.get("id") == "verdict"]

    mandatory = rich().mandatory
    assert f"Does not pass: {mandatory} mandatory findings" in words(verdict)
    assert "1 replaced 2 deleted 1 perhaps replaced 1 moved" in words(verdict)
    destroyed = [words(it) for it in verdict.iter("li")]
    assert destroyed[0] == "replaced AgentPool wg1"
    assert len(destroyed) == sum(it.operation in DESTRUCTIVE for it in rich().changes)
    sections = [it.get("id") for it in page.iter("section") if it.get("id")]
    assert sections[:4] == ["verdict", "notes", "replacement", "data"]


def test_a_change_that_changes_nothing_is_said_to():
    [verdict] = tree(as_html(empty())).iter("section")

    assert words(verdict).startswith("Changes nothing")


def test_an_undecided_finding_is_said_to_be_undecided():
    finding = Finding(
        rule="r", severity="advisory", resource="a", message="b", verdict="unknown", why="c"
    )
    page = tree(as_html(replace(empty(), findings=(finding,))))

    assert "undecided" in words(next(page.iter("summary")))
    assert "1 undecided" in words(page)


def test_findings_that_say_the_same_are_told_once_with_all_they_are_about():
    page = tree(as_html(rich()))
    [family] = [it for it in page.iter("details") if "no digest" in words(it.find("summary"))]

    assert "30 findings" in words(family.find("summary"))
    assert [words(it) for it in family.iter("li")][7].startswith(
        "Deployment course/service-07 spec.template.spec.containers[service-07].image"
    )


def test_facts_that_say_the_same_of_many_are_told_once_with_their_names():
    page = tree(as_html(rich()))
    [family] = [it for it in page.iter("details") if "the same of" in words(it.find("summary"))]

    assert words(family.find("summary")) == "the same of 44 more"
    assert words(family.find("p")).endswith("course/service-43, course/service-44")


def test_values_that_a_message_holds_already_are_not_said_again():
    fact = Fact(area="images", sign="changed", resource="a", message="1 -> 2 pods", old="1")
    held, other = (as_html(replace(empty(), facts=(replace(fact, new=it),))) for it in ("2", "3"))

    assert "<code>1</code>" not in held
    assert "<code>1</code> → <code>3</code>" in other


def test_a_graph_in_which_nothing_changed_is_folded():
    edges = rich().edges
    pages = [tree(as_html(replace(empty(), edges=it))) for it in (edges, edges[1:2])]
    folds = [next(page.iter("details")) for page in pages]

    assert [it.get("open") for it in folds] == ["", None]
    assert [words(next(it.iter("summary"))) for it in folds] == [
        "Graph",
        "Graph: no connection changed",
    ]


def test_amounts_that_stay_as_they_are_are_folded():
    bar = rich().bars[0]
    same = replace(bar, name="pods", after=bar.before)
    page = tree(as_html(replace(empty(), bars=(bar, same))))
    [fold] = page.iter("details")

    assert words(fold).startswith("1 unchanged amount pods")


def test_no_secret_is_told_though_its_marks_were_anything_else():
    [secret] = [
        it
        for change in rich().changes
        for it in change.properties
        if it.path == "stringData[.dockerconfigjson]"
    ]
    change = Change(
        operation="update",
        resource="Secret a/b",
        type="kubernetes:core/v1:Secret",
        urn="urn:b",
        properties=(replace(secret, old="canary-old", new="canary-new"),),
    )
    text = as_html(replace(empty(), changes=(change,)))

    assert "canary" not in text
    assert text.count("secret, not shown") == 2


def test_what_is_too_much_to_draw_and_did_not_change_is_in_the_table_alone():
    edges = tuple(Edge(source=f"a/w{it}", target="a/db", ports="TCP 1") for it in range(500))
    text = as_html(replace(empty(), edges=edges))

    assert '<svg class="graph"' not in text
    assert "500 unchanged connections" in text
    assert tree(text) is not None


def test_eight_thousand_changes_are_bounded_and_nothing_that_goes_is_left_out():
    review = many(1_000)
    text = as_html(review)

    assert len(text.encode()) < 2_500_000
    for it in review.changes:
        if it.operation in DESTRUCTIVE:
            assert f"<strong>{it.resource}</strong>" in text
    for it in review.findings:
        if it.severity == "mandatory":
            assert re.search(rf'<(strong|li data-item="mandatory")>{it.resource}\b', text)
    assert "and 3,600 more updated: 3,600 Deployment" in text
    assert "--format json names all" in text


def test_a_text_without_end_is_cut_and_counted():
    fact = Fact(area="images", sign="changed", resource="a", message="x" * 1_000_000)
    text = as_html(replace(empty(), facts=(fact,)))

    assert "998,000 characters more" in text
    assert len(text) < 60_000
