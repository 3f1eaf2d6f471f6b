"""Why something is not promoted, and what to do: workloads by name, and those that run no pod."""

import pytest

from review.promotion.refusals import Refusal, idle, of_workload
from tests.review.promotion.stacks import project, replaced, stack


@pytest.fixture
def both(tmp_path):
    """Dev without `public-nginx`, prod without `web-feature-login`, as stacks."""
    folder = project(
        tmp_path,
        dev=replaced("    workloads:\n", "    workloads:\n      public-nginx: null\n"),
        prod=replaced("    workloads:\n", "    workloads:\n      web-feature-login: null\n"),
    )
    return stack(folder, "dev"), stack(folder, "prod")


def test_a_refusal_is_one_line_with_its_rule():
    it = Refusal(rule="frozen", what="stack prod", message="is frozen", remedy="wait", place="f:1")

    assert str(it) == "stack prod: is frozen; wait [frozen]"


def test_a_workload_that_both_run_is_refused_for_nothing(both):
    assert of_workload("web", *both) is None


def test_a_workload_that_the_source_leaves_out_is_said_with_its_line(both):
    it = of_workload("public-nginx", *both)

    assert (it.rule, it.what) == ("not-run", "workload public-nginx")
    assert it.message == "dev does not run it: workloads.public-nginx is null"
    assert it.remedy == "run it in dev first"
    assert it.place.startswith("Pulumi.dev.yaml:")


def test_a_workload_that_the_target_leaves_out_is_said_with_its_line(both):
    it = of_workload("web-feature-login", *both)

    assert it.rule == "not-wanted"
    assert it.message == "prod leaves it out: workloads.web-feature-login is null"
    assert it.place.startswith("Pulumi.prod.yaml:")


def test_a_name_that_is_none_has_the_nearest_or_all_that_there_are(both):
    assert of_workload("webb", *both).remedy == "did you mean 'web'?"
    found = of_workload("zzzzzzzz", *both).remedy
    assert found.startswith("workloads there: admin-authorization, ")
    names = found.partition(": ")[2].split(", ")
    assert names == sorted(names)
    assert "public-nginx" not in names


@pytest.mark.parametrize(
    ("name", "edit", "is_idle"),
    [
        ("web", {"replicas": 0}, True),
        ("web", {"replicas": 1}, False),
        ("business-data-sync", {"cron": {"suspend": True}}, True),
        ("business-data-sync", {"cron": {"suspend": False}}, False),
        ("regression-tests", {"job": {"suspend": True}}, True),
        ("regression-tests", {}, False),
    ],
)
def test_a_workload_without_pods_or_runs_is_idle(tmp_path, name, edit, is_idle):
    workload = stack(project(tmp_path), "dev").settings.workloads[name]
    changed = workload.model_copy(
        update={
            key: getattr(workload, key).model_copy(update=value)
            if isinstance(value, dict)
            else value
            for key, value in edit.items()
        }
    )

    assert idle(changed) is is_idle
