"""Labels describe, selectors select: what varies never reaches a selector."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from manifests import estate
from manifests.labels import CHART, VERSION, value
from settings.values import LabelValue
from tests.manifests.samples import (
    STACKS,
    controller_of,
    groups,
    of_kind,
    parts_of,
    shipped,
    template_of,
    values,
    web,
)

STABLE = {"app.kubernetes.io/name", "app.kubernetes.io/instance"}
KINDS = ("deployment", "statefulset", "daemonset")

label_value = TypeAdapter(LabelValue)


def selectors(node: Any) -> list[Any]:
    """Every map under a key that selects pods."""
    if isinstance(node, list):
        return [found for child in node for found in selectors(child)]
    if not isinstance(node, dict):
        return []
    own = [
        node[key]
        for key in ("selector", "labelSelector", "podSelector", "matchLabels")
        if key in node
    ]
    return own + [found for child in node.values() for found in selectors(child)]


@settings(deadline=None)
@given(st.text(max_size=140))
def test_any_text_becomes_a_value_that_kubernetes_takes(text):
    assert label_value.validate_python(value(text)) == value(text)


@pytest.mark.parametrize(
    ("text", "expected"), [("1.4.3", "1.4.3"), ("_x", "x"), ("a b", "a-b"), ("1.0.0+x", "1.0.0-x")]
)
def test_a_tag_becomes_a_label_value(text, expected):
    assert value(text) == expected


def test_the_version_is_the_images_and_the_chart_the_descriptions():
    labels = controller_of(web(version="2.3.4"))["metadata"]["labels"]
    assert labels[VERSION] == "1.4.3"
    assert labels[CHART] == "web-2.3.4"


def test_a_team_adds_labels_and_displaces_none_of_the_platforms():
    labels = controller_of(
        web(labels={"tier": "front", "app": "mine", "app.kubernetes.io/name": "mine"})
    )
    assert labels["metadata"]["labels"]["tier"] == "front"
    assert labels["metadata"]["labels"]["app"] == "web"
    assert labels["metadata"]["labels"]["app.kubernetes.io/name"] == "web"


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "change",
    [
        {"image": "registry.example/other/web"},
        {"version": "9.9.9"},
        {"labels": {"tier": "back"}},
        {"args": ["x"]},
        {"env": {"A": "1"}},
    ],
    ids=lambda change: next(iter(change)),
)
def test_no_change_of_image_version_or_labels_changes_a_selector(kind, change):
    before, after = parts_of(of_kind(kind)), parts_of(of_kind(kind, **change))
    for role, part in before.items():
        assert selectors(part.manifest) == selectors(after[role].manifest), role


@pytest.mark.parametrize(
    "change", [{"environment": "prod"}, {"platform": "other"}, {"images": {"web": {"tag": "2"}}}]
)
def test_no_change_of_the_stack_changes_a_selector(change):
    before, after = parts_of(web()), parts_of(web(), **change)
    assert {role: selectors(it.manifest) for role, it in before.items()} == {
        role: selectors(it.manifest) for role, it in after.items()
    }


@pytest.mark.parametrize("kind", KINDS)
def test_a_controller_selects_its_pods_by_the_two_stable_labels(kind):
    spec = controller_of(of_kind(kind))["spec"]
    chosen = spec["selector"]["matchLabels"]
    assert chosen.keys() == STABLE
    assert chosen.items() <= spec["template"]["metadata"]["labels"].items()


@pytest.mark.parametrize("name", STACKS)
def test_no_two_workloads_select_each_others_pods(name):
    pods = {}
    chosen = {}
    for group in groups(name):
        for part in group.parts:
            spec = part.manifest.get("spec", {})
            template = spec.get("template") or spec.get("jobTemplate", {}).get("spec", {}).get(
                "template"
            )
            if template:
                pods[group.name] = template["metadata"]["labels"]
            if template and "selector" in spec:
                chosen[group.name] = spec["selector"]["matchLabels"]
    for owner, selector in chosen.items():
        assert [it for it, labels in pods.items() if selector.items() <= labels.items()] == [owner]


def test_a_new_version_of_the_description_restarts_no_pod():
    assert template_of(web(version="1.0.0")) == template_of(web(version="1.0.1"))


def test_labels_of_one_environment_stand_on_every_object_of_it():
    settings = shipped("prod")
    for group in estate.groups(settings, values(settings)):
        assert {part.manifest["metadata"]["labels"]["env"] for part in group.parts} == {"prod"}
