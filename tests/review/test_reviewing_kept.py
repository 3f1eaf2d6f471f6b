"""Reviews one after the other with what earlier ones kept: each is that of a first run."""

from dataclasses import replace
from datetime import date

import pytest

from review import reviewing
from review.chapters import CHAPTERS
from review.plan import UNKNOWN
from review.renderers.review_json import as_json
from review.reviewing import Compared, review_plans
from review.sources.cache import Cache
from tests.program import planned
from tests.review.test_reviewing import PLANTED, POD, TODAY, changed, policies, without

FURTHER = {
    "another namespace's labels": lambda it: changed(
        it, "Namespace", "course", ("metadata", "labels"), {}
    ),
    "another default": lambda it: changed(
        it, "LimitRange", "course-limits", ("spec", "limits"), []
    ),
    "no budget": lambda it: without(it, "PodDisruptionBudget", "web"),
    "a mark": lambda it: changed(
        it, "Deployment", "web", (*POD, "containers", 0, "image"), dict(UNKNOWN)
    ),
}


def reviewed(base, head, cache, names, today=TODAY):
    sides = [
        Compared(plan=replace(it), label=label, content=name)
        for it, label, name in zip((base, head), ("before", "after"), names, strict=True)
    ]
    return as_json(review_plans(*sides, today=today, policies=policies(), cache=cache))


def test_every_review_after_others_is_the_review_of_a_first_run(tmp_path):
    base, cache = planned("prod"), Cache(tmp_path / "kept")
    plants = {kind: plant for kind, (plant, *_) in PLANTED.items()} | FURTHER
    heads = {kind: plant(base) for kind, plant in plants.items()}
    for round_ in ("first", "again"):
        for kind, head in heads.items():
            # Each time as a plan of another hash: what is kept of parts of it must do.
            names = ("base", f"{kind} {round_}")
            assert reviewed(base, head, cache, names) == reviewed(base, head, None, ("", "")), kind


@pytest.mark.parametrize("day", [date(2027, 6, 1)])
def test_another_day_is_seen_past_what_was_kept(tmp_path, day):
    base, cache = planned("prod"), Cache(tmp_path / "kept")
    head = PLANTED["another image"][0](base)
    reviewed(base, head, cache, ("base", "head"))

    found = reviewed(base, head, cache, ("base", "head"), day)

    assert found == reviewed(base, head, None, ("", ""), day)


@pytest.mark.parametrize(("plant", "reads"), [("another image", 0), ("a policy that is gone", 2)])
def test_the_network_is_read_anew_only_where_what_it_follows_from_changed(
    tmp_path, monkeypatch, plant, reads
):
    base, cache = planned("prod"), Cache(tmp_path / "kept")
    reviewed(base, PLANTED["another variable"][0](base), cache, ("base", "first"))
    read = []

    def noted(chapter):
        return replace(chapter, of_plan=lambda plan: read.append(plan) or chapter.of_plan(plan))

    chapters = tuple(noted(it) if it.sees else it for it in CHAPTERS)
    monkeypatch.setattr(reviewing, "CHAPTERS", chapters)

    reviewed(base, PLANTED[plant][0](base), cache, ("base", "second"))

    assert len(read) == reads
