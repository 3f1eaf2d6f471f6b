"""A change of configuration rolls the pods that read it, and no others."""

import pytest

from manifests import estate
from tests.manifests.samples import of_kind, parts_of, shipped, stack, template_of, values, web

ENV = {"env": {"LEVEL": "info"}}
FILES = {"files": {"a.conf": "x"}, "mountPath": "/etc/web"}


def templates(settings):
    found = {}
    for group in estate.groups(settings, values(settings)):
        for part in group.parts:
            spec = part.manifest.get("spec", {})
            template = spec.get("template") or spec.get("jobTemplate", {}).get("spec", {}).get(
                "template"
            )
            if template:
                found[part.manifest["metadata"]["name"]] = template
    return found


@pytest.mark.parametrize("kind", ["deployment", "statefulset", "daemonset", "job", "cronjob"])
@pytest.mark.parametrize("key", ["env", "files"])
def test_a_change_makes_a_new_pod_template_in_every_kind(kind, key):
    before = of_kind(kind, config={**ENV, **FILES})
    after = of_kind(kind, config={**ENV, **FILES, key: {"OTHER": "y"}})
    assert template_of(before) != template_of(after)


def test_a_change_leaves_every_other_workload_alone():
    settings = shipped("dev")
    workload = settings.workloads["blob-service"]
    changed = workload.model_copy(
        update={
            "config": workload.config.model_copy(
                update={"env": {**workload.config.env, "LOG_LEVEL": "debug"}}
            )
        }
    )
    other = settings.model_copy(
        update={"workloads": {**settings.workloads, "blob-service": changed}}
    )
    before, after = templates(settings), templates(other)
    assert [name for name in before if before[name] != after[name]] == ["blob-service"]


def test_the_same_content_in_another_order_changes_nothing():
    one = web(config={"env": {"A": "1", "B": "2"}})
    other = web(config={"env": {"B": "2", "A": "1"}})
    assert template_of(one) == template_of(other)


def test_environment_and_files_are_apart_so_a_file_does_not_rename_the_environment():
    before = parts_of(web(config={**ENV, **FILES}))
    after = parts_of(web(config={**ENV, **FILES, "files": {"a.conf": "y"}}))
    assert before["config-env"] == after["config-env"]
    assert before["config-files"] != after["config-files"]


def test_a_config_map_is_immutable_and_holds_what_was_written():
    manifest = parts_of(web(config=ENV))["config-env"].manifest
    assert manifest["immutable"] is True
    assert manifest["data"] == {"LEVEL": "info"}


def test_the_logical_name_of_a_config_map_stays_when_its_content_changes():
    assert (
        parts_of(web(config=ENV)).keys() == parts_of(web(config={"env": {"LEVEL": "debug"}})).keys()
    )


@pytest.mark.parametrize("config", [None, {}, {"env": {}, "files": {}}])
def test_nothing_configured_makes_no_config_map(config):
    assert not {"config-env", "config-files"} & parts_of(web(config=config)).keys()


def test_pods_wait_for_the_configuration_they_read():
    parts = parts_of(web(config={**ENV, **FILES}))
    assert {"config-env", "config-files", "service-account"} <= set(parts["deployment"].after)


def test_two_workloads_with_the_same_configuration_have_their_own():
    both = stack(web(config=ENV), web(name="api", config=ENV))
    names = [
        part.manifest["metadata"]["name"]
        for group in estate.groups(both, values(both))
        for part in group.parts
        if part.manifest["kind"] == "ConfigMap"
    ]
    assert len(set(names)) == 2
