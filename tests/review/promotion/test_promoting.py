"""What goes from dev to prod, what is refused and why, all at once; and what stays as it was."""

from datetime import UTC, datetime

import pytest
import yaml

from review.promotion import promoting
from review.promotion.splice import spliced
from settings.faults import dotted
from settings.stack import PATH
from tests.review.promotion.stacks import (
    added,
    digest,
    project,
    proposed,
    replaced,
    stack,
    with_digests,
    without_digests,
)

FROZEN = (
    "    promotion:\n      frozen:\n"
    "        - {from: '2026-11-21T17:00:00+01:00', until: '2026-11-23T08:00:00+01:00', reason: a test weekend}\n"
)
NO_DECLARATIONS = lambda it: it[: it.index("\n    promotion:")]  # noqa: E731


def chained(*edits):
    def edit(text):
        for one in edits:
            text = one(text)
        return text

    return edit


def moved(found):
    return {it.key: it.new for it in found.moves}


def refused(found):
    return {(it.rule, it.what) for it in found.refusals}


@pytest.fixture
def shipped(tmp_path):
    return project(tmp_path)


def test_tag_and_digest_of_every_image_that_differs_go_together(shipped):
    found = proposed(shipped)
    assert found.refusals == ()
    assert moved(found)["images.web-course-main.tag"] == "5.1.0"
    assert moved(found)["images.web-course-main.digest"] == digest("web-course-main:5.1.0")
    by_image = {}
    for key in moved(found):
        by_image.setdefault(key.split(".")[1], []).append(key.split(".")[2])
    assert list(by_image.values()) == [["tag", "digest"]] * 7
    assert len({value for key, value in moved(found).items() if key.endswith("digest")}) == 7


def test_the_same_tag_without_a_digest_is_left_alone_and_said_to_be(shipped):
    assert proposed(shipped).notes == (
        "images fluent-bit, nginx-unprivileged, redis: left alone, both have the same tag and neither names a digest, "
        "so that each runs what the registry has under it",
    )
    alone = proposed(shipped, workloads=["redis"])
    assert (alone.moves, alone.refusals) == ((), ())
    assert [it.split(":")[0] for it in alone.notes] == ["image redis"]
    assert proposed(shipped, workloads=["web"]).notes == ()


@pytest.mark.parametrize("image", ["web-next", "web-course-main"])
def test_another_image_in_a_workload_is_refused_by_name_and_else_left_alone(tmp_path, image):
    new = f'      web-next: {{tag: "1.0.0", digest: "{digest("n")}"}}\n'
    known = image != "web-next"
    folder = project(
        tmp_path,
        dev=chained(
            replaced("    images:\n", "    images:\n" + ("" if known else new)),
            replaced(
                '      authentication: {tag: "2.3.1"', '      # authentication: {tag: "2.3.1"'
            ),
            replaced(
                "    workloads:\n",
                f"    workloads:\n      authentication: {{image: registry.example/{image}}}\n",
            ),
        ),
    )
    every = proposed(folder)
    assert every.refusals == ()
    moving = {it.path[1] for it in every.moves}
    assert "web-course-main" in moving
    assert not moving & {"authentication", "web-next"}
    assert (
        f"workload authentication: image {image} of dev is left alone, prod runs authentication"
        in every.notes
    )
    named = proposed(folder, workloads=["authentication"])
    assert named.moves == ()
    assert refused(named) == {("not-wanted", "workload authentication")}
    [reason] = named.refusals
    assert reason.message == f"dev runs image {image} in it, and prod runs authentication"
    assert reason.place.startswith("Pulumi.dev.yaml:")


def test_a_digest_comes_alone_where_the_tag_is_the_same(tmp_path):
    found = proposed(project(tmp_path, dev=with_digests), workloads=["redis"])
    assert moved(found) == {"images.redis.digest": digest("redis:8.2.3")}
    assert found.notes == ()


def test_a_digest_that_only_the_target_names_is_kept_and_nobody_can_tell(tmp_path):
    found = proposed(project(tmp_path, prod=with_digests), workloads=["redis"])
    assert (found.moves, found.refusals) == ((), ())
    assert found.notes == (
        "image redis: both have the tag 8.2.3, and prod alone names its digest: nobody can tell whether dev runs the "
        "same",
    )


