"""Previews of other people, with what formats and terminals act upon in every name and message, in every format."""

import json
from datetime import date

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from review.diff.base_error import BaseError
from review.diff.pulumi_preview import read
from review.renderers.html.page import as_html
from review.renderers.review_json import as_json
from review.renderers.review_markdown import as_markdown
from review.renderers.review_sarif import as_sarif
from review.renderers.review_text import as_text
from review.reviewing import Compared, review_plans
from tests.review.renderers.strategies import texts as hostile

FORMATS = {
    "text": lambda it: "\n".join(as_text(it)),
    "markdown": as_markdown,
    "html": as_html,
    "json": as_json,
    "sarif": as_sarif,
}
HARMFUL = {"\x00", "\x07", "\x1b", "\N{RIGHT-TO-LEFT OVERRIDE}", "\N{LEFT-TO-RIGHT ISOLATE}"}
texts = hostile | st.sampled_from(["\ud800", "a\udfffb", "\x1b]0;x\x07", "<{%fg 1%}>x", "::", "$"])
values = st.recursive(
    texts | st.none() | st.integers(-9, 9),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(texts, inner, max_size=2),
    max_leaves=5,
)
labels = st.dictionaries(texts, texts, max_size=2)
kubernetes = {
    "kubernetes:apps/v1:Deployment": st.fixed_dictionaries(
        {
            "selector": st.fixed_dictionaries({"matchLabels": labels}),
            "template": st.fixed_dictionaries(
                {
                    "metadata": st.fixed_dictionaries({"labels": labels}),
                    "spec": st.fixed_dictionaries(
                        {
                            "containers": st.lists(
                                st.fixed_dictionaries({"name": texts, "image": texts}),
                                min_size=1,
                                max_size=2,
                            )
                        }
                    ),
                }
            ),
        }
    ),
    "kubernetes:core/v1:Service": st.fixed_dictionaries(
        {"type": st.sampled_from(["NodePort", "LoadBalancer"]), "selector": labels}
    ),
    "kubernetes:networking.k8s.io/v1:Ingress": st.fixed_dictionaries(
        {"rules": st.lists(st.fixed_dictionaries({"host": texts}), max_size=2)}
    ),
}


@st.composite
def events(draw):
    """A stream of a preview; JSON's own escapes have halves of characters."""
    lines = []

    def said(**event):
        lines.append(json.dumps({"sequence": len(lines), "timestamp": 1, **event}))

    stack = f"urn:pulumi:{draw(st.just('dev') | texts)}::{draw(st.just('other') | texts)}"
    for number in range(draw(st.integers(1, 3))):
        type_ = draw(st.sampled_from(["aws:s3/bucket:Bucket", *sorted(kubernetes)]) | texts)
        urn = f"{stack}::{type_ or 'x:y:Z'}::{draw(texts)}{number}"

        def side(type_=type_, urn=urn):
            inputs = draw(st.dictionaries(texts, values, max_size=3))
            if type_ in kubernetes:
                group, _, kind = type_.removeprefix("kubernetes:").rpartition(":")
                inputs = {
                    "apiVersion": group.removeprefix("core/"),
                    "kind": kind,
                    "metadata": {
                        "name": draw(texts),
                        "namespace": draw(texts),
                        "labels": draw(labels),
                    },
                    "spec": draw(kubernetes[type_]),
                }
            return {"urn": urn, "type": type_ or "x:y:Z", "inputs": inputs, "parent": draw(texts)}

        op = draw(st.sampled_from(["create", "update", "delete", "replace", "same"]) | texts)
        metadata = {
            "op": op or "same",
            "urn": urn,
            "old": None if op == "create" else side(),
            "new": None if op == "delete" else side(),
            "keys": draw(st.lists(texts, max_size=2)),
            "detailedDiff": draw(
                st.none()
                | st.dictionaries(texts, st.fixed_dictionaries({"diffKind": texts}), max_size=2)
            ),
        }
        said(resourcePreEvent={"metadata": metadata})
        said(
            diagnosticEvent={
                "urn": draw(st.just(urn) | texts),
                "severity": "warning",
                "message": draw(texts),
            }
        )
        said(
            policyEvent={
                "resourceUrn": draw(st.just(urn) | texts),
                "message": draw(texts),
                "policyName": draw(texts),
                "policyPackName": draw(texts),
                "enforcementLevel": draw(st.sampled_from(["advisory", "mandatory"])),
                "exceptions": [{"id": draw(texts), "reason": draw(texts)}]
                * draw(st.integers(0, 1)),
            }
        )
        said(policyRemediationEvent={"policyName": draw(texts), "policyPackName": draw(texts)})
    said(
        summaryEvent={"result": "succeeded", "resourceChanges": {"same": draw(st.integers(-9, 9))}}
    )
    return "\n".join(lines)


@settings(max_examples=25, suppress_health_check=[*HealthCheck])
@given(events())
def test_nothing_in_a_preview_does_harm_in_any_format(text):
    found, said = None, ""
    try:
        found = read(text, "x.jsonl")
    except BaseError as error:
        said = str(error)
    assert said.isprintable()
    if found is None:
        return
    review = review_plans(
        Compared(plan=found.base, label="runs", foreign=True),
        Compared(plan=found.head, label="preview", foreign=True, previewed=found),
        today=date(2026, 11, 21),
    )
    assert not [it for it in review.findings if it.rule == "review-incomplete"]
    for name, form in sorted(FORMATS.items()):
        written = form(review)
        written.encode()
        assert not HARMFUL & {*written}, name
        if name in ("json", "sarif"):
            json.loads(written)
