"""`./aks promote` and `./aks compare`: what a user types, reads and gets."""

import json
import shutil
from datetime import UTC
from pathlib import Path

import pytest
import yaml

from cli.application import run
from cli.promote import _moment
from tests.review.promotion.stacks import added, project, proposed, replaced, with_digests

ROOT = Path(__file__).parents[2]
PROGRAM = ("settings", "manifests", "components")
AT = "2026-11-21T16:00:00Z"
SECRET = "AAABc4naryciphertext=="
SEALED = replaced(
    "config:\n",
    f"config:\n  aks-platform:business-data-registry-credentials:\n    secure: {SECRET}\n",
)


@pytest.fixture
def here(tmp_path, monkeypatch):
    """A copy of the project in which dev names a digest for every image, and both have a secret."""
    for name in PROGRAM:
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "__main__.py", tmp_path)
    project(tmp_path, dev=lambda it: SEALED(with_digests(it)), prod=SEALED)
    for module in ("cli.promote", "cli.preview", "cli.compare"):
        monkeypatch.setattr(f"{module}.ROOT", tmp_path)
    return tmp_path


def prod(folder):
    return (folder / "Pulumi.prod.yaml").read_text()


def test_a_dry_run_shows_the_review_of_the_stack_and_writes_nothing(here, capsys):
    before = prod(here)
    assert run(["promote", "dev", "prod", "--workload", "web", "--at", AT]) == 0
    said = capsys.readouterr().out
    assert "tag     5.0.4 -> 5.1.0" in said
    assert "3 pods of Deployment course/web restart" in said
    assert said.endswith("nothing is written without --write\n")
    assert prod(here) == before
    assert not (here / "promotions").exists()
    assert "c4nary" not in said


def test_written_is_written_once_with_a_record_and_then_there_is_nothing_to_do(here, capsys):
    before = prod(here)
    asked = ["promote", "dev", "prod", "--workload", "web", "--workload", "redis", "--at", AT]
    assert run([*asked, "--write", "--format", "json"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert data["written"]
    assert data["record"] == "promotions/20261121T160000Z-dev-to-prod.yaml"
    assert [it["key"] for it in data["changes"]] == [
        "images.redis.digest",
        "images.web-course-main.tag",
        "images.web-course-main.digest",
    ]
    assert data["review"]["stack"] == "prod"

    old, new = before.splitlines(), prod(here).splitlines()
    assert len(old) == len(new)
    changed = [
        number for number, pair in enumerate(zip(old, new, strict=True)) if len(set(pair)) > 1
    ]
    assert [new[it].split(":")[0].strip() for it in changed] == ["redis", "web-course-main"]
    assert SECRET in prod(here)

    record = yaml.safe_load((here / data["record"]).read_text())
    assert (record["version"], record["from"], record["to"], record["at"]) == (1, "dev", "prod", AT)
    assert [(it["key"], it["old"], it["new"]) for it in record["changes"]] == [
        (it["key"], it["old"], it["new"]) for it in data["changes"]
    ]
    assert set(record["review"]) == {"mandatory", "advisory"}
    assert "c4nary" not in (here / data["record"]).read_text()

    assert run([*asked, "--write"]) == 0
    assert capsys.readouterr().out == "dev -> prod: nothing to promote\n"
    assert len(list((here / "promotions").iterdir())) == 1

    # The same moment again, for another workload: no record is overwritten, and without one nothing is written.
    written = prod(here)
    again = ["promote", "dev", "prod", "--workload", "authentication", "--at", AT, "--write"]
    assert run(again) == 2
    assert "no record is overwritten" in capsys.readouterr().err
    assert prod(here) == written


def test_a_file_that_cannot_be_written_leaves_no_record(here, capsys, monkeypatch):
    def fail(*_):
        raise OSError(28, "No space left on device")

    before = prod(here)
    monkeypatch.setattr(Path, "replace", fail)
    assert run(["promote", "dev", "prod", "--workload", "web", "--at", AT, "--write"]) == 2
    assert "No space left" in capsys.readouterr().err
    assert prod(here) == before
    assert list((here / "promotions").iterdir()) == []


def test_the_shipped_stacks_as_they_are_are_promoted_and_what_to_do_next_is_said(here, capsys):
    for name in ("dev", "prod"):
        shutil.copy(ROOT / f"Pulumi.{name}.yaml", here)
    assert run(["promote", "dev", "prod", "--at", AT, "--write"]) == 0
    said = capsys.readouterr().out
    assert said.startswith("dev -> prod: 14 keys\n")
    assert "images fluent-bit, nginx-unprivileged, redis: left alone" in said
    assert said.endswith(
        "\nwritten: Pulumi.prod.yaml, promotions/20261121T160000Z-dev-to-prod.yaml; "
        "commit both, and have them reviewed\n"
    )
    assert run(["promote", "dev", "prod", "--check"]) == 0


@pytest.mark.parametrize(
    ("hinder", "says"),
    [
        (lambda it: (it / "promotions").write_text("mine"), "promotions: is no folder"),
        (lambda it: (it / "Pulumi.prod.yaml").chmod(0o444), "Pulumi.prod.yaml: is read-only"),
    ],
)
def test_what_cannot_be_written_is_bad_input_and_leaves_neither_a_change_nor_a_record(
    here, capsys, hinder, says
):
    before = prod(here)
    hinder(here)
    assert run(["promote", "dev", "prod", "--workload", "web", "--at", AT, "--write"]) == 2
    assert f"error: {says}" in capsys.readouterr().err
    assert prod(here) == before
    assert list(here.glob("promotions/*")) == []


def test_a_stack_that_is_not_there_is_named_harmlessly(capsys):
    assert run(["promote", "d\x1b[31m\x9bv\u202e", "prod"]) == 2
    said = capsys.readouterr().err
    assert said.startswith("error: there is no stack 'd\\x1b[31m")
    assert said.removesuffix("\n").isprintable()


def test_what_is_refused_is_exit_code_1_each_with_its_remedy_and_nothing_is_written(here, capsys):
    frozen = "      frozen: [{from: '2026-11-21T00:00:00Z', until: '2026-11-23T00:00:00Z', reason: a test weekend}]\n"
    (here / "Pulumi.prod.yaml").write_text(added(frozen)(prod(here)))
    before = prod(here)
    assert (
        run(
            [
                "promote",
                "dev",
                "prod",
                "--workload",
                "web",
                "--workload",
                "webb",
                "--at",
                AT,
                "--write",
            ]
        )
        == 1
    )
    said = capsys.readouterr().out
    assert "refused, nothing is written: 2 reasons" in said
    assert "dev has no such workload [not-run]\n    did you mean 'web'?" in said
    assert "is frozen until 2026-11-23T00:00:00Z: a test weekend [frozen]\n    wait" in said
    assert prod(here) == before


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["dev", "prd"], "did you mean 'prod'?"),
        (["dev", "dev"], "FROM and TO are both 'dev'"),
        (["dev", "prod", "--at", "yesterday"], "must be a moment with its zone"),
        (["dev", "prod", "--at", "2026-11-21T16:00:00"], "must be a moment with its zone"),
        (["dev", "prod", "--key", "imagez.web.tag"], "did you mean 'images'?"),
        (["dev", "prod", "--key", "a[b"], "must be a key path"),
        (["dev", "prod", "--write", "--check"], "exclude each other"),
    ],
)
def test_bad_input_is_exit_code_2_and_says_what_is_right(arguments, says, capsys):
    assert run(["promote", *arguments]) == 2
    assert says in capsys.readouterr().err