def test_a_workload_alone_brings_its_images_and_says_who_else_gets_them(shipped):
    found = proposed(shipped, workloads=["business-data-sync"])
    assert {it.split(".")[1] for it in moved(found)} == {"business-data"}
    assert found.notes == ("image business-data: business-data-upload of prod gets it, too",)
    assert found.moves[0].workloads == ("business-data-sync", "business-data-upload")


def test_a_dev_that_names_no_digest_is_told_so_of_each_image_with_its_line(tmp_path):
    found = proposed(project(tmp_path, dev=without_digests))
    assert {it.rule for it in found.refusals} == {"digest-missing"}
    assert len(found.refusals) == 7
    assert (found.text, found.settings) == ("", None)
    assert found.refusals[0].place.startswith("Pulumi.dev.yaml:")
    assert all(it.remedy for it in found.refusals)


def test_every_refusal_comes_at_once_and_then_nothing_is_written(tmp_path):
    folder = project(
        tmp_path,
        dev=chained(
            replaced('authentication: {tag: "2.3.1"', 'authentication: {tag: "2.2.9"'),
            replaced(
                'blob-service: {tag: "1.4.3", ', 'blob-service: {tag: "1.4.3", rollback: "1.4.1", '
            ),
            replaced(
                "      web:\n        replicas: 1\n",
                "      web:\n        replicas: 0\n      public-nginx: null\n",
            ),
        ),
        prod=chained(
            NO_DECLARATIONS,
            replaced(
                'business-data: {tag: "0.9.11"', 'business-data: {tag: "0.9.11", rollback: "0.9.10"'
            ),
            added(FROZEN),
        ),
    )
    found = proposed(folder)
    assert refused(found) >= {
        ("downgrade", "image authentication"),
        ("rolled-back", "image blob-service"),
        ("rolled-back", "image business-data"),
        ("frozen", "stack prod"),
    }
    # Nobody asked for these two by name, and what dev does not run is left alone.
    assert (
        not {"images.web-course-main.tag", "images.nginx-unprivileged.digest"} & moved(found).keys()
    )
    assert found.text == ""
    assert "workload web: left alone, dev runs no pod of it" in found.notes
    named = proposed(folder, workloads=["web", "public-nginx", "webb"])
    assert refused(named) >= {
        ("not-run", "image web-course-main"),
        ("not-run", "workload public-nginx"),
        ("not-run", "workload webb"),
    }
    [near] = [it for it in named.refusals if it.what == "workload webb"]
    assert near.remedy == "did you mean 'web'?"


def test_an_older_version_goes_only_when_that_is_allowed_and_is_told_then_too(tmp_path):
    folder = project(
        tmp_path, dev=replaced('authentication: {tag: "2.3.1"', 'authentication: {tag: "2.2.9"')
    )
    assert refused(proposed(folder)) == {("downgrade", "image authentication")}
    found = proposed(folder, allow_downgrade=True)
    assert found.refusals == ()
    assert "image authentication: 2.2.9 is older than 2.3.0" in found.notes


def test_a_tag_that_is_no_version_goes_and_is_said_to_be_undecidable(tmp_path):
    folder = project(
        tmp_path,
        dev=replaced('authentication: {tag: "2.3.1"', 'authentication: {tag: "main-3f2c1ab"'),
    )
    found = proposed(folder)
    assert found.refusals == ()
    assert any(
        "nobody can tell whether main-3f2c1ab is newer than 2.3.0" in it for it in found.notes
    )


def test_a_tag_that_was_moved_is_told(tmp_path):
    folder = project(
        tmp_path, dev=replaced('authentication: {tag: "2.3.1"', 'authentication: {tag: "2.3.0"')
    )
    found = proposed(folder, workloads=["authentication"])
    assert list(moved(found)) == ["images.authentication.digest"]
    assert found.notes == ("image authentication: the tag 2.3.0 was moved: it has another digest",)


def test_a_workload_that_prod_leaves_out_is_refused_by_name_and_else_left_alone(tmp_path):
    folder = project(
        tmp_path,
        prod=replaced("    workloads:\n", "    workloads:\n      web-feature-login: null\n"),
    )
    found = proposed(folder)
    assert not any("login" in it for it in moved(found))
    assert "workload web-feature-login: left alone, prod leaves it out" in found.notes
    assert refused(proposed(folder, workloads=["web-feature-login"])) == {
        ("not-wanted", "workload web-feature-login")
    }


