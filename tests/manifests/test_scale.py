"""Autoscaler and disruption budget against replicas."""

import pytest

from tests.manifests.samples import of_kind, parts_of, web

SCALE = {"min": 2, "max": 5, "cpu": 70}


@pytest.mark.parametrize(
    ("kind", "target"), [("deployment", "Deployment"), ("statefulset", "StatefulSet")]
)
def test_an_autoscaler_keeps_to_its_bounds_and_names_the_controller(kind, target):
    spec = parts_of(of_kind(kind, autoscale=SCALE))["autoscaler"].manifest["spec"]
    assert spec["scaleTargetRef"] == {"apiVersion": "apps/v1", "kind": target, "name": "web"}
    assert (spec["minReplicas"], spec["maxReplicas"]) == (2, 5)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"cpu": 70}, {"cpu": 70}),
        ({"memory": 80}, {"memory": 80}),
        ({"cpu": 70, "memory": 80}, {"cpu": 70, "memory": 80}),
    ],
)
def test_it_scales_by_use_of_what_is_requested(given, expected):
    metrics = parts_of(web(autoscale={"min": 1, "max": 2, **given}))["autoscaler"].manifest["spec"][
        "metrics"
    ]
    found = {it["resource"]["name"]: it["resource"]["target"] for it in metrics}
    assert found == {
        name: {"type": "Utilization", "averageUtilization": use} for name, use in expected.items()
    }


@pytest.mark.parametrize("kind", ["daemonset", "job", "cronjob"])
def test_what_has_no_replicas_has_neither_autoscaler_nor_budget(kind):
    parts = parts_of(of_kind(kind, autoscale=SCALE, disruption={"maxUnavailable": 1}))
    assert not {"autoscaler", "disruption-budget"} & parts.keys()


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"replicas": 2}, {"maxUnavailable": 1}),
        ({"autoscale": SCALE}, {"maxUnavailable": 1}),
        ({"replicas": 4, "disruption": {"maxUnavailable": "25%"}}, {"maxUnavailable": "25%"}),
        ({"replicas": 4, "disruption": {"minAvailable": 3}}, {"minAvailable": 3}),
        ({"replicas": 2, "disruption": {}}, {"maxUnavailable": 1}),
    ],
)
def test_a_drain_takes_one_pod_at_a_time_unless_told_otherwise(changes, expected):
    spec = parts_of(web(**changes))["disruption-budget"].manifest["spec"]
    assert {key: spec[key] for key in ("minAvailable", "maxUnavailable") if key in spec} == expected


@pytest.mark.parametrize(
    "changes", [{}, {"replicas": 1}, {"replicas": 0}, {"autoscale": {"min": 1, "max": 5}}]
)
def test_a_workload_that_may_run_alone_has_no_budget_for_it_could_only_block_the_drain(changes):
    assert "disruption-budget" not in parts_of(web(**changes))


def test_pods_that_never_became_ready_do_not_block_a_drain():
    spec = parts_of(web(replicas=2))["disruption-budget"].manifest["spec"]
    assert spec["unhealthyPodEvictionPolicy"] == "AlwaysAllow"
    assert spec["selector"]["matchLabels"] == {
        "app.kubernetes.io/name": "web",
        "app.kubernetes.io/instance": "shop-web",
    }
