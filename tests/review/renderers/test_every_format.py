"""What holds for a review in every format: no secret, nothing of this machine, and the same bytes."""

import json
from base64 import b64encode
from dataclasses import replace
from urllib.parse import quote

import pytest

from review.renderers.html.page import as_html
from review.renderers.review_json import as_json
from review.renderers.review_markdown import as_markdown
from review.renderers.review_sarif import as_sarif
from review.renderers.review_text import as_text
from review.report import AreaFinding, in_order
from tests.review.renderers.reviews import WEB_URN, empty, rich, shuffled

CANARY = 'hunter2 "Zürich"/+&<9f8e7d>'
FORMS = {
    "text": lambda it: "\n".join(as_text(it)),
    "markdown": as_markdown,
    "html": as_html,
    "json": as_json,
    "sarif": as_sarif,
}
every_form = pytest.mark.parametrize("form", FORMS)


def planted():
    """A review whose producer, against its promise, left a secret's value on the line that is about it."""
    review = rich()
    [web] = [it for it in review.changes if it.urn == WEB_URN]
    lines = tuple(
        replace(it, old=CANARY, new=CANARY[::-1]) if it.alters == "secret" else it
        for it in web.properties
    )
    others = tuple(it for it in review.changes if it.urn != WEB_URN)
    return replace(review, changes=(replace(web, properties=lines), *others))


def shapes(value):
    """How a value may be written in a report."""
    yield value
    yield json.dumps(value)[1:-1]
    yield json.dumps(value, ensure_ascii=False)[1:-1]
    yield quote(value)
    yield value.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    yield b64encode(value.encode()).decode()


@every_form
def test_a_secret_is_only_ever_said_to_be_one(form):
    text = FORMS[form](planted())

    for value in (CANARY, CANARY[::-1], "hunter2", "9f8e7d"):
        for shape in shapes(value):
            assert shape not in text


@every_form
def test_the_mask_of_the_guard_survives(form):
    review = rich()
    guarded = tuple(
        replace(it, old="[secret]", new="[secret]") if it.rule == "guard-replaced" else it
        for it in review.findings
    )

    if form != "sarif":  # which tells messages alone
        assert "[secret]" in FORMS[form](replace(review, findings=guarded, changes=()))


@every_form
def test_rows_in_any_order_give_the_same_bytes(form):
    assert FORMS[form](shuffled(rich(), 7)) == FORMS[form](rich())


@every_form
def test_an_empty_review_is_no_fault(form):
    assert FORMS[form](empty()).strip()


@every_form
def test_the_bytes_are_utf_8_and_nothing_of_python_is_in_them(form):
    text = FORMS[form](rich())

    assert text.encode()
    for word in ("Finding(", "Change(", "Place(", "None", "object at 0x"):
        assert word not in text


@every_form
@pytest.mark.parametrize("resource", ["ResourceQuota course", "ResourceQuota shop"])
def test_what_two_findings_of_one_rule_say_is_told_of_both(form, resource):
    one = AreaFinding(
        rule="quota-peak",
        severity="mandatory",
        resource="ResourceQuota course",
        message="a rollout needs 110 pods of 60",
        why="what is beyond a quota is refused",
        area="admission",
    )
    two = replace(one, resource=resource, message="a rollout needs 38 limits.cpu of 32")
    said = FORMS[form](in_order(replace(empty(), findings=(one, two))))

    for amount in ("110 pods of 60", "38 limits.cpu of 32"):
        assert amount in " ".join(said.replace("`", "").split())
