"""A whole review of the estate: changes are planted in its plan, and read where a reviewer reads them."""

import random
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from review.plan import SECRET, UNKNOWN, Plan
from review.policies import policies_of
from review.renderers.html.page import as_html
from review.renderers.review_json import as_json
from review.renderers.review_markdown import as_markdown
from review.renderers.review_sarif import as_sarif
from review.renderers.review_text import as_text
from review.reviewing import Compared, review_plans
from review.sources.cache import Cache
from tests.program import planned

ROOT = Path(__file__).parents[2]
TODAY = date(2026, 11, 21)
CANARY = "canary-7f3a-secret"

FORMS = {
    "text": lambda it: "\n".join(as_text(it)),
    "markdown": as_markdown,
    "html": as_html,
    "json": as_json,
    "sarif": as_sarif,
}


@cache
def policies():
    return policies_of(ROOT, "prod", ("dev", "local", "prod"))


def reviewed(base, head, cache=None, **sides):
    of = [
        Compared(plan=it, label=label, content=f"{label}-{id(it)}" if cache else "", **sides)
        for it, label in ((base, "before"), (head, "after"))
    ]
    return review_plans(*of, today=TODAY, policies=policies(), cache=cache)


def row(plan, type_end, name):
    found = [
        it
        for it in plan.resources
        if it.type.endswith(f":{type_end}")
        and name in (it.name, dict(it.inputs.get("metadata") or {}).get("name"))
    ]
    assert len(found) == 1, (type_end, name, [it.name for it in found])
    return found[0]


def at(value, path, new):
    """`value` with `new` at a path of keys and positions; None takes the key away."""
    if not path:
        return new
    step, *rest = path
    if isinstance(value, list | tuple):
        return [at(it, rest, new) if number == step else it for number, it in enumerate(value)]
    if not rest and new is None:
        return {key: it for key, it in value.items() if key != step}
    return {**value, step: at(value.get(step, {}), rest, new)}


def changed(plan, type_end, name, path, new):
    old = row(plan, type_end, name)
    other = replace(old, inputs=at(old.inputs, path, new))
    return replace(plan, resources=tuple(other if it is old else it for it in plan.resources))


def without(plan, type_end, name):
    old = row(plan, type_end, name)
    return replace(plan, resources=tuple(it for it in plan.resources if it is not old))


POD = ("spec", "template", "spec")


def image(plan):
    return changed(
        plan,
        "Deployment",
        "web",
        (*POD, "containers", 0, "image"),
        "registry.example/web-course-main:9.9.9",
    )


PLANTED = {
    "another VM size": (
        lambda it: changed(it, "AgentPool", "aks-pool-wg1", ("vmSize",), "Standard_D16ds_v5"),
        "replacement",
        "AgentPool wg1",
    ),
    "no disk any more": (lambda it: without(it, "StatefulSet", "redis"), "data", "redis"),
    "a host without TLS": (
        lambda it: changed(it, "Ingress", "public", ("spec", "tls"), None),
        "exposure",
        "has no TLS any more",
    ),
    "a policy that is gone": (
        lambda it: without(it, "NetworkPolicy", "redis-ingress"),
        "connections",
        "course/redis",
    ),
    "a pod that admission refuses": (
        lambda it: changed(it, "Deployment", "web", (*POD, "hostNetwork"), True),
        "admission",
        "hostNetwork=true",
    ),
    "an image by its tag alone": (image, "images", "before it had a digest"),
    "more than the pool holds": (
        lambda it: changed(
            it, "Deployment", "web", (*POD, "containers", 0, "resources", "requests", "cpu"), "200"
        ),
        "capacity",
        "Deployment course/web",
    ),
    "another variable": (
        lambda it: changed(
            it, "Deployment", "web", (*POD, "containers", 0, "env", 0, "value"), "/x"
        ),
        "restarts",
        "Deployment course/web",
    ),
    "another Kubernetes": (
        lambda it: changed(
            it, "ManagedCluster", "aks-cluster-managed-cluster", ("kubernetesVersion",), "1.33"
        ),
        "versions",
        "1.33",
    ),
    "another image": (image, "images", "9.9.9"),
}


@pytest.mark.parametrize("kind", PLANTED)
def test_what_a_change_means_stands_in_its_chapter_and_in_every_form(kind):
    plant, area, said = PLANTED[kind]
    base = planned("prod")

    review = reviewed(base, plant(base))

    texts = [
        f"{it.resource}: {it.message}"
        for it in (*review.findings, *review.facts)
        if getattr(it, "area", "replacement") == area
    ]
    assert any(said in it for it in texts), texts
    for form in ("text", "markdown", "html", "json"):
        flat = " ".join(FORMS[form](review).split())
        assert said.split()[-1] in flat, form


