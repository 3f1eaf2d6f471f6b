"""`./aks explain`: settings, and what is computed of a workload."""

import pytest
from click.testing import CliRunner

from cli.errors import UserError
from cli.explain import TOPICS, command
from settings.stack import Settings


def said(*arguments):
    return CliRunner().invoke(command, [*arguments])


def test_the_class_of_a_pod_is_shown_with_what_it_follows_from():
    done = said("qos.redis", "--stack", "dev")
    first, *others = done.output.splitlines()
    assert (done.exit_code, first) == (0, "qos.redis = Burstable")
    assert "  redis      100m         500m       512Mi           512Mi" in others
    assert others[-1] == "    set 'resources.requests.cpu' to its limit, 500m; it is 100m"


def test_a_release_is_told_with_the_line_to_write():
    done = said("release.web", "--stack", "dev")
    first, *others = done.output.splitlines()
    assert (done.exit_code, first) == (0, "release.web = rolling: one version")
    assert others[-1].endswith("below 'images.web-course-main' add 'rollback: <version>'")


@pytest.mark.parametrize("key", ["qos.rediss", "qos", "qos.", "release.rediss", "release"])
def test_a_workload_that_is_not_there_is_an_error_of_one_line(key):
    done = said(key, "--stack", "dev")
    assert (type(done.exception), done.output) == (UserError, "")
    assert str(done.exception).startswith("no workload")


def test_a_setting_is_still_a_setting():
    done = said("workloads.redis.kind", "--stack", "dev")
    assert done.output.startswith(
        "workloads.redis.kind = statefulset\n  from    workloads/redis.yaml:"
    )


def test_no_topic_hides_a_key_of_the_settings():
    assert {str(it.alias) for it in Settings.model_fields.values()} & TOPICS.keys() == set()
