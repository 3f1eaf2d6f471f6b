"""The record of a promotion: one name a moment, the same bytes each time, every value as it was."""

from pathlib import PurePosixPath

import pytest
import yaml

from review.promotion.promoting import Move, Proposal
from review.promotion.record import name_of, text_of


def proposal(*moves, at="2026-11-21T16:00:00Z", notes=()):
    return Proposal(
        source="dev", target="prod", at=at, moves=moves, refusals=(), notes=tuple(notes)
    )


def move(old="1.0", new="1.1", workloads=()):
    return Move(
        key="images.web.tag",
        path=("images", "web", "tag"),
        old=old,
        new=new,
        source="",
        place="",
        workloads=workloads,
    )


def record(it, **more):
    said = {"mandatory": 0, "advisory": 2, "allow_downgrade": False, "commit": "", **more}
    return text_of(it, **said)


@pytest.mark.parametrize(
    ("at", "stamp"),
    [
        ("2026-11-21T16:00:00Z", "20261121T160000Z"),
        ("2026-11-21T16:00:00.000250Z", "20261121T160000.000250Z"),
        ("2026-11-21T18:00:00+02:00", "20261121T160000Z"),
    ],
)
def test_a_record_is_called_after_its_moment_and_both_stacks(at, stamp):
    assert name_of(proposal(at=at)) == PurePosixPath(f"promotions/{stamp}-dev-to-prod.yaml")


def test_a_record_says_what_from_where_to_where_and_when():
    it = proposal(move(workloads=("web", "api")), notes=["a note: with a colon"])

    text = record(it, mandatory=1, allow_downgrade=True, commit="0123")
    assert yaml.safe_load(text) == {
        "version": 1,
        "from": "dev",
        "to": "prod",
        "at": "2026-11-21T16:00:00Z",
        "commit": "0123",
        "allowDowngrade": True,
        "review": {"mandatory": 1, "advisory": 2},
        "changes": [
            {"key": "images.web.tag", "old": "1.0", "new": "1.1", "workloads": ["web", "api"]}
        ],
        "notes": ["a note: with a colon"],
    }
    assert text.startswith("# Written by `./aks promote`, for audit.")
    assert text == record(it, mandatory=1, allow_downgrade=True, commit="0123")


def test_what_there_is_nothing_of_is_left_out():
    found = yaml.safe_load(record(proposal(move(old=None))))

    assert not found.keys() & {"commit", "notes"}
    assert found["allowDowngrade"] is False
    assert found["changes"] == [{"key": "images.web.tag", "old": None, "new": "1.1"}]


@pytest.mark.parametrize(
    "value", ["true", "1e3", "2026-11-21", "null", "a: b", "# x", "'", 3, 1.5, ["x"], {"a": "no"}]
)
def test_every_value_reads_back_as_it_is(value):
    [found] = yaml.safe_load(record(proposal(move(new=value))))["changes"]

    assert found["new"] == value
    assert type(found["new"]) is type(value)