def test_a_right_that_is_gained_stands_in_the_matrix():
    base = planned("prod")
    role = next(it for it in base.resources if it.type.endswith(":Role"))
    rules = [*role.inputs["rules"], {"apiGroups": [""], "resources": ["secrets"], "verbs": ["get"]}]
    head = replace(
        base,
        resources=tuple(
            replace(it, inputs={**it.inputs, "rules": rules}) if it is role else it
            for it in base.resources
        ),
    )

    review = reviewed(base, head)

    assert any(it.area == "permissions" and "secrets" in it.message for it in review.facts)
    assert any("secrets" in it.resources for it in review.rights)


def test_a_plan_against_itself_changes_nothing_and_finds_nothing_new():
    plan = planned("prod")
    review = reviewed(plan, plan)

    assert (review.changes, review.facts, review.findings) == ((), (), ())
    assert review.unchanged == len(plan.resources)


@pytest.mark.parametrize("form", FORMS)
def test_rows_in_another_order_give_the_same_bytes(form):
    base = planned("prod")
    head = image(changed(base, "Ingress", "public", ("spec", "tls"), None))

    def shuffled(plan, seed):
        rows = [*plan.resources]
        random.Random(seed).shuffle(rows)
        return replace(plan, resources=tuple(rows))

    texts = {FORMS[form](reviewed(shuffled(base, it), shuffled(head, it + 1))) for it in (1, 7)}

    assert texts == {FORMS[form](reviewed(base, head))}


@pytest.mark.parametrize("form", FORMS)
def test_no_form_tells_a_secret_where_the_plan_marks_it(form):
    base = planned("prod")
    env = [{"name": "PASSWORD", "value": dict(SECRET)}]
    head = changed(base, "Deployment", "web", (*POD, "containers", 0, "env"), env)

    text = FORMS[form](reviewed(base, head))

    assert CANARY not in text
    assert "PASSWORD" in text


def test_what_only_a_deployment_tells_is_said_and_never_passes_silently():
    base = planned("prod")
    head = changed(base, "Deployment", "web", (*POD, "containers", 0, "image"), dict(UNKNOWN))

    review = reviewed(base, head)

    unknown = [it for it in review.findings if it.verdict == "unknown"]
    assert any(it.path.endswith("image") for it in unknown)


def test_what_was_kept_gives_the_same_review(tmp_path):
    base = planned("prod")
    head = image(base)
    cache = Cache(tmp_path / "kept")

    first, again = (reviewed(base, head, cache) for _ in range(2))

    assert first == again == reviewed(base, head)
    assert any((tmp_path / "kept").iterdir())


def test_findings_that_the_base_has_are_counted_and_left_out():
    base = image(planned("prod"))
    head = changed(base, "Ingress", "public", ("spec", "tls"), None)

    review = reviewed(base, head)

    assert review.old_findings > 0
    assert not any(it.rule == "image-digest" and "web" in it.resource for it in review.findings)


MISSHAPEN = {
    "a list for a spec": {"spec": [1, 2]},
    "a text for the metadata": {"metadata": "x"},
    "a number for containers": {"spec": {"template": {"spec": {"containers": 3}}}},
    "nothing at all": {"spec": None, "metadata": None},
}


@pytest.mark.parametrize("shape", MISSHAPEN)
def test_an_object_of_any_shape_in_a_file_is_never_a_traceback(shape):
    base = planned("prod")
    old = row(base, "Deployment", "web")
    other = replace(old, inputs={**old.inputs, **MISSHAPEN[shape]})
    head = replace(base, resources=tuple(other if it is old else it for it in base.resources))

    review = reviewed(base, head, foreign=True)

    assert any(it.urn == old.urn for it in review.changes)
    for render in FORMS.values():
        assert render(review)


def test_an_empty_base_makes_everything_new():
    head = planned("local")
    review = reviewed(Plan(project=head.project, stack=head.stack, resources=()), head)

    assert {it.operation for it in review.changes} == {"create"}
    assert len(review.changes) == len(head.resources)


def test_a_part_that_fails_is_said_and_fails_the_review_and_the_rest_is_told(monkeypatch):
    base = planned("prod")
    monkeypatch.setattr("review.reviewing.guard", lambda *_: {}["gone"])

    review = reviewed(base, image(base))

    [found] = [it for it in review.findings if it.rule == "review-incomplete"]
    assert found.severity == "mandatory"
    assert found.message.startswith("what is replaced or deleted: cannot be told")
    assert any(it.area == "images" for it in review.facts)


def test_what_a_program_says_is_told_anew_although_its_plan_is_the_same(tmp_path):
    plan = planned("prod")
    cache = Cache(tmp_path / "kept")

    def said(*words):
        sides = [
            Compared(plan=plan, label="a", content="one"),
            Compared(
                plan=plan, label="b", content="one", said=tuple(("warning", it) for it in words)
            ),
        ]
        return review_plans(*sides, today=TODAY, policies=policies(), cache=cache).findings

    assert [it.message for it in said("first")] == ["first"]
    assert [it.message for it in said("second")] == ["second"]