def test_a_release_under_way_on_either_side_hinders_its_image(tmp_path):
    release = "release: {strategy: canary, step: 4}"
    folder = project(
        tmp_path,
        dev=chained(
            replaced(
                'web-course-main: {tag: "5.1.0", ',
                'web-course-main: {tag: "5.1.0", tracks: {candidate: "5.2.0"}, ',
            ),
            replaced("        replicas: 1\n", f"        replicas: 1\n        {release}\n"),
        ),
        prod=chained(
            replaced(
                'authentication: {tag: "2.3.0", ',
                'authentication: {tag: "2.3.0", tracks: {candidate: "2.4.0"}, ',
            ),
            replaced(
                "        availability: ha\n", "        availability: ha\n        release: canary\n"
            ),
        ),
    )
    found = proposed(folder)
    assert refused(found) >= {
        ("release-under-way", "image web-course-main"),
        ("release-under-way", "image authentication"),
    }


@pytest.mark.parametrize(
    ("at", "is_frozen"),
    [
        (datetime(2026, 11, 21, 15, 59, 59, tzinfo=UTC), False),
        (datetime(2026, 11, 21, 16, tzinfo=UTC), True),
        (datetime(2026, 11, 23, 6, 59, 59, tzinfo=UTC), True),
        (datetime(2026, 11, 23, 7, tzinfo=UTC), False),
    ],
)
def test_a_window_is_frozen_from_its_first_moment_to_before_its_last(tmp_path, at, is_frozen):
    folder = project(tmp_path, prod=chained(NO_DECLARATIONS, added(FROZEN)))
    found = proposed(folder, at=at)
    assert (("frozen", "stack prod") in refused(found)) == is_frozen
    if is_frozen:
        [it] = found.refusals
        assert it.message == "is frozen until 2026-11-23T07:00:00Z: a test weekend"


PROMOTABLE = "    promotion:\n      promotable: [workloads.*.config.env.*, namespaces.*.owner, externals.*.ports]\n"


def test_a_key_that_the_stack_marks_comes_with_the_value_of_the_other(tmp_path):
    folder = project(
        tmp_path,
        dev=chained(
            replaced(
                "sql-gateway: {cidrs: [10.60.4.0/28], ports: [1433]}",
                "sql-gateway: {cidrs: [10.60.4.0/28], ports: [1433, 1434]}",
            ),
            added(
                "      blob-service:\n        config: {env: {CACHE_SECONDS: '60', LOG_LEVEL: debug}}\n"
            ),
        ),
        prod=chained(NO_DECLARATIONS, added(PROMOTABLE)),
    )
    found = proposed(folder)
    assert found.refusals == ()
    assert moved(found)["workloads.blob-service.config.env.LOG_LEVEL"] == "debug"
    assert moved(found)["externals.sql-gateway.ports"] == [1433, 1434]
    assert 'config: {env: {LOG_LEVEL: debug, CACHE_SECONDS: "60"}}' in found.text
    assert "ports: [1433, 1434]}" in found.text
    only = proposed(folder, keys=["workloads.*.config.env.LOG_LEVEL"])
    assert list(moved(only)) == ["workloads.blob-service.config.env.LOG_LEVEL"]
    one = proposed(folder, workloads=["web"])
    assert {it.split(".")[0] for it in moved(one)} == {"images"}


def test_a_key_that_may_hold_a_secret_is_never_copied_nor_shown(tmp_path):
    folder = project(
        tmp_path,
        dev=added(
            "      blob-service:\n        config: {env: {DB_PASSWORD_FILE: /c4nary, PLAIN: 'password=c4nary'}}\n"
        ),
        prod=chained(NO_DECLARATIONS, added(PROMOTABLE)),
    )
    found = proposed(folder)
    assert {it.rule for it in found.refusals} == {"may-be-secret"}
    assert len(found.refusals) == 2
    assert "c4nary" not in repr(found)


