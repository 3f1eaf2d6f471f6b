"""Any review: rows of every kind whose texts may be anything, with what formats act upon more often than by chance."""

from hypothesis import strategies as st

from review.findings import Finding
from review.guard.findings import RULES, Blast, GuardFinding
from review.report import (
    AREAS,
    OPERATIONS,
    AreaFinding,
    Bar,
    Change,
    Edge,
    Exempted,
    Fact,
    Place,
    PropertyChange,
    Review,
    Right,
)
from tests.review.renderers.reviews import HOSTILE

FRAGMENTS = (
    *HOSTILE,
    *"`|<>&#@*_~[]()!\\\"'-=+:;/.$%{}^ \n\r\t\x00\x1b\x7f\u200b\u202e\u2028\ufeff",
    "```",
    "~~~",
    "    ",
    "- ",
    "1. ",
    "<b>",
    "&amp;",
    "<details>",
    "http://x.example",
    "a" * 300,
    "`" * 50,
    "|" * 50,
    "word",
)

texts = st.one_of(
    st.sampled_from(HOSTILE),
    st.text(max_size=30),
    st.lists(st.sampled_from(FRAGMENTS), max_size=8).map("".join),
)
paths = st.one_of(st.just(""), st.just("spec.replicas"), texts)
urns = st.sampled_from(["", "urn:a", "urn:b", "urn:c"])
rules = st.sampled_from(["image-has-digest", "pods-refused", "tls-dropped"])
"""Ours, unlike all other text."""

severities = st.sampled_from(["mandatory", "advisory"])
verdicts = st.sampled_from(["fail", "unknown"])
areas = st.sampled_from(AREAS)
names = st.lists(texts, max_size=8).map(tuple)
amounts = st.one_of(st.none(), st.floats(), st.integers(-9, 10**9).map(float))
_common = {
    "resource": texts,
    "message": texts,
    "path": paths,
    "why": texts,
    "source": texts,
    "urn": urns,
    "severity": severities,
    "verdict": verdicts,
}

findings = st.one_of(
    st.builds(Finding, rule=rules, remedy=texts, **_common),
    st.builds(AreaFinding, rule=rules, remedy=texts, area=areas, **_common),
    st.builds(
        GuardFinding,
        **_common,
        rule=st.sampled_from(sorted(RULES.values())),
        old=texts,
        new=texts,
        happens=st.sampled_from(sorted(RULES)),
        order=st.sampled_from(["", "deleteFirst", "createFirst"]),
        stopped=st.booleans(),
        safe=texts,
        blast=st.builds(
            Blast,
            pools=names,
            nodes=st.tuples(st.integers(0, 9), st.integers(0, 9)),
            workloads=names,
            pods=st.tuples(st.integers(0, 9), st.integers(0, 9)),
            disks=names,
            others=names,
        ),
    ),
)
properties = st.builds(
    PropertyChange,
    path=paths,
    alters=st.sampled_from(["added", "removed", "changed", "unknown", "secret"]),
    old=texts,
    new=texts,
    replaces=st.booleans(),
)
changes = st.builds(
    Change,
    operation=st.sampled_from(OPERATIONS),
    resource=texts,
    type=texts,
    urn=urns,
    base_urn=urns,
    component=texts,
    properties=st.lists(properties, max_size=12).map(tuple),
)
facts = st.builds(
    Fact,
    area=areas,
    sign=st.sampled_from(["gained", "lost", "changed"]),
    resource=texts,
    message=texts,
    rank=st.integers(0, 99),
)
places = st.tuples(
    st.sampled_from(["urn:a", "urn:b#spec.replicas", "urn:b"]),
    st.builds(Place, file=texts, line=st.integers(1, 10**6), gone=st.booleans()),
)


def _many(rows, most=20):
    return st.lists(rows, max_size=most).map(tuple)


reviews = st.builds(
    Review,
    project=texts,
    stack=texts,
    base=texts,
    head=texts,
    changes=_many(changes),
    findings=_many(findings),
    facts=_many(facts),
    unchanged=st.integers(0, 10**6),
    old_findings=st.integers(0, 10**6),
    exempted=_many(
        st.builds(Exempted, finding=findings, reason=texts, owner=texts, expires=texts), 4
    ),
    edges=_many(st.builds(Edge, source=texts, target=texts, ports=texts), 4),
    bars=_many(
        st.builds(
            Bar,
            group=texts,
            name=texts,
            unit=texts,
            before=amounts,
            after=amounts,
            limit_before=amounts,
            limit_after=amounts,
        ),
        6,
    ),
    rights=_many(
        st.builds(
            Right,
            subject=texts,
            namespace=texts,
            resources=texts,
            verbs_before=names,
            verbs_after=names,
        ),
        6,
    ),
    places=_many(places, 4),
    notes=_many(texts, 4),
)
