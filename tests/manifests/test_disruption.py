"""A drain takes one pod at a time of what runs more than one, and waits for nothing that cannot come."""

import pytest

from tests.manifests.reachability import matches
from tests.manifests.samples import of_kind, parts_of, template_of, web
from tests.manifests.schema import faults

IMAGES = {"web": {"tag": "1.4.3", "tracks": {"candidate": "1.5.0", "green": "1.5.0"}}}


def budgets(subject, **changes):
    return {
        role: part.manifest
        for role, part in parts_of(subject, **changes).items()
        if part.manifest["kind"] == "PodDisruptionBudget"
    }


def bounds(subject, **changes):
    found = {}
    for role, manifest in budgets(subject, **changes).items():
        spec = manifest["spec"]
        found[role] = {key: spec[key] for key in ("minAvailable", "maxUnavailable") if key in spec}
    return found


ONE = {"disruption-budget": {"maxUnavailable": 1}}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"replicas": 2}, ONE),
        ({"replicas": 1}, {}),
        ({}, {}),
        ({"autoscale": {"min": 2, "max": 5, "cpu": 70}}, ONE),
        ({"autoscale": {"min": 1, "max": 5, "cpu": 70}}, {}),
        ({"availability": "ha"}, ONE),
        ({"availability": "ha", "autoscale": {"max": 5, "cpu": 70}}, ONE),
        ({"availability": "single"}, {}),
        (
            {"replicas": 3, "disruption": {"minAvailable": 2}},
            {"disruption-budget": {"minAvailable": 2}},
        ),
        (
            {"replicas": 3, "disruption": {"maxUnavailable": "50%"}},
            {"disruption-budget": {"maxUnavailable": "50%"}},
        ),
    ],
)
@pytest.mark.parametrize("kind", ["deployment", "statefulset"])
def test_one_pod_may_go_at_a_time_where_two_run_unless_the_workload_says_otherwise(
    kind, changes, expected
):
    assert bounds(of_kind(kind, **changes)) == expected


@pytest.mark.parametrize("kind", ["daemonset", "job", "cronjob"])
def test_no_other_kind_has_a_budget(kind):
    assert budgets(of_kind(kind)) == {}


def test_pods_that_never_became_ready_do_not_block_a_drain():
    [manifest] = budgets(web(replicas=2)).values()
    assert manifest["spec"]["unhealthyPodEvictionPolicy"] == "AlwaysAllow"
    assert faults(manifest) == []


def test_each_version_with_two_pods_has_a_budget_over_its_own_pods_alone():
    subject = web(replicas=8, release={"strategy": "canary", "step": 2})
    found = parts_of(subject, images=IMAGES)
    for ending, other in (("", "-candidate"), ("-candidate", "")):
        spec = found[f"disruption-budget{ending}"].manifest["spec"]
        pods = {
            it: found[f"deployment{it}"].manifest["spec"]["template"]["metadata"]["labels"]
            for it in (ending, other)
        }
        assert matches(spec["selector"], pods[ending])
        assert not matches(spec["selector"], pods[other])


def test_a_version_with_a_single_pod_has_none_whatever_the_workload_says():
    subject = web(
        replicas=4, release={"strategy": "canary", "step": 1}, disruption={"minAvailable": 1}
    )
    assert bounds(subject, images=IMAGES) == {"disruption-budget": {"minAvailable": 1}}


def test_a_budget_selects_the_pods_of_its_workload():
    subject = web(replicas=2)
    [manifest] = budgets(subject).values()
    assert matches(manifest["spec"]["selector"], template_of(subject)["metadata"]["labels"])