def test_a_check_says_how_far_prod_is_behind_what_drifted_and_nothing_once_both_are_mended(
    here, capsys
):
    drifted = replaced("className: nginx", "className: other")
    (here / "Pulumi.prod.yaml").write_text(drifted(prod(here)))
    assert run(["promote", "dev", "prod", "--check", "--format", "json"]) == 1
    data = json.loads(capsys.readouterr().out)
    kinds = [it["kind"] for it in data["reasons"]]
    assert {it: kinds.count(it) for it in kinds} == {"behind": 7, "other": 3, "undeclared": 1}
    [it] = [it for it in data["reasons"] if it["kind"] == "undeclared"]
    assert (it["what"], data["drift"]) == ("key ingress.className", True)

    (here / "Pulumi.prod.yaml").write_text(
        prod(here).replace("className: other", "className: nginx")
    )
    (here / "Pulumi.prod.yaml").write_text(proposed(here).text)
    assert run(["promote", "dev", "prod", "--check"]) == 0
    assert capsys.readouterr().out == "dev and prod: no drift\n"


@pytest.mark.usefixtures("here")
def test_a_comparison_of_the_shipped_stacks_finds_no_drift_and_names_what_is_meant(capsys):
    assert run(["compare", "dev", "prod", "--format", "json"]) == 0
    said = capsys.readouterr().out
    data = json.loads(said)
    assert (data["stacks"], data["unintended"], data["notes"]) == (["dev", "prod"], 0, [])
    assert all(it["by"] for it in data["settings"])
    assert all(it["bySettings"] for it in data["rendered"])
    assert "course-web" in {it["component"] for it in data["rendered"]}
    assert "c4nary" not in said


def test_drift_is_exit_code_1_with_both_places_first(here, capsys):
    (here / "Pulumi.prod.yaml").write_text(
        prod(here).replace("className: nginx", "className: other")
    )
    assert run(["compare", "dev", "prod"]) == 1
    said = capsys.readouterr().out
    assert "drift  ingress.className\n  dev   nginx  Pulumi.dev.yaml:" in said
    assert said.index("drift  ingress.className") < said.index("on purpose: ")
    assert "  nodePools.wg1.max: 5 | 6  [nodePools.*.max]\n" in said
    assert "  course-web: " in said


def test_two_stacks_of_one_name_are_no_comparison(capsys):
    assert run(["compare", "dev", "dev"]) == 2
    assert "both stacks are 'dev'" in capsys.readouterr().err


def test_without_a_moment_the_clock_of_the_machine_is_taken_in_utc():
    assert _moment(None).tzinfo is UTC
    assert _moment(None).microsecond == 0
    assert _moment("2026-11-21T17:00:00+01:00").isoformat() == "2026-11-21T16:00:00+00:00"
