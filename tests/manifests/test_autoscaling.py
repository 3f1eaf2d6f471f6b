"""What an autoscaler is told: bounds, metrics, speed, one a version."""

import pytest

from tests.manifests.samples import of_kind, parts_of, web
from tests.manifests.schema import faults

BASE = {"min": 2, "max": 10}
IMAGES = {"web": {"tag": "1.4.3", "tracks": {"candidate": "1.5.0", "green": "1.5.0"}}}


def scaler_of(**scale):
    return parts_of(web(autoscale={**BASE, **scale}))["autoscaler"].manifest


def bounds(**release):
    subject = web(autoscale={**BASE, "cpu": 70}, release=release)
    found = parts_of(subject, images=IMAGES)
    return {
        role: (
            part.manifest["spec"]["scaleTargetRef"]["name"],
            part.manifest["spec"]["minReplicas"],
            part.manifest["spec"]["maxReplicas"],
        )
        for role, part in found.items()
        if part.manifest["kind"] == "HorizontalPodAutoscaler"
    }


def test_cpu_and_memory_are_shares_of_the_request():
    spec = scaler_of(cpu=70, memory=80)["spec"]
    assert (spec["minReplicas"], spec["maxReplicas"]) == (2, 10)
    assert [
        (it["resource"]["name"], it["resource"]["target"]["averageUtilization"])
        for it in spec["metrics"]
    ] == [("cpu", 70), ("memory", 80)]


@pytest.mark.parametrize(
    ("metric", "expected"),
    [
        (
            {"averageValue": "100"},
            {
                "type": "Pods",
                "pods": {
                    "metric": {"name": "queue/length"},
                    "target": {"type": "AverageValue", "averageValue": "100"},
                },
            },
        ),
        (
            {"type": "External", "value": "30", "selector": {"queue": "mail"}},
            {
                "type": "External",
                "external": {
                    "metric": {
                        "name": "queue/length",
                        "selector": {"matchLabels": {"queue": "mail"}},
                    },
                    "target": {"type": "Value", "value": "30"},
                },
            },
        ),
        (
            {
                "type": "Object",
                "averageValue": "500m",
                "object": "networking.k8s.io/v1/Ingress/public",
            },
            {
                "type": "Object",
                "object": {
                    "metric": {"name": "queue/length"},
                    "target": {"type": "AverageValue", "averageValue": "500m"},
                    "describedObject": {
                        "apiVersion": "networking.k8s.io/v1",
                        "kind": "Ingress",
                        "name": "public",
                    },
                },
            },
        ),
        (
            {"type": "Object", "value": "5", "object": "v1/Service/web"},
            {
                "type": "Object",
                "object": {
                    "metric": {"name": "queue/length"},
                    "target": {"type": "Value", "value": "5"},
                    "describedObject": {"apiVersion": "v1", "kind": "Service", "name": "web"},
                },
            },
        ),
    ],
)
def test_a_metric_of_each_type_has_the_form_of_its_type(metric, expected):
    manifest = scaler_of(metrics={"queue/length": metric})
    assert manifest["spec"]["metrics"] == [expected]
    assert faults(manifest) == []


def test_metrics_stand_after_cpu_and_memory_by_name_whatever_the_order_of_the_file():
    metrics = {"b": {"averageValue": "1"}, "a": {"averageValue": "1"}}
    found = scaler_of(cpu=70, metrics=metrics)["spec"]["metrics"]
    assert [it["type"] for it in found] == ["Resource", "Pods", "Pods"]
    assert [it["pods"]["metric"]["name"] for it in found[1:]] == ["a", "b"]


def test_how_fast_it_moves_is_said_only_where_it_was_given():
    assert "behavior" not in scaler_of(cpu=70)["spec"]
    behavior = {
        "scaleUp": {
            "policies": [{"pods": 2}, {"percent": 50, "periodSeconds": 15}],
            "selectPolicy": "Min",
        },
        "scaleDown": {"stabilizationWindowSeconds": 0, "selectPolicy": "Disabled"},
    }
    manifest = scaler_of(cpu=70, behavior=behavior)
    assert manifest["spec"]["behavior"] == {
        "scaleUp": {
            "policies": [
                {"type": "Pods", "value": 2, "periodSeconds": 60},
                {"type": "Percent", "value": 50, "periodSeconds": 15},
            ],
            "selectPolicy": "Min",
        },
        "scaleDown": {"stabilizationWindowSeconds": 0, "selectPolicy": "Disabled"},
    }
    assert faults(manifest) == []


def test_each_version_has_an_autoscaler_between_its_own_bounds():
    assert bounds(strategy="canary", step=2) == {
        "autoscaler": ("web", 1, 7),
        "autoscaler-candidate": ("web-candidate", 1, 3),
    }
    assert bounds(strategy="blueGreen") == {
        "autoscaler": ("web", 2, 10),
        "autoscaler-green": ("web-green", 2, 10),
    }
    assert bounds(strategy="rolling") == {"autoscaler": ("web", 2, 10)}


def test_a_version_without_pods_has_no_autoscaler_which_would_start_some():
    assert bounds(strategy="canary", step=4) == {"autoscaler-candidate": ("web-candidate", 2, 10)}


def test_an_autoscaler_of_a_version_has_the_labels_of_its_objects():
    subject = web(autoscale={**BASE, "cpu": 70}, release={"strategy": "canary", "step": 1})
    found = parts_of(subject, images=IMAGES)
    for ending in ("", "-candidate"):
        scaler, budget = (
            found[f"{role}{ending}"].manifest["metadata"]
            for role in ("autoscaler", "deployment")
            if f"{role}{ending}" in found
        )
        assert scaler["labels"] == budget["labels"]


@pytest.mark.parametrize("kind", ["daemonset", "job", "cronjob"])
def test_no_other_kind_has_an_autoscaler(kind):
    assert "autoscaler" not in parts_of(of_kind(kind))


def test_a_statefulset_is_scaled_as_one():
    subject = of_kind("statefulset", autoscale={**BASE, "cpu": 70})
    assert parts_of(subject)["autoscaler"].manifest["spec"]["scaleTargetRef"] == {
        "apiVersion": "apps/v1",
        "kind": "StatefulSet",
        "name": "web",
    }