def test_a_key_of_a_section_that_prod_does_not_have_comes_too(tmp_path):
    folder = project(
        tmp_path,
        dev=added("      web-feature-login:\n        config: {env: {NEW: '1'}}\n"),
        prod=chained(NO_DECLARATIONS, added(PROMOTABLE)),
    )
    found = proposed(folder, keys=["workloads.*.config.env.*"])
    assert moved(found)["workloads.web-feature-login.config.env.NEW"] == "1"
    assert 'web-feature-login: {config: {env: {NEW: "1"}}}' in found.text


def test_what_dev_does_not_say_is_not_removed_from_prod(tmp_path):
    folder = project(
        tmp_path,
        prod=chained(
            NO_DECLARATIONS,
            replaced("env: {LOG_LEVEL: warning}", "env: {LOG_LEVEL: info, EXTRA: '1'}"),
            added(PROMOTABLE),
        ),
    )
    assert refused(proposed(folder)) == {
        ("not-said", "key workloads.blob-service.config.env.EXTRA")
    }


def test_a_key_that_a_stack_keeps_for_itself_stays_though_a_wider_one_is_promotable(tmp_path):
    env = "workloads.blob-service.config.env"
    kept = f"      environmentSpecific: [{env}.EXTRA, {env}.LOG_LEVEL]\n"
    folder = project(
        tmp_path,
        dev=added("      blob-service:\n        config: {env: {NEW: '1', LOG_LEVEL: debug}}\n"),
        prod=chained(
            NO_DECLARATIONS,
            replaced("env: {LOG_LEVEL: warning}", "env: {LOG_LEVEL: info, EXTRA: '1'}"),
            added(PROMOTABLE + kept),
        ),
    )
    found = proposed(folder)
    assert found.refusals == ()
    assert [it for it in moved(found) if it.startswith("workloads.")] == [f"{env}.NEW"]
    asked = proposed(folder, keys=[f"{env}.LOG_LEVEL"])
    assert (asked.moves, asked.refusals) == ((), ())
    assert asked.notes == (
        f"key {env}.LOG_LEVEL: left alone, promotion.environmentSpecific names it",
    )


def test_a_key_that_is_not_promotable_is_refused(shipped):
    assert refused(proposed(shipped, keys=["workloads.web.replicas"])) == {
        ("not-promotable", "key workloads.web.replicas")
    }


def test_a_change_that_the_stack_would_be_refused_for_is_told_with_its_line(tmp_path):
    folder = project(
        tmp_path,
        dev=replaced("cidrs: [10.60.4.0/28], ports: [1433]", "cidrs: [10.60.4.0/28], ports: []"),
        prod=chained(
            NO_DECLARATIONS, added("    promotion:\n      promotable: [externals.*.ports]\n")
        ),
    )
    found = proposed(folder)
    assert {it.rule for it in found.refusals} <= {"not-valid"}
    assert found.refusals == () or all(it.place for it in found.refusals)


def test_a_version_that_other_keys_share_by_an_anchor_is_left_to_people(tmp_path):
    folder = project(
        tmp_path,
        prod=chained(
            replaced('authentication: {tag: "2.3.0"', 'authentication: {tag: &same "2.3.0"'),
            replaced('blob-service: {tag: "1.4.2"', "blob-service: {tag: *same"),
        ),
    )
    assert {it.rule for it in proposed(folder, workloads=["authentication"]).refusals} == {
        "not-writable"
    }
    assert proposed(folder, workloads=["blob-service"], allow_downgrade=True).refusals == ()


def test_a_change_that_would_not_take_effect_is_refused(shipped, monkeypatch):
    monkeypatch.setattr(promoting, "changed_text", lambda target, _: target.sources.document.text)
    found = proposed(shipped, workloads=["web", "redis"])
    assert {it.rule for it in found.refusals} == {"not-writable"}
    assert "another key of prod has the last word on it" in found.refusals[0].message
    assert found.text == ""


def test_the_settings_that_are_planned_are_those_of_the_file_that_is_written(shipped):
    found = proposed(shipped)
    assert yaml.safe_load(found.text)["config"][PATH] == found.settings
    target = stack(shipped, "prod")
    values = {it.path: it.new for it in found.moves}
    assert found.text == spliced(target.sources.document.text, ("config", PATH), values)
    assert [dotted(it) for it in values] == [it.key for it in found.moves]
