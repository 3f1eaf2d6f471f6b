"""Names under which a review keeps what it worked out: whatever a result hangs on gives another."""

from dataclasses import replace
from datetime import date

import pytest

from review import reviewing
from review.reviewing import Compared, review_plans
from review.sources.cache import Cache
from tests.program import planned
from tests.review.test_reviewing import PLANTED, TODAY, policies


@pytest.fixture(scope="module")
def sides():
    base = planned("prod")
    head = PLANTED["another image"][0](base)
    return tuple(
        Compared(plan=it, label="x", content=f"{at}") for at, it in enumerate((base, head))
    )


def kept(folder, sides, today=TODAY, asked=None):
    """Names that a review with an empty cache makes."""
    review_plans(*sides, today=today, policies=asked or policies(), cache=Cache(folder))
    return {it.name for it in folder.iterdir()}


@pytest.fixture(scope="module")
def names(tmp_path_factory, sides):
    return kept(tmp_path_factory.mktemp("kept") / "cache", sides)


def test_another_tool_takes_nothing_from_before(tmp_path, monkeypatch, sides, names):
    monkeypatch.setattr(reviewing, "tool", lambda: "another")

    assert not kept(tmp_path / "cache", sides) & names


def with_level(rule, level):
    config = policies().config
    return replace(policies(), config=replace(config, levels={**config.levels, rule: level}))


OTHERS = {
    "day": (2 + 2, {"today": date(2027, 1, 1)}),
    "exemptions": (2, {"asked": replace(policies(), exemptions=())}),
    "how rules count": (2, {"asked": with_level("all", "advisory")}),
    "which rules are on": (2 + 1, {"asked": with_level("image-digest", "disabled")}),
}
"""How many names are others: of what the stack as a whole has, for two sides; of verdicts, for two; of rules' memo."""


@pytest.mark.parametrize("what", sorted(OTHERS))
def test_what_a_verdict_hangs_on_is_in_its_name_and_in_no_other(tmp_path, sides, names, what):
    count, more = OTHERS[what]

    assert len(kept(tmp_path / "cache", sides, **more) - names) == count


def test_what_a_program_said_is_in_the_name_of_its_faults_alone(tmp_path, sides, names):
    base, head = sides
    said = replace(head, said=(("warning", "mind the gap"),))

    assert len(kept(tmp_path / "cache", (base, said)) - names) == 1


def test_no_two_chapters_and_no_two_plans_share_a_name(tmp_path, sides, names):
    """Each chapter that is kept has one for each plan that differs in what it sees."""
    base, head = sides
    again = kept(tmp_path / "cache", (base, replace(head, content="2")))

    assert len(again) == len(names)
    assert again - names
